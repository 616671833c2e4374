"""Yearly papers: who has what, what is missing, and making it: never twice unless the figures have changed.

A paper whose figures have changed since is followed by another one that names it; both stay. Whoever makes papers of a
year holds it, so that two at once make each paper once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.commissions.terms import canonical
from campaigns.db import lock_name
from campaigns.documents.issue import contents_of, issue
from campaigns.errors import Invalid, Said
from campaigns.models import Document, DocumentFile, Influencer, LedgerAccount, LedgerTransaction, Payslip, Posting
from campaigns.models.documents import DOCUMENT_KINDS
from campaigns.settlement.yearly.figures import KINDS, figures_of
from campaigns.settlement.yearly.paid import PAYMENTS, ZONE

EARLIEST = 2000
MISSING, CURRENT, CHANGED = "missing", "current", "changed"


@dataclass(frozen=True)
class YearlyPaper:
    """One kind of paper of one payee's year: the figures as they are now, and the paper that was made last."""

    payee: Influencer
    kind: str
    figures: dict[str, Any]
    paper: Document | None

    @property
    def state(self) -> str:
        """missing; current; or changed, where the figures are no longer those of the paper."""
        if self.paper is None:
            return MISSING
        same = canonical(contents_of(self.paper)["figures"]) == canonical(self.figures)
        return CURRENT if same else CHANGED


def papers_of_year(session: Session, year: int, payees: Iterable[Influencer] | None = None) -> list[YearlyPaper]:
    """What everybody who was paid in a year should have, and has, by name."""
    people = _paid_ever(session) if payees is None else payees
    newest = _newest(session, year)
    return [
        YearlyPaper(person, kind, figures, newest.get((person.id, kind)))
        for person in people
        for kind, figures in figures_of(session, person, year).items()
    ]


def make(
    session: Session, year: int, agency: dict[str, str], now: datetime, payees: Sequence[Influencer] | None = None
) -> list[Document]:
    """Issue what is missing or has changed, of some payees or of all. Raises Invalid for a year not begun."""
    if not EARLIEST <= year <= now.year:
        raise Invalid({"year": [Said("must be a year that has begun")]})
    lock_name(session, f"yearly:{year}")
    wanted = [one for one in papers_of_year(session, year, payees) if one.state != CURRENT]
    return [_issue(session, one, year, agency, now) for one in wanted]


def being_made(session: Session, year: int) -> tuple[int, int]:
    """(papers of the year whose files are made, papers of the year)."""
    mine = select(Document.id).where(Document.series.in_(_series(year)))
    whole = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    files = select(DocumentFile.document_id).where(DocumentFile.document_id.in_(mine)).distinct()
    done = session.scalar(select(func.count()).select_from(files.subquery())) or 0
    return int(done), int(whole)


def years(session: Session, now: datetime) -> list[int]:
    """The years that can be asked for, the newest first: from the first payslip or payment on."""
    first_slip = session.scalar(select(func.min(Payslip.pay_date)))
    first_paid = session.scalar(
        select(func.min(LedgerTransaction.recorded_at)).where(LedgerTransaction.kind.in_(PAYMENTS))
    )
    begun = [one.year for one in (first_slip, first_paid) if one is not None]
    return list(range(now.year, min([now.year, *begun]) - 1, -1))


def _issue(session: Session, one: YearlyPaper, year: int, agency: dict[str, str], now: datetime) -> Document:
    payee, before = one.payee, one.paper
    contents = {
        "issued_at": iso(now),
        "timezone": ZONE,
        "agency": {
            key: agency[key] for key in ("name", "legal_name", "registration_number", "tax_file", "address", "email")
        },
        "payee": {
            "id": payee.public_id,
            "name": payee.name,
            "id_number": payee.id_number or None,
            "address": payee.address,
            "country": payee.country,
            "employment_start": payee.employment_start.isoformat() if payee.employment_start else None,
        },
        "figures": one.figures,
        "corrects": before.number if before else None,
    }
    return issue(
        session, one.kind, contents, payee.language, now, year, influencer_id=payee.id,
        corrects_id=before.id if before else None,
    )  # fmt: skip


def _series(year: int) -> list[str]:
    return [f"{DOCUMENT_KINDS[kind]}-{year}" for kind in KINDS]


def _newest(session: Session, year: int) -> dict[tuple[int | None, str], Document]:
    papers = select(Document).where(Document.series.in_(_series(year))).order_by(Document.id)
    return {(one.influencer_id, one.kind): one for one in session.scalars(papers)}


def _paid_ever(session: Session) -> list[Influencer]:
    """Everyone the books have ever paid, or withheld anything of, by name."""
    moved = (
        select(LedgerAccount.owner_id)
        .join(Posting, Posting.account_id == LedgerAccount.id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(LedgerAccount.kind == "influencer_due", LedgerTransaction.kind != "statement")
    )
    return list(session.scalars(select(Influencer).where(Influencer.id.in_(moved)).order_by(Influencer.name)))
