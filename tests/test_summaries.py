"""The letter of the week: on Monday at eight where its reader is, once, and none without news."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import summaries
from campaigns.db import begin_writing, db
from campaigns.models import Campaign, Mail, User, WeekSummed
from campaigns.people.notices import Ways, choose
from campaigns.settlement.weekly import Week, week_figures
from campaigns.summaries import Reader, due, sum_up, summaries_wait, write_summaries
from tests import factories
from tests.faults.race import at_once

URL = "https://agency.example"
MONDAY = datetime(2026, 5, 11, 5, 0, tzinfo=UTC)  # eight in Jerusalem
DURING = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)


def selling(session: Session, *, sales: int = 2) -> tuple[Campaign, User]:
    """Mina sold `sales` orders of 100.00 last week, and earns 15 % of them."""
    mina = factories.influencer(session, name="Mina", language="en")
    campaign = factories.campaign(session)
    factories.participation(session, campaign=campaign, influencer=mina)
    factories.life.launch(session, campaign, factories.BEFORE, "a small test")
    factories.life.advance(session, campaign, DURING)
    code = factories.participants(session, campaign)[0].codes[0].code
    for number in range(sales):
        factories.order(session, shop=campaign.shop, code=code, placed_at=DURING + timedelta(hours=number))
    return campaign, factories.user(session, influencer=mina)


def letters(session: Session, user: User) -> list[Mail]:
    begin_writing()
    return list(session.scalars(select(Mail).filter_by(recipient=user.email).where(Mail.created_at >= MONDAY)))


def written(app: Flask, session: Session, user: User, now: datetime = MONDAY) -> list[Mail]:
    session.commit()
    write_summaries(db.session(), app.extensions["settings"], now)
    db.session.commit()
    return letters(session, user)


def test_an_influencer_reads_what_the_week_brought(app: Flask, session: Session) -> None:
    """Two orders of 100.00 at 15 %: 30.00, all of it on no statement yet."""
    _, mina = selling(session)
    [letter] = written(app, session, mina)
    body = letter.body.replace("\u2066", "").replace("\u2069", "")
    assert "Orders that are yours: 2" in body
    assert "Earned in this week: 30.00 ILS" in body
    assert "on no statement yet: 30.00 ILS" in body


def test_a_brand_reads_sales_cost_and_who_sold(app: Flask, session: Session) -> None:
    """200.00 sold; 15 % and 3 % of it are 36.00."""
    campaign, _ = selling(session)
    brand = factories.user(session, brand=campaign.brand)
    [letter] = written(app, session, brand)
    body = "".join(sign for sign in letter.body if sign not in "\u2066\u2068\u2069")
    assert "Sales: 200.00 ILS in 2 orders" in body
    assert "commissions and our fee: 36.00 ILS" in body
    assert "- Mina: 200.00 ILS" in body


def test_staff_read_totals_and_how_much_waits(app: Flask, session: Session) -> None:
    """200.00 sold, of which 3 % are ours; the row of a table waits for a second person."""
    selling(session)
    omar = factories.user(session)
    factories.table_row(session)
    [letter] = written(app, session, omar)
    body = letter.body.replace("\u2066", "").replace("\u2069", "")
    assert "Our fee: 6.00 ILS" in body
    assert "Things that need somebody: 1" in body


def test_without_news_nobody_is_written_to_and_nobody_is_asked_again(app: Flask, session: Session) -> None:
    idle = factories.user(session, influencer=factories.influencer(session))
    assert written(app, session, idle) == []
    begin_writing()
    assert session.scalars(select(WeekSummed.told).filter_by(user_id=idle.id)).all() == [False]
    assert not summaries_wait(session, MONDAY + timedelta(minutes=15))


def test_one_week_is_one_letter_however_often_the_timer_rings(app: Flask, session: Session) -> None:
    _, mina = selling(session)
    written(app, session, mina)
    assert len(written(app, session, mina, MONDAY + timedelta(minutes=15))) == 1


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        (MONDAY - timedelta(minutes=1), False),
        (MONDAY, True),
        (MONDAY + timedelta(hours=47), True),
        (MONDAY + timedelta(hours=49), False),
    ],
)
def test_it_is_due_from_eight_in_the_campaigns_zone_for_two_days(session: Session, now: datetime, is_due: bool) -> None:
    _, mina = selling(session)
    assert (mina.id in [reader.user_id for reader in due(session, now)]) == is_due


def test_somebody_in_new_york_is_written_to_seven_hours_later(session: Session) -> None:
    shop = factories.shop(session, timezone="America/New_York", currency="USD")
    brand = factories.user(session, brand=shop.brand)
    factories.campaign(session, shop=shop)
    assert brand.id not in [reader.user_id for reader in due(session, MONDAY + timedelta(hours=6, minutes=59))]
    assert brand.id in [reader.user_id for reader in due(session, MONDAY + timedelta(hours=7))]


def test_who_came_after_the_morning_is_not_told_of_a_week_before_them(session: Session) -> None:
    _, mina = selling(session)
    mina.created_at = MONDAY + timedelta(hours=2)
    session.flush()
    assert mina.id not in [reader.user_id for reader in due(session, MONDAY + timedelta(hours=3))]


def test_who_switched_the_week_off_gets_no_letter(app: Flask, session: Session) -> None:
    _, mina = selling(session)
    choose(session, mina, {"summary": Ways(False, False)}, DURING)
    assert written(app, session, mina) == []


def test_a_week_counts_what_was_in_it_and_nothing_else(session: Session) -> None:
    campaign, _ = selling(session)
    this, next_ = (Week(day, "Asia/Jerusalem") for day in (MONDAY.date(), MONDAY.date() + timedelta(days=7)))
    [row] = week_figures(session, [campaign.id], this).values()
    assert (row.orders, row.sales_minor, row.commission_minor) == (2, 20_000, 3_000)
    assert week_figures(session, [campaign.id], next_) == {}


def summing_up(reader: Reader) -> Callable[[], bool]:
    def deed() -> bool:
        done = sum_up(db.session(), reader, URL, MONDAY)
        db.session.commit()
        return done

    return deed


def a_reader(session: Session) -> tuple[Reader, User]:
    _, mina = selling(session)
    session.commit()
    return Reader(mina.id, Week(MONDAY.date(), "Asia/Jerusalem")), mina


def test_of_two_workers_at_once_one_writes(app: Flask, session: Session) -> None:
    reader, mina = a_reader(session)
    user_id = mina.id
    assert sorted(at_once(app, [summing_up(reader)] * 2)) == [False, True]
    begin_writing()
    assert len(letters(session, session.get_one(User, user_id))) == 1


def test_without_the_claim_both_write(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, mina = a_reader(session)
    user_id = mina.id
    monkeypatch.setattr(summaries, "claim", lambda *_: True)
    at_once(app, [summing_up(reader)] * 2)
    begin_writing()
    assert len(letters(session, session.get_one(User, user_id))) == 2
