"""What an influencer copies: in their language, the word of advertising first, code, link and dates in it."""

import dataclasses
from datetime import date

import pytest
from sqlalchemy.orm import Session

from campaigns.planning import participation, share_kit
from campaigns.planning.share_kit import Kit, kit_of, texts_of
from tests import factories
from tests.factories import NOW

LINK = "https://go.example.com/r/abc"
KIT = Kit("en", "Amber Skin", "NAABCD", LINK, 10, date(2026, 5, 1), date(2026, 5, 22), ("#glow",), "#ad")


def test_a_post_says_everything_and_that_it_is_advertising_first() -> None:
    assert texts_of(KIT)[0].body.split("\n") == [
        "#ad",
        "My code NAABCD: 10% off at Amber Skin",
        "Valid from 1 May 2026 to 22 May 2026.",
        LINK,
        "#glow",
    ]


@pytest.mark.parametrize("language", ["he", "ar", "ru", "en"])
def test_every_text_begins_with_the_word_and_holds_code_and_link(language: str) -> None:
    word = share_kit.DISCLOSURES[language]
    for text in texts_of(dataclasses.replace(KIT, language=language, disclosure=word)):
        assert text.body.startswith(word) and "NAABCD" in text.body and LINK in text.body
        assert not set(text.body) & set("\u2066\u2068\u2069")


def test_without_a_discount_no_text_promises_one() -> None:
    for text in texts_of(dataclasses.replace(KIT, percent_off=0)):
        assert "%" not in text.body and "My code at Amber Skin: NAABCD" in text.body


def test_the_kit_is_of_the_campaign_in_the_influencers_language(session: Session) -> None:
    """Dates are days of the campaign's zone: 22 May 18:00 UTC is the 22nd in Jerusalem, 1 May 06:00 UTC the 1st."""
    campaign = factories.live_campaign(session, accepted=1)
    campaign.hashtags = ["glow", "#amber"]
    mina = factories.participants(session, campaign)[0]
    kit = kit_of(mina, "https://house.example.com")
    assert kit is not None and mina.code is not None and mina.link is not None
    assert (kit.language, kit.disclosure, kit.hashtags) == ("he", "#פרסומת", ("#glow", "#amber"))
    assert (kit.code, kit.address) == (mina.code.code, f"https://house.example.com/r/{mina.link.slug}")
    assert (kit.first, kit.last) == (date(2026, 5, 1), date(2026, 5, 22))


def test_a_campaigns_own_word_of_advertising_takes_the_place_of_the_usual_one(session: Session) -> None:
    campaign = factories.live_campaign(session, accepted=1)
    campaign.disclosure = "#שיתוף_פעולה_ממומן"
    kit = kit_of(factories.participants(session, campaign)[0], "https://house.example.com")
    assert kit is not None and kit.disclosure == "#שיתוף_פעולה_ממומן"


def test_who_left_has_nothing_to_share(session: Session) -> None:
    mina = factories.participants(session, factories.live_campaign(session, accepted=1))[0]
    participation.leave(session, mina, "withdrawn", "no time", NOW)
    assert kit_of(mina, "https://house.example.com") is None


def test_the_picture_is_drawn_without_style_or_script() -> None:
    drawn = share_kit.qr_picture(LINK)
    assert drawn.startswith("<svg") and "style=" not in drawn and "<script" not in drawn


def test_the_picture_to_keep_is_a_large_png() -> None:
    png = share_kit.qr_png(LINK)
    width = int.from_bytes(png[16:20], "big")
    assert png.startswith(b"\x89PNG") and width >= 600
