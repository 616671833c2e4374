"""The codes of a campaign in its shop: what is there, how often each was used, what is wrong and what to do.

The agency acts here; the brand whose shop it is reads the same page.
"""

import csv
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from campaigns.blueprints import access
from campaigns.blueprints.context import now, session
from campaigns.blueprints.labels import said
from campaigns.blueprints.signed_in import person
from campaigns.clock import iso
from campaigns.errors import Conflict
from campaigns.i18n import gettext
from campaigns.models import Campaign, CouponCode, ShopCode
from campaigns.planning.audit import note
from campaigns.planning.shop_codes import by_hand
from campaigns.planning.shop_codes.queue import WAYS, codes_of
from campaigns.tracking.alarms import reason_in

blueprint = Blueprint("codes", __name__, url_prefix="/campaigns")
logger = logging.getLogger(__name__)

Rows = Sequence[tuple[CouponCode, ShopCode | None]]
Deed = Callable[[Session, ShopCode, datetime], None]
# What a button says: the deed, and how the audit log calls it.
DEEDS: dict[str, tuple[Deed, str]] = {
    "created": (by_hand.say_created, "shop_code.created_by_hand"),
    "ended": (by_hand.say_ended, "shop_code.ended_by_hand"),
    "again": (by_hand.ask_again, "shop_code.asked_again"),
}
ALL_CREATED = "all_created"


def state_of(row: ShopCode | None, joined: bool) -> str:
    """The word for a code's state, as labels know it."""
    state = row.state if row is not None else "waiting"
    if not joined and state in ("waiting", "to_end"):
        return f"code_{state}_by_hand"
    return f"code_{state}"


def codes_notice(campaign: Campaign) -> dict[str, int]:
    """What a campaign's page says of its codes: orders that may be missing, codes something is wrong with."""
    return _notice_of(codes_of(session(), campaign))


blueprint.add_app_template_global(codes_notice, "codes_notice")
blueprint.add_app_template_global(state_of, "code_state")
blueprint.add_app_template_filter(lambda row: said(reason_in(row.problem)) if row.problem else "", "code_problem")


@blueprint.get("/<campaign_id>/codes")
def index(campaign_id: str) -> ResponseReturnValue:
    """Every code, as it stands in the shop."""
    campaign: Campaign = access.campaign_for(session(), person(), campaign_id)
    rows, joined = codes_of(session(), campaign), by_hand.joined(campaign.shop)
    facts: dict[str, Any] = {
        "campaign": campaign,
        "rows": rows,
        "joined": joined,
        "possible": campaign.shop.platform in WAYS,
        "ours": person().role == "agency",
        "notice": _notice_of(rows),
        "to_create": len(_to_create(rows, joined)),
    }
    return render_template("codes/index.html", **facts)


@blueprint.get("/<campaign_id>/codes.csv")
def file(campaign_id: str) -> ResponseReturnValue:
    """The same as a table. Every cell is ours: codes, numbers, times, words of states."""
    campaign: Campaign = access.campaign_for(session(), person(), campaign_id)
    written = StringIO(newline="")
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(["code", "percent_off", "valid_from", "valid_to", "state", "uses", "missing_orders", "checked_at"])
    for code, row in codes_of(session(), campaign):
        rows.writerow(_cells(campaign, code, row))
    headers = {"Content-Disposition": f'attachment; filename="codes-{campaign.public_id}.csv"'}
    return Response(written.getvalue().encode("utf-8-sig"), mimetype="text/csv", headers=headers)


@blueprint.post("/<campaign_id>/codes")
def act(campaign_id: str) -> ResponseReturnValue:
    """Say that a code, or all of them, was created or ended by hand, or have the shop asked again."""
    campaign: Campaign = access.campaign_for(session(), person(), campaign_id)
    name = request.form.get("deed", "")
    codes = [request.form.get("code", "")]
    if name == ALL_CREATED:
        codes = _to_create(codes_of(session(), campaign), by_hand.joined(campaign.shop))
    deed, action = DEEDS.get("created" if name == ALL_CREATED else name, (None, ""))
    back = redirect(url_for("codes.index", campaign_id=campaign_id), 303)
    if deed is None:
        return back
    try:
        for code in codes:
            row = by_hand.shop_code_for(session(), campaign, code, now())
            deed(session(), row, now())
            note(session(), person().id, action, f"campaign:{campaign.public_id}", now(), code=row.coupon.code)
    except Conflict as error:
        session().rollback()
        flash(said(error.sentence), "bad")
        return back
    session().commit()
    logger.info("%s campaign=%s codes=%s", action, campaign_id, len(codes))
    flash(
        gettext("Noted.") if action != "shop_code.asked_again" else gettext("The shop is asked within seconds."), "good"
    )
    return back


def _notice_of(rows: Rows) -> dict[str, int]:
    standing = [row for _, row in rows if row is not None and row.state != "ended"]
    missing = sum(row.missing_orders for row in standing)
    return {"missing": missing, "problems": sum(bool(row.problem) for row in standing)}


def _to_create(rows: Rows, joined: bool) -> list[str]:
    """The codes nobody has created yet where they are created by hand."""
    return [code.code for code, row in rows if state_of(row, joined) == "code_waiting_by_hand"]


def _cells(campaign: Campaign, code: CouponCode, row: ShopCode | None) -> list[object]:
    end = code.ended_at or code.valid_to
    known: list[object] = ["", "", ""]
    if row is not None:
        seen = iso(row.checked_at) if row.checked_at else ""
        known = ["" if row.usage_count is None else row.usage_count, row.missing_orders, seen]
    state = row.state if row is not None else "waiting"
    return [code.code, campaign.coupon_percent_off, iso(code.valid_from), iso(end), state, *known]
