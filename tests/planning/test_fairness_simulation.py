"""What the slider does over ten campaigns, and the table of it in docs/matching.md."""

from fractions import Fraction
from functools import cache

import pytest

from campaigns.planning.matching import simulation
from campaigns.planning.matching.simulation import MARKS, PAGE, WEIGHTS, Outcome, gini

once = cache(simulation.simulate)
EVENEST = Fraction(1, 2)  # 150 invitations among 300 people: half of them one, the others none


def outcomes() -> list[Outcome]:
    return [once(weight) for weight in WEIGHTS]


def test_the_gini_coefficient_falls_as_the_slider_moves_to_fairness():
    found = [one.gini for one in outcomes()]
    assert found[0] > found[1] > found[2] > found[3] >= found[4] == EVENEST


def test_fairness_has_its_price_which_is_told_beside_it():
    found = [one.fit_bps for one in outcomes()]
    assert found == sorted(found, reverse=True) and found[0] > found[-1]


def test_the_same_weight_makes_the_same_proposals():
    assert simulation.simulate(50) == once(50)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_proposal_explains_itself(weight: int):
    for one in (each for proposed in once(weight).proposals for each in proposed):
        fit, fairness = (sum(reason.points for reason in part) for part in (one.fit, one.fairness))
        assert one.total_ppm == (100 - weight) * fit + weight * fairness > 0


def test_newcomers_are_proposed_beside_people_who_sold_well():
    last = once(25).proposals[-1]
    assert any(one.person.chances.accepted == 0 for one in last)
    assert any(one.person.sold for one in last)


def test_even_without_fairness_a_newcomer_without_history_is_proposed():
    later = [one for proposed in once(0).proposals[3:] for one in proposed]  # each field has been sold in by then
    assert any(not one.person.sold for one in later)


def test_gini_is_exact():
    assert gini([0, 1, 2, 3]) == Fraction(5, 12)


def test_the_table_of_the_page_is_the_simulations():
    text = PAGE.read_text(encoding="utf-8")
    assert text.partition(MARKS[0])[2].partition(MARKS[1])[0] == simulation.table()
