"""How far into the future a shop's clock is believed: hours, also those of a mistaken time zone, but not weeks.

Of two tellings of an order the later one wins, by the shop's own time. One stamped in the year 2099 would hold the
order as it was for ever, and all that the shop tells afterwards would seem old. So what claims to be further ahead than
AHEAD of the moment we received it is taken to be of that moment; a delivery keeps its moment, and means the same when
it is replayed. When an order was placed is not touched: whose sale it is goes by that.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from campaigns.tracking.events import ShopEvent

AHEAD = timedelta(days=2)


def believed(told: datetime, received_at: datetime) -> datetime:
    """The moment a shop told of, or the one at which it did so, where that is too far ahead."""
    return told if told <= received_at + AHEAD else received_at


def in_our_time(event: ShopEvent, received_at: datetime) -> ShopEvent:
    """An event whose order has a version that later ones can follow."""
    if event.order is None:
        return event
    version = believed(event.order.version, received_at)
    return event if version == event.order.version else replace(event, order=replace(event.order, version=version))
