"""Papers are asked for once more when a batch is released: what lost its paper since stays out of it, and says why.

Mina's invoice is written by us: 30.00 and 5.40 VAT, accepted by silence after two weeks.
Noa, on a payslip, is due 143.59.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents import answers
from campaigns.documents.issue import contents_of
from campaigns.errors import Conflict
from campaigns.models import Document, PayoutBatch, Statement, User
from campaigns.settlement.exchanging import received, self_billing
from campaigns.settlement.paying.dues import dues
from campaigns.settlement.paying.payouts import LESS_IS_DUE, PAPER_MISSING, changed_since, prepare, release
from tests.settlement.owed import AFTER, end, mina_at, sell, state
from tests.settlement.papers import a_paper, agency
from tests.settlement.test_self_billing import billed
from tests.whole_campaign import CLOSED_AT, CLOSED_ON

ACCEPTED_ON = CLOSED_ON + timedelta(days=15)


def prepared(session: Session, *, papers_first: bool = True) -> tuple[PayoutBatch, Document, User]:
    """A batch of Mina's 35.40 and Noa's 143.59, and Mina's invoice."""
    _, (invoice,), mina = billed(session, "also-il", country="IL", number="516179157")
    batch = prepare(session, "ILS", agency(), ACCEPTED_ON, CLOSED_AT, None, papers_first=papers_first)
    assert [line.amount_minor for line in batch.lines] == [3_540, 14_359]
    return batch, invoice, mina


def told(session: Session, batch: PayoutBatch, *, papers_first: bool = True) -> list[tuple[str, str]]:
    """How each line came through the release."""
    release(session, batch, None, False, CLOSED_AT, papers_first)
    return [(line.status, line.failure_reason) for line in batch.lines]


def test_what_still_has_its_paper_is_released(session: Session) -> None:
    batch, _, _ = prepared(session)
    assert told(session, batch) == [("released", ""), ("released", "")]


def test_an_invoice_doubted_since_keeps_its_payment_out(session: Session) -> None:
    batch, invoice, mina = prepared(session)
    answers.dispute(session, invoice, mina, "This is too little.", CLOSED_AT)
    assert told(session, batch) == [("cancelled", PAPER_MISSING), ("released", "")]


def test_an_invoice_taken_back_since_keeps_its_payment_out(session: Session) -> None:
    batch, invoice, mina = prepared(session)
    answers.dispute(session, invoice, mina, "This is too little.", CLOSED_AT)
    self_billing.reject_invoice(session, invoice, mina, "Too little.", agency(), CLOSED_ON, CLOSED_AT)
    assert told(session, batch) == [("cancelled", PAPER_MISSING), ("released", "")]
    with pytest.raises(Conflict, match="before papers are accepted of: Mina"):
        prepare(session, "ILS", agency(), ACCEPTED_ON, CLOSED_AT, None, papers_first=True)


def test_without_papers_first_a_doubt_keeps_nothing_out(session: Session) -> None:
    batch, invoice, mina = prepared(session)
    answers.dispute(session, invoice, mina, "This is too little.", CLOSED_AT)
    assert told(session, batch, papers_first=False) == [("released", ""), ("released", "")]


def test_a_batch_prepared_before_the_setting_was_made_is_asked_too(session: Session) -> None:
    billed(session)
    batch = prepare(session, "ILS", agency(), CLOSED_ON, CLOSED_AT, None)
    assert [line.amount_minor for line in batch.lines] == [3_000, 14_359]
    assert told(session, batch) == [("cancelled", PAPER_MISSING), ("released", "")]


def test_vat_of_an_invoice_that_is_not_accepted_waits_with_it(session: Session) -> None:
    statement, _, _ = billed(session, "also-il", country="IL", number="516179157")
    mina, noa = dues(session, "ILS", CLOSED_ON, papers_first=True)
    assert (mina.payable_minor, mina.left_out_minor, mina.paperless) == (0, 3_540, (statement,))
    assert (noa.payable_minor, noa.left_out_minor) == (14_359, 0)
    batch = prepare(session, "ILS", agency(), CLOSED_ON, CLOSED_AT, None, papers_first=True)
    assert [row["amount_minor"] for row in contents_of(batch.document)["rows"]] == [14_359]
    assert [row["amount_minor"] for row in contents_of(batch.document)["left_out"]] == [3_540]


def test_what_waits_for_its_paper_makes_up_for_nothing_that_was_taken_back(session: Session) -> None:
    """35.40 are in the batch, 30.00 of it come back; 45.00 of the same brand are earned, and wait for a paper."""
    mina = mina_at(session)
    sell(session, mina, 20_000)
    end(session, mina.campaign)
    paper = a_paper(session, session.scalars(select(Statement)).one())
    received.accept(session, paper, agency(), None, CLOSED_ON, CLOSED_AT)
    batch = prepare(session, "ILS", agency(), AFTER.date(), AFTER, None, papers_first=True)
    sell(session, mina, 20_000, refunded_minor=20_000)
    state(session, mina)
    sell(session, mina, 30_000)
    state(session, mina)
    assert changed_since(session, batch.lines[0]) == ""
    assert changed_since(session, batch.lines[0], True) == LESS_IS_DUE
