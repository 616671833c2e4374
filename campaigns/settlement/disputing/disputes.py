"""Disputes: opened by whom a line concerns, talked over, and resolved once, by staff, in writing.

An order or a contact in dispute is held, unless it is on a statement altogether; resolving lets it go. Where staff
find for the partner, that is for whoever opened it, they may give an amount. The agency bears it: compensation_expense
is debited, and no brand's charge moves. For an influencer it goes to what is pending, and so onto the next statement
as a line of its own, or to credit; for a brand to credit only.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Leg, post
from campaigns.db import lock_name
from campaigns.errors import Conflict, Invalid, Said
from campaigns.i18n import N_
from campaigns.models import Campaign, Dispute, DisputeMessage, Order, Participation, User
from campaigns.models.money import DISPUTE_OUTCOMES
from campaigns.money import LARGEST_MINOR
from campaigns.settlement.disputing import holds
from campaigns.settlement.disputing.disputable import Subject
from campaigns.settlement.wallets.wallets import hold_dues

LONGEST_MESSAGE = 4000
UNRESOLVED = ("open", "answered")
LET_GO = N_("The dispute is resolved.")
PLACES = ("due", "credit")


@dataclass(frozen=True)
class Resolution:
    """How a dispute ends. `place` is where an amount goes: `due` onto the next statement, `credit` to be offset."""

    outcome: str
    words: str
    compensation_minor: int = 0
    place: str = "due"


def open_dispute(session: Session, user: User, subject: Subject, words: str, now: datetime) -> Dispute:
    """Open a dispute, and hold what it is about; raises Conflict where the same is asked already."""
    body = _written(words, "message")
    about = (subject.kind, subject.participation_id, subject.order_id, subject.contact_id, subject.statement_id)
    hold_dues(session)  # first, as everybody does who takes both
    lock_name(session, f"dispute:{about}")
    same = select(Dispute.public_id).where(
        Dispute.kind == subject.kind,
        Dispute.participation_id == subject.participation_id,
        Dispute.order_id == subject.order_id,
        Dispute.contact_id == subject.contact_id,
        Dispute.statement_id == subject.statement_id,
        Dispute.opened_by_role == user.role,
        Dispute.status.in_(UNRESOLVED),
    )
    if session.scalar(same.limit(1)) is not None:
        raise Conflict(Said("you have asked about this already, and it is not resolved yet"))
    made = Dispute(
        campaign_id=subject.campaign_id,
        participation_id=subject.participation_id,
        order_id=subject.order_id,
        contact_id=subject.contact_id,
        statement_id=subject.statement_id,
        kind=subject.kind,
        opened_by_user_id=user.id,
        opened_by_role=user.role,
        opened_at=now,
        status="open",
    )
    session.add(made)
    session.flush()
    session.add(DisputeMessage(dispute_id=made.id, user_id=user.id, role=user.role, body=body, said_at=now))
    _hold(session, made, now)
    session.flush()
    return made


def answer(session: Session, dispute: Dispute, user: User, words: str, now: datetime) -> DisputeMessage:
    """Say something in a dispute; raises Conflict once it is resolved. It is open while its opener spoke last."""
    body = _written(words, "message")
    _take(session, dispute)
    dispute.status = "open" if user.role == dispute.opened_by_role else "answered"
    said = DisputeMessage(dispute_id=dispute.id, user_id=user.id, role=user.role, body=body, said_at=now)
    session.add(said)
    session.flush()
    session.expire(dispute, ["messages"])
    return said


def resolve(session: Session, dispute: Dispute, user_id: int, how: Resolution, now: datetime) -> Dispute:
    """End a dispute, book what is given, and let go what it held; raises Conflict where it has been resolved."""
    words = _written(how.words, "resolution")
    _check(dispute, how)
    hold_dues(session)
    _take(session, dispute)
    dispute.status, dispute.outcome, dispute.resolution = "resolved", how.outcome, words
    dispute.compensation_minor, dispute.resolved_by_user_id, dispute.resolved_at = how.compensation_minor, user_id, now
    session.flush()
    if how.compensation_minor:
        _compensate(session, dispute, how, now)
    _let_go(session, dispute, user_id, now)
    return dispute


def unresolved(session: Session, campaign_id: int | None = None) -> int:
    """How many disputes wait for staff or for an answer, of one campaign or of all."""
    count = select(func.count()).select_from(Dispute).where(Dispute.status.in_(UNRESOLVED))
    if campaign_id is not None:
        count = count.where(Dispute.campaign_id == campaign_id)
    return int(session.scalar(count) or 0)


def _take(session: Session, dispute: Dispute) -> None:
    """Hold the dispute until the transaction ends, as it stands now; raises Conflict where it is resolved."""
    session.refresh(dispute, with_for_update=True)
    if dispute.status not in UNRESOLVED:
        raise Conflict(Said("the dispute is resolved: it can't be changed any more"))


def _check(dispute: Dispute, how: Resolution) -> None:
    wrong: dict[str, list[str]] = {}
    if how.outcome not in DISPUTE_OUTCOMES:
        wrong["outcome"] = [Said("must be one of the outcomes there are")]
    if not 0 <= how.compensation_minor <= LARGEST_MINOR:
        wrong["compensation_minor"] = [Said("must be zero or more")]
    if how.compensation_minor and how.outcome == "agency":
        wrong["compensation_minor"] = [Said("is given only where the partner is found right")]
    if how.place not in PLACES:
        wrong["place"] = [Said("must be one of the places there are")]
    if how.compensation_minor and dispute.opened_by_role == "brand" and how.place != "credit":
        wrong["place"] = [Said("a brand is compensated by credit against its bills")]
    if wrong:
        raise Invalid(wrong)


def _compensate(session: Session, dispute: Dispute, how: Resolution, now: datetime) -> None:
    """Book what is given, at the agency's expense, in the currency of the campaign."""
    campaign = session.get_one(Campaign, dispute.campaign_id)
    place = (campaign.currency, campaign.id, dispute.participation_id)
    if dispute.opened_by_role == "brand":
        leg = Leg("brand_credit", campaign.brand_id, *place)
    else:
        owner = session.get_one(Participation, dispute.participation_id).influencer_id
        leg = Leg("influencer_credit" if how.place == "credit" else "influencer_pending", owner, *place)
    amounts = {Leg("compensation_expense", 0, *place): how.compensation_minor, leg: -how.compensation_minor}
    post(session, "compensation", amounts, now, dispute_id=dispute.id, basis={"reason": dispute.resolution})


