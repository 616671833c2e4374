"""Contacts: what shops tell of calls and leads is taken, judged, and followed by the books, some at a time.

As with orders there is one path for a delivery just come, one retried or replayed, and one posted to the API. Of two
messages about one contact the newer version counts, of one version the one further along, then their content: any
order of arrival ends in one state. One contact may decide what another one of the same person earns, so a shop's
contacts are held together, by one name.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Table, bindparam, select, update
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.commissions.contact_accrual import accrue_contacts
from campaigns.commissions.terms import canonical
from campaigns.db import lock_names
from campaigns.ids import public_id
from campaigns.models import Acceptance, Contact, Participation, Shop
from campaigns.questions import Question, among
from campaigns.rows import insert_rows, reserve_ids
from campaigns.tracking.contact_decisions import (
    BY_HAND,
    Verdict,
    count_once,
    judge,
    of_same_people,
    person_keys,
    without_earlier,
)
from campaigns.tracking.events import ContactSnapshot, ShopEvent
from campaigns.tracking.identity import email_key, phone_key
from campaigns.tracking.known import change, loose
from campaigns.tracking.people import Person

STATUS_RANK = {"created": 0, "qualified": 1, "closed": 2, "rejected": 3}
MOST_EARLIER = 50

_TABLE = Contact.__table__
assert isinstance(_TABLE, Table)
_NAMES = tuple(column.key for column in _TABLE.columns)
_TOLD = Question(select(*_TABLE.c).where(among(_TABLE.c.shop_id, "shops"), among(_TABLE.c.external_id, "numbers")))

Row = dict[str, Any]


class Telling(NamedTuple):
    """What a shop told of one contact."""

    shop_id: int
    contact: ContactSnapshot


def tellings(shop_id: int, event: ShopEvent) -> list[Telling]:
    """What there is to take from an event: one contact's news, or nothing."""
    return [Telling(shop_id, event.contact)] if event.contact else []


def hold_contacts(connection: Connection, shop_ids: Iterable[int]) -> None:
    """Whoever changes contacts, their decisions or their postings holds all of their shop until the end."""
    lock_names(connection, [f"contacts:{shop_id}" for shop_id in shop_ids])


def take(session: Session, shop: Shop, snapshot: ContactSnapshot, key: bytes, now: datetime) -> Contact:
    """Take one contact's news; the contact."""
    session.flush()
    take_all(session.connection(), [Telling(shop.id, snapshot)], key, now)
    session.expire_all()
    return session.scalars(select(Contact).filter_by(shop_id=shop.id, external_id=snapshot.external_id)).one()


def take_all(connection: Connection, news: Sequence[Telling], key: bytes, now: datetime) -> None:
    """Bring contacts to what shops tell, judge them, and bring their books along."""
    hold_contacts(connection, {one.shop_id for one in news})
    numbers = {one.contact.external_id for one in news}
    asked: dict[str, Iterable[Any]] = {"shops": {one.shop_id for one in news}, "numbers": numbers}
    places = {(one.shop_id, one.contact.external_id) for one in news}
    rows = [row._asdict() for row in _TOLD.ask(connection, **asked)]
    were = {row["id"]: row for row in rows if (row["shop_id"], row["external_id"]) in places}
    known = {(row["shop_id"], row["external_id"]): loose(Contact, row) for row in were.values()}
    for one in news:
        place = (one.shop_id, one.contact.external_id)
        known[place] = _apply(known.get(place), one, key, now)
    fresh = [contact for contact in known.values() if contact.id is None]
    for contact, number in zip(fresh, reserve_ids(connection, "contact", len(fresh)), strict=True):
        change(contact, {"id": number})
    _settle(connection, list(known.values()), were, key, now)


def decide_by_hand(
    session: Session,
    contact: Contact,
    participation: Participation | None,
    acceptance: Acceptance | None,
    because: str,
    user_id: int,
    key: bytes,
    now: datetime,
) -> None:
    """Put staff's decision on a contact: to whom it is credited, or to nobody. The caller holds the contacts."""
    session.flush()
    connection = session.connection()
    row = connection.execute(select(_TABLE).where(_TABLE.c.id == contact.id)).one()._asdict()
    decided = loose(Contact, row)
    evidence = without_earlier(row["evidence"])
    by_hand: Row = {
        "participation_id": participation.id if participation else None,
        "acceptance_id": acceptance.id if acceptance else None,
        "campaign_id": participation.campaign_id if participation else row["campaign_id"],
        "reason": "manual" if participation else BY_HAND,
        "evidence": evidence | {"assigned_because": because, "was": evidence.get("was", row["reason"])},
        "decided_by_user_id": user_id,
    }
    change(decided, by_hand)
    _settle(connection, [decided], {row["id"]: row}, key, now)
    session.expire_all()


