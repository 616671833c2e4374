"""Two of a brand approve at the same moment. The lock is also taken away once."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.terms import fingerprint
from campaigns.db import begin_writing, db
from campaigns.models import BrandDecision, Campaign
from campaigns.planning.launching import decisions
from campaigns.planning.launching.agreed import plan_contents
from tests import factories
from tests.faults.race import at_once, kinds, some_time, without_locks


def approving(campaign_id: int, user_id: int) -> Callable[[], bool]:
    def deed() -> bool:
        campaign = db.session.get_one(Campaign, campaign_id)
        contents = plan_contents(campaign)
        read = fingerprint(contents)
        given = (read, "", user_id, factories.BEFORE)
        _, new = decisions.decide(db.session(), campaign, "plan", "approved", contents, *given)
        db.session.commit()
        return new

    return deed


def press_twice(app: Flask, session: Session) -> list[object]:
    campaign = factories.campaign(session)
    user = factories.user(session, brand=campaign.brand)
    deeds = [approving(campaign.id, user.id)] * 2
    session.commit()
    return at_once(app, deeds)


def test_two_approvals_at_once_are_one(app: Flask, session: Session) -> None:
    assert sorted(str(one) for one in press_twice(app, session)) == ["False", "True"]
    begin_writing()
    assert [one.number for one in session.scalars(select(BrandDecision))] == [1]


def test_without_locks_two_approvals_at_once_are_not_told_apart(app: Flask, session: Session) -> None:
    def apart() -> bool:
        begin_writing()
        with without_locks(db.engine):
            return kinds(press_twice(app, session)) != ["ok", "ok"]

    assert some_time(apart)
