"""One-time links to a password, and API tokens: shown once, used once."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from campaigns.errors import Invalid, NotFound
from campaigns.people import invitations, passwords, sessions, tokens
from tests import factories
from tests.factories import NOW, PASSWORD


def test_an_invited_person_sets_a_password_once(session: Session):
    mina = factories.user(session, role="influencer")
    token = invitations.create_invitation(session, mina, NOW)
    invitations.redeem_invitation(session, token, PASSWORD, NOW)
    assert passwords.verify_password(mina.password_hash, PASSWORD)
    with pytest.raises(NotFound):
        invitations.redeem_invitation(session, token, "another good sentence", NOW)


def test_an_invitation_runs_out_after_seven_days(session: Session):
    token = invitations.create_invitation(session, factories.user(session), NOW)
    assert invitations.find_invitation(session, token, NOW + timedelta(days=7, seconds=-1))
    with pytest.raises(NotFound):
        invitations.find_invitation(session, token, NOW + timedelta(days=7))


def test_a_weak_password_does_not_use_up_the_link(session: Session):
    token = invitations.create_invitation(session, factories.user(session), NOW)
    with pytest.raises(Invalid):
        invitations.redeem_invitation(session, token, "short", NOW)
    assert invitations.redeem_invitation(session, token, PASSWORD, NOW)


def test_setting_a_password_voids_the_other_links_and_ends_the_sessions(session: Session):
    mina = factories.user(session, role="influencer")
    older = invitations.create_invitation(session, mina, NOW)
    newer = invitations.create_invitation(session, mina, NOW)
    thief = sessions.open_session(session, mina, NOW)
    invitations.redeem_invitation(session, newer, PASSWORD, NOW)
    assert sessions.find_session(session, thief, NOW) is None
    with pytest.raises(NotFound):
        invitations.find_invitation(session, older, NOW)


def test_a_token_acts_as_its_user_until_it_is_revoked(session: Session):
    omar = factories.user(session)
    token = tokens.create_token(session, omar, NOW)
    assert tokens.find_user_by_token(session, token) is omar
    name = tokens.token_name(tokens.live_tokens(session, omar)[0])
    tokens.revoke_token(session, omar, name, NOW)
    assert tokens.find_user_by_token(session, token) is None


def test_nobody_revokes_anothers_token(session: Session):
    omar, eve = factories.user(session), factories.user(session)
    token = tokens.create_token(session, omar, NOW)
    name = tokens.token_name(tokens.live_tokens(session, omar)[0])
    with pytest.raises(NotFound):
        tokens.revoke_token(session, eve, name, NOW)
    assert tokens.find_user_by_token(session, token) is omar


def test_the_token_of_a_user_switched_off_opens_nothing(session: Session):
    omar = factories.user(session)
    token = tokens.create_token(session, omar, NOW)
    omar.active = False
    assert tokens.find_user_by_token(session, token) is None
