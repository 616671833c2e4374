"""Whose an order or a contact is and was, decision by decision, newest first, as one reader may know it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaigns.models import AttributionDecision, Contact, Order, Participation
from campaigns.settlement.causes import Cause
from campaigns.settlement.contact_list import why_no_contact
from campaigns.settlement.earnings import why_not
from campaigns.settlement.tracing.readers import Reader, Ruling, known_people, told_of
from campaigns.tracking.contact_decisions import without_earlier

People = Mapping[int, Participation]


def rulings_on(session: Session, cause: Cause, reader: Reader) -> tuple[list[Ruling], People]:
    """The decisions a reader is told of, and everyone in them whom they may know.

    An influencer is told of decisions for them, and of the one in force; the others of all.
    """
    if isinstance(cause, Contact):
        people = known_people(session, [cause], reader)
        found = [_of_contact(cause, people), *_earlier(cause, people)]
    else:
        decisions = _decisions(session, cause)
        people = known_people(session, decisions, reader)
        found = [_of_order(one, people) for one in reversed(decisions)]
    told = [one for one in found if reader.role != "influencer" or one.in_force or one.participation is not None]
    return told, people


def _decisions(session: Session, order: Order) -> list[AttributionDecision]:
    return list(
        session.scalars(
            select(AttributionDecision)
            .where(AttributionDecision.order_id == order.id)
            .options(joinedload(AttributionDecision.acceptance))
            .order_by(AttributionDecision.id)
        )
    )


def _of_order(decision: AttributionDecision, people: People) -> Ruling:
    whose = people.get(decision.participation_id or 0)
    return Ruling(
        reason=decision.reason,
        participation=whose,
        credits=decision.participation_id is not None,
        in_force=decision.superseded_at is None,
        evidence=told_of(decision.evidence, people.values(), whose is not None),
        against=why_not(decision),
        by_hand=decision.decided_by_user_id is not None,
        decided_at=decision.decided_at,
        until=decision.superseded_at,
        acceptance=decision.acceptance,
    )


def _of_contact(contact: Contact, people: People) -> Ruling:
    whose = people.get(contact.participation_id or 0)
    return Ruling(
        reason=contact.reason,
        participation=whose,
        credits=contact.participation_id is not None,
        in_force=True,
        evidence=told_of(without_earlier(contact.evidence), people.values(), whose is not None),
        against=why_no_contact(contact),
        by_hand=contact.decided_by_user_id is not None,
        decided_at=contact.decided_at,
        acceptance=contact.acceptance,
    )


def _earlier(contact: Contact, people: People) -> list[Ruling]:
    """What a contact was before, newest first; of that its evidence keeps the reason, the person and the status."""
    by_public_id = {one.public_id: one for one in people.values()}
    return [_before(one, by_public_id) for one in reversed(contact.evidence.get("earlier", []))]


def _before(one: Mapping[str, Any], by_public_id: Mapping[str, Participation]) -> Ruling:
    return Ruling(
        reason=one["reason"],
        participation=by_public_id.get(one.get("participant", "")),
        credits="participant" in one,
        in_force=False,
        evidence={"assigned_because": one["because"]} if "because" in one else {},
        against=one["reason"],
        until=datetime.fromisoformat(one["until"]),
        status=one["status"],
    )
