"""Two who press the button of one sign-in link at once: one comes in."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy.orm import Session

from campaigns.db import db
from campaigns.models import SignInLink
from campaigns.people import sign_in_links
from tests import factories
from tests.factories import NOW
from tests.faults.race import at_once, kinds, some_time, without_locks


def mailed(session: Session) -> str:
    mina = factories.user(session, influencer=factories.influencer(session))
    token = sign_in_links.new_token()
    sign_in_links.create_link(session, mina, token, "", NOW)
    session.commit()
    return token


def pressing(token: str) -> Callable[[], None]:
    def deed() -> None:
        sign_in_links.redeem_link(db.session(), token, NOW)
        db.session.commit()

    return deed


def looking_first(token: str) -> Callable[[], None]:
    """What redeeming would be without its condition: look, then mark."""

    def deed() -> None:
        found: SignInLink = sign_in_links.find_link(db.session(), token, NOW)
        found.used_at = NOW
        db.session.commit()

    return deed


def test_of_two_who_press_at_once_one_comes_in(app: Flask, session: Session) -> None:
    token = mailed(session)
    assert kinds(at_once(app, [pressing(token)] * 2)) == ["NotFound", "ok"]


def test_looking_first_and_marking_then_does_not_tell_two_apart(app: Flask, session: Session) -> None:
    def both_or_neither() -> bool:
        token = mailed(session)
        with without_locks(db.engine):
            return kinds(at_once(app, [looking_first(token)] * 2)) != ["NotFound", "ok"]

    assert some_time(both_or_neither)
