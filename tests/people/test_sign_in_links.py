"""Links that sign in: once, for a quarter of an hour, and for whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import NotFound
from campaigns.models import SignInLink, User
from campaigns.people import invitations, sessions, sign_in_links
from tests import factories
from tests.factories import NOW


@pytest.fixture
def mina(session: Session) -> User:
    return factories.user(session, influencer=factories.influencer(session))


def link(session: Session, user: User) -> str:
    token = sign_in_links.new_token()
    sign_in_links.create_link(session, user, token, "/me", NOW)
    return token


def test_a_link_lets_its_user_in_once(session: Session, mina: User):
    token = link(session, mina)
    assert sign_in_links.redeem_link(session, token, NOW).user is mina
    with pytest.raises(NotFound):
        sign_in_links.redeem_link(session, token, NOW)


def test_looking_at_a_link_does_not_use_it_up(session: Session, mina: User):
    token = link(session, mina)
    for _ in range(3):
        assert sign_in_links.find_link(session, token, NOW).target == "/me"
    assert sign_in_links.redeem_link(session, token, NOW)


def test_a_link_runs_out_after_a_quarter_of_an_hour(session: Session, mina: User):
    token = link(session, mina)
    assert sign_in_links.find_link(session, token, NOW + timedelta(minutes=14, seconds=59))
    with pytest.raises(NotFound):
        sign_in_links.redeem_link(session, token, NOW + timedelta(minutes=15))


def test_coming_in_with_one_link_voids_the_others(session: Session, mina: User):
    older, newer = link(session, mina), link(session, mina)
    sign_in_links.redeem_link(session, newer, NOW)
    with pytest.raises(NotFound):
        sign_in_links.find_link(session, older, NOW)


def test_the_database_does_not_hold_the_token(session: Session, mina: User):
    token = link(session, mina)
    stored = session.scalars(select(SignInLink)).one()
    assert len(stored.token_hash) == 64 and token not in stored.token_hash


def test_links_that_ran_out_are_forgotten_with_the_next(session: Session, mina: User):
    link(session, mina)
    for minutes in (5, 20):
        at = NOW + timedelta(minutes=minutes)
        sign_in_links.create_link(session, mina, sign_in_links.new_token(), "", at)
    assert len(session.scalars(select(SignInLink)).all()) == 1


@pytest.mark.parametrize("role", ["agency", "switched off"])
def test_staff_and_those_switched_off_come_in_by_no_link(session: Session, mina: User, role: str):
    who = factories.user(session) if role == "agency" else mina
    who.active = role == "agency"
    with pytest.raises(NotFound):
        sign_in_links.redeem_link(session, link(session, who), NOW)


def test_a_new_password_and_signing_out_everywhere_void_open_links(session: Session, mina: User):
    for ending in ("password", "sign out"):
        token = link(session, mina)
        if ending == "password":
            asked = invitations.create_invitation(session, mina, NOW)
            invitations.redeem_invitation(session, asked, factories.PASSWORD, NOW)
        else:
            sessions.end_all_sessions(session, mina)
        with pytest.raises(NotFound):
            sign_in_links.find_link(session, token, NOW)
