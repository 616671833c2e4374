"""Closing, papers, payslip previews and payouts over the API.

Mina's 30.00 are due by invoice; Noa's 150.00 are paid by payslip, from which 1.56 for national insurance (1.04 %)
and 4.85 for health (3.23 %) are withheld: 143.59 are left.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Document, Statement
from campaigns.settlement.books.check import breaches
from tests import factories, whole_campaign
from tests.blueprints.api.calls import Program
from tests.whole_campaign import CLOSED_AT, Cast

JUNE = {"country": "IL", "on": "2026-06-30", "gross_minor": 843_050, "credit_points": "2.75"}


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign with two sales."""
    return whole_campaign.a_live_campaign(session)


@pytest.fixture
def closed(agency: Program, session: Session, cast: Cast, clock: time_machine.Traveller) -> Cast:
    """The same, closed over the API after its return window; the papers' files are made."""
    clock.move_to(CLOSED_AT)
    agency.post(f"/campaigns/{cast.campaign.public_id}/close", {"on": "2026-06-10"})
    whole_campaign.make_files(session)
    return cast


def amounts(contents: dict[str, Any]) -> dict[str, int]:
    """code -> amount of a payslip's lines."""
    return {line["code"]: line["amount_minor"] for line in contents["lines"] + contents["employer_lines"]}


def test_closing_answers_the_report(agency: Program, cast: Cast, clock: time_machine.Traveller):
    clock.move_to(CLOSED_AT)
    report = agency.post(f"/campaigns/{cast.campaign.public_id}/close")
    assert report["number"] == "FR-2026-000001" and report["issued_at"] == "2026-06-10T18:00:00Z"
    assert report["totals"]["sales_minor"] == 120_000
    assert (report["totals"]["commission_minor"], report["totals"]["agency_fee_minor"]) == (18_000, 3_600)
    assert [(row["participant"], row["commission_minor"]) for row in report["rows"]] == [
        (cast.mina.public_id, 3_000),
        (cast.noa.public_id, 15_000),
        (cast.tal.public_id, 0),
    ]
    assert agency.get(f"/campaigns/{cast.campaign.public_id}/report") == report
    assert agency.get(f"/campaigns/{cast.campaign.public_id}")["status"] == "closed"


def test_before_its_end_closing_lists_what_is_open(agency: Program, cast: Cast):
    path = f"/campaigns/{cast.campaign.public_id}/close"
    refused = agency.post(path, {}, status=409)
    assert refused["findings"] == ["the campaign has not ended yet"]
    agency.get(f"/campaigns/{cast.campaign.public_id}/report", status=404)
    agency.post(path, {"override_reason": "the brand stops its shop"})
    agency.post(path, {"override_reason": "again"}, status=409)


def test_closing_on_a_day_no_table_covers_names_the_table_and_closes_nothing(
    agency: Program, cast: Cast, clock: time_machine.Traveller
):
    clock.move_to(CLOSED_AT)
    path = f"/campaigns/{cast.campaign.public_id}"
    assert "IL." in agency.post(f"{path}/close", {"on": "2031-06-10"}, status=422)["detail"]
    assert agency.get(path)["status"] in {"live", "ended"}


def test_each_paper_has_its_file_in_the_report(agency: Program, closed: Cast):
    papers = agency.get(f"/campaigns/{closed.campaign.public_id}/report")["documents"]
    kinds = [paper["kind"] for paper in papers]
    assert sorted(kinds) == ["brand_bill"] + ["commission_statement"] * 3 + ["final_report", "payee_request", "payslip"]
    assert {paper["participant"] for paper in papers if paper["kind"] == "payslip"} == {closed.noa.public_id}
    assert all(paper["url"] == f"/api/v1/documents/{paper['id']}" for paper in papers)


