"""The example of docs/matching.md, worked out again: every number of it stands on the page."""

from datetime import date, timedelta

import pytest

from campaigns.planning.matching.facts import Chances, Person, Ranked, Sold, Wanted
from campaigns.planning.matching.ranking import rank
from campaigns.planning.matching.simulation import PAGE

TODAY = date(2026, 4, 20)
WANTED = Wanted("serum", date(2026, 5, 1), date(2026, 5, 20), "he", "ILS", category="skin care")
SOLD = tuple(Sold("skin care", "ILS", amount, 10_000) for amount in (40_000, 20_000))
NOA = Person(
    key="noa",
    name="Noa",
    chances=Chances(TODAY - timedelta(days=36), given=3, accepted=2),
    niches=("skin care",),
    languages=("he",),
    sold=SOLD,
)
TAL = Person(key="tal", name="Tal", chances=Chances(TODAY - timedelta(days=90)), niches=("fashion",), languages=("he",))


def ranked(weight: int) -> dict[str, Ranked]:
    return {one.person.name: one for one in rank(WANTED, [NOA, TAL], weight, TODAY)}


def points(one: Ranked, name: str) -> int:
    return next(each.points for each in (*one.fit, *one.fairness) if each.name == name)


def written(number: int) -> str:
    return f"{number:,}"


def test_both_scores_of_the_example_are_as_the_page_says():
    found, page = ranked(50), PAGE.read_text(encoding="utf-8")
    for score in ("fit_bps", "fairness_bps"):
        noa, tal = getattr(found["Noa"], score), getattr(found["Tal"], score)
        assert f"| **{written(noa)}** | **{written(tal)}** |" in page


@pytest.mark.parametrize("name", ["field", "history", "given", "accepted", "waiting", "newcomer"])
def test_each_reason_of_the_example_is_as_the_page_says(name: str):
    noa, tal = (points(ranked(50)[person], name) for person in ("Noa", "Tal"))
    assert f"| {written(noa)} | {written(tal)} |" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(("weight", "first"), [(50, "Tal"), (25, "Noa")])
def test_the_totals_of_the_example_are_as_the_page_says(weight: int, first: str):
    found, page = ranked(weight), PAGE.read_text(encoding="utf-8")
    assert next(iter(found)) == first
    assert all(f"**{written(one.total_ppm)}**" in page for one in found.values())
