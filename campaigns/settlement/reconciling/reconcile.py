"""A campaign's orders as we have them, held against the shop's own list of them. Pure: no tables, no clock.

Orders are found by the shop's id, or by their number where the list has no ids. Compared are the state, the total and,
where both sides call the order paid, the money given back: to the unit. Of each kind of difference an order has one
finding at most. An order counts where one side says it was placed within the period.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from campaigns.clock import iso
from campaigns.settlement.reconciling.exported import ShopOrder, plain_number

Period = tuple[datetime, datetime]  # from, until; both included


@dataclass(frozen=True)
class OurOrder:
    """An order as our tables have it. Money given back is None where the state alone says that it was, all of it."""

    order_id: int
    external_id: str
    number: str
    placed_at: datetime
    status: str
    raw_status: str
    currency: str
    total_minor: int
    refunded_minor: int | None
    net_minor: int  # items and fees, without tax and shipping
    absent: bool = False  # a test, or deleted in the shop: no list needs to have it


@dataclass(frozen=True)
class Difference:
    """One difference, with what each side says; the side that lacks the order is None."""

    kind: str
    ours: OurOrder | None
    theirs: ShopOrder | None

    @property
    def external_id(self) -> str:
        """The shop's id; its number, where the list has no ids."""
        if self.ours:
            return self.ours.external_id
        return (self.theirs.external_id or plain_number(self.theirs.number)) if self.theirs else ""

    @property
    def number(self) -> str:
        """What people call the order."""
        return (self.theirs.number if self.theirs else "") or (self.ours.number if self.ours else "")


@dataclass
class Comparison:
    """How many orders agree, and what differs."""

    matched: int = 0
    differences: list[Difference] = field(default_factory=list)


def compare(ours: Sequence[OurOrder], theirs: Sequence[ShopOrder], period: Period) -> Comparison:
    """Hold both lists against each other; each may go beyond the period."""
    found = Comparison()
    pairs, alone = _paired(ours, theirs)
    for mine, told in pairs:
        if within(mine.placed_at, period) or within(told.placed_at, period):
            kinds = list(differing(mine, told))
            found.differences += [Difference(kind, mine, told) for kind in kinds]
            found.matched += not kinds
    met = {mine.order_id for mine, _ in pairs}
    found.differences += [Difference("missing_here", None, told) for told in alone if within(told.placed_at, period)]
    found.differences += [
        Difference("missing_there", mine, None)
        for mine in ours
        if mine.order_id not in met and not mine.absent and within(mine.placed_at, period)
    ]
    return found


def within(moment: datetime, period: Period) -> bool:
    """Whether a moment is in a period."""
    return period[0] <= moment <= period[1]


def differing(mine: OurOrder, told: ShopOrder) -> Iterator[str]:
    """The kinds of difference between two states of one order."""
    if _status_differs(mine, told):
        yield "status_differs"
    if _amount_differs(mine, told):
        yield "amount_differs"


def _status_differs(mine: OurOrder, told: ShopOrder) -> bool:
    if not told.status:  # a word of the shop's own: the same word means the same
        return told.raw_status != mine.raw_status.strip().lower().replace(" ", "-")
    return told.status != mine.status


def _amount_differs(mine: OurOrder, told: ShopOrder) -> bool:
    if told.total_minor is not None and (told.currency, told.total_minor) != (mine.currency, mine.total_minor):
        return True
    if mine.status != "paid" or told.status != "paid":
        return False
    if told.net_minor is not None:
        # A list of net sales has what was given back taken off, by rules of its own: only whole sales are compared.
        return not mine.refunded_minor and (told.currency, told.net_minor) != (mine.currency, mine.net_minor)
    known = told.refunded_minor is not None and mine.refunded_minor is not None
    return known and told.refunded_minor != mine.refunded_minor


def _paired(
    ours: Sequence[OurOrder], theirs: Sequence[ShopOrder]
) -> tuple[list[tuple[OurOrder, ShopOrder]], list[ShopOrder]]:
    """The orders both sides have, and those that only the shop has."""
    by_id = {one.external_id: one for one in ours}
    named = Counter(plain_number(one.number) for one in ours)
    by_number = {name: one for one in ours if named[name := plain_number(one.number)] == 1}
    pairs, alone = [], []
    for told in theirs:
        number = plain_number(told.number)
        # In many shops the number is the id, and a list may have either alone.
        mine = by_id.get(told.external_id) if told.external_id else by_number.get(number) or by_id.get(number)
        if mine is None:
            alone.append(told)
        else:
            pairs.append((mine, told))
    return pairs, alone


def said_by_us(mine: OurOrder | None) -> dict[str, Any]:
    """Our side of a finding, as it is kept and shown."""
    if mine is None:
        return {}
    amounts = {"total_minor": mine.total_minor, "refunded_minor": mine.refunded_minor, "net_minor": mine.net_minor}
    return _said(mine.status, mine.raw_status, mine.placed_at, mine.currency, amounts)


def said_by_them(told: ShopOrder | None) -> dict[str, Any]:
    """The shop's side of a finding, as it is kept and shown; nothing of the buyer."""
    if told is None:
        return {}
    amounts = {"total_minor": told.total_minor, "refunded_minor": told.refunded_minor, "net_minor": told.net_minor}
    known = {"row": told.row, "identified": bool(told.external_id)}
    return {**known, **_said(told.status, told.raw_status, told.placed_at, told.currency, amounts)}


def _said(
    status: str, raw_status: str, placed_at: datetime, currency: str, amounts: dict[str, int | None]
) -> dict[str, Any]:
    stated = {name: amount for name, amount in amounts.items() if amount is not None}
    return {
        "status": status,
        "platform_status": raw_status,
        "placed_at": iso(placed_at),
        "currency": currency,
        **stated,
    }


def heard(said: dict[str, Any], external_id: str, number: str) -> ShopOrder:
    """The shop's side of a kept finding, to be compared again."""
    return ShopOrder(
        row=said["row"],
        external_id=external_id,
        number=number,
        placed_at=datetime.fromisoformat(said["placed_at"]),
        status=said["status"],
        raw_status=said["platform_status"],
        currency=said["currency"],
        total_minor=said.get("total_minor"),
        refunded_minor=said.get("refunded_minor"),
        net_minor=said.get("net_minor"),
    )
