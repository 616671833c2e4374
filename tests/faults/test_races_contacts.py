"""Two calls of one person, and the two calls that fulfil a plan, at once. Each with the locks off too."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.db import begin_writing, db
from campaigns.models import Campaign, Contact, LedgerAccount, Posting
from campaigns.settlement.books.check import breaches
from tests import factories
from tests.factories import NOW
from tests.faults.race import at_once, some_time, without_locks

# 1.00 a call, and 100.00 with the second.
PLAN = {"per_lead_minor": 100, "plan_leads": 2, "plan_base_minor": 10_000}


def a_campaign(session: Session) -> int:
    """Its id, committed."""
    campaign_id = factories.live_campaign(session, accepted=1, terms={**factories.TERMS, "leads": PLAN}).id
    session.commit()
    return campaign_id


def calling(campaign_id: int, number: int, person: str) -> Callable[[], None]:
    """A call of a person, delivered and committed."""

    def deed() -> None:
        campaign = db.session.get_one(Campaign, campaign_id)
        code = factories.participants(db.session(), campaign)[0].code
        assert code is not None
        moment = iso(NOW + timedelta(minutes=number))
        told = {"id": f"call{number}", "version": moment, "happened_at": moment, "coupon_codes": [code.code]}
        body = {"type": "lead.created", "data": {**told, "customer": {"email": f"{person}@example.com"}}}
        factories.delivery(db.session(), shop=campaign.shop, body=body)
        db.session.commit()

    return deed


def paid(session: Session) -> int:
    """What the influencer earned in all."""
    begin_writing()
    total = select(func.sum(Posting.amount_minor)).join(LedgerAccount).where(LedgerAccount.kind == "influencer_pending")
    return -int(session.scalar(total) or 0)


def test_two_calls_of_one_person_at_once_are_paid_once(app: Flask, session: Session) -> None:
    campaign_id = a_campaign(session)
    at_once(app, [calling(campaign_id, number, "dana") for number in range(4)])
    assert paid(session) == 100
    reasons = sorted(session.scalars(select(Contact.reason)))
    assert reasons == ["coupon", "refused_repeated", "refused_repeated", "refused_repeated"]
    assert breaches(session) == []


def test_two_calls_that_fulfil_a_plan_at_once_pay_its_base_once(app: Flask, session: Session) -> None:
    campaign_id = a_campaign(session)
    at_once(app, [calling(campaign_id, number, f"person{number}") for number in range(4)])
    assert paid(session) == 4 * 100 + 10_000
    assert breaches(session) == []


def goes_wrong(app: Flask, session: Session, people: Sequence[str], right: int) -> bool:
    """Whether calls of these people at once, without locks, end otherwise than with `right`."""
    before, campaign_id = paid(session), a_campaign(session)
    with without_locks(db.engine):
        results = at_once(app, [calling(campaign_id, number, person) for number, person in enumerate(people)])
    wrong = any(isinstance(result, Exception) for result in results)
    return wrong or paid(session) - before != right or bool(breaches(session))


def test_without_locks_calls_at_once_do_go_wrong(app: Flask, session: Session) -> None:
    assert some_time(lambda: goes_wrong(app, session, ["dana"] * 4, 100))


def test_without_locks_a_plan_fulfilled_at_once_does_go_wrong(app: Flask, session: Session) -> None:
    people = [f"person{number}" for number in range(4)]
    assert some_time(lambda: goes_wrong(app, session, people, 10_400))
