"""Payees' papers and the ledger say the same: an accepted paper is booked once, and nothing else moves input VAT.

What a paper changes is its VAT, owed to the payee and deducted by the agency, and what is withheld of it. A paper of
theirs is booked on its statement, an invoice of ours and its credit note on themselves. The letter is I12.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, undefer

from campaigns.documents.issue import contents_of
from campaigns.models import Document, LedgerAccount, LedgerTransaction, Posting, ReceivedDocument, Statement
from campaigns.settlement.exchanging.booking import BY_PAPER, BY_SELF_BILLING, KINDS, SELF_BILLING_TAKEN_BACK

KIND_OF = {"self_billing_invoice": BY_SELF_BILLING, "self_billing_credit_note": SELF_BILLING_TAKEN_BACK}
ACCOUNTS = ("input_vat", "influencer_due", "withheld_tax")
Booked = dict[tuple[str, int], dict[str, int]]


def breaches_of_papers(session: Session) -> Iterator[str]:
    """One line per breach."""
    booked = _booked(session)
    yield from _received(session, booked)
    yield from _ours(session, booked)
    for (kind, document), _ in sorted(booked.items()):
        yield f"I12 {kind} of document {document}: there is no such paper"
    yield from _strange_accounts(session)
    yield from _bytes(session)


def _booked(session: Session) -> Booked:
    """(kind, document) -> account -> what was posted."""
    rows = session.execute(
        select(
            LedgerTransaction.kind, LedgerTransaction.document_id, LedgerAccount.kind, func.sum(Posting.amount_minor)
        )
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerTransaction.kind.in_(KINDS))
        .group_by(LedgerTransaction.kind, LedgerTransaction.document_id, LedgerAccount.kind)
    )
    booked: Booked = defaultdict(dict)
    for kind, document, account, amount in rows:
        booked[kind, document or 0][account] = int(amount)
    return booked


def _received(session: Session, booked: Booked) -> Iterator[str]:
    """An accepted paper says what its statement does, and its VAT is what was posted."""
    issued = aliased(Document)
    rows = session.execute(
        select(ReceivedDocument, Statement, issued.number)
        .join(Statement, Statement.id == ReceivedDocument.statement_id)
        .join(issued, issued.id == Statement.document_id)
        .where(ReceivedDocument.status == "accepted")
        .order_by(ReceivedDocument.id)
    )
    for paper, statement, number in rows:
        posted = booked.pop((BY_PAPER, statement.document_id), {})
        if paper.net_minor != statement.amount_minor:
            yield f"I12 paper {paper.public_id}: says {paper.net_minor}, statement {number} {statement.amount_minor}"
        if posted.get("input_vat", 0) != paper.vat_minor:
            yield f"I12 paper {paper.public_id}: VAT {paper.vat_minor}, the books {posted.get('input_vat', 0)}"


def _ours(session: Session, booked: Booked) -> Iterator[str]:
    """An invoice or credit note of ours says what was posted."""
    for document in session.scalars(select(Document).where(Document.kind.in_(KIND_OF)).order_by(Document.id)):
        posted = booked.pop((KIND_OF[document.kind], document.id), {})
        said = contents_of(document)["amounts"]
        for name, account, sign in (("vat_minor", "input_vat", 1), ("withheld_minor", "withheld_tax", -1)):
            if said[name] != sign * posted.get(account, 0):
                yield f"I12 {document.number}: {name} {said[name]}, the books {sign * posted.get(account, 0)}"


def _strange_accounts(session: Session) -> Iterator[str]:
    """Input VAT moves by papers only, and papers move nothing but VAT, what is due, and withheld tax."""
    ours = LedgerTransaction.kind.in_(KINDS)
    rows = session.execute(
        select(Posting.id, LedgerTransaction.kind, LedgerAccount.kind)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where((LedgerAccount.kind == "input_vat") & ~ours | ours & LedgerAccount.kind.not_in(ACCOUNTS))
    )
    for posting, kind, account in rows:
        yield f"I12 posting {posting}: {kind} touches {account}"


def _bytes(session: Session) -> Iterator[str]:
    papers = select(ReceivedDocument).order_by(ReceivedDocument.id).options(undefer(ReceivedDocument.body))
    for paper in session.scalars(papers.execution_options(yield_per=20)):
        if hashlib.sha256(paper.body).hexdigest() != paper.sha256:
            yield f"I12 paper {paper.public_id}: the file doesn't match its hash"
