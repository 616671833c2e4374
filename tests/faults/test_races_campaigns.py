"""Two launches, two closings, and orders that come while a campaign is closed. Each lock is also taken away once."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.documents.issue import contents_of
from campaigns.models import Campaign, CouponCode, Document, Posting, StatementPosting
from campaigns.planning import life
from campaigns.settlement.books.check import breaches
from campaigns.settlement.close import close
from tests import factories
from tests.faults.books import posted
from tests.faults.race import at_once, kinds, without_locks
from tests.faults.shopify import COMMISSION_MINOR
from tests.faults.stage import Stage, set_stage


def closing(campaign_id: int, stage: Stage) -> Callable[[], int]:
    def deed() -> int:
        campaign = db.session.get_one(Campaign, campaign_id)
        agency = current_app.extensions["settings"].agency()
        report = close(db.session(), campaign, agency, stage.now.date(), stage.now, None, "the test ends it")
        number = report.id
        db.session.commit()
        return number

    return deed


def launching(campaign_id: int) -> Callable[[], None]:
    def deed() -> None:
        life.launch(db.session(), db.session.get_one(Campaign, campaign_id), factories.NOW)
        db.session.commit()

    return deed


def ready_to_launch(session: Session) -> int:
    campaign = factories.campaign(session)
    for number in range(10):
        factories.participation(
            session, campaign=campaign, influencer=factories.influencer(session, name=f"N {number}")
        )
    campaign_id = campaign.id
    session.commit()
    return campaign_id


def reports(session: Session) -> list[Document]:
    begin_writing()
    return list(session.scalars(select(Document).filter_by(kind="final_report")))


def test_of_two_launches_at_once_one_is_refused_and_codes_are_minted_once(app: Flask, session: Session) -> None:
    campaign_id = ready_to_launch(session)
    assert kinds(at_once(app, [launching(campaign_id)] * 2)) == ["Conflict", "ok"]
    assert len(list(session.scalars(select(CouponCode)))) == 10


def test_without_locks_two_launches_at_once_are_not_told_apart(app: Flask, session: Session) -> None:
    campaign_id = ready_to_launch(session)
    with without_locks(db.engine):
        assert kinds(at_once(app, [launching(campaign_id)] * 2)) != ["Conflict", "ok"]


def test_of_two_closings_at_once_one_is_refused_and_one_report_is_issued(app: Flask, session: Session) -> None:
    stage = set_stage(session)
    assert kinds(at_once(app, [closing(stage.campaign_id, stage)] * 2)) == ["Conflict", "ok"]
    assert len(reports(session)) == 1
    assert breaches(session) == []


def test_without_locks_two_closings_at_once_are_not_told_apart(app: Flask, session: Session) -> None:
    stage = set_stage(session)
    with without_locks(db.engine):
        assert kinds(at_once(app, [closing(stage.campaign_id, stage)] * 2)) != ["Conflict", "ok"]


def arriving(app: Flask, stage: Stage, numbers: range) -> Callable[[], Any]:
    def deed() -> list[int]:
        signed = [stage.delivery(number) for number in numbers]
        return [app.test_client().post(one.path, data=one.body, headers=one.headers).status_code for one in signed]

    return deed


def test_orders_that_come_during_a_closing_are_in_the_report_or_open_for_the_next(app: Flask, session: Session) -> None:
    stage = set_stage(session)
    shops = [arriving(app, stage, range(first, first + 5)) for first in (0, 100, 200, 300)]
    results = at_once(app, [*shops, closing(stage.campaign_id, stage)])
    assert results[:4] == [[200] * 5] * 4
    report = contents_of(reports(session)[0])["totals"]["commission_minor"]
    stated = session.scalars(select(Posting.amount_minor).join(StatementPosting)).all()
    assert report == -sum(stated)
    assert posted(session, "influencer_pending") == -20 * COMMISSION_MINOR
    assert breaches(session) == []
