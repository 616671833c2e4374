"""Every commission that is held, the longest first: each is decided on the page of its order or contact."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import session
from campaigns.models import Contact, Hold, Order

MOST = 100


@blueprint.get("/held")
def held() -> ResponseReturnValue:
    """Those that nobody has let go."""
    kept = (
        select(Hold, Order, Contact)
        .outerjoin(Order, Order.id == Hold.order_id)
        .outerjoin(Contact, Contact.id == Hold.contact_id)
        .where(Hold.released_at.is_(None))
        .order_by(Hold.held_at)
        .limit(MOST + 1)
    )
    found = session().execute(kept).all()
    return render_template("console/held.html", rows=found[:MOST], more=len(found) > MOST)
