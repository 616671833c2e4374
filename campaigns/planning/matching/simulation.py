"""What the slider does to a roster: three hundred invented people, ten campaigns one after the other.

Each campaign proposes fifteen; all of them are invited, most accept and sell by their talent, and the next campaign
knows of it. Counted is how evenly invitations were spread: the Gini coefficient, 0 where everybody had the same and 1
where one person had all, in exact fractions. Every draw is a hash, so the result is the same on every machine.

Run as a command it writes the table into docs/matching.md: `python -m campaigns.planning.matching.simulation`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

from campaigns.money import divide_half_away, format_bps
from campaigns.planning.matching.facts import Audience, Chances, Person, Ranked, Sold, Span, Wanted
from campaigns.planning.matching.ranking import rank

PEOPLE, CAMPAIGNS, PROPOSED = 300, 10, 15
WEIGHTS = (0, 25, 50, 75, 100)
BEGIN = date(2026, 1, 1)
FIELDS = ("skin care", "hair care", "make-up", "fashion", "food", "fitness", "travel", "books")
STYLES = ("reviews", "humour", "lessons", "stories")
AGES = ("18-24", "25-34", "35-44", "45-54")
COUNTRIES = ("IL", "DE", "FR", "US")
PAGE = Path(__file__).parents[3] / "docs" / "matching.md"
MARKS = ("<!-- simulation: begin -->\n", "<!-- simulation: end -->\n")


@dataclass(frozen=True)
class Outcome:
    """What came of ten campaigns at one weight. `reached` had at least one chance; `fit_bps` is of those proposed."""

    weight_percent: int
    gini: Fraction
    reached: int
    most: int
    fit_bps: int
    proposals: tuple[tuple[Ranked, ...], ...]


def simulate(weight_percent: int) -> Outcome:
    """Ten campaigns at one weight, from the same roster."""
    people = {person.key: person for person in roster()}
    proposals = []
    for number in range(CAMPAIGNS):
        wanted = _campaign(number)
        proposed = rank(wanted, people.values(), weight_percent, _planned(number))[:PROPOSED]
        proposals.append(tuple(proposed))
        for one in proposed:
            people[one.person.key] = _after(one.person, wanted, _planned(number))
    given = [person.chances.given for person in people.values()]
    fits = [one.fit_bps for proposed in proposals for one in proposed]
    return Outcome(
        weight_percent=weight_percent,
        gini=gini(given),
        reached=sum(count > 0 for count in given),
        most=max(given),
        fit_bps=divide_half_away(sum(fits), len(fits)),
        proposals=tuple(proposals),
    )


def gini(counts: Sequence[int]) -> Fraction:
    """The Gini coefficient of what was given to each.

    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 4]), gini([0, 0])
    (Fraction(0, 1), Fraction(3, 4), Fraction(0, 1))
    """
    ordered, whole, number = sorted(counts), sum(counts), len(counts)
    if not whole:
        return Fraction(0)
    weighted = sum(place * count for place, count in enumerate(ordered, start=1))
    return Fraction(2 * weighted, number * whole) - Fraction(number + 1, number)


def roster() -> list[Person]:
    """Three hundred people, one in ten without a profile. Some had chances before; the others joined lately."""
    return [_person(number) for number in range(PEOPLE)]


def _person(number: int) -> Person:
    key = f"person-{number:03d}"
    joined = BEGIN - timedelta(days=_draw(400, key, "joined"))
    if _draw(10, key, "silent") == 0:
        return Person(key, key, Chances(joined), followers=3_000 + _draw(47_000, key, "followers"))
    ages = frozenset(AGES[_draw(4, key, "ages", each)] for each in range(2))
    women = 20 + _draw(71, key, "women")
    interests = frozenset({FIELDS[_draw(8, key, "interest")]})
    away = BEGIN + timedelta(days=_draw(300, key, "away"))
    return Person(
        key=key,
        name=key,
        chances=Chances(joined),
        followers=3_000 + _draw(47_000, key, "followers"),
        niches=(FIELDS[_draw(8, key, "niche")],),
        styles=(STYLES[_draw(4, key, "style")],),
        languages=("he", "en") if _draw(3, key, "language") else ("ru",),
        audience=Audience(frozenset({COUNTRIES[_draw(4, key, "country")]}), ages, interests, women),
        away=(Span(away, away + timedelta(days=13)),),
    )


def _campaign(number: int) -> Wanted:
    first = _planned(number) + timedelta(days=14)
    field = FIELDS[number % 3]  # an agency's brands are of a few fields
    audience = Audience(frozenset({"IL"}), frozenset(AGES[:2]), frozenset({field}), 70)
    return Wanted(
        key=f"campaign-{number}",
        first=first,
        last=first + timedelta(days=20),
        language="he",
        currency="ILS",
        category=field,
        styles=("reviews", "lessons"),
        audience=audience,
    )


def _planned(number: int) -> date:
    return BEGIN + timedelta(days=30 * number)


def _after(person: Person, wanted: Wanted, on: date) -> Person:
    """Invited, and in four of five cases taking part and selling."""
    before = person.chances
    accepts = _draw(5, person.key, wanted.key, "accepts") > 0
    chances = Chances(on, before.given + 1, before.accepted + accepts)
    if not accepts:
        return replace(person, chances=chances)
    talent = 200 + _draw(1_800, person.key, "talent")  # minor units a thousand followers, and the luck of the day
    sales = (talent + _draw(400, person.key, wanted.key, "luck")) * person.followers // 1000
    sold = Sold(wanted.category, wanted.currency, sales, person.followers)
    return replace(person, chances=chances, sold=(*person.sold, sold))


def _draw(below: int, *what: object) -> int:
    return int.from_bytes(sha256(repr(what).encode()).digest()[:8]) % below


def table() -> str:
    """The outcomes of all weights, as the page shows them."""
    lines = [
        "| fairness | Gini of invitations | people reached | most for one person | average fit of those proposed |",
        "|---:|---:|---:|---:|---:|",
    ]
    for weight in WEIGHTS:
        one = simulate(weight)
        hundredths = divide_half_away(one.gini.numerator * 1000, one.gini.denominator)
        points = format_bps(one.fit_bps).removesuffix("%")
        lines.append(
            f"| {weight} % | 0.{hundredths:03d} | {one.reached} | {one.most} | {points} |"
        )  # fmt: skip
    return "\n".join(lines) + "\n"


def write(page: Path = PAGE) -> None:
    """Put the table into the page, between its marks."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    page.write_text(before + MARKS[0] + table() + MARKS[1] + after, encoding="utf-8")


if __name__ == "__main__":
    write()
