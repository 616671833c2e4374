"""Which language a visitor is answered in, and how things are shown in it."""

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.blueprints import show
from campaigns.blueprints.labels import STATUSES
from campaigns.i18n import bdi, speaking
from campaigns.models.campaigns import CAMPAIGN_STATUSES, PARTICIPATION_STATUSES
from campaigns.models.tracking import DELIVERY_STATUSES
from tests import factories
from tests.factories import sign_in, submit, visit


def spoken(client: FlaskClient, url: str = "/sign-in", **headers: str) -> str:
    """The language and direction of the page at `url`."""
    return visit(client, url, headers=headers).text.split("<html ")[1].split(">")[0]


@pytest.mark.parametrize(
    ("accepts", "language"),
    [("ru;q=0.9, en;q=0.5", 'lang="ru" dir="ltr"'), ("ar-IL", 'lang="ar" dir="rtl"'), ("fr", 'lang="he" dir="rtl"')]
    + [("", 'lang="he" dir="rtl"'), ("en-GB, he;q=0.8", 'lang="en" dir="ltr"')],
)
def test_a_stranger_is_answered_in_a_language_of_their_browser(client: FlaskClient, accepts: str, language: str):
    assert spoken(client, **{"Accept-Language": accepts}).startswith(language)


def test_the_address_chooses_and_the_choice_stays(client: FlaskClient):
    assert 'lang="ru"' in spoken(client, "/sign-in?lang=ru", **{"Accept-Language": "en"})
    assert 'lang="ru"' in spoken(client, **{"Accept-Language": "en"})
    assert 'lang="ru"' in spoken(client, "/sign-in?lang=xx")


def test_a_person_is_answered_in_their_own_language_everywhere(client: FlaskClient, session: Session):
    factories.user(session, email="mina@example.com", password=factories.PASSWORD, language="ar")
    submit(client, "/sign-in", {"email": "mina@example.com", "password": factories.PASSWORD})
    assert 'lang="ar"' in spoken(client, "/account", **{"Accept-Language": "en"})


def test_choosing_a_language_is_kept_with_the_person(client: FlaskClient, session: Session):
    mina = factories.user(session, language="en")
    sign_in(client, mina)
    answer = submit(client, "/language", {"language": "he", "next": "/account"})
    assert answer.headers["Location"] == "/account"
    session.refresh(mina)
    assert mina.language == "he"
    assert 'lang="he" dir="rtl"' in spoken(client, "/account")


def test_an_unknown_language_changes_nothing(client: FlaskClient, session: Session):
    mina = factories.user(session, language="en")
    sign_in(client, mina)
    submit(client, "/language", {"language": "tlh", "next": "//evil.com"})
    session.refresh(mina)
    assert mina.language == "en"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "-₪1,234.50"), ("he", "₪\u00a0-1,234.50"), ("ar", "₪\u00a0-1,234.50"), ("ru", "-1,234.50\u00a0₪")],
)
def test_money_is_one_piece_that_never_reads_backwards(language: str, shown: str):
    with speaking(language):
        assert show.money(-123_450, "ILS") == f'<bdi dir="ltr">{shown}</bdi>'


def test_a_day_and_a_moment_carry_their_machine_form():
    with speaking("he"):
        assert '<time datetime="2026-05-31">' in show.day(date(2026, 5, 31))
        assert "31/05/2026" in show.day(date(2026, 5, 31))
        evening = datetime(2026, 5, 31, 21, 30, tzinfo=UTC)
        assert "01/06/2026 00:30" in show.time(evening, "Asia/Jerusalem")


def test_a_name_brings_no_markup_into_a_message():
    with speaking("en"):
        assert show.translate("Hello %(name)s,", name="<b>Eve</b>") == "Hello &lt;b&gt;Eve&lt;/b&gt;,"
        assert show.translate("Hello %(name)s,", name=bdi("A & B")) == "Hello <bdi>A &amp; B</bdi>,"


def test_every_status_has_a_word_and_a_colour():
    for status in (*CAMPAIGN_STATUSES, *PARTICIPATION_STATUSES, *DELIVERY_STATUSES):
        assert status in STATUSES
