"""The form of terms: everything they may promise, kept as typed, refused beside its field, looked at before offered."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Campaign, Participation
from campaigns.planning.participation import offered_terms
from tests import factories as make
from tests.blueprints.console.test_campaigns import PLAN
from tests.factories import submit, visit

EVERYTHING: dict[str, Any] = {
    "influencer_rate_bps": 1250,
    "agency_rate_bps": 300,
    "base": "net",
    "return_window_days": 14,
    "attribution": {
        "precedence": "coupon",
        "link_window_days": 30,
        "customer_lock_days": 20,
        "registered_customer_days": 90,
    },
    "fixed_per_order_minor": 2050,
    "tiers": [{"from_sales_minor": 100000, "rate_bps": 1500}, {"from_sales_minor": 500000, "rate_bps": 2000}],
    "tiers_apply": "whole",
    "category_rates": {"Skin": 2000},
    "sku_rates": {"SET-1": 0},
    "bonus": [{"at_orders": 3, "amount_minor": 5000}, {"at_sales_minor": 100000, "amount_minor": 10000}],
    "cap_minor": 1000000,
    "returning_rate_bps": 200,
    "recurring": {"months": 6, "rate_bps": 1000},
    "leads": {"per_lead_minor": 100, "qualified_seconds": 30, "plan_leads": 3, "plan_base_minor": 10000},
    "settlement": {"collects": "partner", "partner_rate_bps": 5000},
}
TYPED = {
    **PLAN,
    "customer_lock_days": "20",
    "registered_customer_days": "90",
    "fixed_per_order_minor": "20.50",
    # The first row is left empty: rows count by what is in them, not by their place.
    "tiers-0-from_sales_minor": "",
    "tiers-0-rate_bps": "",
    "tiers-1-from_sales_minor": "1,000",
    "tiers-1-rate_bps": "15",
    "tiers-2-from_sales_minor": "5000",
    "tiers-2-rate_bps": "20",
    "tiers_apply": "whole",
    "category_rates-0-name": " Skin ",
    "category_rates-0-rate_bps": "20",
    "sku_rates-0-name": "SET-1",
    "sku_rates-0-rate_bps": "0",
    "bonus-0-counts": "at_orders",
    "bonus-0-target": "3",
    "bonus-0-amount_minor": "50",
    "bonus-1-counts": "at_sales_minor",
    "bonus-1-target": "1000",
    "bonus-1-amount_minor": "100",
    "cap_minor": "10000",
    "returning_rate_bps": "2",
    "recurring_months": "6",
    "recurring_rate_bps": "10",
    "leads_per_lead_minor": "1",
    "leads_qualified_seconds": "30",
    "leads_plan_leads": "3",
    "leads_plan_base_minor": "100",
    "collects": "partner",
    "partner_rate_bps": "50",
}


def values_of(page: str) -> dict[str, str]:
    """What the form on a page would send: inputs, ticked boxes and chosen options."""
    form = page[page.index('<form class="form narrow') :]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        told = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if told.get("type") != "checkbox" or " checked" in tag:
            sent[told["name"]] = told.get("value", "")
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        sent[name] = (re.findall(r'<option selected value="([^"]*)"', options) or [""])[0]
    del sent["csrf_token"]
    return sent


def test_all_that_terms_may_promise_can_be_typed(staff: FlaskClient, session: Session) -> None:
    shop = make.shop(session)
    assert submit(staff, "/console/campaigns/new", {**TYPED, "shop": shop.public_id}).status_code == 302
    assert session.scalars(select(Campaign)).one().terms.body == EVERYTHING


def test_new_terms_begin_with_the_old_ones_and_say_the_same_when_nothing_is_changed(
    staff: FlaskClient, session: Session
) -> None:
    campaign = make.campaign(session, terms=EVERYTHING)
    url = f"/console/campaigns/{campaign.public_id}/terms"
    shown = values_of(visit(staff, url).text)
    assert shown["tiers-1-from_sales_minor"] == "5000.00" and "tiers-3-rate_bps" in shown
    submit(staff, url, {**shown, "cap_minor": "9000"})
    session.expire_all()
    assert campaign.terms.body == {**EVERYTHING, "cap_minor": 900000}


def test_looking_first_shows_words_and_money_and_offers_nothing(staff: FlaskClient, session: Session) -> None:
    """180.00 before VAT at 12.5 % is 22.50, and 20.50 fixed: 43.00."""
    campaign = make.campaign(session)
    fields = {**PLAN, "fixed_per_order_minor": "20.50", "look": "1"}
    page = submit(staff, f"/console/campaigns/{campaign.public_id}/terms", fields)
    assert page.status_code == 200
    assert all(shown in page.text for shown in ("₪22.50", "₪20.50", "₪43.00", "for every credited order"))
    assert values_of(page.text)["fixed_per_order_minor"] == "20.50"
    session.expire_all()
    assert campaign.terms.version == 1


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"cap_minor": "a lot"}, "cap_minor"),
        ({"tiers-0-from_sales_minor": "1000"}, "tiers-0-rate_bps"),
        ({"tiers-0-from_sales_minor": "1000", "tiers-0-rate_bps": "99"}, "tiers-0-rate_bps"),
        ({"bonus-0-counts": "at_orders", "bonus-0-target": "2.5", "bonus-0-amount_minor": "5"}, "bonus-0-target"),
        ({"sku_rates-0-name": "A", "sku_rates-0-rate_bps": "5", "sku_rates-1-name": "A", "sku_rates-1-rate_bps": "6"},
         "sku_rates-1-name"),
        ({"recurring_rate_bps": "10"}, "recurring_months"),
        ({"collects": "partner"}, "partner_rate_bps"),
        ({"leads_qualified_seconds": "20"}, "leads_per_lead_minor"),
        ({"customers": "new", "returning_rate_bps": "5"}, "returning_rate_bps"),
    ],
)  # fmt: skip
def test_what_is_refused_is_refused_beside_what_was_typed(
    staff: FlaskClient, session: Session, typed: dict[str, str], beside: str
) -> None:
    campaign = make.campaign(session)
    page = submit(staff, f"/console/campaigns/{campaign.public_id}/terms", {**PLAN, **typed})
    assert page.status_code == 422
    assert f'id="{beside}-error1"' in page.text
    kept = values_of(page.text)
    assert {name: kept[name] for name in typed} == typed


def test_steps_that_do_not_rise_are_refused_above_them(staff: FlaskClient, session: Session) -> None:
    campaign = make.campaign(session)
    steps = {
        f"tiers-{row}-{name}": value for row in (0, 1) for name, value in (("from_sales_minor", "9"), ("rate_bps", "9"))
    }
    page = submit(staff, f"/console/campaigns/{campaign.public_id}/terms", {**PLAN, **steps})
    assert page.status_code == 422 and "each tier must start above the one before" in page.text


def test_what_is_used_stands_open_and_the_rest_is_folded(staff: FlaskClient, session: Session) -> None:
    campaign = make.campaign(session, terms={**make.TERMS, "cap_minor": 5000})
    page = visit(staff, f"/console/campaigns/{campaign.public_id}/terms").text
    titles = re.findall(r'<details class="more"( open)?>\s*<summary>([^<]*)', page)
    assert [title for opened, title in titles if opened] == ["Steps, bonuses, upper limit"]
    assert len(titles) == 5


def test_an_influencer_is_invited_with_terms_of_their_own(staff: FlaskClient, session: Session) -> None:
    campaign = make.campaign(session, terms={**make.TERMS, "cap_minor": 5000})
    url = f"/console/campaigns/{campaign.public_id}/invite/{make.influencer(session).public_id}"
    shown = values_of(visit(staff, url).text)
    assert "return_window_days" not in shown and "customers" not in shown
    submit(staff, url, {**shown, "influencer_rate_bps": "20", "cap_minor": ""})
    invited = session.scalars(select(Participation)).one()
    assert invited.overrides == {"influencer_rate_bps": 2000, "cap_minor": None}
    assert offered_terms(invited).keys() & {"cap_minor"} == set()
    assert session.scalars(select(AuditEntry).filter_by(action="participation.own_terms")).one().details == {
        "overrides": invited.overrides
    }


def test_own_terms_that_take_too_much_are_refused_and_nobody_is_invited(staff: FlaskClient, session: Session) -> None:
    campaign = make.campaign(session)
    url = f"/console/campaigns/{campaign.public_id}/invite/{make.influencer(session).public_id}"
    page = submit(staff, url, {**values_of(visit(staff, url).text), "influencer_rate_bps": "98"})
    assert page.status_code == 422 and 'id="agency_rate_bps-error1"' in page.text
    assert session.scalar(select(Participation)) is None
