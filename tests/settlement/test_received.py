"""A payee's paper: accepted once, so that what is due becomes what is paid."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import balance
from campaigns.documents.issue import contents_of
from campaigns.errors import Conflict, Invalid, MissingTableRow
from campaigns.models import LedgerTransaction, ReceivedDocument
from campaigns.settlement.books.check import breaches
from campaigns.settlement.exchanging import received
from campaigns.settlement.paying.dues import dues
from campaigns.settlement.paying.payouts import prepare
from tests import paying
from tests.settlement.papers import JPEG, a_paper, a_payee, a_statement, agency, certificate
from tests.whole_campaign import CLOSED_AT, CLOSED_ON


def accept(session: Session, paper: ReceivedDocument, **changes: str) -> None:
    received.accept(session, paper, agency(**changes), None, CLOSED_ON, CLOSED_AT)


def due(session: Session, paper: ReceivedDocument) -> int:
    return -balance(session, "influencer_due", paper.influencer_id, "ILS")


def test_an_accepted_tax_invoice_adds_its_vat_to_what_is_due(session: Session) -> None:
    paper = a_paper(session, a_statement(session))  # 30.00 and 5.40
    accept(session, paper)
    assert (due(session, paper), balance(session, "input_vat", 0, "ILS")) == (3_540, 540)
    assert breaches(session) == []


@pytest.mark.parametrize(
    ("rate_bps", "paid"), [(0, 994_799), (500, 952_647), (2_000, 826_189), (3_000, 741_884)]
)  # 8,430.50 and 1,517.49 of VAT, less what the certificate says
def test_a_licensed_dealer_is_paid_with_vat_less_what_the_certificate_withholds(
    session: Session, rate_bps: int, paid: int
) -> None:
    statement = a_statement(session, net_minor=5_620_333)
    certificate(session, a_payee(session, statement), rate_bps)
    paper = a_paper(session, statement, allocation_number="123456789")
    accept(session, paper, withholds="yes")
    assert (statement.amount_minor, due(session, paper)) == (843_050, paid)
    assert balance(session, "withheld_tax", 0, "ILS") == paid - 994_799
    assert breaches(session) == []


@pytest.mark.parametrize(("rate_bps", "paid"), [(0, 843_050), (3_000, 590_135)])
def test_an_exempt_dealer_is_paid_without_vat(session: Session, rate_bps: int, paid: int) -> None:
    statement = a_statement(session, net_minor=5_620_333, dealer_status="exempt")
    certificate(session, a_payee(session, statement), rate_bps)
    paper = a_paper(session, statement, kind="receipt", vat_minor=0)
    accept(session, paper, withholds="yes")
    assert due(session, paper) == paid


def test_an_agency_that_does_not_withhold_takes_nothing_off(session: Session) -> None:
    statement = a_statement(session)
    certificate(session, a_payee(session, statement), 3_000)
    paper = a_paper(session, statement)
    accept(session, paper)
    assert due(session, paper) == 3_540


def test_without_certificate_and_verified_row_nothing_is_guessed(session: Session) -> None:
    paper = a_paper(session, a_statement(session))
    with pytest.raises(Conflict) as refused:
        accept(session, paper, withholds="yes")
    assert "IL.supplier_withholding" in refused.value.findings[0]
    assert paper.status == "received"


def test_a_paper_with_a_fault_is_not_accepted_and_changes_nothing(session: Session) -> None:
    paper = a_paper(session, a_statement(session), vat_minor=0)
    with pytest.raises(Conflict) as refused:
        accept(session, paper)
    assert refused.value.findings == ["The VAT is 0.00 ILS; on 2026-06-10 it comes to 5.40 ILS."]
    assert (paper.status, due(session, paper)) == ("received", 3_000)


def test_what_was_decided_is_not_decided_again(session: Session) -> None:
    paper = a_paper(session, a_statement(session))
    accept(session, paper)
    with pytest.raises(Conflict, match="accepted"):
        accept(session, paper)
    with pytest.raises(Conflict, match="accepted"):
        received.refuse(session, paper, "too late", None, CLOSED_AT)
    assert due(session, paper) == 3_540


def test_a_refused_paper_keeps_the_reason_and_makes_room(session: Session) -> None:
    statement = a_statement(session)
    paper = a_paper(session, statement)
    received.refuse(session, paper, "The name is not ours.", None, CLOSED_AT)
    again = a_paper(session, statement)  # the same number, put right
    assert (paper.status, paper.reason, again.status) == ("refused", "The name is not ours.", "received")
    with pytest.raises(Invalid, match="reason"):
        received.refuse(session, again, " ", None, CLOSED_AT)


def test_a_second_paper_takes_the_place_of_one_nobody_has_looked_at(session: Session) -> None:
    statement = a_statement(session)
    first = a_paper(session, statement)
    second = a_paper(session, statement, number="1002")
    assert (first.status, second.status) == ("refused", "received")


def test_after_an_accepted_paper_no_other_is_taken(session: Session) -> None:
    statement = a_statement(session)
    accept(session, a_paper(session, statement))
    with pytest.raises(Conflict, match="was accepted"):
        a_paper(session, statement, number="1002")


def test_a_statement_of_a_payslip_takes_no_paper(session: Session) -> None:
    statement = a_statement(session, payee_route="payslip", id_number="039337423")
    with pytest.raises(Conflict, match="nothing has to be sent"):
        a_paper(session, statement)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"kind": "poem"}, "kind"), ({"number": " "}, "number"), ({"number": "1" * 61}, "number"),
     ({"net_minor": -1}, "net_minor"), ({"body": b"MZ"}, "file"), ({"allocation_number": "1" * 21}, "allocation")],
)  # fmt: skip
def test_a_paper_that_cannot_be_read_is_refused_by_field(session: Session, changes: dict, field: str) -> None:
    statement = a_statement(session)
    with pytest.raises(Invalid, match=field):
        a_paper(session, statement, **changes)


def test_what_the_file_is_counts_and_not_what_it_is_called(session: Session) -> None:
    assert a_paper(session, a_statement(session), body=JPEG).media_type == "image/jpeg"


def test_a_paper_is_paid_once_with_its_vat(session: Session) -> None:
    paper = a_paper(session, a_statement(session))
    accept(session, paper)
    batch = paying.released(session, "ILS", agency(), CLOSED_ON, CLOSED_AT)
    assert [line.amount_minor for line in batch.lines if line.influencer_id == paper.influencer_id] == [3_540]
    paying.payments_done(session, batch)
    assert due(session, paper) == 0
    assert breaches(session) == []


def test_a_statement_paid_before_its_paper_has_its_vat_paid_by_the_next_batch(session: Session) -> None:
    statement = a_statement(session)
    paying.pay_out(session, "ILS", agency(), CLOSED_ON, CLOSED_AT)
    certificate(session, a_payee(session, statement), 3_000)
    paper = a_paper(session, statement)
    accept(session, paper, withholds="yes")  # of what is paid nothing can be withheld
    batch = paying.released(session, "ILS", agency(), CLOSED_ON, CLOSED_AT)
    assert [(line.amount_minor, line.statement_ids) for line in batch.lines] == [(540, [])]
    paying.payments_done(session, batch)
    assert due(session, paper) == 0
    assert breaches(session) == []


def test_with_papers_first_a_payee_without_one_is_left_out_by_name(session: Session) -> None:
    a_statement(session)
    with pytest.raises(Conflict, match="papers are accepted of: Mina, Noa"):
        prepare(session, "ILS", agency(), CLOSED_ON, CLOSED_AT, None, papers_first=True)
    assert contents_of(prepare(session, "ILS", agency(), CLOSED_ON, CLOSED_AT, None).document)["left_out"] == []


def test_with_papers_first_only_what_has_its_paper_is_paid(session: Session) -> None:
    paper = a_paper(session, a_statement(session))
    accept(session, paper)
    batch = prepare(session, "ILS", agency(), CLOSED_ON, CLOSED_AT, None, papers_first=True)
    contents = contents_of(batch.document)
    assert [(row["name"], row["amount_minor"]) for row in contents["rows"]] == [("Mina", 3_540)]
    assert [(row["name"], row["amount_minor"]) for row in contents["left_out"]] == [("Noa", 15_000)]


def test_dues_name_the_statements_whose_paper_is_missing(session: Session) -> None:
    statement = a_statement(session)
    (mina,) = [one for one in dues(session, "ILS", CLOSED_ON) if one.influencer.name == "Mina"]
    assert (mina.paperless, mina.payable_minor) == ((statement,), 3_000)
    accept(session, a_paper(session, statement))
    (mina,) = [one for one in dues(session, "ILS", CLOSED_ON) if one.influencer.name == "Mina"]
    assert (mina.paperless, mina.payable_minor) == ((), 3_540)


def test_a_paper_of_a_day_without_a_vat_row_is_refused(session: Session) -> None:
    with pytest.raises(MissingTableRow, match="IL.vat"):
        a_paper(session, a_statement(session), issued_on=date(2015, 1, 1))


def test_a_paper_is_booked_by_one_transaction(session: Session) -> None:
    accept(session, a_paper(session, a_statement(session)))
    booked = select(func.count()).select_from(LedgerTransaction).filter_by(kind="payee_paper")
    assert session.scalar(booked) == 1
