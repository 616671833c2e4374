"""When a place becomes free staff are told once, by name, and where to invite the next."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Candidate, Mail, User
from campaigns.people.mail import write_letter
from campaigns.people.notices import Ways, board, choose
from campaigns.planning import invitations_over_time
from campaigns.planning.matching import proposals
from campaigns.planning.matching.proposals import By
from tests import factories
from tests.factories import BEFORE
from tests.planning.test_proposals import URL, first_one, proposed, refuse, stage


def staff_letters(session: Session) -> list[Mail]:
    to_staff = Mail.recipient.in_(select(User.email).where(User.role == "agency"))
    return list(session.scalars(select(Mail).where(to_staff).order_by(Mail.id)))


def all_invited(session: Session, **plan: object) -> tuple[list[Candidate], By]:
    campaign, by = stage(session, **plan)  # type: ignore[arg-type]
    made = proposed(session, campaign, by)
    proposals.invite_all(session, campaign, by)
    return made, by


def test_after_a_no_staff_read_who_is_next_and_where_to_invite_them(session: Session):
    made, by = all_invited(session)
    campaign = made[0].campaign
    refuse(session, first_one(session, campaign), by)
    [letter] = staff_letters(session)
    assert letter.subject == f"A place is free: {campaign.name}"
    assert "was declined" in letter.body and "Invite them here" in letter.body
    assert made[0].influencer.name in letter.body and made[3].influencer.name in letter.body
    assert f"{URL}/console/campaigns/{campaign.public_id}/matching" in letter.body


def test_where_the_next_is_invited_by_itself_the_letter_says_who(session: Session):
    made, by = all_invited(session, invite_reserves=True)
    refuse(session, first_one(session, made[0].campaign), by)
    [letter] = staff_letters(session)
    assert letter.subject.startswith("A place was free, and the next is invited")
    assert f"invited by itself: \u2068{made[3].influencer.name}\u2069" in letter.body


def test_an_invitation_that_ran_out_is_told_once_however_many_workers_look(session: Session):
    made, _ = all_invited(session)
    mine = first_one(session, made[0].campaign)
    later = BEFORE + timedelta(days=7)
    assert [invitations_over_time.end(session, mine.id, URL, later) for _ in range(2)] == [True, False]
    [letter] = staff_letters(session)
    assert "has run out" in letter.body


def test_without_a_waiting_list_the_letter_says_so(session: Session):
    campaign, by = stage(session)
    proposed(session, campaign, by, waiting=0)
    proposals.invite_all(session, campaign, by)
    refuse(session, first_one(session, campaign), by)
    assert "Nobody is left on the waiting list" in staff_letters(session)[0].body


def test_a_reserve_who_came_in_by_another_way_is_not_named(session: Session):
    made, by = all_invited(session)
    factories.participation(session, campaign=made[0].campaign, influencer=made[3].influencer)
    refuse(session, first_one(session, made[0].campaign), by)
    assert made[4].influencer.name in staff_letters(session)[0].body


def test_no_place_is_free_where_fifteen_are_coming(session: Session):
    campaign, by = stage(session, people=17)
    proposed(session, campaign, by, count=16, waiting=1)
    proposals.invite_all(session, campaign, by)
    refuse(session, first_one(session, campaign), by)
    assert staff_letters(session) == []


def test_no_place_is_free_in_a_campaign_that_was_called_off(session: Session):
    made, _ = all_invited(session)
    made[0].campaign.status = "cancelled"
    assert invitations_over_time.end(session, first_one(session, made[0].campaign).id, URL, BEFORE + timedelta(days=7))
    assert staff_letters(session) == []


def test_who_switched_campaigns_off_by_mail_has_it_on_the_board(session: Session):
    made, by = all_invited(session)
    staff = session.get_one(User, by.user_id)
    choose(session, staff, {"campaign": Ways(by_mail=False, in_app=True)}, BEFORE)
    refuse(session, first_one(session, made[0].campaign), by)
    assert staff_letters(session) == []
    [notice], _ = board(session, staff)
    assert notice.path == f"/console/campaigns/{made[0].campaign.public_id}/matching"


def test_the_letter_speaks_its_readers_language():
    facts = {
        "campaign": "Spring",
        "person": "Mina",
        "declined": True,
        "following": "Noa",
        "invited": False,
        "link": "x",
    }
    said = {language: write_letter("place_free", language, **facts) for language in ("en", "he", "ar", "ru")}
    assert len({subject for subject, _ in said.values()}) == 4
    assert all("Mina" in body and "Noa" in body for _, body in said.values())
