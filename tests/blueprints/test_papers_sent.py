"""A payee's paper from the phone to the books: sent on the statement's page, accepted or refused in the console."""

from collections.abc import Iterator
from io import BytesIO

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import balance
from campaigns.models import AuditEntry, Mail, ReceivedDocument, Statement
from tests import factories
from tests.settlement.papers import PDF, PNG, a_paper, a_payee, a_statement
from tests.whole_campaign import CLOSED_AT


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """The day of the closing."""
    with time_machine.travel(CLOSED_AT, tick=False):
        yield


@pytest.fixture
def statement(session: Session) -> Statement:
    """Mina's, of 30.00."""
    return a_statement(session)


@pytest.fixture
def mina(session: Session, client: FlaskClient, statement: Statement) -> FlaskClient:
    """Her browser."""
    paper = a_payee(session, statement)
    return factories.sign_in(client, factories.user(session, influencer=paper))


@pytest.fixture
def staff(session: Session, client: FlaskClient, statement: Statement) -> FlaskClient:
    """Omar's browser."""
    return factories.sign_in(client, factories.user(session))


def page_of(statement: Statement) -> str:
    return f"/me/statements/{statement.document.public_id}/paper"


def fields(body: bytes = PDF, **changes: str) -> dict:
    usual = {"kind": "tax_invoice", "number": "1001", "issued_on": "2026-06-10", "net_minor": "30.00",
             "vat_minor": "5.40", "allocation_number": ""}  # fmt: skip
    return {**usual, **changes, "file": (BytesIO(body), "invoice.exe")}


def send(client: FlaskClient, statement: Statement, **changes):
    return factories.submit(client, page_of(statement), fields(**changes), content_type="multipart/form-data")


def papers(session: Session) -> list[ReceivedDocument]:
    session.expire_all()
    return list(session.scalars(select(ReceivedDocument).order_by(ReceivedDocument.id)))


def letters(session: Session) -> list[str]:
    return [mail.body for mail in session.scalars(select(Mail).order_by(Mail.id))]


def deeds(session: Session) -> list[str]:
    about = AuditEntry.action.startswith("paper.")
    return list(session.scalars(select(AuditEntry.action).where(about).order_by(AuditEntry.id)))


def test_the_page_says_what_the_paper_has_to_say(mina: FlaskClient, statement: Statement) -> None:
    page = factories.visit(mina, page_of(statement)).text
    for told in ("Tax invoice", "30.00", "5.40", "35.40", 'name="file"', "Paper missing"):
        assert told in page
    assert page_of(statement) in factories.visit(mina, "/me/earnings").text


def test_a_paper_sent_is_kept_with_its_kind_by_its_bytes(
    mina: FlaskClient, session: Session, statement: Statement
) -> None:
    assert send(mina, statement, body=PNG).status_code == 302
    (paper,) = papers(session)
    assert (paper.media_type, paper.net_minor, paper.vat_minor, paper.findings) == ("image/png", 3_000, 540, [])
    assert "Being looked at" in factories.visit(mina, page_of(statement)).text
    assert deeds(session) == ["paper.received"]


def test_a_paper_with_a_fault_is_taken_and_the_fault_is_told_at_once(
    mina: FlaskClient, session: Session, statement: Statement
) -> None:
    send(mina, statement, vat_minor="5.10")
    assert "The VAT is \u20685.10 ILS\u2069" in factories.visit(mina, page_of(statement)).text


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"body": b"MZ program"}, "Send a PDF"), ({"number": ""}, "required"), ({"net_minor": "many"}, "An amount is")],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    mina: FlaskClient, session: Session, statement: Statement, changes: dict, told: str
) -> None:
    answer = send(mina, statement, **changes)
    assert answer.status_code == 422 and told in answer.text
    assert papers(session) == []


