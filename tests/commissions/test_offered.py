"""What may be promised beside the two plain rates, and what is refused, field by field."""

import pytest

from campaigns.commissions.terms import complete, fingerprint, with_overrides
from campaigns.errors import Invalid, Said
from campaigns.money import LARGEST_MINOR

TERMS = {"influencer_rate_bps": 1500, "agency_rate_bps": 300}
TIER = {"from_sales_minor": 100000, "rate_bps": 2000}


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"fixed_per_order_minor": -1}, {"fixed_per_order_minor"}),
        ({"fixed_per_order_minor": 1.5}, {"fixed_per_order_minor"}),
        ({"fixed_per_order_minor": LARGEST_MINOR + 1}, {"fixed_per_order_minor"}),
        ({"fixed_per_order_minor": None}, {"fixed_per_order_minor"}),
        ({"tiers": []}, {"tiers"}),
        ({"tiers": {}}, {"tiers"}),
        ({"tiers": [{"from_sales_minor": place, "rate_bps": 1} for place in range(1, 12)]}, {"tiers"}),
        ({"tiers": [TIER, TIER]}, {"tiers"}),
        ({"tiers": ["20 %"]}, {"tiers.0", "tiers.0.from_sales_minor", "tiers.0.rate_bps"}),
        ({"tiers": [TIER | {"from_sales_minor": 0}]}, {"tiers.0.from_sales_minor"}),
        ({"tiers": [TIER | {"upto": 5}]}, {"tiers.0.upto"}),
        ({"tiers": [TIER], "tiers_apply": "sometimes"}, {"tiers_apply"}),
        ({"tiers": [TIER], "tiers_apply": ["whole"]}, {"tiers_apply"}),
        ({"tiers_apply": "whole"}, {"tiers_apply"}),
        ({"category_rates": {}}, {"category_rates"}),
        ({"category_rates": []}, {"category_rates"}),
        ({"category_rates": {"skin": "20"}}, {"category_rates.skin"}),
        ({"category_rates": {" Skin": 1, "skin ": 2}}, {"category_rates.skin "}),
        ({"sku_rates": {" ": 1}}, {"sku_rates"}),
        ({"bonus": [{"amount_minor": 5}]}, {"bonus.0"}),
        ({"bonus": [{"amount_minor": 5, "at_orders": 1, "at_sales_minor": 1}]}, {"bonus.0"}),
        ({"bonus": [{"amount_minor": 0, "at_orders": 1}]}, {"bonus.0.amount_minor"}),
        ({"bonus": [{"amount_minor": 5, "at_orders": 0}]}, {"bonus.0.at_orders"}),
        ({"bonus": {"at_orders": 1}}, {"bonus"}),
        ({"cap_minor": 0}, {"cap_minor"}),
        ({"customers": "nice"}, {"customers"}),
        ({"customers": "new", "returning_rate_bps": 100}, {"returning_rate_bps"}),
        ({"returning_rate_bps": 10001}, {"returning_rate_bps"}),
        ({"recurring": {}}, {"recurring.months"}),
        ({"recurring": {"months": 121}}, {"recurring.months"}),
        ({"recurring": {"months": 0}}, {"recurring.months"}),
        ({"recurring": {"months": 6, "rate_bps": None}}, {"recurring.rate_bps"}),
        ({"recurring": 6}, {"recurring", "recurring.months"}),
        ({"leads": {}}, {"leads"}),
        ({"leads": 5}, {"leads"}),
        ({"leads": {"per_lead_minor": 0}}, {"leads"}),
        ({"leads": {"agency_per_lead_minor": 50}}, {"leads"}),
        ({"leads": {"per_lead_minor": -5}}, {"leads.per_lead_minor"}),
        ({"leads": {"per_lead_minor": 5, "qualified_seconds": "15"}}, {"leads.qualified_seconds"}),
        ({"leads": {"per_lead_minor": 5, "plan_leads": 10}}, {"leads"}),
        ({"leads": {"plan_leads": 0, "plan_base_minor": 10}}, {"leads.plan_leads"}),
        ({"leads": {"per_call_minor": 5, "per_lead_minor": 5}}, {"leads.per_call_minor"}),
        ({"settlement": {}}, {"settlement.collects"}),
        ({"settlement": {"collects": "partner"}}, {"settlement.partner_rate_bps"}),
        ({"settlement": {"collects": "bank"}}, {"settlement.collects"}),
        ({"lottery": 5}, {"lottery"}),
    ],
)
def test_what_could_not_be_computed_is_refused_by_name(more, fields):
    with pytest.raises(Invalid) as caught:
        complete({**TERMS, **more})
    assert caught.value.errors.keys() == {f"terms.{field}" for field in fields}
    assert all(isinstance(reason, Said) for reasons in caught.value.errors.values() for reason in reasons)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"tiers": [TIER, {"from_sales_minor": 200000, "rate_bps": 9701}]}, "tiers.1.rate_bps"),
        ({"category_rates": {"skin": 9701}}, "category_rates.skin"),
        ({"sku_rates": {"A-1": 9701}}, "sku_rates.A-1"),
        ({"returning_rate_bps": 9701}, "returning_rate_bps"),
        ({"recurring": {"months": 6, "rate_bps": 9701}}, "recurring.rate_bps"),
        ({"settlement": {"collects": "partner", "partner_rate_bps": 9701}}, "settlement.partner_rate_bps"),
    ],
)
def test_no_rate_passes_the_whole_sale_together_with_the_agencys(more, field):
    with pytest.raises(Invalid) as caught:
        complete({**TERMS, **more})
    assert list(caught.value.errors) == [f"terms.{field}"]
    assert complete({**TERMS, **more, "agency_rate_bps": 299})["agency_rate_bps"] == 299


def test_what_is_spoken_of_is_written_down_in_full_and_nothing_else():
    terms = complete({**TERMS, "tiers": [TIER], "leads": {"per_lead_minor": 5}})
    assert terms.keys() - complete(TERMS).keys() == {"tiers", "tiers_apply", "leads"}
    assert terms["tiers_apply"] == "marginal"
    assert terms["leads"] == {"per_lead_minor": 5, "qualified_seconds": 15}
    assert complete(terms) == terms


def test_terms_as_they_were_offered_are_left_as_they_were():
    offered = {**TERMS, "leads": {"per_lead_minor": 5}}
    complete(offered)
    assert offered == {**TERMS, "leads": {"per_lead_minor": 5}}


def test_a_participant_may_have_other_tiers_or_none():
    shared = complete({**TERMS, "tiers": [TIER], "cap_minor": 50000})
    assert with_overrides(shared, {"tiers": [TIER | {"rate_bps": 2500}]})["tiers"][0]["rate_bps"] == 2500
    without = with_overrides(shared, {"tiers": None, "cap_minor": None})
    assert fingerprint(without) == fingerprint(complete(TERMS))


def test_whom_a_campaign_pays_for_is_the_same_for_everybody():
    with pytest.raises(Invalid) as caught:
        with_overrides(complete(TERMS), {"customers": "new"})
    assert list(caught.value.errors) == ["terms.customers"]
    with pytest.raises(Invalid):
        with_overrides(complete(TERMS), {"influencer_rate_bps": None})
