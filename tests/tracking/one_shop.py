"""A shop, two campaigns and four influencers, as a person with a pencil would keep them: what each order must earn.

Nothing of the product is used here. An order is some pieces at 100.00 without tax; what was given back is taken off,
and of the rest the influencer's and the agency's shares are rounded half up. The newest state told of an order counts,
refunds are what all states told so far list. Whose sale it is: staff's word; else the first code on it that was in
force when the order was placed; else, where the buyer came by somebody whose terms lock them, that somebody.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

PIECE_MINOR = 10_000


@dataclass
class Person:
    """One influencer in one campaign. `codes`: code -> when it was ended; `rates`: (accepted at, theirs, ours)."""

    name: str
    locks: bool
    codes: dict[str, datetime | None]
    rates: list[tuple[datetime, int, int]]

    def rates_at(self, at: datetime) -> tuple[int, int]:
        """The rates of the terms that were accepted last before a moment; of the first, where none were yet."""
        return next((rates[1:] for rates in reversed(self.rates) if rates[0] <= at), self.rates[0][1:])


@dataclass(frozen=True)
class State:
    """What one delivery tells of an order, whole."""

    version: int
    pieces: int = 1
    paid: bool = True
    cancelled: bool = False
    refunds: tuple[tuple[int, int], ...] = ()  # number, minor units


@dataclass
class Told:
    """One order: what never changes, every state it was ever in, and those that have been delivered."""

    number: int
    buyer: int
    codes: tuple[str, ...]
    placed_at: datetime
    currency: str
    test: bool
    states: list[State]
    delivered: set[int] = field(default_factory=set)  # versions
    by_hand: Person | None = None

    @property
    def known(self) -> State | None:
        """The newest state that came, with the refunds of all that came."""
        came = [state for state in self.states if state.version in self.delivered]
        if not came:
            return None
        refunds = {refund for state in came for refund in state.refunds}
        return replace(max(came, key=lambda state: state.version), refunds=tuple(sorted(refunds)))

    @property
    def is_sale(self) -> bool:
        """Whether there is a sale to earn from."""
        return self.known is not None and self.known.paid and not self.known.cancelled and not self.test

    def next(self, **changes: object) -> State:
        """A further state of the order, not delivered yet."""
        last = self.states[-1]
        self.states.append(replace(last, version=last.version + 1, **changes))  # type: ignore[arg-type]
        return self.states[-1]


@dataclass
class Books:
    """Everything a person would have to know."""

    people: list[Person]
    orders: list[Told] = field(default_factory=list)

    def earned(self) -> dict[tuple[int, str], tuple[int, int]]:
        """(order, influencer) -> what the influencer and the agency earn of it, minor units; without zeros."""
        found = {}
        for order in self.orders:
            person = self.credited(order)
            if person is not None and order.is_sale:
                shares = tuple(share(_left(order), rate) for rate in person.rates_at(order.placed_at))
                if shares != (0, 0):
                    found[order.number, person.name] = (shares[0], shares[1])
        return found

    def credited(self, order: Told) -> Person | None:
        """Whose sale an order is."""
        if order.by_hand is not None:
            return order.by_hand
        person = self._by_code(order) or self._by_lock(order)
        state = order.known
        payable = state is not None and (state.paid or state.cancelled)
        return person if payable and not order.test and order.currency == "ILS" else None

    def _by_code(self, order: Told) -> Person | None:
        for code in order.codes:
            for person in self.people:
                ended = person.codes.get(code, order.placed_at)
                if ended is None or order.placed_at < ended:
                    return person
        return None

    def _by_lock(self, order: Told) -> Person | None:
        """Who brought the buyer's last order before this one, of those whose terms lock buyers."""
        before = [one for one in self.orders if one.buyer == order.buyer and one.placed_at < order.placed_at]
        for one in sorted(before, key=lambda one: one.placed_at, reverse=True):
            person = one.by_hand or (self.credited(one) if self._by_code(one) else None)
            if one.is_sale and person is not None and person.locks:
                return person
        return None


def _left(order: Told) -> int:
    assert order.known is not None
    worth = order.known.pieces * PIECE_MINOR
    return max(0, worth - sum(amount for _, amount in order.known.refunds))


def share(amount_minor: int, rate_bps: int) -> int:
    """A part of an amount, half up.

    >>> share(10_000, 1250), share(10, 500)
    (1250, 1)
    """
    return (2 * amount_minor * rate_bps + 10_000) // 20_000
