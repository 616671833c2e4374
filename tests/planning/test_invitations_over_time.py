"""An invitation stands for a time: a reminder in its last third, an end, and another chance if staff give one."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import jobs
from campaigns.errors import Conflict
from campaigns.models import AuditEntry, Mail, Participation
from campaigns.planning import invitations_over_time as times
from campaigns.planning import participation as planning
from tests import factories

NOON = factories.BEFORE.replace(hour=12)
URL = "http://localhost"


def day(number: int) -> datetime:
    return NOON + timedelta(days=number)


def invited(session: Session, **plan: object) -> Participation:
    campaign = factories.campaign(session, invitation_days=6, **plan)  # type: ignore[arg-type]
    return planning.invite(session, campaign, factories.influencer(session, language="en"), NOON)


def work(session: Session, now: datetime) -> list[str]:
    """One ring of the timer; the steps that did something."""
    done = [step.__name__ for step, each in times.due(session, now) if step(session, each, URL, now)]
    session.expire_all()
    return done


def letters(session: Session) -> list[str]:
    return list(session.scalars(select(Mail.subject).order_by(Mail.id)))


def test_an_invitation_stands_for_the_campaigns_days(session: Session):
    assert invited(session).expires_at == day(6)


def test_an_invitation_never_outlasts_the_campaign(session: Session):
    mine = invited(session, starts_at=day(1), ends_at=day(4))
    assert mine.expires_at == day(4)


def test_an_invitation_to_a_campaign_that_is_over_has_no_end(session: Session):
    mine = invited(session, starts_at=day(-9), ends_at=day(-4))
    assert mine.expires_at is None and times.due(session, day(400)) == []


def test_a_reminder_comes_once_in_the_last_third(session: Session):
    invited(session)
    assert work(session, day(4) - timedelta(seconds=1)) == []
    assert work(session, day(4)) == ["remind"]
    assert work(session, day(5)) == []
    assert letters(session) == ["Still time to decide: the campaign of Amber Skin"]


def test_who_has_decided_is_not_reminded(session: Session):
    mine = invited(session)
    planning.accept(session, mine, 1, "en", day(1), None)
    assert work(session, day(5)) == work(session, day(9)) == []


def test_at_the_end_the_invitation_is_over_and_a_letter_says_so(session: Session):
    mine = invited(session)
    work(session, day(5))
    assert work(session, day(6)) == ["end"] and work(session, day(7)) == []
    assert mine.status == "expired"
    assert letters(session)[1:] == ["The invitation of Amber Skin has ended"]
    assert session.scalars(select(AuditEntry.action)).all() == ["invitation.expired"]


def test_a_cancelled_campaigns_invitations_end_without_a_letter(session: Session):
    mine = invited(session)
    mine.campaign.status = "cancelled"
    session.flush()
    work(session, day(9))
    assert mine.status == "expired" and letters(session) == []


@pytest.mark.parametrize("noted", [True, False], ids=["noted", "not noted yet"])
def test_after_the_end_neither_yes_nor_no_is_taken(session: Session, noted: bool):
    mine = invited(session)
    if noted:
        work(session, day(6))
    with pytest.raises(Conflict, match="the time of this invitation is over"):
        planning.accept(session, mine, 1, "en", day(6), None)
    with pytest.raises(Conflict, match="the time of this invitation is over"):
        planning.decline(session, mine, "", day(6))


def test_a_moment_before_the_end_is_in_time(session: Session):
    mine = invited(session)
    planning.accept(session, mine, 1, "en", day(6) - timedelta(microseconds=1), None)
    assert mine.status == "accepted"


def test_who_has_accepted_can_accept_newer_terms_long_after(session: Session):
    mine = invited(session)
    planning.accept(session, mine, 1, "en", day(1), None)
    assert planning.accept(session, mine, 1, "en", day(8), None).terms_version == 1


def test_staff_can_give_more_time_and_a_reminder_comes_again(session: Session):
    mine = invited(session)
    work(session, day(5))
    planning.extend(session, mine, day(5))
    assert mine.expires_at == day(11)
    assert work(session, day(6)) == [] and work(session, day(9)) == ["remind"]


@pytest.mark.parametrize("how", ["declined", "expired"])
def test_who_declined_or_let_it_pass_can_be_invited_again(session: Session, how: str):
    mine = invited(session)
    if how == "declined":
        planning.decline(session, mine, "no time", day(1))
    else:
        work(session, day(6))
    planning.invite_again(session, mine, day(7))
    assert (mine.status, mine.expires_at, mine.decline_reason) == ("invited", day(13), "")
    planning.accept(session, mine, 1, "en", day(8), None)


def test_who_takes_part_is_not_invited_again(session: Session):
    mine = invited(session)
    planning.accept(session, mine, 1, "en", day(1), None)
    with pytest.raises(Conflict, match="already accepted"):
        planning.invite_again(session, mine, day(2))


def test_opening_an_invitation_that_ended_meanwhile_does_not_revive_it(session: Session):
    mine = invited(session)
    assert times.end(session, mine.id, URL, day(6))
    planning.mark_viewed(session, mine, day(6))
    assert mine.status == "expired"


def test_the_timer_does_it_all_and_waits_when_there_is_nothing(session: Session, app):
    mine = invited(session)
    timer = next(one for one in jobs.TIMERS if one.name == "invitations")
    assert not timer.waiting(session, day(1)) and timer.waiting(session, day(6))
    timer.work(session, app.extensions["settings"], day(6))
    assert mine.status == "expired"
    assert not timer.waiting(session, day(6))
