"""A live campaign of a shop that sends spoilt bodies, and what the tables must hold after what was answered.

An answer is a promise: 2xx with a word is one row that says the same, "duplicate" and any refusal are none. Whatever is
in the tables of orders has a delivery that brought it, and the books have no breach.
"""

import hashlib
import io
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from random import Random
from typing import NamedTuple

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.db import db, reading
from campaigns.models import Delivery, LedgerAccount, Order, OrderDeletion, OrderRefund, Posting, Shop
from campaigns.settlement.books.check import breaches
from campaigns.tracking import inbox
from campaigns.tracking.asked import arrivals
from campaigns.tracking.events import READ_BACK, Envelope
from tests import factories
from tests.faults.mutating import LIMIT, mutate
from tests.faults.signing import PROOF_INSIDE, SIGNERS, Message, secret_of
from tests.faults.specimens import CODE, ORDER_IDS, OURS, renamed, specimens

CURRENCIES = {"squarespace": "USD", "shopware": "EUR", "salla": "SAR"}
OUTCOMES = {"processed", "ignored", "waiting", "failed"}
SENDERS = 16
PAGES = 20  # of orders, and of deliveries, are looked at
KEPT_LATE = "kept late"
TRIES = 5
NO_ROW = {"duplicate", "pong"}


class Spoilt(NamedTuple):
    """A message as it is sent, and what was done to it."""

    number: int
    ways: tuple[str, ...]
    body: bytes
    headers: dict[str, str]
    asked: bool


