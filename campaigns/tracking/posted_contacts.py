"""A lead or call posted to our own API: kept as a delivery of its shop, in the Standard format, whatever its platform.

So it takes the one path of all deliveries: it is listed with them, masked, and can be read again.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Unreadable
from campaigns.models import Contact, Shop
from campaigns.tracking import inbox
from campaigns.tracking.events import FROM_API
from campaigns.tracking.platforms import standard


def post_contact(session: Session, shop: Shop, body: bytes, key: bytes, now: datetime) -> Contact:
    """Take a message about one contact; the same message again changes nothing. Raises Unreadable or Conflict."""
    one = inbox.arrival(shop, standard.envelope({}, body), body, now, FROM_API)
    if one.event is None or one.event.contact is None:
        raise Unreadable(one.failure or "type: not a contact's")
    session.flush()
    (status,) = inbox.keep(session.connection(), [one], key, now)
    if status == "failed":
        raise Conflict("the contact could not be taken in; nothing is kept, send it again later")
    session.expire_all()
    told = one.event.contact.external_id
    return session.scalars(select(Contact).filter_by(shop_id=shop.id, external_id=told)).one()
