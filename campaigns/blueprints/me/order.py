"""One order as its influencer follows it: to the reason, the terms, how it was worked out, and every posting."""

from flask import render_template
from flask.typing import ResponseReturnValue

from campaigns.blueprints import access
from campaigns.blueprints.context import session
from campaigns.blueprints.following import followed
from campaigns.blueprints.me.campaign import WHY, WHY_NOT
from campaigns.blueprints.signed_in import person
from campaigns.ids import masked
from campaigns.models import Participation
from campaigns.settlement.tracing.traces import Trace


def order(order_id: str) -> ResponseReturnValue:
    """An order credited to them, or one that came with something of theirs, and then without its amounts."""
    found = followed(access.traced_order_for(session(), person(), order_id))
    mine = my_part(found["trace"])
    return render_template("me/order.html", **found, mine=mine, why=WHY, why_not=WHY_NOT, masked=masked)


def my_part(found: Trace) -> Participation:
    """Their participation in the campaign of what is followed, whose page leads back."""
    assert found.campaign is not None  # somebody's part in it is what they may follow it for
    mine = access.participations_for(person()).where(Participation.campaign_id == found.campaign.id)
    return session().scalars(mine).one()
