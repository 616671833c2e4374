"""Payments over the API. Mina's 30.00 are due by invoice, Noa's 143.59 after her payslip."""

from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Document, Mail, User
from campaigns.settlement.books.check import breaches
from tests import factories, whole_campaign
from tests.blueprints.api.calls import Program
from tests.printed import mail_papers
from tests.whole_campaign import CLOSED_AT, Cast

PERSON = Callable[[User | None], Program]


@pytest.fixture
def closed(session: Session, clock: time_machine.Traveller) -> Cast:
    """A campaign closed after its return window."""
    clock.move_to(CLOSED_AT)
    cast = whole_campaign.a_live_campaign(session)
    cast.noa.influencer.bank_code, cast.noa.influencer.bank_branch = "12", "345"
    cast.noa.influencer.bank_account = "4123456"
    whole_campaign.end(session, cast.campaign)
    return cast


@pytest.fixture
def colleague(session: Session, program: PERSON) -> Program:
    """Somebody else of the agency."""
    return program(factories.user(session))


def prepared(agency: Program) -> str:
    """The address of a batch of everything due."""
    return f"/payouts/{agency.post('/payouts', {'currency': 'ILS', 'on': '2026-06-11'}, status=201)['id']}"


def test_a_batch_is_answered_with_its_lines(agency: Program, session: Session, closed: Cast):
    batch = agency.post("/payouts", {"currency": "ILS", "on": "2026-06-11"}, status=201)
    assert {row["name"]: row["amount_minor"] for row in batch["rows"]} == {"Mina": 3_000, "Noa": 14_359}
    assert (batch["number"], batch["total_minor"], batch["status"]) == ("PB-2026-000001", 17_359, "prepared")
    assert [(line["name"], line["amount_minor"], line["status"], line["file"]) for line in batch["lines"]] == [
        ("Mina", 3_000, "prepared", "csv"),
        ("Noa", 14_359, "prepared", "masav"),
    ]
    assert agency.get(f"/payouts/{batch['id']}") == batch and batch["files"] == []
    assert "nothing is due" in agency.post("/payouts", {"currency": "ILS"}, status=409)["detail"]


def test_somebody_else_releases_it_and_the_files_appear(agency: Program, colleague: Program, closed: Cast):
    path = prepared(agency)
    assert "somebody else" in agency.post(f"{path}/release", status=409)["detail"]
    batch = colleague.post(f"{path}/release")
    assert [(file["kind"], file["count"], file["missing"]) for file in batch["files"]] == [
        ("masav", 1, ["MASAV_INSTITUTION", "MASAV_SENDER"]),
        ("csv", 1, []),
    ]
    assert colleague.post(f"{path}/release", status=409)["detail"] == "this batch is released: it can't be released"


def test_a_file_is_read_once_its_settings_are_there(agency: Program, colleague: Program, closed: Cast):
    path = prepared(agency)
    agency.get(f"{path}/files/csv", status=404)
    line = colleague.post(f"{path}/release")["lines"][0]["id"]
    rows = agency.call("GET", f"{path}/files/csv", 200).text.splitlines()
    assert rows[1] == f"{line},Mina,,,,,30.00,ILS,2026-06-11,PB-2026-000001"
    assert "MASAV_INSTITUTION" in agency.get(f"{path}/files/masav", status=409)["detail"]
    agency.get(f"{path}/files/pigeon", status=404)


def test_each_line_ends_by_itself(agency: Program, colleague: Program, session: Session, closed: Cast):
    path = prepared(agency)
    mina, noa = (line["id"] for line in colleague.post(f"{path}/release")["lines"])
    assert agency.post(f"{path}/lines/{mina}/paid", {"reference": "R1"})["status"] == "released"
    batch = agency.post(f"{path}/lines/{noa}/failed", {"reason": "account closed"})
    assert (batch["status"], [line["status"] for line in batch["lines"]]) == ("done", ["paid", "failed"])
    assert [(line["bank_reference"], line["reason"]) for line in batch["lines"]] == [("R1", ""), ("", "account closed")]
    agency.post(f"{path}/lines/{mina}/paid", {}, status=409)
    assert breaches(session) == []


