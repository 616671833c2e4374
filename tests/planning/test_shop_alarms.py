"""Letters of alarms: to staff, each in their language, once for each opening, whoever of the workers comes first."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.i18n import LANGUAGES, speaking
from campaigns.jobs import watch_shops
from campaigns.models import Mail, ShopAlarm
from campaigns.planning.alarm_words import SENTENCES, TITLES, told
from campaigns.tracking.alarms import API_UNREACHABLE, claim_telling, clear_alarm, raise_alarm, untold
from campaigns.tracking.platforms.registry import PLATFORMS
from tests.factories import NOW, live_campaign, shop, sign_in, user, visit
from tests.faults.race import at_once
from tests.tracking.feeds import HOUR, came, selling

FACTS = {"since": NOW.isoformat(), "expected": 25, "count": 3, "reason": "data.tax: missing"}


def letters(session: Session) -> list[tuple[str, str]]:
    begin_writing()
    return [(mail.recipient, mail.language) for mail in session.scalars(select(Mail).order_by(Mail.id))]


def work(app: Flask, now=NOW) -> None:
    watch_shops(db.session(), app.extensions["settings"], now)
    db.session.commit()


def test_staff_are_written_to_once_for_each_opening(app: Flask, session: Session) -> None:
    campaign = selling(session)
    omar, gone = user(session, email="omar@example.com", language="he"), user(session, email="gone@example.com")
    gone.active = False
    session.commit()
    for _ in range(2):
        work(app)
    assert letters(session) == [(omar.email, "he")]
    came(session, campaign.shop, [NOW + number * HOUR for number in range(100)])
    session.commit()
    for hours in (1, 130):
        work(app, NOW + hours * HOUR)
    assert letters(session) == [(omar.email, "he")] * 2


def test_workers_at_once_open_one_alarm_and_write_one_letter(app: Flask, session: Session) -> None:
    selling(session)
    user(session, email="omar@example.com")
    session.commit()
    assert at_once(app, [lambda: work(app)] * 4) == [None] * 4
    assert len(letters(session)) == 1
    assert len(session.scalars(select(ShopAlarm)).all()) == 1


def test_only_one_worker_may_tell_of_an_alarm(session: Session) -> None:
    place = shop(session)
    assert raise_alarm(session, place.id, "silent", NOW, **FACTS)
    assert not raise_alarm(session, place.id, "silent", NOW, **FACTS)
    (alarm_id,) = untold(session, NOW)
    assert claim_telling(session, alarm_id, NOW) is not None
    assert claim_telling(session, alarm_id, NOW) is None and untold(session, NOW) == []


def test_an_api_may_be_out_of_reach_for_a_quarter_of_an_hour(session: Session) -> None:
    place = shop(session)
    raise_alarm(session, place.id, API_UNREACHABLE, NOW, reason="no answer")
    assert untold(session, NOW + timedelta(minutes=14)) == []
    assert len(untold(session, NOW + timedelta(minutes=15))) == 1
    clear_alarm(session, place.id, API_UNREACHABLE, NOW)
    assert untold(session, NOW + timedelta(minutes=15)) == []


def test_a_letter_says_what_happened_and_what_to_do_in_the_shops_own_words(app: Flask, session: Session) -> None:
    campaign = selling(session, platform="woocommerce")
    campaign.shop.name = "Amber shop"
    user(session, email="omar@example.com")
    session.commit()
    work(app)
    letter = session.scalars(select(Mail)).one()
    assert "Amber shop" in letter.subject and "has fallen silent" in letter.subject
    assert "WooCommerce › Settings › Advanced › Webhooks" in letter.body and "25" in letter.body
    assert f"http://localhost/shops/{campaign.shop.public_id}/setup" in letter.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_alarm_of_every_platform_has_its_words(session: Session, language: str) -> None:
    assert TITLES.keys() == SENTENCES.keys()
    place = shop(session, name="Amber shop")
    for platform in PLATFORMS:
        place.platform = platform
        for kind in TITLES:
            alarm = ShopAlarm(shop=place, kind=kind, raised_at=NOW, facts=FACTS)
            with speaking(language):
                words = told(alarm)
            assert "Amber shop" in words.title and words.steps and "%(" not in str(words)
            assert (words.title.endswith("has fallen silent") and language != "en") is False
        session.expunge_all()
        place = session.merge(place)


def test_an_open_alarm_stands_on_every_page_of_its_shop_and_on_no_other(client: FlaskClient, session: Session) -> None:
    campaign, other = live_campaign(session, accepted=1), live_campaign(session, accepted=1)
    raise_alarm(session, campaign.shop_id, "refused", NOW, count=5)
    sign_in(client, user(session))
    pages = {
        place: [f"/console/campaigns/{place.public_id}", f"/console/shops/{place.shop.public_id}",
                f"/shops/{place.shop.public_id}/setup"]
        for place in (campaign, other)
    }  # fmt: skip
    for path in ["/console/campaigns", *pages[campaign]]:
        page = visit(client, path).text
        assert "were not signed with the secret we have" in page and "Compare the secret" in page
    for path in pages[other]:
        assert "were not signed" not in visit(client, path).text
    clear_alarm(session, campaign.shop_id, "refused", NOW)
    assert "were not signed" not in visit(client, "/console/campaigns").text


def test_a_brand_reads_of_its_own_shops_alarm_where_it_connects_it(client: FlaskClient, session: Session) -> None:
    campaign = live_campaign(session, accepted=1)
    raise_alarm(session, campaign.shop_id, "silent", NOW, **FACTS)
    sign_in(client, user(session, brand=campaign.brand))
    assert "has fallen silent" in visit(client, f"/shops/{campaign.shop.public_id}/setup").text


def test_what_an_alarm_quotes_is_said_in_the_readers_language(session: Session) -> None:
    place = shop(session)
    raise_alarm(session, place.id, "failing", NOW, **FACTS)
    session.flush()
    (alarm,) = session.scalars(select(ShopAlarm))
    with speaking("ru"):
        sentence = told(alarm).sentence
    assert "data.tax" in sentence and "отсутствует" in sentence and "missing" not in sentence
