"""Every term is told, in every language, and no two different promises sound the same."""

from typing import Any

import pytest

from campaigns.commissions.offered import CHECKS
from campaigns.commissions.terms import complete
from campaigns.commissions.terms_in_words import basic_rate_bps, cash, frozen, in_words
from campaigns.i18n import LANGUAGES, said, speaking

TERMS: dict[str, Any] = {"influencer_rate_bps": 1000, "agency_rate_bps": 300}
ATTRIBUTION = {"precedence": "coupon", "link_window_days": 30}
LEADS = {"per_lead_minor": 100, "per_qualified_minor": 500, "per_closed_minor": 2000, "qualified_seconds": 30,
         "plan_leads": 3, "plan_base_minor": 10000, "agency_per_lead_minor": 50}  # fmt: skip
# key: what it may be changed from and to
CHANGES: dict[str, tuple[Any, Any]] = {
    "influencer_rate_bps": (1000, 1100),
    "agency_rate_bps": (300, 0),
    "base": ("net", "gross"),
    "return_window_days": (14, 30),
    "fixed_per_order_minor": (2000, 2500),
    "tiers": ([{"from_sales_minor": 100, "rate_bps": 1500}], [{"from_sales_minor": 100, "rate_bps": 1600}]),
    "category_rates": ({"Skin": 2000}, {"Hair": 2000}),
    "sku_rates": ({"SET-1": 500}, {"SET-1": 600}),
    "bonus": ([{"at_orders": 3, "amount_minor": 5000}], [{"at_sales_minor": 3, "amount_minor": 5000}]),
    "cap_minor": (10000, 20000),
    "customers": ("new", "all"),
    "returning_rate_bps": (200, 300),
    "recurring": ({"months": 6}, {"months": None}),
    "settlement": ({"collects": "brand"}, {"collects": "partner", "partner_rate_bps": 1000}),
}


def words(**more: Any) -> list[str]:
    return [str(one) for one in in_words(complete({**TERMS, **more}), "ILS")]


@pytest.mark.parametrize("key", CHANGES)
def test_a_term_is_heard_when_it_is_there_and_when_it_changes(key: str) -> None:
    before, after = CHANGES[key]
    without = words()
    assert words(**{key: before}) != words(**{key: after})
    if key in CHECKS:
        assert len(words(**{key: before})) > len(without) or key == "cap_minor"


def test_every_term_there_is_is_listed_above() -> None:
    assert CHECKS.keys() - CHANGES.keys() == {"tiers_apply", "leads"}
    tiers = [{"from_sales_minor": 100, "rate_bps": 1500}]
    assert words(tiers=tiers) != words(tiers=tiers, tiers_apply="whole")


@pytest.mark.parametrize("key", LEADS)
def test_each_amount_for_a_contact_is_heard(key: str) -> None:
    changed = {**LEADS, key: LEADS[key] + 1}
    assert words(leads=LEADS) != words(leads=changed)


HEARD = [("precedence", "link"), ("link_window_days", 7), ("customer_lock_days", 9), ("registered_customer_days", 9)]


@pytest.mark.parametrize(("key", "value"), HEARD)
def test_how_sales_are_told_apart_is_heard(key: str, value: Any) -> None:
    assert words(attribution=ATTRIBUTION) != words(attribution={**ATTRIBUTION, key: value})


def test_the_rates_of_the_deal_are_said_in_figures() -> None:
    assert words(base="gross", cap_minor=1_000_000)[:2] == [
        "Commission: 10% of every credited sale.",
        "Orders earn the influencer at most ₪10,000.00 in the whole campaign, bonuses included.",
    ]
    assert words()[1] == "There is no upper limit."


def test_the_rate_of_a_partner_who_collects_is_the_one_that_counts() -> None:
    terms = complete({**TERMS, "settlement": {"collects": "partner", "partner_rate_bps": 5000}})
    assert basic_rate_bps(terms) == 5000
    assert in_words(terms, "ILS")[0] == "Commission: 50% of every credited sale."
    assert "If the brand collected it, the commission would be 10%." in in_words(terms, "ILS")


def test_names_at_one_rate_are_one_sentence() -> None:
    told = words(category_rates={"skin": 2000, "Hair": 2000, "books": 500})
    assert "Goods of these categories earn 20%: Hair, skin." in told
    assert "Goods of these categories earn 5%: books." in told


def test_amounts_are_in_the_units_of_their_currency() -> None:
    assert [cash(20, "JPY"), cash(-2000, "ILS"), cash(20000, "KWD")] == ["¥20", "-₪20.00", "KWD\u00a020.000"]


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {"en"}))
def test_all_of_it_is_said_in_the_readers_language(language: str) -> None:
    everything = {key: before for key, (before, _) in CHANGES.items()}
    everything |= {"customers": "all", "leads": LEADS}
    everything["attribution"] = {**ATTRIBUTION, "customer_lock_days": 9, "registered_customer_days": 9}
    with speaking(language):
        told = [(str(one), said(one)) for one in in_words(complete({**TERMS, **everything}), "ILS")]
    assert [english for english, spoken in told if english == spoken] == []


def test_a_paper_keeps_templates_and_facts_that_json_holds() -> None:
    kept = frozen(in_words(complete({**TERMS, "recurring": {"months": 6}}), "ILS"))
    assert {"sentence": "Commission: %(rate)s of every credited sale.", "facts": {"rate": "10%"}} in kept
    assert all(isinstance(fact, str | int) for one in kept for fact in one["facts"].values())
