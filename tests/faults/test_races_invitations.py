"""A yes and the end of the time at one moment, and two who decline at one moment. Each lock is also taken away once."""

import time
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.models import Acceptance, Campaign, Mail, Participation
from campaigns.planning import invitations_over_time, joining
from campaigns.planning import participation as planning
from campaigns.planning.matching import proposals
from campaigns.planning.matching.proposals import By, Wish
from tests import factories
from tests.faults.race import PAUSE, at_once, kinds, some_time, without_locks

URL = "http://localhost"
DELAYS = (0.0, PAUSE / 2, PAUSE * 1.5)  # of the timer: it comes before the yes, with it, or while it is written
ENDS = factories.BEFORE + timedelta(days=7)


def invited(session: Session) -> int:
    mine = planning.invite(session, factories.campaign(session), factories.influencer(session), factories.BEFORE)
    session.commit()
    return mine.id


def accepting(participation_id: int) -> Callable[[], None]:
    def deed() -> None:
        """A moment before the end, as the server saw it; it takes its time between reading and writing."""
        mine = db.session.get_one(Participation, participation_id)
        event.listen(db.session(), "before_flush", lambda *_: time.sleep(PAUSE))
        planning.accept(db.session(), mine, 1, "en", ENDS - timedelta(milliseconds=1), None)
        db.session.commit()

    return deed


def ending(participation_id: int, delay: float) -> Callable[[], bool]:
    def deed() -> bool:
        time.sleep(delay)
        done = invitations_over_time.end(db.session(), participation_id, URL, ENDS)
        db.session.commit()
        return done

    return deed


def one_thing_happened(app: Flask, session: Session, delay: float) -> bool:
    """Whether either the yes stands, with its proof and no letter of an end, or the end and no proof."""
    mine = invited(session)
    results = at_once(app, [accepting(mine), ending(mine, delay), ending(mine, delay)])
    begin_writing()
    status = session.get_one(Participation, mine, populate_existing=True).status
    proofs = len(session.scalars(select(Acceptance.id).filter_by(participation_id=mine)).all())
    letters = len(session.scalars(select(Mail.id)).all())
    session.rollback()
    _forget_letters(session)
    told_why = set(kinds(results)) <= {"ok", "Conflict"}
    return told_why and (status, proofs, letters) in {("accepted", 1, 0), ("expired", 0, 1)}


def _forget_letters(session: Session) -> None:
    begin_writing()
    session.query(Mail).delete()
    session.commit()


def test_of_a_yes_and_the_end_of_the_time_one_happens(app: Flask, session: Session) -> None:
    assert all(one_thing_happened(app, session, delay) for delay in DELAYS)


def test_without_locks_both_happen(app: Flask, session: Session) -> None:
    with without_locks(db.engine):
        assert some_time(lambda: not all(one_thing_happened(app, session, delay) for delay in DELAYS), 4)


def two_to_decline(session: Session) -> tuple[int, list[int], int]:
    """A campaign that lets reserves follow by itself, two who are asked and two in reserve; and staff."""
    campaign = factories.campaign(session, invite_reserves=True)
    for number in range(4):
        factories.influencer(session, name=f"Noa {number}")
    by = By(factories.user(session, email=f"omar{campaign.id}@example.com").id, URL, factories.BEFORE)
    proposals.propose(session, campaign, Wish(2, 2, 50), by)
    sent = proposals.invite_all(session, campaign, by)
    session.commit()
    return campaign.id, [one.id for one in sent.invited], by.user_id


def declining(participation_id: int, user_id: int) -> Callable[[], None]:
    def deed() -> None:
        mine = db.session.get_one(Participation, participation_id)
        joining.refuse(db.session(), mine, "", URL, factories.BEFORE, user_id)
        db.session.commit()

    return deed


def both_were_followed(app: Flask, session: Session) -> bool:
    campaign_id, asked, user_id = two_to_decline(session)
    at_once(app, [declining(each, user_id) for each in asked])
    begin_writing()
    campaign = session.get_one(Campaign, campaign_id)
    statuses = sorted(one.status for one in factories.participants(session, campaign))
    session.rollback()
    return statuses == ["declined", "declined", "invited", "invited"]


def test_two_who_decline_at_once_are_followed_by_two_reserves(app: Flask, session: Session) -> None:
    assert both_were_followed(app, session)


def test_without_locks_both_ask_the_same_reserve(app: Flask, session: Session) -> None:
    with without_locks(db.engine):
        assert not both_were_followed(app, session)
