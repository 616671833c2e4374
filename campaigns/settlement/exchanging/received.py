"""A payee's paper for one statement: taken in, looked at, and accepted or refused, once.

At most one paper of a statement stands (received or accepted); a further one takes the place of one nobody has decided
on. Accepting books its VAT and withholding in the same transaction. All steps take the lock of whatever is due, so a
payment sees either the paper and what it changed, or neither.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid, Said
from campaigns.i18n import N_
from campaigns.models import Certificate, Influencer, ReceivedDocument, Statement
from campaigns.models.exchanged import RECEIVED_KINDS
from campaigns.money import LARGEST_MINOR
from campaigns.reasons import read_reason
from campaigns.settlement.exchanging import checks
from campaigns.settlement.exchanging.asked import Asked, asked_of, ceiling, wants_paper
from campaigns.settlement.exchanging.booking import BY_PAPER, book
from campaigns.settlement.exchanging.checks import Finding
from campaigns.settlement.exchanging.file_kinds import media_type_of
from campaigns.settlement.exchanging.standing import invoice_for
from campaigns.settlement.paying.dues import payment_states
from campaigns.settlement.wallets.wallets import hold_dues

LONGEST_NUMBER = 60
LONGEST_ALLOCATION = 20
REPLACED = N_("Another paper was sent in its place.")
DECIDED = {
    "accepted": N_("this paper was accepted already"),
    "refused": N_("this paper was refused already"),
}


@dataclass(frozen=True)
class Sent:
    """What is said of a paper, and its file. Amounts in minor units of the statement's currency."""

    kind: str
    number: str
    issued_on: date
    net_minor: int
    vat_minor: int
    body: bytes
    allocation_number: str = ""


def receive(
    session: Session, statement: Statement, sent: Sent, agency: dict[str, str], user_id: int | None, now: datetime
) -> ReceivedDocument:
    """Take a paper in, with what the checks find. Raises Invalid for what can't be read, Conflict where none is due."""
    hold_dues(session)
    payee = session.get_one(Influencer, statement.influencer_id)
    if not wants_paper(statement, payee.payee_route):
        raise Conflict(Said("this statement is not paid against a paper: nothing has to be sent"))
    if invoice_for(session, statement) is not None:
        raise Conflict(Said("the invoice for this statement is written by us: reject it before you send your own"))
    media_type = _read(sent)
    _make_room(session, statement, now)
    number = sent.number.strip()
    if found := checks.number_is_new(number, _used(session, payee.id, sent.kind)):
        raise Invalid({"number": [found.sentence]})
    paper = ReceivedDocument(
        statement_id=statement.id,
        influencer_id=payee.id,
        kind=sent.kind,
        number=number,
        allocation_number=sent.allocation_number.strip(),
        issued_on=sent.issued_on,
        currency=statement.currency,
        net_minor=sent.net_minor,
        vat_minor=sent.vat_minor,
        media_type=media_type,
        body=sent.body,
        sha256=hashlib.sha256(sent.body).hexdigest(),
        received_by_user_id=user_id,
        received_at=now,
        status="received",
    )
    session.add(paper)
    session.flush()
    paper.findings = [one.as_contents() for one in findings(session, paper, agency, now.date(), now.date())]
    session.flush()
    return paper


def findings(
    session: Session, paper: ReceivedDocument, agency: dict[str, str], today: date, pay_on: date
) -> list[Finding]:
    """Everything the checks say of a paper on a day, what is wrong first. Raises MissingTableRow."""
    asked = _asked(session, paper, agency, pay_on)
    state = payment_states(session, paper.influencer_id).get(paper.statement_id, "")
    said = (
        checks.kind_fits(paper.kind, asked),
        checks.amount_is_the_statements(paper.net_minor, asked),
        checks.vat_is_right(paper.vat_minor, asked, paper.issued_on),
        checks.allocation_is_there(paper.allocation_number, paper.kind, asked),
        checks.number_is_new(paper.number, _used(session, paper.influencer_id, paper.kind, but=paper.id)),
        checks.day_has_come(paper.issued_on, today),
        checks.year_is_below_the_ceiling(_of_the_year(session, paper), ceiling(session, paper.issued_on), asked),
        checks.certificate_is_valid(_certificates(session, paper.influencer_id), asked, pay_on),
        checks.not_paid_yet(state, asked),
    )
    return sorted((one for one in said if one), key=lambda one: not one.wrong)


