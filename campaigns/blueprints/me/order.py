"""One order as its influencer follows it: to the reason, the terms, how it was worked out, and every posting."""

from flask import render_template
from flask.typing import ResponseReturnValue

from campaigns.blueprints import access
from campaigns.blueprints.context import session
from campaigns.blueprints.me.campaign import WHY, WHY_NOT
from campaigns.blueprints.order_traces import followed
from campaigns.blueprints.signed_in import person
from campaigns.models import Participation
from campaigns.planning.crediting import masked
from campaigns.settlement.earnings import why_not


def order(order_id: str) -> ResponseReturnValue:
    """An order credited to them, or one that came with something of theirs, and then without its amounts."""
    found = followed(access.traced_order_for(session(), person(), order_id))
    campaign_id = found["trace"].campaign.id
    mine = access.participations_for(person()).where(Participation.campaign_id == campaign_id)
    return render_template(
        "me/order.html",
        **found,
        mine=session().scalars(mine).one(),
        why=WHY,
        why_not=WHY_NOT,
        reason_against=why_not,
        masked=masked,
    )
