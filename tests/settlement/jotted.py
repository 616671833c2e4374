"""What the pencil of the money story knows: terms, orders and papers, and what an influencer's orders earn.

Orders are told in states; the newest counts, refunds are what all states told so far list. Each influencer's orders of
a campaign are gone through in the order they were placed, and earn by the terms accepted last before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime


def part(amount_minor: int, rate_bps: int) -> int:
    """A part of an amount, half away from zero.

    >>> part(10_000, 1250), part(10, 500), part(-10, 500)
    (1250, 1, -1)
    """
    return rounded(amount_minor * rate_bps)


def rounded(ten_thousandths: int) -> int:
    """To whole units, half away from zero."""
    whole = (2 * abs(ten_thousandths) + 10_000) // 20_000
    return whole if ten_thousandths >= 0 else -whole


@dataclass(frozen=True)
class Terms:
    """`tier`: sales from which, and its rate; `bonus`: with which order, and how much; `cap_minor`: never more."""

    rate_bps: int
    fee_bps: int
    tier: tuple[int, int] | None = None
    bonus: tuple[int, int] | None = None
    cap_minor: int | None = None


@dataclass(eq=False)
class Campaign:
    """One at a time for each brand."""

    brand: str
    starts_at: datetime
    ends_at: datetime
    takers: list["Taker"] = field(default_factory=list)
    closed: bool = False


@dataclass(eq=False)
class Taker:
    """An influencer in a campaign, with the terms they accepted, each with its moment."""

    who: str
    campaign: Campaign
    code: str
    accepted: list[tuple[datetime, Terms]]

    def terms_at(self, at: datetime) -> Terms:
        """Those accepted last before; the first, where none were yet."""
        return next((terms for since, terms in reversed(self.accepted) if since <= at), self.accepted[0][1])


@dataclass(frozen=True)
class State:
    """What one message tells of an order, whole."""

    version: int
    net_minor: int
    status: str = "paid"
    refunds: tuple[tuple[int, int], ...] = ()  # number, minor units


@dataclass(eq=False)
class Order:
    """One order, and what is written down for it. `owner` is whose code it bears; `hold` who keeps it back, or ""."""

    number: int
    brand: str
    owner: Taker | None
    placed_at: datetime
    states: list[State]
    told: set[int] = field(default_factory=set)
    hold: str = ""
    posted: tuple[int, int] = (0, 0)  # commission, fee
    billed: tuple[int, int] = (0, 0)
    unstated: list[int] = field(default_factory=list)  # what was written down for the influencer, on no statement
    ever_earned: bool = False

    @property
    def taker(self) -> Taker | None:
        """Whose sale it is: codes count while their campaign lasts."""
        if self.owner is None:
            return None
        return self.owner if self.owner.campaign.starts_at <= self.placed_at <= self.owner.campaign.ends_at else None

    @property
    def known(self) -> State | None:
        """The newest state told."""
        return max((state for state in self.states if state.version in self.told), key=_version, default=None)

    @property
    def is_credited(self) -> bool:
        """Whether somebody's name stands on it now."""
        return self.taker is not None and self.known is not None and self.known.status != "pending"

    @property
    def base_minor(self) -> int:
        """What is left of it to earn from."""
        known = self.known
        if known is None or known.status != "paid":
            return 0
        back = {refund for state in self.states if state.version in self.told for refund in state.refunds}
        return max(0, known.net_minor - sum(amount for _, amount in back))

    @property
    def is_stated(self) -> bool:
        """Whether all that was ever written down for it is on statements."""
        return self.ever_earned and not self.unstated


def _version(state: State) -> int:
    return state.version


@dataclass(eq=False)
class Dispute:
    """About an order, opened by the `influencer` or by the `brand`."""

    order: Order
    by: str
    resolved: bool = False


@dataclass(eq=False)
class Compensation:
    """What a dispute gave to an influencer, until a statement takes it."""

    taker: Taker
    amount_minor: int
    stated: bool = False


@dataclass(eq=False)
class Statement:
    """What a statement says as it is issued."""

    taker: Taker
    opening_minor: int
    due_minor: int
    held_minor: int
    compensation_minor: int
    settled: bool = False


@dataclass(eq=False)
class Bill:
    """What a brand is billed, and what it has paid or offset of it."""

    campaign: Campaign
    commission_minor: int
    fee_minor: int
    vat_minor: int
    settled_minor: int = 0

    @property
    def open_minor(self) -> int:
        return self.commission_minor + self.fee_minor + self.vat_minor - self.settled_minor


@dataclass(eq=False)
class Line:
    """One payee of a batch: what of which brand, and the statements it settles."""

    who: str
    parts: dict[str, int]
    statements: list[Statement]
    status: str = "prepared"

    @property
    def amount_minor(self) -> int:
        return sum(self.parts.values())


@dataclass(eq=False)
class Batch:
    """Payments prepared together, by one of the staff."""

    lines: list[Line]
    by: int

    @property
    def status(self) -> str:
        """Prepared as long as its lines are; then released, until none is at the bank."""
        states = {line.status for line in self.lines}
        if "prepared" in states or states == {"cancelled"}:
            return states.pop()
        return "released" if "released" in states else "done"


def earned(orders: Iterable[Order]) -> Iterator[tuple[Order, tuple[int, int]]]:
    """Each of an influencer's orders of one campaign, with its commission and fee."""
    sales = count = so_far = 0
    for order in sorted(orders, key=lambda one: (one.placed_at, str(one.number))):
        base = order.base_minor
        if not base or order.taker is None:
            yield order, (0, 0)
            continue
        terms = order.taker.terms_at(order.placed_at)
        start, tier_bps = terms.tier or (sales + base, 0)
        beyond = min(base, max(0, sales + base - start))
        commission = rounded((base - beyond) * terms.rate_bps + beyond * tier_bps)
        fee = min(part(base, terms.fee_bps), base - commission)
        sales, count = sales + base, count + 1
        if terms.bonus is not None and count == terms.bonus[0]:
            commission += terms.bonus[1]
        if terms.cap_minor is not None:
            commission = min(commission, max(0, terms.cap_minor - so_far))
        so_far += commission
        yield order, (commission, fee)
