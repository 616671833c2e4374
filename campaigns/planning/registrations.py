"""Customers registered in advance: entered, told what became of it, ended, and attached because the customer asks.

Each outcome is kept, told to the influencer by letter and on their page, and noted in the audit log. A registration
speaks of orders placed after it: nothing that was decided before changes. Of two who register one customer at once the
first has them; whoever enters a customer holds them, and two indexes forbid what the locks would let through.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from campaigns.commissions.terms import registered_customer_days
from campaigns.db import lock_names
from campaigns.errors import Conflict, Said
from campaigns.models import Order, Participation, Registration
from campaigns.planning import registration_letters as letters
from campaigns.planning.audit import note
from campaigns.planning.customers import Customer
from campaigns.planning.participation import TAKING_PART
from campaigns.reasons import read_reason
from campaigns.tracking.identity import email_key, phone_key
from campaigns.tracking.registering import CustomerFacts, Outcome, outcome

MOST_A_DAY, MOST_STANDING = 50, 200


class By(NamedTuple):
    """Who enters or ends it and when, where letters lead, and the key of the hashes."""

    user_id: int
    base_url: str
    key: bytes
    now: datetime


def register(session: Session, mine: Participation, customer: Customer, by: By) -> tuple[Registration, bool]:
    """Register a customer to a participant; the registration, and whether it is new.

    Who has the customer already gets that registration again. Raises Conflict where there were too many.
    """
    _hold(session, mine, customer)
    standing = _standing(session, mine.campaign.shop_id, customer, by.now)
    again = next((one for one in standing if one.participation_id == mine.id), None)
    if again is not None:
        return again, False
    _check_room(session, mine, by.now)
    found = outcome(_facts(session, mine, customer, standing, by))
    return _keep(session, mine, customer, found, "", by), True


def attach_at_request(session: Session, mine: Participation, customer: Customer, reason: str, by: By) -> Registration:
    """Give a customer to a participant because the customer asks for it; whoever had them loses them, and is told.

    `reason` is what staff write; both read it. Where even that is impossible the registration is a refused one.
    """
    reason = read_reason(reason)
    _hold(session, mine, customer)
    standing = _standing(session, mine.campaign.shop_id, customer, by.now)
    again = next((one for one in standing if one.participation_id == mine.id and one.exclusive), None)
    if again is not None:
        return again
    facts = _facts(session, mine, customer, standing, by, at_own_request=True)
    found = outcome(facts)
    if found.exclusive:
        for one in standing:
            if one.exclusive or one.participation_id == mine.id:
                _end(session, one, by.user_id, by.now)
                note(session, by.user_id, "customer.ended", _subject(one), by.now, reason=reason)
            if one.participation_id != mine.id and one.exclusive:
                letters.ended(session, one, reason, by.base_url, by.now)
    return _keep(session, mine, customer, found, reason, by)


def end_registration(session: Session, registration: Registration, reason: str, by: By) -> None:
    """End a registration from now on; raises Conflict for one that is over. The influencer is told why."""
    reason = read_reason(reason)
    session.refresh(registration, with_for_update=True)
    if registration.status not in ("attached", "late"):
        raise Conflict("this registration is over")
    _end(session, registration, by.user_id, by.now)
    note(session, by.user_id, "customer.ended", _subject(registration), by.now, reason=reason)
    letters.ended(session, registration, reason, by.base_url, by.now)


def offers_registration(mine: Participation) -> bool:
    """Whether the terms a participant accepted let them register customers."""
    return bool(mine.acceptances) and registered_customer_days(mine.acceptances[-1].terms) > 0


def earns_now(mine: Participation, now: datetime) -> bool:
    """Whether what customers buy now, or once the campaign begins, can be a participant's."""
    campaign = mine.campaign
    over = campaign.status == "cancelled" or now > campaign.ends_at + timedelta(days=campaign.grace_days)
    return mine.status in TAKING_PART and not over


def binding_of(session: Session, mine: Participation, now: datetime) -> int:
    """How many customers are registered to a participant at present."""
    theirs = select(func.count()).where(Registration.participation_id == mine.id, Registration.ended_at.is_(None))
    return session.scalar(theirs.where(Registration.binds_until >= now)) or 0


def state(registration: Registration, now: datetime) -> str:
    """What a registration is at a moment: its status, or `ended` once its time has run out."""
    standing = registration.status in ("attached", "late")
    return "ended" if standing and not _binds(registration, now) else registration.status