class Mill:
    """One shop of a platform; `answers` counts (status, word), `faults` tells what was answered wrongly.

    `late` has the numbers of bodies whose sender was told to come again (503), as often as it was.
    """

    def __init__(self, app: Flask, session: Session, platform: str) -> None:
        self.platform = platform
        self.answers: Counter[tuple[int, str]] = Counter()
        self.ways: Counter[str] = Counter()
        self.faults: list[str] = []
        self.late: list[int] = []
        self._promised: Counter[tuple[str, str]] = Counter()
        self._app, self._session, self._began = app, session, time.perf_counter()
        self._specimens = specimens(platform)
        self._shop, self._campaign, self._code = _stage(session, platform)
        self._path = f"/webhooks/{platform}/{self._shop.public_id}"

    def send(self, numbers: Sequence[int], chance: Random) -> None:
        """Spoil a message for each number and send them, some at once, so that they share commits with one another."""
        made = [self._spoilt(number, chance) for number in numbers]
        posted, asked = [one for one in made if not one.asked], [one for one in made if one.asked]
        with ThreadPoolExecutor(SENDERS) as pool:
            answers = list(pool.map(self._post, posted))
        for one, (status, word) in zip([*posted, *asked], [*answers, *self._ask(asked)], strict=True):
            self._note(one, status, word)

    def _spoilt(self, number: int, chance: Random) -> Spoilt:
        """Of three messages one is about an order that was told of before."""
        specimen = chance.choice(OURS[self.platform] if chance.random() < 0.6 else self._specimens)
        order = number if chance.random() < 0.7 else chance.randint(max(1, number - 30), number)
        mutant = mutate(renamed(specimen.payload, ORDER_IDS[self.platform], order), chance)
        body = mutant.body.replace(CODE.encode(), self._code).replace(CODE.lower().encode(), self._code)
        if specimen.asked:
            return Spoilt(number, mutant.ways, body, {}, asked=True)
        topic = specimen.topic if mutant.topic is None else mutant.topic
        message = Message(body, topic, number, int(utc_now().timestamp()))
        sent = SIGNERS[self.platform](self._shop.webhook_secret, message)
        return Spoilt(number, mutant.ways, sent.body, {**mutant.headers, **sent.headers}, asked=False)

    def _post(self, one: Spoilt) -> tuple[int, str]:
        """The answer to a delivery; who was told to come again does, for a busy machine is no fault of the body's."""
        for late in range(TRIES):
            # As a stream: of data, the client would make a form where the content type says so.
            stream = {"input_stream": io.BytesIO(one.body), "content_length": len(one.body)}
            answer = Context().run(self._app.test_client().post, self._path, headers=one.headers, **stream)
            if answer.status_code != 503:
                word = answer.get_json()["status"] if answer.status_code == 200 else ""
                return answer.status_code, KEPT_LATE if late and word == inbox.DUPLICATE else word
            self.late.append(one.number)
        return 503, ""

    def _ask(self, asked: Sequence[Spoilt]) -> list[tuple[int, str]]:
        """What becomes of documents that we asked the shop for."""
        now, bodies = utc_now(), [one.body for one in asked]
        told = arrivals(self._shop, Envelope(READ_BACK, ""), bodies, now, "read_back")
        if not told:
            return []
        with db.engine.begin() as connection:
            return [(200, word) for word in inbox.keep(connection, told, factories.identity_key(), now)]

    def _note(self, one: Spoilt, status: int, word: str) -> None:
        sha = hashlib.sha256(one.body).hexdigest()
        word = self._stored(sha) if word == KEPT_LATE else word
        self.ways.update(one.ways)
        self.answers[status, word] += 1
        if word in OUTCOMES:
            self._promised[sha, word] += 1
        if not self._right(one, status, word):
            self.faults.append(f"body {one.number} ({', '.join(one.ways)}): {status} {word} {one.body[:200]!r}")

    def _stored(self, sha: str) -> str:
        """What became of a delivery that was kept after its sender had been told to come again."""
        with reading():
            kept = select(Delivery.status).where(Delivery.shop_id == self._shop.id, Delivery.body_sha256 == sha)
            word = self._session.scalar(kept.order_by(Delivery.id.desc()).limit(1))
            self._session.rollback()
        return word or "nothing"

    def _right(self, one: Spoilt, status: int, word: str) -> bool:
        if len(one.body) > LIMIT and not one.asked:
            return status == 413
        if status == 401:
            return self.platform in PROOF_INSIDE
        return status == 200 and word in OUTCOMES | NO_ROW

    def wrong(self) -> list[str]:
        """Everything that is not as it must be, the first few of each kind."""
        self._session.commit()
        with reading():
            found = [*self.faults[:5], *self._rows(), *self._strays()]
            self._session.rollback()
            found += breaches(self._session)[:5]
            self._session.rollback()
        return found

    def _rows(self) -> Iterator[str]:
        """The deliveries there are against those that were promised."""
        columns = (Delivery.body_sha256, Delivery.status, Delivery.reason, Delivery.attempts)
        rows = self._session.execute(select(*columns).where(Delivery.shop_id == self._shop.id)).all()
        found = Counter((row.body_sha256, row.status) for row in rows)
        for difference, what in ((self._promised - found, "is missing"), (found - self._promised, "was not promised")):
            yield from (f"delivery {sha[:12]}, {status}: {what}" for sha, status in list(difference)[:5])
        for row in rows:
            if row.reason.startswith("internal fault") or (row.status == "failed" and not row.reason):
                yield f"delivery {row.body_sha256[:12]}, {row.status}: {row.reason or 'no reason'}"
        refused = self._session.scalar(select(Shop.refused_deliveries).where(Shop.id == self._shop.id))
        if refused != self.answers[401, ""]:
            yield f"{self.answers[401, '']} deliveries answered 401, {refused} counted"

    def _strays(self) -> Iterator[str]:
        """Orders, refunds and deletions that no delivery of this shop brought."""
        brought = select(Delivery.order_external_id).where(
            Delivery.shop_id == self._shop.id, Delivery.status == "processed", Delivery.order_external_id.is_not(None)
        )
        for name in (Order.external_id, OrderRefund.order_external_id, OrderDeletion.order_external_id):
            for stray in self._session.scalars(select(name).where(name.not_in(brought)).limit(5)):
                yield f"{name.class_.__name__} {stray}: no delivery brought it"

    def broken_pages(self) -> list[str]:
        """Pages of the agency that can't show what is stored."""
        paths = [f"/console/campaigns/{self._campaign}", f"/console/campaigns/{self._campaign}/orders"]
        paths += ["/console/unattributed", "/console/deliveries", f"/console/shops/{self._shop.public_id}", "/metrics"]
        for kind, rule in ((Order, "orders"), (Delivery, "deliveries")):
            newest = select(kind.public_id).order_by(kind.id.desc()).limit(PAGES)
            paths += [f"/console/{rule}/{name}" for name in self._session.scalars(newest)]
        omar = factories.sign_in(self._app.test_client(), factories.user(self._session))
        answers = [(path, factories.visit(omar, path).status_code) for path in paths]
        return [f"{path}: {status}" for path, status in answers if status != 200]

    def booked(self) -> int:
        """What influencers have pending, minor units: that bodies were read and credited at all."""
        total = select(func.sum(func.abs(Posting.amount_minor))).join(LedgerAccount)
        with reading():
            found = self._session.scalar(total.where(LedgerAccount.kind == "influencer_pending"))
            self._session.rollback()
        return int(found or 0)

    def figures(self) -> dict[str, object]:
        """What to say of a run."""
        words = Counter({word or str(status): count for (status, word), count in self.answers.items()})
        with reading():
            orders = self._session.scalar(select(func.count()).select_from(Order))
            self._session.rollback()
        kind = self._session.get_bind().dialect.name
        seconds = f"{time.perf_counter() - self._began:.1f}"
        answers = json.dumps(dict(sorted(words.items())), separators=(",", ":"))
        counts = {"orders": orders, "ways": len(self.ways), "late": len(self.late)}
        return {"database": kind, "seconds": seconds, "answers": answers, **counts}


def _stage(session: Session, platform: str) -> tuple[Shop, str, bytes]:
    """The shop, apart from the session, its live campaign's public id and the code of an influencer there."""
    currency = CURRENCIES.get(platform, "ILS")
    shop = factories.shop(session, platform=platform, currency=currency, secret=secret_of(platform))
    campaign = factories.live_campaign(session, accepted=2, shop=shop)
    code = factories.participants(session, campaign)[0].code
    assert code is not None
    place, text = campaign.public_id, code.code.encode()
    session.commit()
    session.refresh(shop)
    session.expunge(shop)
    session.rollback()
    return shop, place, text