def _apply(contact: Contact | None, told: Telling, key: bytes, now: datetime) -> Contact:
    """The contact as it is after a message: unchanged where a newer one has come before."""
    snapshot = told.contact
    digest = hashlib.sha256(msgspec.json.encode(snapshot)).hexdigest()
    stamp = (snapshot.version, STATUS_RANK[snapshot.status], digest)
    if contact is not None and (contact.version, STATUS_RANK[contact.status], contact.digest) >= stamp:
        return contact
    proof = dict(snapshot.proof) | ({"landing_url": snapshot.landing_url} if snapshot.landing_url else {})
    facts: Row = {
        "version": snapshot.version, "digest": digest, "happened_at": snapshot.happened_at, "status": snapshot.status,
        "kind": snapshot.kind, "seconds": snapshot.seconds, "codes": list(snapshot.codes),
        "click_ids": list(snapshot.click_ids), "test": snapshot.test, "proof": proof, "updated_at": now,
        "customer_key": email_key(key, snapshot.customer.email), "phone_key": phone_key(key, snapshot.customer.phone),
    }  # fmt: skip
    if contact is None:
        beginnings: Row = {name: None for name in _NAMES} | {
            "public_id": public_id(), "shop_id": told.shop_id, "external_id": snapshot.external_id,
            "first_seen_at": now, "reason": "", "evidence": {}, "decided_at": now,
        }  # fmt: skip
        contact = loose(Contact, beginnings)
    change(contact, facts)
    return contact


def _settle(connection: Connection, contacts: list[Contact], were: dict[int, Row], key: bytes, now: datetime) -> None:
    """Judge contacts and those of the same people, write what changed, and post what the books lack.

    `were` are the rows as the table has them; a contact that is missing there is new.
    """
    verdicts, people = judge(connection, contacts, key)
    others = _others(connection, contacts, were, verdicts)
    if others:
        more, further = judge(connection, others, key)
        verdicts, people = verdicts | more, people | further
    were = were | {one.id: _row(one) for one in others}
    everyone = [*contacts, *others]
    verdicts = count_once(everyone, verdicts)
    for one in everyone:
        _decide(one, verdicts[one.id], were.get(one.id), people, now)
    _write(connection, everyone, were)
    concerned = {one.participation_id for one in everyone} | {row["participation_id"] for row in were.values()}
    participations = {participation_id for participation_id in concerned if participation_id is not None}
    accrue_contacts(connection, [one.id for one in everyone], participations, now)


def _others(
    connection: Connection, contacts: Sequence[Contact], were: dict[int, Row], verdicts: dict[int, Verdict]
) -> list[Contact]:
    """The other contacts of the people these are with, or were with before."""
    campaigns = {verdict.campaign_id for verdict in verdicts.values()} | {row["campaign_id"] for row in were.values()}
    keys = {key for one in contacts for key in person_keys(one)}
    keys |= {row[name] for row in were.values() for name in ("customer_key", "phone_key")} - {""}
    known = {one.id for one in contacts}
    return of_same_people(connection, {one for one in campaigns if one is not None}, keys, known)


def _decide(contact: Contact, verdict: Verdict, was: Row | None, people: dict[int, Person], now: datetime) -> None:
    """Put the verdict on the row; what the contact was before stays in its evidence."""
    columns = verdict.columns()
    if was is None:
        change(contact, {**columns, "decided_at": now})
        return
    earlier, before = list(was["evidence"].get("earlier", [])), without_earlier(was["evidence"])
    if contact.status != was["status"] or any(columns[name] != was[name] for name in ("reason", "participation_id")):
        person = people.get(was["participation_id"] or 0)
        told = {"status": was["status"], "reason": was["reason"], "until": iso(now)}
        told |= {"because": before["assigned_because"]} if "assigned_because" in before else {}
        earlier.append(told | ({"participant": person.participant} if person else {}))
    if canonical(columns) != canonical({**{name: was[name] for name in columns}, "evidence": before}):
        change(contact, {"decided_at": now})
    evidence = verdict.evidence | ({"earlier": earlier[-MOST_EARLIER:]} if earlier else {})
    change(contact, {**columns, "evidence": evidence})


def _write(connection: Connection, contacts: Sequence[Contact], were: dict[int, Row]) -> None:
    """Write the new rows, and those that changed."""
    insert_rows(connection, Contact, [_row(one) for one in contacts if one.id not in were])
    changed = [row for one in contacts if one.id in were and (row := _row(one)) != were[one.id]]
    if changed:
        statement = update(Contact).where(Contact.id == bindparam("row_id"))
        connection.execute(statement, [{"row_id": row.pop("id"), **row} for row in changed])


def _row(contact: Contact) -> Row:
    held = vars(contact)
    return {name: held[name] for name in _NAMES}
