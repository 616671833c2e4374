"""Itemised answers: a numbered paper that says, posting by posting, what the books knew by a moment.

What was sold and given back, earned, stated, charged and paid as of then, each line with its reason, the version of the
terms and the number of its posting. The lines of every account sum to what the ledger says of it at that moment;
both are read, and an answer in which they differ is not issued.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.commissions.ledger import EARNING_KINDS
from campaigns.documents.issue import issue
from campaigns.errors import Conflict
from campaigns.models import Brand, Campaign, Document, Influencer, LedgerTransaction, Order, Posting
from campaigns.settlement.answering.causes import Causes
from campaigns.settlement.answering.questions import Question, postings_of
from campaigns.settlement.answering.sales import Sales, counted
from campaigns.settlement.as_of import Account, Posted, balances_by, known, posted_by
from campaigns.settlement.yearly.paid import PAYMENTS, WAGES

# Accounts that say what somebody owes, or what something cost: a debit is more of it. In all others a credit is.
DEBITS = ("brand_receivable", "employer_charges", "compensation_expense", "bank_clearing", "input_vat")


def answer(session: Session, question: Question, agency: dict[str, str], now: datetime) -> Document:
    """Issue the answer to a question; raises NotFound for what the reader may not ask."""
    contents = {
        "issued_at": iso(now),
        "timezone": question.timezone,
        "agency": {key: agency[key] for key in ("name", "legal_name", "registration_number", "address", "email")},
        **answered(session, question),
    }
    campaign = question.subject.id if isinstance(question.subject, Campaign) else None
    return issue(
        session, "itemised_answer", contents, question.language, now, now.astimezone(ZoneInfo(question.timezone)).year,
        campaign_id=campaign,
        influencer_id=question.reader.id if isinstance(question.reader, Influencer) else None,
        brand_id=question.reader.id if isinstance(question.reader, Brand) else None,
    )  # fmt: skip


def answered(session: Session, question: Question) -> dict[str, Any]:
    """The answer's own facts. Amounts are signed as their holder sees them: what they have, or what they owe."""
    whose = postings_of(question)
    posted = posted_by(session, whose, question.as_of)
    balances = balances_by(session, whose, question.as_of)
    _agree(posted, balances)
    causes = Causes(session, whose, question.as_of, hide_numbers=question.role == "influencer")
    sales = counted(posted, _shared(session, whose, question.as_of), question.counts_sales_by)
    return {
        "as_of": iso(question.as_of),
        "about": {"kind": question.about, **_named(question, causes)},
        "reader": {"role": question.role, "name": question.reader.name if question.reader else ""},
        "books_upto": max((one.transaction_id for one in posted), default=0),
        "summary": _summaries(question, posted, causes, sales),
        "accounts": [
            {
                "account": kind,
                "owner": _owner(kind, owner, causes),
                "currency": currency,
                "balance_minor": _signed(kind, total),
                "lines": [_line(question, one, causes, sales) for one in posted if _account(one) == account],
            }
            for account, total in sorted(balances.items())
            for kind, owner, currency in [account]
        ],
    }


def _agree(posted: Iterable[Posted], balances: dict[Account, int]) -> None:
    sums: dict[Account, int] = defaultdict(int)
    for one in posted:
        sums[_account(one)] += one.amount_minor
    if dict(sums) != balances:
        raise Conflict("the books were written to while the answer was read: ask again")


def _account(one: Posted) -> Account:
    return one.account, one.owner_id, one.currency


def _signed(account: str, amount_minor: int) -> int:
    return amount_minor if account in DEBITS else -amount_minor


def _owner(kind: str, owner: int, causes: Causes) -> str:
    names = causes.brands if kind.startswith("brand_") else causes.people if kind.startswith("influencer_") else {}
    return names.get(owner, "")


def _named(question: Question, causes: Causes) -> dict[str, str]:
    subject = question.subject
    if not isinstance(subject, Order):
        return {"id": subject.public_id, "name": subject.name}
    return {"id": subject.public_id, "name": causes.shown(subject.number)}


