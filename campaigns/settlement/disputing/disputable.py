"""What somebody may dispute: a line that is theirs to ask about, or work that earned nothing.

An influencer may ask about an order or a contact that is or was credited to them, or that came with their code or
link; about their statements; and for a review where a campaign cost them effort and earned them no commission. A brand
may ask about orders and contacts it pays for. Whatever is not theirs is not found.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, NotFound, Said
from campaigns.models import (
    AttributionDecision,
    Campaign,
    Contact,
    Document,
    Order,
    Participation,
    Shop,
    Statement,
    User,
)
from campaigns.settlement.figures import Figures, figures_of

NOT_YOURS = "no such thing, or not yours"


@dataclass(frozen=True)
class Subject:
    """What a dispute is about; at most one of order, contact and statement."""

    kind: str
    campaign_id: int
    participation_id: int | None
    order_id: int | None = None
    contact_id: int | None = None
    statement_id: int | None = None


def about_order(session: Session, user: User, public_id: str) -> Subject:
    """An order of theirs; raises NotFound."""
    order = session.scalar(select(Order).filter_by(public_id=public_id))
    if order is not None and user.role == "brand" and user.brand_id is not None:
        decision = _in_force(session, order.id)
        owner = session.get_one(Shop, order.shop_id).brand_id
        if decision is not None and decision.participation_id and decision.campaign_id and owner == user.brand_id:
            return Subject("line", decision.campaign_id, decision.participation_id, order.id)
    if order is not None and user.role == "influencer" and user.influencer_id is not None:
        mine = _asked_by(session, user.influencer_id, order.shop_id, _told_of(session, order))
        if mine is not None:
            return Subject("line", mine.campaign_id, mine.id, order.id)
    raise NotFound(NOT_YOURS)


def about_contact(session: Session, user: User, public_id: str) -> Subject:
    """A lead or call of theirs; raises NotFound."""
    contact = session.scalar(select(Contact).filter_by(public_id=public_id))
    if contact is not None and user.role == "brand" and user.brand_id is not None:
        whose = contact.participation
        if whose is not None and whose.campaign.brand_id == user.brand_id:
            return Subject("line", whose.campaign_id, whose.id, contact_id=contact.id)
    if contact is not None and user.role == "influencer" and user.influencer_id is not None:
        told = [(contact.participation_id, json.dumps(contact.evidence))]
        mine = _asked_by(session, user.influencer_id, contact.shop_id, told)
        if mine is not None:
            return Subject("line", mine.campaign_id, mine.id, contact_id=contact.id)
    raise NotFound(NOT_YOURS)


def about_statement(session: Session, user: User, document_id: str) -> Subject:
    """A statement issued to them, by its document; raises NotFound."""
    statement = session.scalar(
        select(Statement)
        .join(Document, Document.id == Statement.document_id)
        .where(Document.public_id == document_id, Statement.influencer_id == user.influencer_id)
    )
    if statement is None or user.influencer_id is None or statement.campaign_id is None:
        raise NotFound(NOT_YOURS)
    return Subject("line", statement.campaign_id, statement.participation_id, statement_id=statement.id)


def about_effort(session: Session, user: User, public_id: str, now: datetime) -> Subject:
    """A campaign they worked for without any commission; raises NotFound, or Conflict where there is one."""
    mine = session.scalar(select(Participation).filter_by(public_id=public_id))
    if mine is None or user.influencer_id is None or mine.influencer_id != user.influencer_id or not mine.acceptances:
        raise NotFound(NOT_YOURS)
    if now < mine.campaign.starts_at:
        raise Conflict(Said("the campaign has not begun"))
    if figures_of(session, mine.campaign_id).get(mine.id, Figures()).commission_minor:
        raise Conflict(Said("this campaign has earned you commission: ask about the line that looks wrong"))
    return Subject("effort", mine.campaign_id, mine.id)


def _asked_by(
    session: Session, influencer_id: int, shop_id: int, decisions: Iterable[tuple[int | None, str]]
) -> Participation | None:
    """In which of their campaigns something is, was or might have been the influencer's, by (whose, evidence)."""
    mine = list(
        session.scalars(
            select(Participation)
            .join(Campaign, Campaign.id == Participation.campaign_id)
            .where(Participation.influencer_id == influencer_id, Campaign.shop_id == shop_id)
        )
    )
    for credited, evidence in decisions:
        for one in mine:
            if one.id == credited or one.public_id in evidence:
                return one
    return None


def _told_of(session: Session, order: Order) -> list[tuple[int | None, str]]:
    """(whose, evidence) of an order's decisions, the newest first."""
    decisions = session.execute(
        select(AttributionDecision.participation_id, cast(AttributionDecision.evidence, Text))
        .where(AttributionDecision.order_id == order.id)
        .order_by(AttributionDecision.id.desc())
    )
    return [(credited, evidence) for credited, evidence in decisions]


def _in_force(session: Session, order_id: int) -> AttributionDecision | None:
    return session.scalar(select(AttributionDecision).filter_by(order_id=order_id, superseded_at=None))
