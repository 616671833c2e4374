"""The people and companies on record, and the sign-ins that act for them.

A brand or an influencer comes with a sign-in for its address, invited and without a password; one address signs in
for one thing only.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid
from campaigns.i18n import N_
from campaigns.models import Brand, Influencer, User
from campaigns.models.accounts import ROLES
from campaigns.people import passwords, profile
from campaigns.people.fields import (
    Collected,
    Refused,
    read_choice,
    read_email,
    read_language,
    read_phone,
    read_text,
)
from campaigns.people.followers import count_followers, followers_by_account
from campaigns.people.payee import read_payee

DEFAULT_LANGUAGE = "he"
TAKEN = N_("This address already signs in here. Use another one.")


def find_user(session: Session, email: str) -> User | None:
    """Who signs in with this address, in any case of its letters."""
    return session.scalar(select(User).where(User.email == email.strip().casefold()))


def create_user(
    session: Session,
    email: str,
    role: str,
    now: datetime,
    password: str | None = None,
    language: str = DEFAULT_LANGUAGE,
    brand: Brand | None = None,
    influencer: Influencer | None = None,
) -> User:
    """A sign-in; an invited one of the same role that has no password yet is given it. Raises Invalid or Conflict."""
    collected = Collected()
    email = collected.read("email", partial(read_email, email), "")
    collected.read("role", partial(read_choice, role, ROLES), "")
    collected.read("language", partial(read_language, language), "")
    if password is not None and (reasons := passwords.password_errors(password)):
        collected.errors["password"] = reasons
    collected.finish()
    found = find_user(session, email)
    if found is not None:
        return _give_password(session, found, role, password)
    user = User(email=email, role=role, language=language, brand=brand, influencer=influencer, created_at=now)
    user.active = True
    user.password_hash = passwords.hash_password(password) if password is not None else None
    _add(session, user)
    return user


def create_brand(
    session: Session, name: str, email: str, legal_name: str, registration_number: str, now: datetime
) -> Brand:
    """A brand and its invited sign-in; raises Invalid with every field that is wrong."""
    collected = Collected()
    brand = Brand(
        name=collected.read("name", partial(read_text, name, 200, required=True), ""),
        email=collected.read("email", partial(_free_email, session, email), ""),
        legal_name=collected.read("legal_name", partial(read_text, legal_name, 200), ""),
        registration_number=collected.read("registration_number", partial(read_text, registration_number, 40), ""),
        created_at=now,
    )
    collected.finish()
    session.add(brand)
    create_user(session, brand.email, "brand", now, brand=brand)
    session.flush()
    return brand


def create_influencer(
    session: Session,
    name: str,
    email: str,
    now: datetime,
    language: str = DEFAULT_LANGUAGE,
    niches: Iterable[str] = (),
    accounts: Iterable[Mapping[str, Any]] = (),
    payee: Mapping[str, Any] | None = None,
    phone: str = "",
    source: str = "typed",
    **matching: Any,
) -> Influencer:
    """An influencer and their invited sign-in; raises Invalid with every field that is wrong.

    `matching` is what that asks of them: styles, content_languages, audience, away, leaderboard. `source` is where
    the numbers of followers come from.
    """
    who = {"name": name, "phone": phone, "language": language}
    sent = who | {"niches": niches, "accounts": accounts, "payee": payee or {}} | matching
    influencer = _read_influencer(sent, partial(_free_email, session, email), now)
    session.add(influencer)
    create_user(session, email, "influencer", now, language=influencer.language, influencer=influencer)
    session.flush()
    count_followers(session, influencer, {}, source, now.date())
    return influencer


def add_influencers(
    session: Session, people: Iterable[tuple[str, Mapping[str, Any]]], now: datetime, source: str
) -> list[Influencer]:
    """Many influencers with their invited sign-ins, each an address and what is known; written in a few statements.

    Raises Invalid for the first that can't be, and Conflict where an address was taken in the meantime: the
    transaction is then to be rolled back.
    """
    users: list[User] = []
    for email, told in people:
        sent = {"language": DEFAULT_LANGUAGE} | dict(told)
        influencer = _read_influencer(sent, partial(read_email, email), now)
        users.append(
            User(email=influencer.email, role="influencer", language=influencer.language, influencer=influencer)
        )
        users[-1].created_at, users[-1].active = now, True
    session.add_all(users)
    try:
        session.flush()  # without a savepoint, whose upkeep grows with the square: the whole transaction is refused
    except IntegrityError as error:
        raise Conflict(TAKEN) from error
    made = [user.influencer for user in users if user.influencer is not None]
    for influencer in made:
        count_followers(session, influencer, {}, source, now.date())
    session.flush()
    return made


def influencer_errors(sent: Mapping[str, Any]) -> dict[str, list[str]]:
    """What would be refused of the fields sent, by field, before anything is made or changed; {} for nothing."""
    collected = Collected()
    _influencer_columns(collected, sent, "invoice")
    return collected.errors


def update_influencer(
    session: Session, influencer: Influencer, now: datetime, source: str = "typed", **sent: Any
) -> list[str]:
    """Change what was sent of a record, and nothing else; the columns that are other than before. Raises Invalid."""
    before = followers_by_account(influencer.accounts)
    changes = influencer_changes(influencer, sent)
    for column, value in changes.items():
        setattr(influencer, column, value)
    session.flush()
    count_followers(session, influencer, before, source, now.date())
    return list(changes)


def influencer_changes(influencer: Influencer, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that what was sent would make other than they are, and their new values. Raises Invalid."""
    collected = Collected()
    columns = _influencer_columns(collected, sent, influencer.payee_route)
    collected.finish()
    return {column: value for column, value in columns.items() if getattr(influencer, column) != value}


def _read_influencer(sent: Mapping[str, Any], address: Callable[[], str], now: datetime) -> Influencer:
    """A record of what was sent, not yet added; raises Invalid with every field that is wrong."""
    collected = Collected()
    columns = {"payee_route": "invoice"} | _influencer_columns(collected, sent, "invoice")
    email = collected.read("email", address, "")
    collected.finish()
    return Influencer(**columns, email=email, created_at=now)


def _influencer_columns(collected: Collected, sent: Mapping[str, Any], route: str) -> dict[str, Any]:
    readers: dict[str, Callable[[Any], Any]] = {
        "name": lambda value: read_text(value, 200, required=True),
        "phone": read_phone,
        "language": read_language,
        "niches": profile.read_niches,
        "accounts": profile.read_accounts,
        "styles": profile.read_styles,
        "content_languages": profile.read_content_languages,
        "audience": profile.read_audience,
        "away": profile.read_away,
        "leaderboard": profile.read_leaderboard,
    }
    columns: dict[str, Any] = {}
    for field, value in sent.items():
        if field == "payee":
            columns |= read_payee(collected, value, route)
        elif field in readers:
            columns[field] = collected.read(field, partial(readers[field], value), None)
        else:
            collected.errors.setdefault(field, []).append(N_("There is no such field."))
    return columns


def _free_email(session: Session, value: object) -> str:
    email = read_email(value)
    if find_user(session, email) is not None:
        raise Refused(TAKEN)
    return email


def _give_password(session: Session, found: User, role: str, password: str | None) -> User:
    if found.role != role or found.password_hash is not None or password is None:
        raise Conflict(TAKEN)
    found.password_hash = passwords.hash_password(password)
    session.flush()
    return found


def _add(session: Session, user: User) -> None:
    """Two who create the same address at once: one gets it, the other is told."""
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError as error:
        raise Invalid({"email": [TAKEN]}) from error
