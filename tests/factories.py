"""Things to test with, valid unless asked otherwise, made by the domain's own functions.

Every factory takes the session first and everything else by name, and flushes; who needs a request afterwards uses
`visit` and `submit`, which commit first and answer in a context of their own, as a server does. The stage is set in
May 2026: NOW is in the middle of a three-week campaign.
"""

import hashlib
import json
from contextvars import Context
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session
from werkzeug.test import TestResponse

from campaigns.clock import utc_now
from campaigns.db import db
from campaigns.deductions import entering
from campaigns.deductions.tables import shipped
from campaigns.documents.issue import issue
from campaigns.ids import TimeOrdered
from campaigns.models import (
    Brand,
    Campaign,
    CampaignAsset,
    Candidate,
    Certificate,
    Contact,
    Delivery,
    Document,
    ExchangeRate,
    Finding,
    ImportRun,
    Influencer,
    Order,
    Participation,
    ReceivedDocument,
    Registration,
    ReplayRun,
    Shop,
    Statement,
    Studio,
    StudioSlot,
    TableRow,
    TrainingPage,
    User,
)
from campaigns.people import records, sessions
from campaigns.people.certificates import add_certificate
from campaigns.planning import life, plans, rates, registrations
from campaigns.planning import participation as planning
from campaigns.planning.customers import read_customer
from campaigns.planning.importing.runs import By, preview
from campaigns.planning.launching import material, training, vetting
from campaigns.planning.plans import Plan
from campaigns.planning.shops import create_shop
from campaigns.settlement.reconciling.exported import Export, ShopOrder
from campaigns.settlement.reconciling.reconciliation import reconcile
from campaigns.tracking import contacts, inbox, orders, replaying
from campaigns.tracking.click_ids import signed
from campaigns.tracking.clicks import ClickRow, Visit, click_row, write_clicks
from campaigns.tracking.events import (
    ContactSnapshot,
    Customer,
    Envelope,
    Line,
    OrderSnapshot,
    Refund,
    RefundLine,
    ShopEvent,
)
from campaigns.tracking.links import find_target
from tests.documents.contents import self_billing_invoice

BEFORE = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)  # campaigns are planned and accepted
START = datetime(2026, 5, 1, 6, 0, tzinfo=UTC)
NOW = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
END = datetime(2026, 5, 22, 18, 0, tzinfo=UTC)
PASSWORD = "a sentence nobody guesses"
TERMS = {"influencer_rate_bps": 1500, "agency_rate_bps": 300, "base": "net"}

_number = count(1)


def brand(session: Session, *, name: str = "Amber Skin", email: str = "", now: datetime = BEFORE) -> Brand:
    """A brand with its invited sign-in."""
    return records.create_brand(session, name, email or f"brand{next(_number)}@example.com", f"{name} Ltd", "", now)


def shop(
    session: Session,
    *,
    brand: Brand | None = None,
    platform: str = "standard",
    name: str = "Amber shop",
    domain: str = "shop.example.com",
    currency: str = "ILS",
    timezone: str = "Asia/Jerusalem",
    secret: str | None = None,
) -> Shop:
    """A shop of a brand, of a new one unless given."""
    owner = brand or _brand(session)
    return create_shop(session, owner, platform, name, domain, currency, timezone, BEFORE, secret)


def influencer(
    session: Session,
    *,
    name: str = "Noa Levi",
    email: str = "",
    language: str = "he",
    niches: tuple[str, ...] = ("skin care",),
    followers: int = 12_000,
    payee: dict[str, Any] | None = None,
) -> Influencer:
    """An influencer with one account and an invited sign-in."""
    number = next(_number)
    account = {"network": "instagram", "handle": f"@noa{number}", "followers": followers}
    return records.create_influencer(
        session, name, email or f"noa{number}@example.com", BEFORE, language, niches, [account], payee
    )


def campaign(
    session: Session,
    *,
    shop: Shop | None = None,
    name: str = "Spring serum",
    starts_at: datetime = START,
    ends_at: datetime = END,
    terms: dict[str, Any] | None = None,
    **plan: Any,
) -> Campaign:
    """A draft with terms of 15 % for the influencer and 3 % for the agency."""
    stage = shop or _shop(session)
    facts: dict[str, Any] = {
        "timezone": stage.timezone,
        "landing_url": f"https://{stage.domain}/serum",
        "coupon_percent_off": 10,
    }
    whole = Plan(name=name, starts_at=starts_at, ends_at=ends_at, terms=terms or dict(TERMS), **(facts | plan))
    return plans.create_campaign(session, stage.brand, stage, whole, BEFORE)


