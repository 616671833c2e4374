"""Candidates in their order, for a campaign and a weight: how well they suit it, and whose turn it is.

Two scores of ten thousand points stand beside each other, and the weight says how much fairness counts, in percent:
the total is (100 - w) * fit + w * fairness, in millionths. Nothing else decides. Equal totals are put in order by the
chances given, the fewer first, and then by lot: a hash of campaign and person, so that no name is always the first.
"""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from campaigns.errors import Invalid, Said
from campaigns.planning.matching.facts import Person, Ranked, Wanted
from campaigns.planning.matching.fairness import turn
from campaigns.planning.matching.fit import suits
from campaigns.planning.matching.history import expected, field_of, sold_before

EVEN = 50  # percent: fit and fairness alike


def rank(wanted: Wanted, people: Iterable[Person], weight_percent: int, on: date) -> list[Ranked]:
    """Everybody in their place, from the first on; the order they come in plays no part."""
    if not 0 <= weight_percent <= 100:
        raise Invalid({"weight": [Said("must be from 0 to 100")]})
    everybody = list(people)
    field = field_of(wanted, everybody)
    found = [
        Ranked(
            place=0,
            person=person,
            weight_percent=weight_percent,
            fit=(*suits(wanted, person), sold_before(field, person)),
            fairness=turn(person.chances, on),
            expected=expected(field, person),
        )
        for person in everybody
    ]
    found.sort(key=lambda one: (-one.total_ppm, one.person.chances.given, _lot(wanted, one.person)))
    return [_placed(one, place) for place, one in enumerate(found, start=1)]


def _placed(one: Ranked, place: int) -> Ranked:
    return Ranked(place, one.person, one.weight_percent, one.fit, one.fairness, one.expected)


def _lot(wanted: Wanted, person: Person) -> str:
    return sha256(f"{wanted.key}:{person.key}".encode()).hexdigest()