def same_customer(registration: Registration) -> Customer:
    """The customer of a registration, to be attached without being typed again."""
    return Customer(registration.customer_key, registration.phone_key, registration.label)


def _hold(session: Session, mine: Participation, customer: Customer) -> None:
    shop_id = mine.campaign.shop_id
    names = [f"registration:{shop_id}:{key}" for key in customer.keys] + [f"registrations:{mine.id}"]
    lock_names(session.connection(), names)


def _standing(session: Session, shop_id: int, customer: Customer, now: datetime) -> list[Registration]:
    """The registrations of a customer that still bind; those that no longer can are ended, and free the customer."""
    same = or_(Registration.customer_key.in_(customer.keys), Registration.phone_key.in_(customer.keys))
    rows = session.scalars(
        select(Registration)
        .where(Registration.shop_id == shop_id, same, Registration.status.in_(("attached", "late")))
        .order_by(Registration.registered_at, Registration.id)
        .execution_options(populate_existing=True)
    ).all()
    for one in rows:
        if not _binds(one, now):
            _end(session, one, None, now)
    return [one for one in rows if one.ended_at is None]


def _binds(registration: Registration, now: datetime) -> bool:
    until = registration.binds_until
    return until is not None and now <= until and earns_now(registration.participation, now)


def _facts(
    session: Session,
    mine: Participation,
    customer: Customer,
    standing: Sequence[Registration],
    by: By,
    at_own_request: bool = False,
) -> CustomerFacts:
    own = {email_key(by.key, mine.influencer.email), phone_key(by.key, mine.influencer.phone)}
    holders = [one.participation.influencer_id for one in standing if one.exclusive]
    return CustomerFacts(
        days=registered_customer_days(mine.acceptances[-1].terms) if mine.acceptances else 0,
        takes_part=earns_now(mine, by.now),
        own=bool(own & customer.keys),
        bought_before=_bought_before(session, mine.campaign.shop_id, customer),
        held_by_another=any(one != mine.influencer_id for one in holders),
        held_by_self=mine.influencer_id in holders,
        at_own_request=at_own_request,
    )


def _bought_before(session: Session, shop_id: int, customer: Customer) -> bool:
    """Whether the shop has told of a sale to this person."""
    same = or_(Order.customer_key.in_(customer.keys), Order.phone_key.in_(customer.keys))
    sale = select(Order.id).where(Order.shop_id == shop_id, same, Order.is_sale)
    return session.scalar(sale.limit(1)) is not None


def _check_room(session: Session, mine: Participation, now: datetime) -> None:
    """Who could ask without end would learn who is whose customer."""
    theirs = select(func.count()).where(Registration.participation_id == mine.id)
    if (session.scalar(theirs.where(Registration.registered_at > now - timedelta(days=1))) or 0) >= MOST_A_DAY:
        raise Conflict(Said("%(most)s customers were registered in the last 24 hours: try tomorrow", most=MOST_A_DAY))
    if binding_of(session, mine, now) >= MOST_STANDING:
        raise Conflict(Said("%(most)s customers are registered, which is the most there can be", most=MOST_STANDING))


def _keep(
    session: Session, mine: Participation, customer: Customer, found: Outcome, reason: str, by: By
) -> Registration:
    days = registered_customer_days(mine.acceptances[-1].terms) if found.binds else 0
    made = Registration(
        shop_id=mine.campaign.shop_id,
        participation_id=mine.id,
        customer_key=customer.customer_key,
        phone_key=customer.phone_key,
        label=customer.label,
        status=found.status,
        exclusive=found.exclusive,
        reason=found.reason,
        note=reason,
        registered_at=by.now,
        registered_by_user_id=by.user_id,
        binds_until=by.now + timedelta(days=days) if found.binds else None,
    )
    session.add(made)
    if found.binds:
        mine.campaign.shop.has_registrations = True
    session.flush()
    told = {"participant": mine.public_id, "outcome": found.status, "because": found.reason}
    note(session, by.user_id, "customer.registered", _subject(made), by.now, **told, reason=reason)
    letters.registered(session, made, by.base_url, by.now)
    return made


def _end(session: Session, registration: Registration, user_id: int | None, now: datetime) -> None:
    """From this moment it says nothing of orders; those placed before stay as they were decided."""
    registration.status, registration.ended_at, registration.ended_by_user_id = "ended", now, user_id
    session.flush()


def _subject(registration: Registration) -> str:
    return f"registration:{registration.public_id}"
