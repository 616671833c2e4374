"""Ranking for a campaign: every place explains itself, and the slider says what counts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.errors import Invalid
from campaigns.planning.matching.facts import Audience, Chances, Expected, Person, Reason, Sold, Span, Wanted
from campaigns.planning.matching.fit import WEIGHTS
from campaigns.planning.matching.ranking import rank

TODAY = date(2026, 4, 20)
WANTED = Wanted(
    key="spring",
    first=date(2026, 5, 1),
    last=date(2026, 5, 20),
    language="he",
    currency="ILS",
    category="Skin care",
    product="Vitamin serum, vegan",
    brand_values="vegan and honest",
    styles=("reviews", "lessons"),
    audience=Audience(frozenset({"IL"}), frozenset({"18-24", "25-34"}), frozenset({"vegan", "beauty"}), 70),
)
NEW = Chances(since=TODAY - timedelta(days=90))


def person(key: str = "noa", chances: Chances = NEW, **facts: object) -> Person:
    return Person(key=key, name=key, chances=chances, **facts)  # type: ignore[arg-type]


def sold(*amounts: int, reach: int = 10_000) -> tuple[Sold, ...]:
    return tuple(Sold("skin care", "ILS", amount, reach) for amount in amounts)


def reason(name: str, someone: Person, *others: Person, wanted: Wanted = WANTED) -> Reason:
    found = next(one for one in rank(wanted, [someone, *others], 50, TODAY) if one.person == someone)
    return next(each for each in (*found.fit, *found.fairness) if each.name == name)


def places(weight: int, *people: Person, wanted: Wanted = WANTED) -> list[str]:
    return [one.person.key for one in rank(wanted, people, weight, TODAY)]


def test_the_weights_of_all_reasons_are_ten_thousand():
    assert sum(WEIGHTS.values()) == 10_000


@pytest.mark.parametrize(
    ("name", "facts", "points"),
    [
        ("field", {"niches": ("skincare",)}, 2500),
        ("field", {"niches": ("hair care",)}, 1250),
        ("field", {"niches": ("travel",)}, 0),
        ("field", {}, 1250),
        ("product", {"niches": ("vegan food",)}, 350),
        ("product", {"niches": ("vegan food", "serum")}, 700),
        ("values", {"styles": ("honest reviews",), "niches": ("vegan",)}, 300),
        ("values", {"niches": ("travel",)}, 0),
        ("countries", {"audience": Audience(countries=frozenset({"IL", "US"}))}, 800),
        ("ages", {"audience": Audience(ages=frozenset({"25-34", "35-44"}))}, 350),
        ("ages", {}, 350),
        ("women", {"audience": Audience(women_percent=60)}, 360),
        ("interests", {"audience": Audience(interests=frozenset({"travel"}))}, 0),
        ("style", {"styles": ("Reviews",)}, 500),
        ("language", {"languages": ("ar", "he")}, 1000),
        ("language", {"languages": ("ru",)}, 0),
        ("away", {"away": (Span(date(2026, 5, 16), date(2026, 6, 3)),)}, 450),
        ("away", {"away": (Span(date(2026, 4, 1), date(2026, 4, 30)),)}, 600),
        ("busy", {"running": (Span(date(2026, 5, 20), date(2026, 6, 3)),)}, 200),
        ("busy", {"running": (Span(date(2026, 5, 21), date(2026, 6, 3)),)}, 400),
    ],
)
def test_a_reason_has_the_points_of_what_is_in_common(name: str, facts: dict[str, object], points: int):
    assert reason(name, person(**facts)).points == points


def test_days_of_two_absences_that_overlap_count_once():
    spans = (Span(date(2026, 5, 1), date(2026, 5, 10)), Span(date(2026, 5, 6), date(2026, 5, 10)))
    found = reason("away", person(away=spans))
    assert (found.points, str(found.why)) == (300, "Is away on 10 of the campaign's 20 days.")


def test_what_the_campaign_does_not_ask_is_half_for_everybody():
    bare = Wanted(key="bare", first=WANTED.first, last=WANTED.last, language="he", currency="ILS")
    found = rank(bare, [person(niches=("travel",), styles=("humour",), languages=("he",))], 0, TODAY)[0]
    assert {each.name: each.points for each in found.fit} == {
        "field": 1250, "product": 350, "values": 150, "countries": 400, "ages": 350, "women": 200, "interests": 300,
        "style": 500, "language": 1000, "away": 600, "busy": 400, "history": 500,
    }  # fmt: skip


def test_a_newcomers_history_is_neutral_not_zero():
    seller = person("tal", sold=sold(30_000, 50_000))  # 3000 and 5000 a thousand; the lower is the usual
    assert reason("history", person("noa"), seller).points == 500
    # 3000, 5000 and the usual 3000 make 3666 on average: 3666 of 6666.
    assert reason("history", seller, person("noa")).points == 549


def test_one_bad_campaign_weighs_less_than_three():
    usual = person("usual", sold=sold(40_000, 40_000, 40_000, 40_000, 40_000))
    once, thrice = person("once", sold=sold(0)), person("thrice", sold=sold(0, 0, 0))
    assert reason("history", once, usual).points == 333  # 2000 of 6000
    assert reason("history", thrice, usual).points == 200  # 1000 of 5000


def test_sales_are_compared_by_audience_so_a_small_one_is_no_disadvantage():
    small, large = person("small", sold=sold(3_000, reach=3_000)), person("large", sold=sold(50_000, reach=50_000))
    assert reason("history", small, large).points == reason("history", large, small).points


def test_another_field_or_currency_tells_nothing_of_this_one():
    elsewhere = person(sold=(Sold("travel", "ILS", 90_000, 10_000), Sold("skin care", "USD", 90_000, 10_000)))
    assert reason("history", elsewhere).points == 500


@pytest.mark.parametrize(
    ("someone", "others", "found"),
    [
        (person(sold=sold(20_000, 50_000, 30_000, 40_000)), (), Expected("own", 4, 20_000, 40_000)),
        (person(sold=sold(20_000)), (), Expected("own", 1, 20_000, 20_000)),
        (person(followers=5_000), (), Expected("unknown", 0)),
        (
            person(followers=5_000),
            # Usually 1000, 2000, 4000 and 9000 a thousand: the middle half is 1000 to 4000, here for 5,000.
            (
                person("a", sold=sold(10_000)),
                person("b", sold=sold(20_000, 90_000)),
                person("c", sold=sold(40_000)),
                person("d", sold=sold(90_000)),
            ),
            Expected("comparable", 5, 5_000, 20_000),
        ),
        (person(followers=5_000), (person("tal", sold=sold(1, 2, 3, 4)),), Expected("unknown", 4)),
        (person(followers=4_999), tuple(person(key, sold=sold(9_000)) for key in "abc"), Expected("unknown", 0)),
    ],
)
def test_expected_sales_are_a_range_of_own_or_comparable_campaigns(
    someone: Person, others: tuple[Person, ...], found: Expected
):
    ranked = rank(WANTED, [someone, *others], 0, TODAY)
    assert next(one.expected for one in ranked if one.person == someone) == found


def test_fairness_tells_chances_given_and_taken_the_wait_and_newcomers():
    asked = person(chances=Chances(TODAY - timedelta(days=45), given=1, accepted=1))
    found = rank(WANTED, [asked], 100, TODAY)[0]
    assert [each.points for each in found.fairness] == [4000, 1600, 500, 0]
    assert str(found.fairness[2].why) == "Days since the last invitation: 45."


def test_the_slider_moves_the_choice_from_who_fits_to_whose_turn_it_is():
    favourite = person("favourite", Chances(TODAY, 9, 9), niches=("skin care",), styles=("reviews", "lessons"))
    left_out = person("left out", Chances(TODAY - timedelta(days=200)), niches=("travel",), languages=("ru",))
    assert places(0, favourite, left_out) == ["favourite", "left out"]
    assert places(100, favourite, left_out) == ["left out", "favourite"]


def test_a_weight_beyond_the_slider_is_refused():
    with pytest.raises(Invalid):
        rank(WANTED, [person()], 101, TODAY)


def test_equals_are_placed_by_lot_and_each_campaign_draws_anew():
    people = [person(f"p{number}") for number in range(8)]
    here, there = places(50, *people), places(50, *people, wanted=replace(WANTED, key="autumn"))
    assert here == places(50, *people) != there
    assert sorted(here) == sorted(there)


PEOPLE = st.builds(
    Person,
    key=st.text("abcdef", min_size=1, max_size=6),
    name=st.just("N"),
    chances=st.builds(Chances, st.dates(date(2025, 1, 1), TODAY), st.integers(0, 9), st.integers(0, 5)),
    followers=st.integers(0, 60_000),
    niches=st.lists(st.sampled_from(["skin care", "travel", "hair care"]), max_size=2).map(tuple),
    styles=st.lists(st.sampled_from(["reviews", "humour"]), max_size=2).map(tuple),
    languages=st.lists(st.sampled_from(["he", "ru"]), max_size=2).map(tuple),
    audience=st.builds(
        Audience,
        women_percent=st.none() | st.integers(0, 100),
        ages=st.frozensets(st.sampled_from(["18-24", "35-44"])),
    ),
    sold=st.lists(
        st.builds(Sold, st.just("skin care"), st.just("ILS"), st.integers(-500, 90_000), st.integers(0, 60_000)),
        max_size=4,
    ).map(tuple),
)
ROSTERS = st.lists(PEOPLE, max_size=12, unique_by=lambda one: one.key)


@given(people=ROSTERS, weight=st.integers(0, 100), shuffle=st.randoms(use_true_random=False))
def test_the_order_people_come_in_plays_no_part(people: list[Person], weight: int, shuffle):
    mixed = shuffle.sample(people, len(people))
    assert rank(WANTED, people, weight, TODAY) == rank(WANTED, mixed, weight, TODAY)


@given(people=ROSTERS, weight=st.integers(0, 100))
def test_every_place_is_the_sum_of_its_reasons(people: list[Person], weight: int):
    found = rank(WANTED, people, weight, TODAY)
    assert [one.place for one in found] == list(range(1, len(people) + 1))
    for one in found:
        assert all(0 <= each.points <= each.weight and each.why for each in (*one.fit, *one.fairness))
        assert sum(each.weight for each in one.fit) == sum(each.weight for each in one.fairness) == 10_000
        fit, fairness = (sum(each.points for each in part) for part in (one.fit, one.fairness))
        assert one.total_ppm == (100 - weight) * fit + weight * fairness
    assert [one.total_ppm for one in found] == sorted((one.total_ppm for one in found), reverse=True)