def accept(
    session: Session, paper: ReceivedDocument, agency: dict[str, str], user_id: int | None, pay_on: date, now: datetime
) -> Asked:
    """Accept a paper and book it; `pay_on` is when it is to be paid, which decides the certificate that counts.

    Raises Conflict where it was decided on, or where something about it is wrong.
    """
    _hold(session, paper)
    told = findings(session, paper, agency, now.date(), pay_on)
    if wrong := [one.sentence for one in told if one.wrong]:
        raise Conflict(Said("this paper can't be accepted: something about it is wrong"), wrong)
    asked = _asked(session, paper, agency, pay_on)
    paid = payment_states(session, paper.influencer_id).get(paper.statement_id) in ("paid", "in_payment")
    withheld_minor = 0 if paid else asked.withheld_minor
    basis = {
        "paper": paper.public_id,
        "vat": asked.vat.source,
        "withholding_bps": asked.withholding.rate_bps if asked.withholding else None,
        "certificate": asked.withholding.certificate if asked.withholding else "",
        "pay_on": pay_on.isoformat(),
    }
    book(session, BY_PAPER, paper.statement, paper.vat_minor, withheld_minor, basis, now)
    paper.findings = [one.as_contents() for one in told]
    _decide(session, paper, "accepted", "", user_id, now)
    return asked


def refuse(session: Session, paper: ReceivedDocument, reason: str, user_id: int | None, now: datetime) -> None:
    """Refuse a paper, with a reason its payee reads; another one can then be sent. Raises Conflict, or Invalid."""
    why = read_reason(reason)
    _hold(session, paper)
    _decide(session, paper, "refused", why, user_id, now)


def _read(sent: Sent) -> str:
    errors: dict[str, list[str]] = {}
    if sent.kind not in RECEIVED_KINDS:
        errors["kind"] = [Said("Choose one of the values offered.")]
    if not sent.number.strip() or len(sent.number.strip()) > LONGEST_NUMBER:
        errors["number"] = [Said("A number of 1 to %(most)s characters is needed.", most=LONGEST_NUMBER)]
    if len(sent.allocation_number.strip()) > LONGEST_ALLOCATION:
        errors["allocation_number"] = [Said("An allocation number has nine digits.")]
    for field, amount in (("net_minor", sent.net_minor), ("vat_minor", sent.vat_minor)):
        if not 0 <= amount <= LARGEST_MINOR:
            errors[field] = [Said("This is not an amount.")]
    if errors:
        raise Invalid(errors)
    return media_type_of(sent.body)


def _make_room(session: Session, statement: Statement, now: datetime) -> None:
    """A paper nobody has decided on gives way; an accepted one stands."""
    standing = select(ReceivedDocument).where(
        ReceivedDocument.statement_id == statement.id, ReceivedDocument.status != "refused"
    )
    before = session.scalar(standing.execution_options(populate_existing=True))
    if before is None:
        return
    if before.status == "accepted":
        raise Conflict(Said("the paper for this statement was accepted: there is nothing more to send"))
    _decide(session, before, "refused", REPLACED, None, now)


def _asked(session: Session, paper: ReceivedDocument, agency: dict[str, str], pay_on: date) -> Asked:
    return asked_of(session, paper.statement, paper.influencer, agency, issued_on=paper.issued_on, pay_on=pay_on)


def _used(session: Session, influencer_id: int, kind: str, but: int = 0) -> set[str]:
    rows = select(ReceivedDocument.number).where(
        ReceivedDocument.influencer_id == influencer_id,
        ReceivedDocument.kind == kind,
        ReceivedDocument.status != "refused",
        ReceivedDocument.id != but,
    )
    return set(session.scalars(rows))


def _of_the_year(session: Session, paper: ReceivedDocument) -> int:
    """What our statements of the paper's year come to, in its currency."""
    total = select(func.coalesce(func.sum(Statement.amount_minor), 0)).where(
        Statement.influencer_id == paper.influencer_id,
        Statement.currency == paper.currency,
        extract("year", Statement.issued_at) == paper.issued_on.year,
    )
    return int(session.scalar(total) or 0)


def _certificates(session: Session, influencer_id: int) -> list[Certificate]:
    mine = select(Certificate).where(
        Certificate.influencer_id == influencer_id,
        Certificate.kind == "withholding",
        Certificate.withdrawn_at.is_(None),
    )
    return list(session.scalars(mine))


def _hold(session: Session, paper: ReceivedDocument) -> None:
    """Of two who decide at once the second finds it decided."""
    hold_dues(session)
    session.refresh(paper)
    if paper.status != "received":
        raise Conflict(Said(DECIDED[paper.status]))


def _decide(
    session: Session, paper: ReceivedDocument, status: str, reason: str, user_id: int | None, now: datetime
) -> None:
    paper.status, paper.reason = status, reason
    paper.decided_by_user_id, paper.decided_at = user_id, now
    session.flush()