def _shared(session: Session, whose: Any, as_of: datetime) -> set[int]:
    """Transactions that move a sale from one participant to another: what they say of it is the new one's."""
    theirs = known(whose, as_of, Posting.transaction_id)
    shared = (
        select(Posting.transaction_id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(LedgerTransaction.kind == "accrual", Posting.transaction_id.in_(theirs))
        .group_by(Posting.transaction_id)
        .having(func.count(func.distinct(Posting.participation_id)) > 1)
    )
    return set(session.scalars(shared))


def _line(question: Question, one: Posted, causes: Causes, sales: Sales) -> dict[str, Any]:
    cause = causes.of(one)
    basis = one.basis if one.kind == "accrual" and one.posting_id not in sales.not_theirs else None
    return {
        "posting": one.posting_id,
        "transaction": one.transaction_id,
        "kind": one.kind,
        "recorded_at": iso(one.recorded_at),
        "campaign": causes.campaigns.get(one.campaign_id or 0, ""),
        "influencer": "" if question.role == "influencer" else causes.participants.get(one.participation_id or 0, ""),
        "reference": cause.reference,
        "happened_at": cause.happened_at,
        "reason": cause.reason,
        "terms_version": basis["terms_version"] if basis else None,
        "base_minor": basis["base_minor"] if basis else None,
        "rates_bps": [part[2] for part in basis["parts"] if part[2] is not None] if basis else [],
        "papers": causes.papers(one.posting_id),
        "amount_minor": _signed(one.account, one.amount_minor),
    }


def _summaries(question: Question, posted: Sequence[Posted], causes: Causes, sales: Sales) -> list[dict[str, Any]]:
    return [
        {
            "currency": currency,
            **sales.of(currency),
            **_of_influencers(question, [one for one in posted if one.currency == currency], causes),
            **_of_brands(question, [one for one in posted if one.currency == currency], causes),
        }
        for currency in sorted({one.currency for one in posted})
    ]


def _of_influencers(question: Question, posted: Sequence[Posted], causes: Causes) -> dict[str, int]:
    """Earned, of it on statements and paid; what was withheld. Nothing of it is a brand's business."""
    if question.role == "brand":
        return {}
    earned = [one for one in posted if one.account == "influencer_pending" and one.kind != "statement"]
    due = [one for one in posted if one.account == "influencer_due"]
    stated = [(one, *causes.statement_of(one.posting_id)) for one in earned]
    found = {
        "earned_minor": -sum(one.amount_minor for one in earned),
        "stated_minor": -sum(one.amount_minor for one, on_one, _ in stated if on_one),
        "settled_minor": -sum(one.amount_minor for one, _, paid in stated if paid),
    }
    if question.about == "order":
        return found  # what is withheld and paid out is of whole statements
    by_kind: dict[str, int] = defaultdict(int)
    for one in due:
        by_kind[one.kind] += one.amount_minor
    told = [one.basis for one in due if one.basis and "withheld_minor" in one.basis]
    return found | {
        "withheld_minor": sum(by_kind[kind] for kind in WAGES) + sum(basis["withheld_minor"] for basis in told),
        "vat_minor": sum(basis["vat_minor"] for basis in told),
        "paid_minor": sum(by_kind[kind] for kind in PAYMENTS),
    }


def _of_brands(question: Question, posted: Sequence[Posted], causes: Causes) -> dict[str, int]:
    """Charged, of it on bills, and received. An influencer is told of none of it."""
    if question.role == "influencer" or question.about == "influencer":
        return {}
    owed = [one for one in posted if one.account == "brand_receivable"]
    charged = [one for one in owed if one.kind in EARNING_KINDS]
    return {
        "charged_minor": sum(one.amount_minor for one in charged),
        "billed_minor": sum(one.amount_minor for one in charged if causes.billed(one.posting_id)),
        "received_minor": -sum(one.amount_minor for one in owed if one.kind == "brand_payment"),
    }
