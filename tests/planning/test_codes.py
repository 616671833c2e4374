"""Codes people can say, unique per shop, ended at a moment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaigns.ids import SPOKEN_ALPHABET
from campaigns.models import CouponCode
from campaigns.planning.codes import spoken_stem
from campaigns.planning.life import launch
from campaigns.planning.participation import leave
from campaigns.tracking.links import find_target
from tests.factories import (
    END,
    NOW,
    START,
    brand,
    campaign,
    influencer,
    live_campaign,
    participants,
    participation,
    shop,
)


@given(st.text(max_size=30))
def test_a_stem_holds_only_what_can_be_spoken_and_not_be_misheard(name: str):
    assert set(spoken_stem(name)) <= set(SPOKEN_ALPHABET) - set("01OIL")


def test_everyone_gets_an_own_code_and_link_valid_for_the_campaign(session: Session):
    live = live_campaign(session, accepted=12)
    codes = [person.code for person in participants(session, live)]
    assert len({code.folded for code in codes}) == 12
    assert {(code.valid_from, code.valid_to) for code in codes} == {(START, END)}
    assert len({person.link.slug for person in participants(session, live)}) == 12


def test_a_code_is_unique_in_its_shop_without_regard_to_case(session: Session):
    live = live_campaign(session, accepted=10)
    one = participants(session, live)[0].code
    twin = CouponCode(
        shop_id=one.shop_id, participation_id=one.participation_id, code=one.code.lower(), folded=one.folded,
        valid_from=START, valid_to=END,
    )  # fmt: skip
    session.add(twin)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_two_shops_may_have_the_same_code(session: Session):
    codes = []
    for name in ("One", "Two"):
        draft = campaign(session, shop=shop(session, brand=brand(session, name=name)))
        participation(session, campaign=draft, influencer=influencer(session))
        launch(session, draft, NOW, "a small test")
        codes.append(participants(session, draft)[0].code)
    codes[1].code, codes[1].folded = codes[0].code, codes[0].folded
    session.flush()
    assert codes[0].shop_id != codes[1].shop_id


def test_a_link_of_who_left_leads_nowhere(session: Session):
    live = live_campaign(session, accepted=10)
    mina, omar = participants(session, live)[:2]
    leave(session, mina, "removed", "posted something else", NOW)
    assert find_target(session.connection(), mina.link.slug) is None
    assert find_target(session.connection(), omar.link.slug) is not None
