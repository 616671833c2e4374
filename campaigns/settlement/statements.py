"""Commission statements: what an influencer earned, order by order, and what is therefore due.

A statement takes every accrual posting of the influencer, in campaigns that are closed, that no statement has taken
yet. So a refund after closing appears on the next one as a negative adjustment, at the rate of then, and nothing is
taken twice: a posting has one statement at most. Issuing moves the sum from pending to due in the ledger.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.commissions.ledger import Leg, post
from campaigns.documents.issue import issue
from campaigns.models import (
    AttributionDecision,
    Campaign,
    Influencer,
    LedgerAccount,
    LedgerTransaction,
    Order,
    Participation,
    Posting,
    Statement,
    StatementPosting,
)


@dataclass(frozen=True)
class OpenPosting:
    """An accrual posting on no statement yet; `earned_minor` is what it adds for the influencer."""

    posting_id: int
    campaign_id: int
    order_id: int
    earned_minor: int


def open_postings(session: Session, influencer_id: int, currency: str) -> list[OpenPosting]:
    """The accruals of closed campaigns that are on no statement, oldest first."""
    taken = select(StatementPosting.posting_id)
    rows = session.execute(
        select(Posting.id, Posting.campaign_id, LedgerTransaction.order_id, Posting.amount_minor)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(Campaign, Campaign.id == Posting.campaign_id)
        .where(
            LedgerAccount.kind == "influencer_pending",
            LedgerAccount.owner_id == influencer_id,
            LedgerAccount.currency == currency,
            LedgerTransaction.kind == "accrual",
            Campaign.closed_at.is_not(None),
            Posting.id.not_in(taken),
        )
        .order_by(Posting.id)
    )
    return [
        OpenPosting(posting, campaign, order, -amount)
        for posting, campaign, order, amount in rows
        if campaign is not None and order is not None  # an accrual has both; the columns serve other kinds too
    ]


def issue_statement(
    session: Session, participation: Participation, agency: dict[str, str], on: date, now: datetime
) -> Statement:
    """Issue the statement of one participant of a campaign just closed, with whatever else is open for them."""
    campaign, influencer = participation.campaign, participation.influencer
    postings = open_postings(session, influencer.id, campaign.currency)
    lines = itemise(session, participation, postings)
    due = sum(posting.earned_minor for posting in postings)
    document = issue(
        session,
        "commission_statement",
        {
            **heading(campaign, agency, now),
            **_person(participation, agency["site"]),
            "lines": lines,
            "totals": _totals(lines),
            "adjustments_minor": sum(line["commission_minor"] for line in lines if line["kind"] == "adjustment"),
            "due_minor": due,
        },
        influencer.language,
        now,
        on.year,
        campaign_id=campaign.id,
        participation_id=participation.id,
        influencer_id=influencer.id,
    )
    statement = Statement(
        document_id=document.id,
        influencer_id=influencer.id,
        campaign_id=campaign.id,
        participation_id=participation.id,
        currency=campaign.currency,
        amount_minor=due,
        issued_at=now,
    )
    session.add(statement)
    session.flush()
    session.add_all(StatementPosting(posting_id=posting.posting_id, statement_id=statement.id) for posting in postings)
    place = (campaign.currency, campaign.id, participation.id)
    post(
        session,
        "statement",
        {Leg("influencer_pending", influencer.id, *place): due, Leg("influencer_due", influencer.id, *place): -due},
        now,
        document_id=document.id,
    )
    return statement


def itemise(session: Session, participation: Participation, postings: Sequence[OpenPosting]) -> list[dict[str, Any]]:
    """The lines: each order of this campaign credited to the participant, then adjustments to earlier campaigns."""
    earned: dict[tuple[int, int], int] = defaultdict(int)
    for posting in postings:
        earned[posting.campaign_id, posting.order_id] += posting.earned_minor
    lines, listed = [], set()
    for order, decision in credited_orders(session, participation):
        key = (participation.campaign_id, order.id)
        listed.add(key)
        lines.append(_line("order", order, decision, participation.campaign.name, earned.get(key, 0)))
    for (campaign_id, order_id), amount in earned.items():
        if amount and (campaign_id, order_id) not in listed:
            name = session.get_one(Campaign, campaign_id).name
            credit = _last_credit(session, order_id, participation.influencer_id)
            lines.append(_line("adjustment", session.get_one(Order, order_id), credit, name, amount))
    return lines


def credited_orders(session: Session, participation: Participation) -> list[tuple[Order, AttributionDecision]]:
    """The sales credited to a participant now, by the time they were placed; cancelled ones are none."""
    rows = session.execute(
        select(Order, AttributionDecision)
        .join(AttributionDecision, AttributionDecision.order_id == Order.id)
        .where(
            AttributionDecision.participation_id == participation.id,
            AttributionDecision.superseded_at.is_(None),
            Order.is_sale,
        )
        .order_by(Order.placed_at, Order.id)
    )
    return [(order, decision) for order, decision in rows]


def heading(campaign: Campaign, agency: dict[str, str], now: datetime) -> dict[str, Any]:
    """What report and statement say alike about the campaign and its issuer."""
    return {
        "issued_at": iso(now),
        "currency": campaign.currency,
        "timezone": campaign.timezone,
        "agency": {key: agency[key] for key in ("name", "legal_name", "registration_number", "address", "email")},
        "campaign": {
            "id": campaign.public_id,
            "name": campaign.name,
            "starts_at": iso(campaign.starts_at),
            "ends_at": iso(campaign.ends_at),
            "timezone": campaign.timezone,
            "shop": campaign.shop.name,
            "landing_url": campaign.landing_url,
        },
    }


def _person(participation: Participation, site: str) -> dict[str, Any]:
    influencer: Influencer = participation.influencer
    terms = participation.acceptances[-1].terms if participation.acceptances else participation.campaign.terms.body
    return {
        "influencer": {
            "id": influencer.public_id,
            "name": influencer.name,
            "id_number": influencer.id_number or None,
            "route": influencer.payee_route,
        },
        "coupon_code": participation.code.code if participation.code else "",
        "link": participation.link_address(site),
        "influencer_rate_bps": terms["influencer_rate_bps"],
        "base": terms["base"],
        "document_wanted": influencer.payee_route,
    }


def _line(
    kind: str, order: Order, decision: AttributionDecision | None, campaign_name: str, earned_minor: int
) -> dict[str, Any]:
    terms = decision.acceptance.terms if decision and decision.acceptance else {}
    return {
        "kind": kind,
        "campaign": campaign_name,
        "order_number": order.number,
        "placed_at": iso(order.placed_at),
        "reason": decision.reason if decision else "manual",
        "net_minor": order.net_minor,
        "refunded_minor": order.refunded_minor,
        "rate_bps": terms.get("influencer_rate_bps", 0),
        "commission_minor": earned_minor,
    }


def _totals(lines: Sequence[dict[str, Any]]) -> dict[str, int]:
    own = [line for line in lines if line["kind"] == "order"]
    return {
        "orders": len(own),
        "sales_minor": sum(line["net_minor"] for line in own),
        "refunded_minor": sum(line["refunded_minor"] for line in own),
        "commission_minor": sum(line["commission_minor"] for line in own),
    }


def _last_credit(session: Session, order_id: int, influencer_id: int) -> AttributionDecision | None:
    """The newest decision that credited this influencer with the order, superseded or not."""
    return session.scalar(
        select(AttributionDecision)
        .join(Participation, Participation.id == AttributionDecision.participation_id)
        .where(AttributionDecision.order_id == order_id, Participation.influencer_id == influencer_id)
        .order_by(AttributionDecision.id.desc())
        .limit(1)
    )


def statement_as_of(
    session: Session, participation: Participation, as_of: datetime
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The answer to any question at any time: what each order had earned a participant by a moment, and the sum."""
    rows = session.execute(
        select(Order, LedgerTransaction, Posting.amount_minor)
        .join(LedgerTransaction, LedgerTransaction.order_id == Order.id)
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(
            Posting.participation_id == participation.id,
            LedgerAccount.kind == "influencer_pending",
            LedgerTransaction.kind == "accrual",
            LedgerTransaction.recorded_at <= as_of,
        )
        .order_by(Posting.id)
    )
    lines: list[dict[str, Any]] = [
        {
            "order": order.public_id,
            "order_number": order.number,
            "placed_at": iso(order.placed_at),
            "recorded_at": iso(transaction.recorded_at),
            "commission_minor": -amount,
        }
        for order, transaction, amount in rows
    ]
    return lines, {
        "orders": len({line["order"] for line in lines}),
        "commission_minor": sum(line["commission_minor"] for line in lines),
    }
