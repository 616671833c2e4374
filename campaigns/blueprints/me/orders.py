"""All orders of a campaign that are one's own, page by page: what each earns, how far that has come, until when."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints import access
from campaigns.blueprints.context import now, session
from campaigns.blueprints.me.campaign import WHY
from campaigns.blueprints.signed_in import person
from campaigns.ids import masked
from campaigns.settlement import earnings

FURTHEST = 1_000_000


def orders(participation_id: str) -> ResponseReturnValue:
    """A page of them, the newest first."""
    mine = access.participation_for(session(), person(), participation_id)
    if not mine.acceptances:
        return redirect(url_for("me.invitation", participation_id=mine.public_id))
    skip = min(max(request.args.get("skip", 0, type=int), 0), FURTHEST)
    found = earnings.credited(session(), mine.campaign_id, now(), mine.id, skip, earnings.PAGE + 1)
    return render_template(
        "me/orders.html",
        participation=mine,
        campaign=mine.campaign,
        orders=found[: earnings.PAGE],
        why=WHY,
        masked=masked,
        newer_url=_page(mine.public_id, max(skip - earnings.PAGE, 0)) if skip else "",
        next_url=_page(mine.public_id, skip + earnings.PAGE) if len(found) > earnings.PAGE else "",
    )


def _page(participation_id: str, skip: int) -> str:
    return url_for("me.orders", participation_id=participation_id, skip=skip or None)
