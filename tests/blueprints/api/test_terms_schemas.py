"""The document describes terms as the domain takes them: what one refuses, the other does."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from campaigns.blueprints.api.terms_schemas import OWN_TERMS, PROPERTIES, TERMS
from campaigns.commissions.offered import LEAD_KEYS
from campaigns.commissions.terms import ATTRIBUTION_KEYS, KEYS, OVERRIDABLE, complete, with_overrides
from campaigns.errors import Invalid
from tests.blueprints.api.calls import Program, declaration
from tests.blueprints.console.test_terms_forms import EVERYTHING
from tests.factories import campaign, influencer

PLAIN = {"influencer_rate_bps": 1000, "agency_rate_bps": 300}


def test_every_term_the_domain_knows_is_described() -> None:
    assert PROPERTIES.keys() == KEYS and OWN_TERMS["properties"].keys() == OVERRIDABLE
    assert PROPERTIES["leads"]["properties"].keys() == LEAD_KEYS
    assert PROPERTIES["attribution"]["properties"].keys() == ATTRIBUTION_KEYS
    for name in ("CampaignIn", "TermsIn", "ParticipantIn"):
        assert "tiers" in declaration()["components"]["schemas"][name]["properties"]["terms"]["properties"]


@pytest.mark.parametrize(
    "more",
    [
        {"tiers": []},
        {"tiers": [{"rate_bps": 5}]},
        {"tiers_apply": "halves"},
        {"sku_rates": {}},
        {"bonus": [{"at_orders": 3, "at_sales_minor": 3, "amount_minor": 5}]},
        {"cap_minor": 0},
        {"recurring": {}},
        {"leads": {"qualified_seconds": 5}},
        {"settlement": {"partner_rate_bps": 5}},
        {"attribution": {"window": 5}},
        {"surprise": 1},
    ],
)
def test_what_the_document_forbids_the_domain_refuses(more: dict[str, Any]) -> None:
    offered = {**PLAIN, **more}
    assert not Draft202012Validator(TERMS).is_valid(offered)
    with pytest.raises(Invalid):
        complete(offered)


def test_terms_that_say_everything_go_in_and_come_out(agency: Program, session: Any) -> None:
    planned = campaign(session)
    answer = agency.post(f"/campaigns/{planned.public_id}/terms", {"terms": EVERYTHING}, status=201)
    assert answer["terms"] == EVERYTHING and Draft202012Validator(TERMS).is_valid(EVERYTHING)
    own = {"cap_minor": None, "tiers": None, "fixed_per_order_minor": 100}
    sent = {"influencer": influencer(session).public_id, "terms": own}
    invited = agency.post(f"/campaigns/{planned.public_id}/participants", sent, status=201)
    assert Draft202012Validator(OWN_TERMS).is_valid(own)
    assert invited["terms"] == with_overrides(EVERYTHING, own) and "tiers_apply" not in invited["terms"]
