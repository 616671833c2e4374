"""What a shop's own export says of its orders, whatever file it came in."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.i18n import N_
from campaigns.tracking.events import OrderSnapshot

TWICE = N_("the order is there twice")


def plain_number(number: str) -> str:
    """An order's number for comparing: shops write #1001, exports 1001 or the other way round.

    >>> plain_number(" #1001 ")
    '1001'
    """
    return number.strip().lstrip("#").strip()


@dataclass(frozen=True)
class ShopOrder:
    """One order as the export has it. Amounts are minor units of `currency`.

    `status` is pending, paid, refunded or cancelled; "" where the shop's own word (`raw_status`) is not known, and None
    stands for an amount that the export doesn't tell. `snapshot` is the whole order where there is enough of it;
    `dated`, whether it has the shop's own version; `lacks` says what a whole order would need.
    """

    row: int
    external_id: str
    number: str
    placed_at: datetime
    status: str
    raw_status: str
    currency: str
    total_minor: int | None = None
    refunded_minor: int | None = None
    net_minor: int | None = None  # without tax and shipping, where that is all there is
    snapshot: OrderSnapshot | None = None
    dated: bool = False
    lacks: str = ""

    @property
    def key(self) -> str:
        """What the export knows the order by: its id, or its number where it has no ids."""
        return self.external_id or f"#{plain_number(self.number)}"


@dataclass(frozen=True)
class UnreadRow:
    """A row that can't be read: nothing of it is used."""

    row: int
    field: str
    reason: str


@dataclass
class Export:
    """Everything in a file: its orders, and the rows that can't be read."""

    source: str
    orders: list[ShopOrder] = field(default_factory=list)
    unread: list[UnreadRow] = field(default_factory=list)

    def take(self, row: int, read: Callable[[], ShopOrder | None]) -> None:
        """Read one order, whole or not at all."""
        try:
            order = read()
        except Unreadable as error:
            name, colon, reason = str(error).rpartition(": ")
            self.unread.append(UnreadRow(row, name if colon else "", reason))
            return
        if order is not None:
            self.orders.append(order)

    def refuse_doubles(self) -> None:
        """An order that stands there twice is told by neither of its rows."""
        counted = Counter(order.key for order in self.orders)
        twice = [order for order in self.orders if counted[order.key] > 1]
        self.unread += [UnreadRow(order.row, order.number or order.external_id, TWICE) for order in twice]
        self.orders = [order for order in self.orders if counted[order.key] == 1]