def _hold(session: Session, dispute: Dispute, now: datetime) -> None:
    """Keep the commission back while it is in dispute; one that is held, or stated, stays as it is."""
    cause = dispute.cause
    if cause is None or holds.open_hold(session, cause) is not None or holds.is_stated(session, cause):
        return
    holds.hold(session, cause, holds.IN_DISPUTE, None, now)


def _let_go(session: Session, dispute: Dispute, user_id: int, now: datetime) -> None:
    """Release what disputes asked to hold, with the last of them; what staff held for a reason of theirs stays."""
    cause = dispute.cause
    if cause is None:
        return
    held = holds.open_hold(session, cause)
    about_it = Dispute.order_id == cause.id if isinstance(cause, Order) else Dispute.contact_id == cause.id
    others = select(Dispute.id).where(about_it, Dispute.status.in_(UNRESOLVED))
    if held is not None and held.reason == holds.IN_DISPUTE and session.scalar(others.limit(1)) is None:
        holds.release(session, cause, LET_GO, user_id, now)


def _written(words: str, field: str) -> str:
    text = words.strip()
    if not text:
        raise Invalid({field: [Said("is missing")]})
    if len(text) > LONGEST_MESSAGE:
        raise Invalid({field: [Said("must have at most %(most)s characters", most=LONGEST_MESSAGE)]})
    return text
