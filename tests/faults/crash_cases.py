"""What is going on when the product is killed at one of its crash points, and how it must look in the end.

Points of the two hot routes are come to by traffic. The others lie in deeds (deeds.py): a case prepares one, says how
often the deed comes to the place, and looks at what stands when it has been done again. Those of feeds: crash_feeds.py.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.db import begin_writing, db
from campaigns.documents.issue import without_files
from campaigns.models import (
    AuditEntry,
    Campaign,
    Delivery,
    Document,
    DocumentFile,
    Finding,
    Mail,
    Order,
    Shop,
    Statement,
)
from campaigns.people.mail import queue_mail
from campaigns.settlement.close import close
from campaigns.settlement.paying.dues import dues
from campaigns.settlement.reconciling.reconciliation import reconcile
from campaigns.settlement.reconciling.shop_exports import JSON, read_export
from tests import factories
from tests.fakes.shop_server import FakeShop, serving_shop
from tests.faults.books import posted
from tests.faults.stage import Stage, set_stage
from tests.settlement.exports import standard

NUMBERS = count(1)


@dataclass(frozen=True)
class Case:
    """A deed, prepared anew for every kill; `finished` is given how often it was done. `shop` is the one it asks."""

    deed: str
    visits: int
    prepare: Callable[[Session, Any], None]
    finished: Callable[[Session, Path, int], None]
    shop: Callable[[], FakeShop] | None = None

    @contextmanager
    def fake(self) -> Iterator[Any]:
        """The shop that is asked, where one is; closed again after the block."""
        with serving_shop(self.shop()) if self.shop else nullcontext() as fake:
            yield fake


def sold(session: Session, stage: Stage, orders: int) -> None:
    """Paid orders of a campaign, each for another of its influencers."""
    shop = session.scalars(select(Shop).filter_by(public_id=stage.shop_id)).one()
    for number in range(orders):
        code, at = stage.codes[number % len(stage.codes)], stage.now - timedelta(hours=1)
        factories.order(session, shop=shop, code=code, external_id=f"sold-{next(NUMBERS)}", placed_at=at)
    session.commit()


def ended(session: Session, accepted: int, orders: int) -> None:
    """A campaign closed with statements of as many as sold something."""
    stage = set_stage(session, accepted)
    sold(session, stage, orders)
    begin_writing()
    campaign = session.get_one(Campaign, stage.campaign_id)
    agency = current_app.extensions["settings"].agency()
    close(db.session(), campaign, agency, stage.now.date(), stage.now, None, "the test ends it early")
    session.commit()


def to_close(session: Session, _fake: None) -> None:
    sold(session, set_stage(session, accepted=4), orders=3)


def closed(session: Session, _home: Path, times: int) -> None:
    kinds = session.scalars(select(Document.kind)).all()
    assert (kinds.count("final_report"), kinds.count("commission_statement")) == (times, 4 * times)
    assert set(session.scalars(select(Campaign.status))) == {"closed"}


def to_pay(session: Session, _fake: None) -> None:
    ended(session, accepted=3, orders=3)


def paid(session: Session, _home: Path, times: int) -> None:
    assert dues(session, "ILS") == []
    assert session.scalars(select(Document.kind)).all().count("payout_batch") == times
    # 15 % of 100.00 for each of three
    assert session.scalar(select(func.sum(Statement.amount_minor))) == 3 * 1500 * times
    assert (posted(session, "influencer_due"), posted(session, "bank_clearing")) == (0, -3 * 1500 * times)


def to_print(session: Session, _fake: None) -> None:
    ended(session, accepted=2, orders=1)


def printed(session: Session, _home: Path, times: int, each: int = 11) -> None:
    """Eleven files: three of report and bill each, two of each of two statements, one of the request to who sold."""
    assert without_files(session, 100) == []
    files = session.execute(select(DocumentFile.document_id, DocumentFile.media_type)).all()
    assert len(files) == len(set(files)) == each * times


def to_decide(session: Session, _fake: None) -> None:
    """A campaign whose one order the shop says is cancelled."""
    stage = set_stage(session, accepted=1)
    sold(session, stage, orders=1)
    begin_writing()
    campaign = session.get_one(Campaign, stage.campaign_id)
    order = session.scalars(select(Order).filter_by(shop_id=campaign.shop_id)).one()
    theirs = standard(0, id=order.external_id, placed_at=order.placed_at, version=iso(stage.now), status="cancelled")
    body = json.dumps([theirs]).encode()
    reconcile(session, campaign, read_export(body, JSON, "ILS", "UTC"), body, None, stage.now)
    session.commit()


def decided(session: Session, _home: Path, times: int) -> None:
    assert session.scalars(select(Finding.status)).all() == ["accepted"] * times
    assert session.scalars(select(Order.status)).all() == ["cancelled"] * times
    assert session.scalar(select(func.count()).select_from(Delivery).filter_by(origin="reconciliation")) == times
    assert posted(session, "influencer_pending") == 0


def to_send(session: Session, _fake: None) -> None:
    begin_writing()
    for _ in range(3):
        queue_mail(db.session(), "dana@example.com", "en", "Hello", "Hello\n", factories.BEFORE)
    session.commit()


def sent(session: Session, home: Path, times: int) -> None:
    hers = select(func.count()).select_from(Mail).filter_by(recipient="dana@example.com")
    assert session.scalar(hers.where(Mail.sent_at.is_not(None))) == 3 * times
    files = [path for path in (home / "mail").glob("*.eml") if b"dana@example.com" in path.read_bytes()]
    assert len(files) == 3 * times  # one sent twice has the same Message-ID


def nothing(_session: Session, _fake: None) -> None:
    """A deed that needs nothing."""


def counted(session: Session, _home: Path, times: int) -> None:
    assert session.scalar(select(func.count()).select_from(AuditEntry).filter_by(action="counted")) == times


CASES = {
    "close.stating": Case("close", 4, to_close, closed),
    "close.whole": Case("close", 1, to_close, closed),
    "payouts.posted": Case("pay", 3, to_pay, paid),
    "papers.rendered": Case("papers", 3, to_print, printed),
    "deciding.posted": Case("decide", 1, to_decide, decided),
    "mail.handed_over": Case("mail", 3, to_send, sent),
    "jobs.claimed": Case("count", 1, nothing, counted),
    "jobs.worked": Case("count", 1, nothing, counted),
    "jobs.finished": Case("count", 1, nothing, counted),
}
