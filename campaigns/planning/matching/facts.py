"""What matching knows: of a campaign, of a person, and of the chances the person has had.

Plain facts without a database, so that the same facts always give the same order. What nobody has told is empty or
None here, and never a zero: a newcomer knows as little about an audience as we do, and must not be ranked out for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from campaigns.errors import Said


@dataclass(frozen=True)
class Audience:
    """Whom somebody reaches, or whom a campaign wants to reach."""

    countries: frozenset[str] = frozenset()
    ages: frozenset[str] = frozenset()
    interests: frozenset[str] = frozenset()
    women_percent: int | None = None

    @classmethod
    def told(cls, told: Mapping[str, Any]) -> "Audience":
        """As a profile or a plan keeps it (`Influencer.audience`, `Campaign.audience`)."""
        return cls(
            countries=frozenset(told.get("countries") or ()),
            ages=frozenset(told.get("ages") or ()),
            interests=frozenset(str(each).strip().casefold() for each in told.get("interests") or ()),
            women_percent=told.get("women_percent"),
        )


@dataclass(frozen=True)
class Wanted:
    """The campaign: its days (both included), field, product and audience. `key` draws the lots of equals."""

    key: str
    first: date
    last: date
    language: str
    currency: str
    category: str = ""
    product: str = ""
    brand_values: str = ""
    styles: tuple[str, ...] = ()
    audience: Audience = Audience()

    @property
    def days(self) -> int:
        """How many days it runs."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Sold:
    """What a person sold in one finished campaign, refunds taken off; `reach` is their followers as it began."""

    category: str
    currency: str
    sales_minor: int
    reach: int


@dataclass(frozen=True)
class Chances:
    """What a person was offered so far: invitations given, accepted, and the day they have been waiting since."""

    since: date
    given: int = 0
    accepted: int = 0


@dataclass(frozen=True)
class Span:
    """Days, both included."""

    first: date
    last: date

    def shared(self, other: "Span | Wanted") -> int:
        """How many days two spans have in common.

        >>> Span(date(2026, 5, 1), date(2026, 5, 10)).shared(Span(date(2026, 5, 8), date(2026, 5, 20)))
        3
        """
        return max(0, (min(self.last, other.last) - max(self.first, other.first)).days + 1)


@dataclass(frozen=True)
class Person:
    """A candidate. `key` is the public id; `running` are other campaigns they take part in."""

    key: str
    name: str
    chances: Chances
    followers: int = 0
    niches: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    audience: Audience = Audience()
    away: tuple[Span, ...] = ()
    running: tuple[Span, ...] = ()
    sold: tuple[Sold, ...] = ()


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for somebody: its points of at most `weight`, both in basis points, and why."""

    name: str
    points: int
    weight: int
    why: Said


@dataclass(frozen=True)
class Expected:
    """Sales to expect, as a range of minor units; `basis` says whose, `sample` how many campaigns of theirs.

    `basis` is own, comparable or unknown; unknown has no range.
    """

    basis: str
    sample: int
    low_minor: int = 0
    high_minor: int = 0


@dataclass(frozen=True)
class Ranked:
    """A person in their place. `total_ppm` is exact, in millionths; the two scores are sums of their reasons."""

    place: int
    person: Person
    weight_percent: int
    fit: tuple[Reason, ...]
    fairness: tuple[Reason, ...]
    expected: Expected = field(default=Expected("unknown", 0))

    @property
    def fit_bps(self) -> int:
        """How well they suit the campaign."""
        return sum(reason.points for reason in self.fit)

    @property
    def fairness_bps(self) -> int:
        """How much it is their turn."""
        return sum(reason.points for reason in self.fairness)

    @property
    def total_ppm(self) -> int:
        """Both scores, each by its weight."""
        return (100 - self.weight_percent) * self.fit_bps + self.weight_percent * self.fairness_bps
