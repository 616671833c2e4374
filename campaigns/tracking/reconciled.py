"""What staff accepted of the shop's own export, written as a delivery: an event in our own words.

An export is no message of any platform: a table tells of an order's state and not of its items, and several exports
may tell of one shop. So the event itself is what is kept, and read again on a replay. Refunds made from a bare sum of
such a table carry a name that tells them from the shop's own.
"""

import msgspec

from campaigns.errors import Unreadable
from campaigns.tracking.events import RECONCILED, ShopEvent

MADE_UP = f"{RECONCILED}:"


def write_event(event: ShopEvent) -> bytes:
    """An event as the body of a delivery."""
    return msgspec.json.encode(event)


def read_event(body: bytes) -> ShopEvent:
    """The event in a body of `write_event`; raises Unreadable."""
    try:
        return msgspec.json.decode(body, type=ShopEvent)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable("the body is not a JSON document") from error