def test_the_banks_list_ends_every_line_and_is_taken_twice(
    agency: Program, colleague: Program, session: Session, closed: Cast
):
    path = prepared(agency)
    mina, noa = (line["id"] for line in colleague.post(f"{path}/release")["lines"])
    told = f"line,outcome,reference,reason\n{mina},paid,R1,\n{noa},failed,,account closed\n".encode()
    for _ in range(2):
        answer = agency.send("POST", f"{path}/results", told, {"Content-Type": "text/csv"})
        assert answer.status_code == 200 and answer.json is not None
        assert [(line["status"], line["reason"]) for line in answer.json["lines"]] == [
            ("paid", ""), ("failed", "account closed"),
        ]  # fmt: skip
    assert breaches(session) == []


def test_of_a_list_with_one_wrong_row_nothing_is_taken(
    agency: Program, colleague: Program, session: Session, closed: Cast
):
    path = prepared(agency)
    mina, _ = (line["id"] for line in colleague.post(f"{path}/release")["lines"])
    told = f"line,outcome\n{mina},paid\nnobody,paid\n".encode()
    refused = agency.send("POST", f"{path}/results", told, {"Content-Type": "text/csv"})
    assert refused.status_code == 422 and refused.json is not None
    assert refused.json["errors"] == {"results": ["Row 3 names a line that is not in this batch."]}
    assert [line["status"] for line in agency.get(path)["lines"]] == ["released", "released"]
    assert agency.send("POST", f"{path}/results", told, {"Content-Type": "image/png"}).status_code == 415


def test_a_payment_that_came_back_is_due_again(agency: Program, colleague: Program, closed: Cast):
    path = prepared(agency)
    mina, _ = (line["id"] for line in colleague.post(f"{path}/release")["lines"])
    agency.post(f"{path}/lines/{mina}/paid", {})
    batch = agency.post(f"{path}/lines/{mina}/failed", {"reason": "account unknown"})
    assert batch["lines"][0]["status"] == "returned"
    again = agency.post("/payouts", {"currency": "ILS"}, status=201)
    assert [(line["name"], line["amount_minor"]) for line in again["lines"]] == [("Mina", 3_000)]


def test_a_cancelled_batch_leaves_everything_due(agency: Program, closed: Cast):
    path = prepared(agency)
    assert agency.post(f"{path}/cancel")["status"] == "cancelled"
    agency.post(f"{path}/cancel", status=409)
    prepared(agency)


def test_steps_are_noted_and_the_payee_is_written_to(
    agency: Program, colleague: Program, session: Session, closed: Cast
):
    path = prepared(agency)
    mina, noa = (line["id"] for line in colleague.post(f"{path}/release")["lines"])
    agency.post(f"{path}/lines/{mina}/paid", {})
    agency.post(f"{path}/lines/{noa}/failed", {"reason": "account closed"})
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("payout.")))
    assert list(actions) == ["payout.prepared", "payout.released", "payout.paid", "payout.failed"]
    failed = session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
    mail_papers(session, CLOSED_AT)
    paid = session.scalars(select(Mail).where(Mail.body.contains("RA-2026-000001"))).one()
    assert "30.00 ILS" in paid.body and paid.recipient == closed.mina.influencer.email
    assert "account closed" in failed.body and failed.recipient == closed.noa.influencer.email
    assert "4123456" not in failed.body


def test_a_batch_is_read_under_its_own_address_only(agency: Program, session: Session, closed: Cast):
    report = session.scalars(select(Document).filter_by(kind="final_report")).one()
    for path in (report.public_id, "none"):
        agency.get(f"/payouts/{path}", status=404)
    path = prepared(agency)
    agency.post(f"{path}/lines/none/paid", {}, status=404)


def test_nothing_is_due_before_a_close_or_in_another_currency(agency: Program, session: Session):
    whole_campaign.a_live_campaign(session)
    for currency in ("USD", "ILS"):
        agency.post("/payouts", {"currency": currency}, status=409)
