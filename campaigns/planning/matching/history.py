"""What somebody sold in this field so far, measured against everybody's; and what to expect of them, as a range.

Sales are compared per thousand followers, so a small audience is no disadvantage. Everybody is taken to have sold the
usual once, beside what they did sell: a newcomer stands exactly at half of the weight, and one campaign that went
badly, or well, moves somebody less than three of them.

The range is made as the one an influencer reads before accepting (planning/expectation.py), but of sales.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.errors import Said
from campaigns.planning.expectation import LEAST_PEOPLE, LOWER, MIDDLE, UPPER, nearest_rank, similar
from campaigns.planning.matching.facts import Expected, Person, Reason, Sold, Wanted
from campaigns.planning.matching.fit import partly


@dataclass(frozen=True)
class Field:
    """What people sold in a field and a currency, by person; `usual` is the lower median of all campaigns in it.

    Both are of minor units per thousand followers. `usual` is None where nobody sold anything.
    """

    sold: dict[str, tuple[Sold, ...]]
    usual: int | None


def field_of(wanted: Wanted, people: Iterable[Person]) -> Field:
    """What these people sold in the campaign's field and currency; campaigns of an unknown audience are left out."""
    sold = {one.key: tuple(each for each in one.sold if each.reach and _same(each, wanted)) for one in people}
    rates = [_rate(each) for theirs in sold.values() for each in theirs]
    return Field(sold, nearest_rank(rates, MIDDLE) if rates else None)


def sold_before(field: Field, person: Person) -> Reason:
    """The reason of what they sold: half of its weight where they sold the usual, or nothing yet."""
    rates = [_rate(each) for each in field.sold[person.key]]
    if not rates:
        return partly("history", 1, 2, Said("Has no campaign in this field yet; that counts neither way."))
    whole, usual = max(0, sum(rates)), max(field.usual or 0, 1)
    typical = (whole + usual) // (len(rates) + 1)
    facts = {"campaigns": len(rates), "percent": whole * 100 // (len(rates) * usual)}
    why = Said("Sold %(percent)s%% of the usual for their audience in campaigns of this field: %(campaigns)s.", **facts)
    return partly("history", typical, typical + usual, why)


def expected(field: Field, person: Person) -> Expected:
    """Sales to expect: the middle half of their own campaigns; else of what comparable people usually sold.

    Comparable is whose audience is of half to twice the size, each once however often they took part, at least three
    of them; their sales are scaled to this audience.
    """
    own = [each.sales_minor for each in field.sold[person.key]]
    if own:
        return Expected("own", len(own), nearest_rank(own, LOWER), nearest_rank(own, UPPER))
    alike = [[_rate(one) for one in theirs if similar(person.followers, one.reach)] for theirs in field.sold.values()]
    usual = [nearest_rank(rates, MIDDLE) for rates in alike if rates]
    counted = sum(map(len, alike))
    if len(usual) < LEAST_PEOPLE:
        return Expected("unknown", counted)
    low, high = (nearest_rank(usual, percent) * person.followers // 1000 for percent in (LOWER, UPPER))
    return Expected("comparable", counted, low, high)


def _rate(sold: Sold) -> int:
    return sold.sales_minor * 1000 // sold.reach


def _same(sold: Sold, wanted: Wanted) -> bool:
    return sold.category.strip().casefold() == wanted.category.strip().casefold() and sold.currency == wanted.currency
