"""The launch checklist and what comes next: pure facts in, sentences out."""

from dataclasses import replace

import pytest

from campaigns.planning.launching.checklist import Facts, Vetted, brands_items, checklist, standing_open
from campaigns.planning.launching.decisions import APPROVED, ASKED, CHANGED, NONE
from campaigns.planning.launching.next_step import next_step

WHOLE = Facts(
    brief=True,
    goals=True,
    values=True,
    vetted={"business": Vetted("fit"), "product": Vetted("fit")},
    share_bps=300,
    share_limit_bps=500,
    shop_heard=True,
    order_seen=True,
    material=2,
    accepted=12,
    decided={"plan": "approved", "roster": "approved"},
)


def states(facts: Facts) -> dict[str, str]:
    return {item.key: item.state for item in checklist(facts)}


def test_a_whole_preparation_leaves_nothing_open() -> None:
    assert standing_open(checklist(WHOLE)) == []


@pytest.mark.parametrize(
    ("missing", "key"),
    [
        ({"brief": False}, "brief"),
        ({"goals": False}, "goals"),
        ({"values": False}, "values"),
        ({"vetted": {"product": Vetted("fit")}}, "business"),
        ({"vetted": {"business": Vetted("fit"), "product": Vetted("unfit")}}, "product"),
        ({"shop_heard": False}, "shop"),
        ({"order_seen": False}, "order"),
        ({"material": 0}, "material"),
        ({"accepted": 9}, "people"),
        ({"accepted": 16}, "people"),
        ({"decided": {"plan": "changed", "roster": "approved"}}, "plan_approved"),
        ({"decided": {"plan": "approved", "roster": "change_asked"}}, "roster_approved"),
    ],
)
def test_whatever_is_missing_is_the_one_open_item(missing: dict[str, object], key: str) -> None:
    assert [item.key for item in standing_open(checklist(replace(WHOLE, **missing)))] == [key]  # type: ignore[arg-type]


def test_a_share_above_the_houses_limit_is_only_a_warning() -> None:
    facts = replace(WHOLE, share_bps=600)
    assert states(facts)["terms"] == "warning"
    assert standing_open(checklist(facts)) == []


def test_a_fit_business_with_more_bad_ratings_than_good_is_doubted_aloud() -> None:
    doubted = replace(WHOLE, vetted={**WHOLE.vetted, "business": Vetted("fit", "", 3, 4)})
    assert states(doubted)["business"] == "warning"


def test_a_verdict_carried_over_names_the_campaign_it_is_from() -> None:
    carried = replace(WHOLE, vetted={**WHOLE.vetted, "business": Vetted("fit", "Winter")})
    assert "Winter" in next(item.sentence for item in checklist(carried) if item.key == "business")


def test_codes_are_asked_for_after_the_launch_and_hold_nothing_up() -> None:
    unknown = replace(WHOLE, codes=12)
    assert states(unknown)["codes"] == "open"
    assert standing_open(checklist(unknown)) == []
    assert states(replace(unknown, codes_in_shop=5))["codes"] == "warning"
    assert states(replace(unknown, codes_in_shop=12))["codes"] == "done"


def test_a_brand_is_shown_only_what_it_can_do_itself() -> None:
    assert [item.key for item in brands_items(checklist(Facts()))] == [
        "shop",
        "order",
        "plan_approved",
        "roster_approved",
        "codes",
    ]


@pytest.mark.parametrize("state", [NONE, ASKED, CHANGED, APPROVED])
def test_a_brand_is_spoken_to_where_the_agency_reads_of_the_brand(state: str) -> None:
    both = checklist(Facts(decided={"plan": state, "roster": state}))
    agencys = [str(item.sentence) for item in both if item.key.endswith("_approved")]
    brands = [str(item.sentence) for item in brands_items(both) if item.key.endswith("_approved")]
    assert len(brands) == 2 and not any("brand" in sentence.lower() for sentence in brands)
    assert all("you" in sentence.lower() for sentence in brands)
    assert not any("you" in sentence.lower().split() for sentence in agencys)


def test_the_next_step_of_a_draft_is_its_first_open_item() -> None:
    assert next_step("draft", checklist(Facts())).place == "plan"
    assert next_step("recruiting", checklist(replace(WHOLE, accepted=3))).place == "people"


def test_a_whole_draft_is_led_to_the_launch() -> None:
    assert next_step("recruiting", checklist(WHOLE)).place == "launch"


def test_after_the_launch_the_codes_come_first_then_waiting() -> None:
    assert next_step("ready", checklist(replace(WHOLE, codes=12))).place == "codes"
    assert next_step("ready", checklist(replace(WHOLE, codes=12, codes_in_shop=12))).place == ""


def test_what_has_ended_is_held_against_the_shop_then_closed_then_billed() -> None:
    places = [next_step(status, []).place for status in ("ended", "reconciling", "closed")]
    assert places == ["reconciling", "closing", "bills"]


def test_who_is_still_thinking_about_it_is_counted_beside_who_accepted() -> None:
    (people,) = [item for item in checklist(replace(WHOLE, accepted=3, thinking=8)) if item.key == "people"]
    assert people.sentence == "Accepted: 3, thinking about it: 8; 10 to 15 make a campaign"
    assert people.state == "open"
