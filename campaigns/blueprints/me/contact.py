"""One lead or call as its influencer follows it: to the reason, the evidence, the terms, and every posting."""

from flask import render_template
from flask.typing import ResponseReturnValue

from campaigns.blueprints import access
from campaigns.blueprints.context import session
from campaigns.blueprints.following import followed
from campaigns.blueprints.me.campaign import WHY, WHY_NO_CONTACT
from campaigns.blueprints.me.order import my_part
from campaigns.blueprints.signed_in import person
from campaigns.ids import masked


def contact(contact_id: str) -> ResponseReturnValue:
    """A contact credited to them, or one that came with something of theirs, and then without its amounts."""
    found = followed(access.traced_contact_for(session(), person(), contact_id))
    mine = my_part(found["trace"])
    return render_template("me/contact.html", **found, mine=mine, why=WHY, why_not=WHY_NO_CONTACT, masked=masked)
