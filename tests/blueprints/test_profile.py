"""What an influencer says of themselves for matching: kept, told to nobody else, and noted."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, FollowerCount, Influencer
from tests import factories
from tests.factories import sign_in, submit, visit

PAGE = "/me/profile"
SENT = {
    "niches": "skin care, food",
    "accounts-0-network": "instagram",
    "accounts-0-handle": "@mina",
    "accounts-0-followers": "12500",
    "styles": ["humour", "reviews"],
    "content_languages": ["ar", "he"],
    "countries-0": "IL",
    "ages": ["25-34", "18-24"],
    "women_percent": "70",
    "interests": "travel",
    "away-0-first": "2026-06-01",
    "away-0-last": "2026-06-14",
    "leaderboard": "y",
}


@pytest.fixture
def mina(session: Session, client: FlaskClient) -> Influencer:
    """Mina, signed in."""
    person = factories.influencer(session, name="Mina", followers=12_000)
    sign_in(client, factories.user(session, influencer=person))
    return person


def test_everything_that_was_said_is_kept(session: Session, client: FlaskClient, mina: Influencer) -> None:
    assert submit(client, PAGE, SENT).status_code == 302
    session.expire_all()
    assert (mina.niches, mina.styles) == (["skin care", "food"], ["reviews", "humour"])
    assert (mina.content_languages, mina.leaderboard) == (["ar", "he"], True)
    audience = {"countries": ["IL"], "ages": ["18-24", "25-34"], "women_percent": 70, "interests": ["travel"]}
    assert mina.audience == audience
    assert mina.away == [{"from": "2026-06-01", "to": "2026-06-14"}]


def test_what_was_kept_stands_in_the_form_and_saving_it_again_changes_nothing(
    session: Session, client: FlaskClient, mina: Influencer
) -> None:
    submit(client, PAGE, SENT)
    page = visit(client, PAGE).text
    for shown in ('value="skin care, food"', 'value="2026-06-14"', 'value="70"'):
        assert shown in page
    assert page.count("checked") == 2 + 2 + 2 + 1  # styles, languages, ages, leaderboard
    submit(client, PAGE, SENT)
    assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_who_changed_what_is_noted(session: Session, client: FlaskClient, mina: Influencer) -> None:
    account = {f"accounts-0-{name}": str(value) for name, value in mina.accounts[0].items()}
    submit(client, PAGE, {**account, "niches": "skin care", "styles": ["live"]})
    (entry,) = session.scalars(select(AuditEntry))
    assert (entry.action, entry.details) == ("profile.changed", {"fields": ["styles"]})
    assert entry.subject == f"influencer:{mina.public_id}"


def test_a_new_number_is_kept_with_its_day_beside_the_old_one(
    session: Session, client: FlaskClient, mina: Influencer
) -> None:
    handle = mina.accounts[0]["handle"]
    submit(client, PAGE, {**SENT, "accounts-0-handle": handle})
    counts = session.execute(select(FollowerCount.followers, FollowerCount.source).order_by(FollowerCount.id)).all()
    assert [tuple(row) for row in counts] == [(12_000, "typed"), (12_500, "own")]
    assert session.scalars(select(FollowerCount.counted_on)).first() == date(2026, 4, 20)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("styles", "shouting", "Choose one of the values offered."),
        ("content_languages", "xx", "Choose a language, by its two letters."),
        ("countries-0", "XX", "Choose a country, by its two letters."),
        ("women_percent", "101", "Number must be between 0 and 100."),
        ("away-0-last", "2026-05-01", "The last day away is before the first."),
        ("away-0-last", "", "Days away have a first and a last day."),
        ("niches", "x" * 61, "This is too long."),
    ],
)
def test_what_can_not_be_is_refused_and_what_was_typed_stays(
    session: Session, client: FlaskClient, mina: Influencer, field: str, value: str, reason: str
) -> None:
    answer = submit(client, PAGE, {**SENT, field: value})
    assert (answer.status_code, reason in answer.text) == (422, True)
    assert 'value="travel"' in answer.text
    session.expire_all()
    assert (mina.audience, mina.followers) == ({}, 12_000)


def test_the_way_there_is_in_the_account_menu_of_influencers_only(
    session: Session, client: FlaskClient, mina: Influencer
) -> None:
    assert f'href="{PAGE}"' in visit(client, "/me").text
    sign_in(client, factories.user(session))
    assert f'href="{PAGE}"' not in visit(client, "/console/influencers").text