def test_a_paper_is_handed_over_as_a_file_of_ours_and_runs_nowhere(
    mina: FlaskClient, session: Session, statement: Statement
) -> None:
    send(mina, statement)
    (paper,) = papers(session)
    answer = factories.visit(mina, f"/received/{paper.public_id}")
    assert (answer.data, answer.content_type) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="CS-2026-')
    assert (answer.headers["X-Content-Type-Options"], "private" in answer.headers["Cache-Control"]) == ("nosniff", True)


def test_another_influencer_finds_neither_page_nor_file(
    client: FlaskClient, session: Session, statement: Statement
) -> None:
    paper = a_paper(session, statement).public_id
    eve = factories.influencer(session, name="Eve")
    factories.sign_in(client, factories.user(session, influencer=eve))
    assert factories.visit(client, page_of(statement)).status_code == 404
    assert factories.visit(client, f"/received/{paper}").status_code == 404
    assert factories.visit(client, f"/console/received-papers/{paper}").status_code == 404


def test_staff_accept_and_the_payee_is_told_what_is_paid(
    staff: FlaskClient, session: Session, statement: Statement
) -> None:
    paper = a_paper(session, statement).public_id
    assert paper in factories.visit(staff, "/console/received-papers").text
    assert "All checks passed" in factories.visit(staff, f"/console/received-papers/{paper}").text
    factories.submit(staff, f"/console/received-papers/{paper}/accept", {"pay_on": "2026-06-15"})
    assert [one.status for one in papers(session)] == ["accepted"]
    assert -balance(session, "influencer_due", statement.influencer_id, "ILS") == 3_540
    assert any("35.40" in body for body in letters(session))
    assert deeds(session) == ["paper.accepted"]


def test_staff_refuse_with_a_reason_that_the_payee_reads(
    staff: FlaskClient, session: Session, statement: Statement
) -> None:
    paper = a_paper(session, statement).public_id
    where = f"/console/received-papers/{paper}/refuse"
    factories.submit(staff, where, {"reason": ""})
    assert [one.status for one in papers(session)] == ["received"]
    factories.submit(staff, where, {"reason": "Our name is missing."})
    (body,) = [one for one in letters(session) if "Our name is missing." in one]
    assert page_of(statement) in body
    assert deeds(session) == ["paper.refused"]


def test_a_paper_with_a_fault_offers_no_acceptance(staff: FlaskClient, session: Session, statement: Statement) -> None:
    paper = a_paper(session, statement, vat_minor=0).public_id
    page = factories.visit(staff, f"/console/received-papers/{paper}").text
    assert "/accept" not in page and "it comes to" in page
    factories.submit(staff, f"/console/received-papers/{paper}/accept")
    assert [one.status for one in papers(session)] == ["received"]


def test_papers_are_listed_with_their_payee_and_missing_ones_on_the_payouts_page(
    staff: FlaskClient, session: Session, statement: Statement
) -> None:
    assert "Paper missing" in factories.visit(staff, "/console/payouts").text
    paper = a_paper(session, statement)
    mina = a_payee(session, statement).public_id
    assert paper.public_id in factories.visit(staff, f"/console/influencers/{mina}").text


def test_a_batch_warns_of_payments_without_a_paper(staff: FlaskClient, session: Session, statement: Statement) -> None:
    answer = factories.submit(staff, "/console/payouts", {"currency": "ILS"})
    page = factories.visit(staff, answer.headers["Location"]).text
    assert "In this batch are payments whose paper is missing" in page
    assert statement.document.number in page


def test_a_payee_who_is_not_offered_self_billing_is_told_so(mina: FlaskClient) -> None:
    assert "does not write invoices in your name" in factories.visit(mina, "/me/self-billing").text
    factories.submit(mina, "/me/self-billing/end")
    dates = {"vat_number": "1", "from_date": "2026-06-10", "to_date": "2026-07-10", "step": "agree"}
    assert factories.submit(mina, "/me/self-billing", dates).status_code == 404
