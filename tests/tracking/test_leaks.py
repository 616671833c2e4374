"""Reasons to look at a code: with figures a person can check, against the others, and none without enough to tell."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid
from campaigns.models import CodeSuspicion
from campaigns.tracking.leak_watch import close, open_ones, uses, watch_codes
from campaigns.tracking.leaks import CodeUse, limit_bps, reasons_to_look
from tests import factories
from tests.factories import NOW


def use(who: int, *, orders: int = 20, without_click: int = 4, buyers: int = 20, most_of_one: int = 1) -> CodeUse:
    return CodeUse(1, who, orders, without_click, buyers, most_of_one)


OTHERS = [use(2), use(3), use(4)]  # of each 20 orders, 4 came without a click: 20 %


def test_a_code_that_sells_without_clicks_far_more_often_than_the_others_stands_out() -> None:
    """19 of 20 are 95 %; the others have 20 % and no spread, so the limit is 20 points above."""
    [reason] = reasons_to_look([use(1, without_click=19), *OTHERS])
    assert (reason.participation_id, reason.kind) == (1, "no_clicks")
    assert (reason.observed_bps, reason.baseline_bps, reason.limit_bps) == (9_500, 2_000, 4_000)


def test_up_to_the_limit_nothing_is_said() -> None:
    assert reasons_to_look([use(1, without_click=8), *OTHERS]) == []  # 40 %
    assert len(reasons_to_look([use(1, without_click=9), *OTHERS])) == 1


def test_where_the_others_differ_widely_it_takes_more_to_stand_out() -> None:
    """10, 30 and 50 %: the median is 30, the deviations are 20, 0 and 20, and 3 x 20 x 1.4826 is more than is left."""
    wide = [use(2, without_click=2), use(3, without_click=6), use(4, without_click=10)]
    assert limit_bps([1_000, 3_000, 5_000]) == 3_000 + 8_895
    assert reasons_to_look([use(1, without_click=20), *wide]) == []


def test_with_few_orders_or_few_others_there_is_not_enough_to_tell() -> None:
    assert reasons_to_look([use(1, orders=19, without_click=19), *OTHERS]) == []
    assert reasons_to_look([use(1, without_click=20), *OTHERS[:2]]) == []


def test_a_campaign_whose_people_only_say_their_code_is_no_reason_to_look() -> None:
    assert reasons_to_look([use(who, without_click=20) for who in range(1, 6)]) == []


def test_campaigns_are_not_compared_with_one_another() -> None:
    other = CodeUse(2, 9, 20, 20, 20, 1)
    assert reasons_to_look([other, *OTHERS]) == []


def test_one_buyer_with_more_than_three_tenths_of_ten_orders_stands_out() -> None:
    assert reasons_to_look([use(1, orders=10, without_click=0, buyers=7, most_of_one=3)]) == []
    [reason] = reasons_to_look([use(1, orders=10, without_click=0, buyers=6, most_of_one=4)])
    assert (reason.kind, reason.observed_bps, reason.limit_bps) == ("same_buyer", 4_000, 3_000)


def bought(session: Session, orders: int) -> CodeSuspicion:
    """A live campaign where one buyer has everything."""
    campaign = factories.live_campaign(session, accepted=1)
    code = factories.participants(session, campaign)[0].codes[0].code
    for _ in range(orders):
        factories.order(session, shop=campaign.shop, code=code, email="dana@example.com")
    watch_codes(session, NOW)
    return session.scalars(select(CodeSuspicion)).one()


def test_uses_are_counted_from_the_decisions_in_force(session: Session) -> None:
    """Two orders of one buyer, one of another, one of somebody unknown, and one that was cancelled."""
    campaign = factories.live_campaign(session, accepted=1)
    mina = factories.participants(session, campaign)[0]
    for email in ("dana@example.com", "dana@example.com", "gal@example.com", None):
        factories.order(session, shop=campaign.shop, code=mina.codes[0].code, email=email)
    factories.order(session, shop=campaign.shop, code=mina.codes[0].code, status="cancelled")
    assert uses(session, campaign.id) == [CodeUse(campaign.id, mina.id, 4, 4, 3, 2)]


def test_a_reason_is_kept_once_and_its_figures_follow(session: Session) -> None:
    suspicion = bought(session, 10)
    code = suspicion.participation.codes[0].code
    factories.order(session, shop=suspicion.participation.campaign.shop, code=code, email="dana@example.com")
    watch_codes(session, NOW + timedelta(hours=1))
    session.expire_all()
    assert [(one.orders, one.raised_at) for one in open_ones(session)] == [(11, NOW)]


def test_what_somebody_has_looked_at_is_not_raised_again(session: Session) -> None:
    suspicion = bought(session, 10)
    close(session, suspicion, factories.user(session).id, "her aunt", NOW)
    watch_codes(session, NOW + timedelta(hours=1))
    assert open_ones(session) == []


def test_it_is_closed_with_words_and_by_one(session: Session) -> None:
    suspicion, omar = bought(session, 10), factories.user(session)
    with pytest.raises(Invalid):
        close(session, suspicion, omar.id, "  ", NOW)
    close(session, suspicion, omar.id, "her aunt", NOW)
    with pytest.raises(Conflict):
        close(session, suspicion, omar.id, "her uncle", NOW)
