"""Bills and rates of exchange over the API."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry
from campaigns.settlement.books.check import breaches
from tests import factories, whole_campaign
from tests.blueprints.api.calls import Program
from tests.whole_campaign import Cast

RATE = {
    "from_currency": "USD", "to_currency": "ILS", "from_date": "2026-05-10", "to_date": "2026-05-10",
    "rate_millionths": 3_600_000, "source": "the bank",
}  # fmt: skip


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign with two sales, of 36.00 and 180.00 to the brand, 36.00 of both the agency's."""
    return whole_campaign.a_live_campaign(session)


def test_a_bill_takes_every_sale_once(agency: Program, cast: Cast):
    path = f"/campaigns/{cast.campaign.public_id}/bills"
    made = agency.post(path, {"on": "2026-05-20"}, 201)
    assert (made["commission_minor"], made["agency_fee_minor"], made["vat_minor"]) == (18_000, 3_600, 648)
    assert (made["total_minor"], made["open_minor"], len(made["lines"])) == (22_248, 22_248, 2)
    assert agency.get(path)["items"] == [made]
    assert "nothing to bill" in agency.post(path, {}, 409)["detail"]


def test_a_day_without_vat_is_refused_by_the_rows_name(agency: Program, cast: Cast):
    refused = agency.post(f"/campaigns/{cast.campaign.public_id}/bills", {"on": "2015-09-30"}, 422)
    assert "IL.vat" in refused["detail"]


def test_a_brand_reads_its_bills_and_issues_none(agency: Program, app, session: Session, cast: Cast):
    path = f"/campaigns/{cast.campaign.public_id}/bills"
    agency.post(path, {"on": "2026-05-20"}, 201)
    brand = Program(app, factories.user(session, brand=cast.campaign.brand))
    assert [bill["total_minor"] for bill in brand.get(path)["items"]] == [22_248]
    brand.post(path, {}, 404)


def test_a_payment_is_noted_once_and_what_is_open_falls(agency: Program, session: Session, cast: Cast):
    """222.48 are billed, 22.48 come in: 200.00 are open."""
    bill = agency.post(f"/campaigns/{cast.campaign.public_id}/bills", {"on": "2026-05-20"}, 201)
    received = {"amount_minor": 2_248, "received_on": "2026-05-25", "reference": "BANK-7"}
    paid = agency.post(f"/bills/{bill['id']}/payments", received, 201)
    assert (paid["id"], paid["total_minor"], paid["open_minor"]) == (bill["id"], 22_248, 20_000)
    assert "noted for this bill already" in agency.post(f"/bills/{bill['id']}/payments", received, 409)["detail"]
    more = {"amount_minor": 20_001, "received_on": "2026-05-25", "reference": "BANK-8"}
    assert list(agency.post(f"/bills/{bill['id']}/payments", more, 422)["errors"]) == ["amount_minor"]
    assert session.scalars(select(AuditEntry.action).filter_by(action="bill.paid")).all() == ["bill.paid"]
    assert breaches(session) == []


def test_a_brand_notes_no_payment_of_its_own_bill(agency: Program, app, session: Session, cast: Cast):
    bill = agency.post(f"/campaigns/{cast.campaign.public_id}/bills", {"on": "2026-05-20"}, 201)
    brand = Program(app, factories.user(session, brand=cast.campaign.brand))
    brand.post(f"/bills/{bill['id']}/payments", {"amount_minor": 1, "received_on": "2026-05-25", "reference": "B"}, 404)


def test_a_rate_is_entered_listed_and_corrected(agency: Program, session: Session):
    made = agency.post("/rates", RATE, 201)
    after = agency.post("/rates", RATE | {"rate_millionths": 4_000_000, "corrects": made["id"]}, 201)
    before, now = agency.get("/rates")["items"]
    assert (before["id"], now) == (made["id"], after)
    assert before["superseded_at"] is not None and now["superseded_at"] is None


def test_a_day_has_one_rate(agency: Program, session: Session):
    agency.post("/rates", RATE, 201)
    assert "correct that one" in agency.post("/rates", RATE, 409)["detail"]


def test_a_rate_that_is_none_is_refused_by_its_field(agency: Program, session: Session):
    refused = agency.post("/rates", RATE | {"rate_millionths": 0}, 422)
    assert list(refused["errors"]) == ["rate"]