def participation(
    session: Session,
    *,
    campaign: Campaign | None = None,
    influencer: Influencer | None = None,
    accepted: bool = True,
    overrides: dict[str, Any] | None = None,
    now: datetime = BEFORE,
) -> Participation:
    """An invited influencer who, unless told otherwise, has accepted the newest terms.

    Servers of the tests live in another time than the stage: an invitation to be answered there has no end.
    """
    place = campaign or _campaign(session)
    person = influencer or _influencer(session)
    made = planning.invite(session, place, person, now, overrides)
    if accepted:
        planning.accept(session, made, place.terms.version, person.language, now, None)
    else:
        made.expires_at = None
        session.flush()
    return made


def candidate(session: Session, *, campaign: Campaign, influencer: Influencer, reserve: bool = False) -> Candidate:
    """Somebody proposed for a campaign, without reasons."""
    row = Candidate(
        campaign_id=campaign.id, influencer_id=influencer.id, place=1, reserve=reserve, weight_percent=50,
        fit_bps=5000, fairness_bps=5000, total_ppm=500_000, proposed_at=BEFORE,
        reasons={"fit": [], "fairness": [], "expected": {"basis": "unknown", "sample": 0}},
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def live_campaign(session: Session, *, accepted: int = 12, now: datetime = NOW, **asked: Any) -> Campaign:
    """A campaign in its second week, launched before it began, with `accepted` active participants."""
    made = campaign(session, **asked)
    for number in range(1, accepted + 1):
        participation(session, campaign=made, influencer=influencer(session, name=f"Noa {number}"))
    life.launch(session, made, BEFORE, "" if accepted in life.ROSTER else "a small test")
    life.advance(session, made, now)
    return made


def participants(session: Session, campaign: Campaign) -> list[Participation]:
    """Everyone invited, in that order."""
    return list(session.scalars(select(Participation).filter_by(campaign_id=campaign.id).order_by(Participation.id)))


def order(
    session: Session,
    *,
    shop: Shop,
    code: str = "",
    external_id: str = "",
    net_minor: int = 10_000,
    tax_minor: int = 0,
    refunded_minor: int = 0,
    status: str = "paid",
    placed_at: datetime = NOW,
    taken_at: datetime | None = None,
    email: str | None = "buyer@example.com",
    test: bool = False,
    **facts: Any,
) -> Order:
    """An order of one line, taken as a delivery would be: judged, and posted to the books."""
    number = external_id or str(1000 + next(_number))
    snapshot = OrderSnapshot(
        external_id=number,
        number=f"#{number}",
        version=facts.pop("version", placed_at),
        placed_at=placed_at,
        status=status,
        raw_status=status,
        currency=facts.pop("currency", shop.currency),
        prices_include_tax=True,
        lines=(Line("1", "SERUM", "Serum", "skin care", "1", net_minor, tax_minor, 0),),
        shipping_minor=0,
        tax_minor=tax_minor,
        fees_minor=0,
        total_minor=net_minor + tax_minor,
        codes=(code,) if code else (),
        customer=Customer(email=email),
        test=test,
        refunds=_refunds(refunded_minor, placed_at),
        **facts,
    )
    event = ShopEvent(topic="order.paid", order=snapshot)
    taken = orders.take(session, shop, event, identity_key(), taken_at or placed_at)
    assert taken is not None
    return taken


def _refunds(amount_minor: int, at: datetime) -> tuple[Refund, ...]:
    if not amount_minor:
        return ()
    return (Refund("r1", at, None, (RefundLine("1", "1", amount_minor, 0),), False, money_minor=amount_minor),)


def contact(
    session: Session,
    *,
    shop: Shop,
    code: str = "",
    external_id: str = "",
    status: str = "created",
    seconds: int | None = None,
    happened_at: datetime = NOW,
    email: str | None = None,
    phone: str | None = None,
    **facts: Any,
) -> Contact:
    """A call or lead, taken as a delivery would be; of a person of its own unless told otherwise."""
    number = external_id or f"c{next(_number)}"
    snapshot = ContactSnapshot(
        external_id=number,
        version=facts.pop("version", happened_at),
        happened_at=happened_at,
        status=status,
        kind=facts.pop("kind", "call"),
        seconds=seconds,
        codes=(code,) if code else (),
        customer=Customer(email=email or (None if phone else f"{number}@example.com"), phone=phone),
        **facts,
    )
    return contacts.take(session, shop, snapshot, identity_key(), happened_at)


def rate(session: Session, *, day: date, from_currency: str = "USD", millionths: int = 3_600_000) -> ExchangeRate:
    """A rate of exchange of one day."""
    asked = rates.Rate(from_currency, "ILS", day, day, millionths, "the bank")
    return rates.enter_rate(session, asked, None, identity_key(), NOW)


def table_row(
    session: Session,
    *,
    table: str = "IL.credit_point",
    figures: dict[str, Any] | None = None,
    first: date = date(2028, 1, 1),
    last: date | None = date(2028, 12, 31),
    verified: bool = False,
    now: datetime = NOW,
) -> TableRow:
    """A row of a deduction table as one person entered it; verified by another if told so."""
    values = figures or {"value_minor": 25_000}
    asked = entering.Asked(table, first, last, "the law", values)
    row = entering.enter_row(session, asked, shipped().rows(table)[0].values, user(session).id, now)
    if verified:
        entering.verify_row(session, row, user(session).id, True, now)
    return row


def certificate(session: Session, *, influencer: Influencer, **changes: Any) -> Certificate:
    """5 % withheld in 2026, unless told otherwise."""
    days = {"from_date": date(2026, 1, 1), "to_date": date(2026, 12, 31)}
    usual = {"kind": "withholding", "number": "4711", "rate_bps": 500, **days}
    return add_certificate(session, influencer, usual | changes, None, NOW)


def click(
    session: Session, *, participation: Participation, at: datetime = NOW, agent: str = "", address: str = "192.0.2.1"
) -> ClickRow:
    """A visit through a participant's link, as the redirect writes it."""
    assert participation.link is not None
    target = find_target(session.connection(), participation.link.slug)
    assert target is not None
    number = TimeOrdered.floor(at) | next(_number)  # of its own moment, whatever moments other tests were at
    row = click_row(target, Visit("GET", {"user-agent": agent}, address), number, identity_key(), at)
    write_clicks(session.connection(), [row], 0)
    return row


def registered(session: Session, person: Participation, email: str, now: datetime = NOW) -> Registration:
    """A customer registered by a participant themselves."""
    by = registrations.By(user(session, influencer=person.influencer).id, "http://localhost", identity_key(), now)
    return registrations.register(session, person, read_customer(email, "", identity_key()), by)[0]


def click_id(row: ClickRow) -> str:
    """What the shop is told of a click."""
    return signed(identity_key(), row.id)


def delivery(
    session: Session, *, shop: Shop, body: object = None, topic: str = "order.paid", now: datetime = NOW
) -> Delivery:
    """A genuine delivery as the inbox keeps it; without a body it can't be read, and is kept as failed."""
    raw = body if isinstance(body, bytes) else json.dumps(body if body is not None else {"type": topic}).encode()
    envelope = Envelope(topic=topic, delivery_id=f"msg_{next(_number)}", occurred_at=now)
    return deliver(session, shop, envelope, raw, now)[1]


def deliver(session: Session, shop: Shop, envelope: Envelope, body: bytes, now: datetime = NOW) -> tuple[str, Delivery]:
    """A genuine delivery as the webhook takes it: what became of it, and the row that is kept."""
    session.flush()
    one = inbox.arrival(shop, envelope, body, now)
    (status,) = inbox.keep(session.connection(), [one], identity_key(), now)
    session.expire_all()
    known = dict(zip(("shop_id", "topic", "delivery_id", "body_sha256"), one.known_by, strict=True))
    return status, session.scalars(select(Delivery).filter_by(**known)).one()


def replay_run(session: Session, *, shop: Shop, only_failed: bool = True, now: datetime = NOW) -> ReplayRun:
    """Everything of a shop asked to be read again, and not begun."""
    asked = now + timedelta(seconds=1)
    return replaying.start(session, shop, BEFORE, asked, only_failed, None, asked)


def import_run(session: Session, *, now: datetime = NOW) -> ImportRun:
    """A file of one new person, uploaded and not decided."""
    return preview(session, "people.csv", b"Name,Email\nZoe,zoe@example.com\n", By(user(session).id, "", now))


def finding(session: Session, *, campaign: Campaign, number: int = 9001, now: datetime = NOW) -> Finding:
    """A campaign held against an export that has one order more: that one."""
    at, lacks = campaign.starts_at, "the items"
    more = ShopOrder(1, f"{number}", f"#{number}", at, "paid", "paid", campaign.currency, 10_000, lacks=lacks)
    made = reconcile(session, campaign, Export("json", [more]), b"", None, now)
    return next(found for found in made.findings if found.kind == "missing_here")


def received_paper(session: Session, *, influencer: Influencer, now: datetime = NOW) -> ReceivedDocument:
    """A receipt for their first statement, whatever its route, as an upload leaves it."""
    statement = session.scalars(select(Statement).filter_by(influencer_id=influencer.id).order_by(Statement.id)).first()
    assert statement is not None
    body = b"%PDF-1.7 %%EOF"
    paper = ReceivedDocument(
        statement_id=statement.id, influencer_id=influencer.id, kind="receipt", number=f"R{next(_number)}",
        issued_on=now.date(), currency=statement.currency, net_minor=statement.amount_minor, vat_minor=0,
        media_type="application/pdf", body=body, sha256=hashlib.sha256(body).hexdigest(), received_at=now,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    return paper


def self_billed(session: Session, *, influencer: Influencer, now: datetime = NOW) -> Document:
    """An invoice written in their name for their first statement."""
    statement = session.scalars(select(Statement).filter_by(influencer_id=influencer.id).order_by(Statement.id)).first()
    assert statement is not None
    contents = self_billing_invoice(statement=statement.document.number)
    return issue(session, "self_billing_invoice", contents, "en", now, now.year, influencer_id=influencer.id)


def asset(session: Session, *, campaign: Campaign, title: str = "First words", now: datetime = BEFORE) -> CampaignAsset:
    """A file of a campaign's material: the smallest PDF."""
    body = b"%PDF-1.7 %%EOF"
    return material.add_file(session, campaign, title, "", body, "application/pdf", now, None)


def training_page(
    session: Session,
    *,
    campaign: Campaign | None = None,
    title: str = "How the code works",
    language: str = "en",
    kind: str = "lesson",
    now: datetime = BEFORE,
) -> TrainingPage:
    """A page for everybody, unless a campaign is given."""
    place = campaign.id if campaign else None
    written = training.Written(kind, language, title, "Say it.\n\nShow it.", campaign_id=place)
    return training.write(session, None, written, None, now)


def vetted(
    session: Session, *, campaign: Campaign, subject: str = "business", verdict: str = "fit", **said: Any
) -> None:
    """A review of a campaign's business or product."""
    seen = vetting.Seen(subject, "test_order", verdict, **{"note": "we ordered it", **said})
    vetting.review(session, campaign, seen, None, BEFORE)


def user(
    session: Session,
    *,
    role: str = "agency",
    email: str = "",
    password: str | None = None,
    language: str = "en",
    brand: Brand | None = None,
    influencer: Influencer | None = None,
) -> User:
    """Agency staff, or the sign-in that came with a brand or an influencer."""
    owner = brand or influencer
    if owner is not None:
        found = records.find_user(session, owner.email)
        assert found is not None
        found.language = language
        session.flush()
        return found
    return records.create_user(session, email or f"omar{next(_number)}@example.com", role, BEFORE, password, language)


def studio(session: Session, **changes: Any) -> Studio:
    """A studio of the house."""
    usual = {"name": "Studio A", "photographer": "Gil", "address": "Herzl 1, Haifa", "timezone": "Asia/Jerusalem"}
    made = Studio(**usual | changes, created_at=BEFORE)
    session.add(made)
    session.flush()
    return made


def studio_slot(
    session: Session, *, at: Studio | None = None, starts_at: datetime, booked: Participation | None = None
) -> StudioSlot:
    """An hour in a studio, free unless it is somebody's."""
    mine = {"participation_id": booked.id, "booked_at": BEFORE} if booked else {}
    place = at or studio(session)
    slot = StudioSlot(studio_id=place.id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), **mine)
    session.add(slot)
    session.flush()
    return slot


def seal_key() -> bytes:
    """The key papers are sealed with."""
    key: bytes = current_app.extensions["settings"].paper_seal_key
    return key


def identity_key() -> bytes:
    """The application's key of keyed hashes."""
    key: bytes = current_app.extensions["settings"].identity_key
    return key


def sign_in(client: FlaskClient, user: User) -> FlaskClient:
    """Give `client` a signed-in browser's cookie for `user`, in the user's language."""
    session = object_session(user)
    assert session is not None
    token = sessions.open_session(session, user, utc_now())
    session.commit()
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": token, "_fresh": True, "language": user.language})
    return client


def visit(client: FlaskClient, url: str, **options: Any) -> TestResponse:
    """GET `url` as another process would answer it: nothing uncommitted is seen, nothing of the test leaks in."""
    db.session.commit()
    return Context().run(client.get, url, **options)


def submit(client: FlaskClient, url: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
    """POST a form to `url` with its CSRF token, in a context of its own."""
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = "0" * 40
    signer = URLSafeTimedSerializer(str(client.application.secret_key), salt="wtf-csrf-token")
    fields = {"csrf_token": signer.dumps("0" * 40), **(data or {})}
    return Context().run(client.post, url, data=fields, **options)


# Within factories whose parameters bear the same names.
_brand, _shop, _campaign, _influencer = brand, shop, campaign, influencer
