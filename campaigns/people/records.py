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
from campaigns.money import LARGEST_MINOR
from campaigns.people import passwords
from campaigns.people.fields import (
    Collected,
    Refused,
    read_choice,
    read_email,
    read_language,
    read_number,
    read_phone,
    read_text,
)
from campaigns.people.payee import read_payee

DEFAULT_LANGUAGE = "he"
MOST_ENTRIES = 50
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
) -> Influencer:
    """An influencer and their invited sign-in; raises Invalid with every field that is wrong."""
    collected = Collected()
    sent = {
        "name": name,
        "phone": phone,
        "language": language,
        "niches": niches,
        "accounts": accounts,
        "payee": payee or {},
    }
    columns = {"payee_route": "invoice"} | _influencer_columns(collected, sent, "invoice")
    email = collected.read("email", partial(_free_email, session, email), "")
    collected.finish()
    influencer = Influencer(**columns, email=email, created_at=now)
    session.add(influencer)
    create_user(session, email, "influencer", now, language=influencer.language, influencer=influencer)
    session.flush()
    return influencer


def update_influencer(session: Session, influencer: Influencer, **sent: Any) -> Influencer:
    """Change what was sent of name, phone, language, niches, accounts and payee, and nothing else; raises Invalid."""
    collected = Collected()
    columns = _influencer_columns(collected, sent, influencer.payee_route)
    collected.finish()
    for column, value in columns.items():
        setattr(influencer, column, value)
    session.flush()
    return influencer


def _influencer_columns(collected: Collected, sent: Mapping[str, Any], route: str) -> dict[str, Any]:
    readers: dict[str, Callable[[Any], Any]] = {
        "name": lambda value: read_text(value, 200, required=True),
        "phone": read_phone,
        "language": read_language,
        "niches": _read_niches,
        "accounts": _read_accounts,
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


def _read_niches(value: Iterable[str]) -> list[str]:
    niches = [read_text(niche, 60, required=True) for niche in value]
    if len(niches) > MOST_ENTRIES:
        raise Refused(N_("This is too long."))
    return list(dict.fromkeys(niches))


def _read_accounts(value: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    accounts = [
        {
            "network": read_text(account.get("network"), 40, required=True),
            "handle": read_text(account.get("handle"), 100, required=True),
            "followers": read_number(account.get("followers", 0), LARGEST_MINOR),
        }
        for account in value
    ]
    if len(accounts) > MOST_ENTRIES:
        raise Refused(N_("This is too long."))
    return accounts


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