def test_a_document_is_bytes_or_its_frozen_contents(agency: Program, closed: Cast):
    papers = agency.get(f"/campaigns/{closed.campaign.public_id}/report")["documents"]
    slip = next(paper for paper in papers if paper["kind"] == "payslip")
    for accept in ("*/*", "application/pdf", "text/html, */*;q=0.1"):
        answer = agency.call("GET", f"/documents/{slip['id']}", 200, headers={"Accept": accept})
        assert (answer.mimetype, answer.data) == ("application/pdf", f"%PDF of {slip['number']}".encode())
    contents = agency.get(f"/documents/{slip['id']}", headers={"Accept": "application/json"})
    assert (contents["period"], contents["gross_minor"], contents["net_minor"]) == ("2026-06", 15_000, 14_359)
    assert contents["year_to_date"]["gross_minor"] == 15_000
    assert amounts(contents)["national_insurance"] == 156 and amounts(contents)["health_insurance"] == 485


def test_papers_are_for_whom_they_were_issued(
    agency: Program, program: Callable[..., Program], session: Session, closed: Cast
):
    papers = agency.get(f"/campaigns/{closed.campaign.public_id}/report")["documents"]
    readers = {
        "mina": program(factories.user(session, influencer=closed.mina.influencer)),
        "brand": program(factories.user(session, brand=closed.campaign.brand)),
        "eve": program(factories.user(session, influencer=factories.influencer(session, name="Eve"))),
    }
    may = {
        name: [
            (paper["kind"], paper["participant"])
            for paper in papers
            if reader.send("GET", f"/documents/{paper['id']}").status_code == 200
        ]
        for name, reader in readers.items()
    }
    assert may == {
        "mina": [("commission_statement", closed.mina.public_id), ("payee_request", closed.mina.public_id)],
        "brand": [("final_report", None), ("brand_bill", None)],
        "eve": [],
    }
    report = readers["brand"].get(f"/campaigns/{closed.campaign.public_id}/report")
    assert [paper["kind"] for paper in report["documents"]] == ["final_report", "brand_bill"]


def test_a_payslip_preview_counts_to_the_agora(agency: Program):
    slip = agency.post("/payslips/preview", JUNE)
    assert (slip["gross_minor"], slip["net_minor"]) == (843_050, 777_867)
    found = amounts(slip)
    assert (found["income_tax"], found["national_insurance"], found["health_insurance"]) == (23_437, 13_104, 28_642)
    assert slip["employer_cost_minor"] == 843_050 + found["employer_national_insurance"]
    assert all(line["name"] and line["steps"] and "base_minor" in line for line in slip["lines"])


def test_a_preview_at_a_second_employer_takes_the_certificate(agency: Program):
    steps = [{"upto_minor": 100_000, "rate_bps": 1000}]
    body = {**JUNE, "gross_minor": 150_000, "second_employer": True, "credit_points": None, "coordination": steps}
    # 10 % of 1,000.00 and the flat 47 % of the 500.00 above.
    assert amounts(agency.post("/payslips/preview", body))["income_tax"] == 10_000 + 23_500


def test_a_preview_on_the_year_so_far_takes_what_was_withheld_off(agency: Program):
    # Nothing but 20,000.00 in January: 14,020.00 x 10 % and 5,980.00 x 14 % in February, less 2 x 2.25 points
    so_far = {"gross_minor": 2_000_000, "income_tax_minor": 268_150}
    body = {"on": "2026-02-28", "gross_minor": 0, "credit_points": "2.25", "cumulative": True, "year_to_date": so_far}
    assert amounts(agency.post("/payslips/preview", body))["income_tax"] == 140_200 + 83_720 - 108_900 - 268_150
    refused = agency.post("/payslips/preview", {**body, "year_to_date": {"gross_minor": "much"}}, status=422)
    assert list(refused["errors"]) == ["year_to_date"]


def test_a_preview_takes_an_insurance_coordination(agency: Program):
    body = {**JUNE, "second_employer": True, "gross_minor": 500_000, "reduced_part_minor": 300_000}
    # 1.04 % of 3,000.00 and 7 % of 2,000.00
    assert amounts(agency.post("/payslips/preview", body))["national_insurance"] == 3_120 + 14_000


