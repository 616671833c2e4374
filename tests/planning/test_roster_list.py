"""Finding people on the roster. Mina has 12,000 followers, works in skin care and posts in Arabic and Hebrew."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Influencer
from campaigns.planning.roster_list import Sought, found
from tests import factories

JUNE = {"free_from": date(2026, 6, 10), "free_to": date(2026, 6, 20)}


@pytest.fixture
def mina(session: Session) -> Influencer:
    """Mina beside somebody who is never sought."""
    factories.influencer(
        session, name="Someone", email="x@example.org", niches=("cars",), followers=60_000, language="ru"
    )
    person = factories.influencer(session, name="Mina Aziz", email="mina@example.com")
    person.accounts = [*person.accounts, {"network": "tiktok", "handle": "@skin.מינה", "followers": 900}]
    person.content_languages, person.away = ["ar", "he"], [{"from": "2026-07-01", "to": "2026-07-05"}]
    session.flush()
    return person


def names(session: Session, **asked: Any) -> list[str]:
    ids = found(session, select(Influencer), Sought(**asked))
    return [session.get_one(Influencer, one).name for one in ids]


def test_everybody_is_found_by_name_where_nothing_is_asked(session: Session, mina: Influencer):
    assert names(session) == ["Mina Aziz", "Someone"]


@pytest.mark.parametrize("words", ["mina", "AZIZ mina", "@skin.מינה", "mina@EXAMPLE"])
def test_somebody_is_found_by_name_handle_or_address(session: Session, mina: Influencer, words: str):
    assert names(session, words=words) == ["Mina Aziz"]


def test_every_word_must_be_theirs(session: Session, mina: Influencer):
    assert names(session, words="mina cohen") == []


@pytest.mark.parametrize("asked", [{"niche": "skin care"}, {"language": "ar"}, {"band": "10-25"}])
def test_each_choice_narrows(session: Session, mina: Influencer, asked: dict[str, str]):
    assert names(session, **asked) == ["Mina Aziz"]


def test_who_told_no_languages_posts_in_their_own(session: Session, mina: Influencer):
    assert names(session, language="ru") == ["Someone"]


@pytest.mark.parametrize(
    ("followers", "band"), [(2_999, "small"), (3_000, "3-10"), (50_000, "25-50"), (50_001, "large")]
)
def test_bands_meet_without_a_gap(session: Session, followers: int, band: str):
    factories.influencer(session, name="Mina", followers=followers)
    assert names(session, band=band) == ["Mina"]


def test_who_is_away_on_one_of_the_days_is_not_free(session: Session, mina: Influencer):
    assert names(session, free_from=date(2026, 7, 5), free_to=date(2026, 7, 9)) == ["Someone"]
    assert "Mina Aziz" in names(session, free_from=date(2026, 7, 6))


def test_who_takes_part_in_a_campaign_of_those_days_is_not_free(session: Session, mina: Influencer):
    factories.participation(session, campaign=factories.campaign(session), influencer=mina)  # 1 to 22 May
    assert names(session, free_from=date(2026, 5, 22)) == ["Someone"]
    assert "Mina Aziz" in names(session, **JUNE)


def test_who_was_only_invited_is_still_free(session: Session, mina: Influencer):
    factories.participation(session, campaign=factories.campaign(session), influencer=mina, accepted=False)
    assert "Mina Aziz" in names(session, free_from=date(2026, 5, 22))
