"""Payees' papers over the API: taken in, accepted, refused."""

import base64

import pytest
import time_machine
from sqlalchemy.orm import Session

from campaigns.models import Statement
from tests.blueprints.api.calls import Program
from tests.settlement.papers import PDF, a_statement
from tests.whole_campaign import CLOSED_AT


@pytest.fixture
def statement(session: Session, clock: time_machine.Traveller) -> Statement:
    """Mina's, of 30.00."""
    clock.move_to(CLOSED_AT)
    return a_statement(session)


def body(**changes: object) -> dict[str, object]:
    usual = {"kind": "tax_invoice", "number": "1001", "issued_on": "2026-06-10", "net_minor": 3_000, "vat_minor": 540}
    return {**usual, "file_base64": base64.b64encode(PDF).decode(), **changes}


def address(statement: Statement) -> str:
    return f"/statements/{statement.document.public_id}/received"


def test_a_paper_is_taken_in_and_accepted(agency: Program, statement: Statement):
    paper = agency.post(address(statement), body(), status=201)
    assert (paper["status"], paper["findings"], paper["media_type"]) == ("received", [], "application/pdf")
    accepted = agency.post(f"/received/{paper['id']}/accept", {"pay_on": "2026-06-15"})
    assert accepted["status"] == "accepted"
    assert [one["id"] for one in agency.get(address(statement))["items"]] == [paper["id"]]
    agency.post(f"/received/{paper['id']}/accept", {}, status=409)


def test_findings_are_told_in_sentences_and_stop_the_acceptance(agency: Program, statement: Statement):
    paper = agency.post(address(statement), body(vat_minor=0), status=201)
    (found,) = paper["findings"]
    sentence = "The VAT is 0.00 ILS; on 2026-06-10 it comes to 5.40 ILS."
    assert found == {"code": "vat", "wrong": True, "sentence": sentence}
    agency.post(f"/received/{paper['id']}/accept", {}, status=409)
    refused = agency.post(f"/received/{paper['id']}/refuse", {"reason": "no VAT"})
    assert (refused["status"], refused["reason"]) == ("refused", "no VAT")


@pytest.mark.parametrize(
    "changes", [{"file_base64": "not base64!"}, {"file_base64": ""}, {"kind": "x"}, {"number": ""}]
)
def test_what_cannot_be_read_is_refused(agency: Program, statement: Statement, changes: dict):
    agency.post(address(statement), body(**changes), status=422)
    assert agency.get(address(statement))["items"] == []


def test_a_statement_there_is_not_has_no_papers(agency: Program, statement: Statement):
    agency.get("/statements/nothing/received", status=404)