def test_a_preview_stores_nothing(agency: Program, session: Session):
    agency.post("/payslips/preview", JUNE)
    assert session.scalars(select(Document)).all() == []


def test_a_day_no_table_covers_names_the_table(agency: Program):
    refused = agency.post("/payslips/preview", {**JUNE, "on": "2031-06-30"}, status=422)
    assert "IL.income_tax" in refused["detail"] and "2031-06-30" in refused["detail"]


WRONG: dict[str, dict[str, Any]] = {
    "country": {"country": "FR"},
    "on": {"on": "June"},
    "gross_minor": {"gross_minor": -1},
    "credit_points": {"credit_points": "many"},
    "coordination.0.rate_bps": {"coordination": [{"rate_bps": 10_001}]},
    "coordination": {"coordination": [{"upto_minor": 5, "rate_bps": 1}, {"upto_minor": 4, "rate_bps": 1}]},
    "pension": {"pension": True},
}


def test_a_wrong_field_of_a_preview_is_named(agency: Program):
    for field, change in WRONG.items():
        assert list(agency.post("/payslips/preview", {**JUNE, **change}, status=422)["errors"]) == [field]


def second_campaign(agency: Program, session: Session, cast: Cast, clock: time_machine.Traveller) -> Statement:
    """Another campaign with Mina, who sells for 100.00 there: her statement of it."""
    start = CLOSED_AT + timedelta(days=5)
    campaign = factories.campaign(
        session, shop=cast.campaign.shop, name="Summer oil", starts_at=start, ends_at=start + timedelta(days=20)
    )
    factories.participation(session, campaign=campaign, influencer=cast.mina.influencer, now=CLOSED_AT)
    clock.move_to(start + timedelta(days=1))
    agency.post(f"/campaigns/{campaign.public_id}/launch", {"override_reason": "Mina alone"})
    code = agency.get(f"/campaigns/{campaign.public_id}/participants")["items"][0]["coupon_code"]
    sold_at = start + timedelta(days=2)
    factories.order(session, shop=campaign.shop, code=code, net_minor=10_000, placed_at=sold_at)
    clock.move_to(start + timedelta(days=60))
    agency.post(f"/campaigns/{campaign.public_id}/close", {"on": "2026-08-14"})
    return session.scalars(select(Statement).filter_by(campaign_id=campaign.id)).one()


def test_a_refund_after_the_payout_lowers_the_next_statement(
    agency: Program, session: Session, closed: Cast, clock: time_machine.Traveller
):
    whole_campaign.pay(session)
    whole_campaign.refund_mina(session, closed, CLOSED_AT + timedelta(days=2))
    statement = second_campaign(agency, session, closed, clock)
    # 15 % of the 100.00 sold now, less the 30.00 of the sale that was given back.
    assert statement.amount_minor == 1_500 - 3_000
    lines = json.loads(statement.document.contents)["lines"]
    assert [(line["kind"], line["commission_minor"]) for line in lines] == [("order", 1_500), ("adjustment", -3_000)]
    agency.post("/payouts", {}, status=409)
    assert breaches(session) == []


def test_a_refund_after_the_close_changes_the_figures_and_no_paper(agency: Program, session: Session, closed: Cast):
    path = f"/campaigns/{closed.campaign.public_id}"
    report = agency.get(f"{path}/report")
    whole_campaign.refund_mina(session, closed, CLOSED_AT + timedelta(days=2))
    assert agency.get(f"{path}/report") == report
    assert agency.get(f"{path}/stats")["totals"]["commission_minor"] == 15_000
    batch = agency.post("/payouts", {}, status=201)
    assert {row["name"]: row["amount_minor"] for row in batch["rows"]}["Mina"] == 3_000
    assert breaches(session) == []
