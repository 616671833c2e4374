"""An order followed to its postings: the same figures for everyone, and nobody's secrets."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from campaigns.models import Campaign, Order, Participation
from campaigns.planning.crediting import credit_by_hand
from campaigns.settlement.disputing.holds import hold
from campaigns.settlement.tracing.readers import Reader, concerns
from campaigns.settlement.tracing.traces import Trace, trace
from tests import factories, whole_campaign
from tests.factories import NOW

AGENCY = Reader("agency")


def two(session: Session, **terms: Any) -> tuple[Campaign, Participation, Participation]:
    """A live campaign and two of its influencers."""
    campaign = factories.live_campaign(session, accepted=2, terms={**factories.TERMS, **terms})
    first, second = factories.participants(session, campaign)
    return campaign, first, second


def code_of(one: Participation) -> str:
    assert one.code
    return one.code.code


def reader(one: Participation) -> Reader:
    return Reader("influencer", influencer_id=one.influencer_id)


def told(session: Session, order: Order, who: Reader) -> Trace:
    return trace(session, order, who, NOW)


def by_hand(session: Session, order: Order, to: Participation) -> None:
    omar = factories.user(session)
    credit_by_hand(session, order, to, omar.id, "A promise by phone", "http://x", factories.identity_key(), NOW)


def test_all_three_read_the_same_figures(session: Session) -> None:
    """15 % and 3 % of 200.00."""
    campaign, mina, _ = two(session)
    order = factories.order(session, shop=campaign.shop, code=code_of(mina), net_minor=20_000)
    brand = Reader("brand", brand_id=campaign.brand_id)
    found = [told(session, order, who) for who in (AGENCY, brand, reader(mina))]
    assert {(one.commission_minor, one.agency_minor, one.brand_minor) for one in found} == {(3_000, 600, 3_600)}
    assert {tuple(line.amount_minor for entry in one.entries for line in entry.lines) for one in found} == {
        (3_600, -3_000, -600)
    }


def test_each_rules_part_is_told_and_sums_to_the_commission(session: Session) -> None:
    """10 % up to 100.00 and 20 % of the other 100.00, and 5.00 for the order: 35.00."""
    tiers = [{"from_sales_minor": 10_000, "rate_bps": 2000}]
    campaign, mina, _ = two(session, influencer_rate_bps=1000, tiers=tiers, fixed_per_order_minor=500)
    order = factories.order(session, shop=campaign.shop, code=code_of(mina), net_minor=20_000)
    working = told(session, order, reader(mina)).working
    assert working is not None
    assert [tuple(part) for part in working.parts] == [
        ("rate", 10_000, 1000, 1_000), ("tier", 10_000, 2000, 2_000), ("fixed", 0, None, 500),
    ]  # fmt: skip
    assert (working.base_minor, working.commission_minor, working.agency_minor) == (20_000, 3_500, 600)


def test_it_is_pending_until_the_return_window_is_over(session: Session) -> None:
    campaign, mina, _ = two(session)
    order = factories.order(session, shop=campaign.shop, code=code_of(mina))
    until = NOW + timedelta(days=14)
    assert told(session, order, AGENCY).pending_until == until
    assert (trace(session, order, AGENCY, until).state, trace(session, order, AGENCY, until).pending_until) == (
        "approved", None,
    )  # fmt: skip


def test_after_a_full_refund_nothing_is_said_to_stand(session: Session) -> None:
    campaign, mina, _ = two(session)
    facts: dict[str, Any] = {"shop": campaign.shop, "code": code_of(mina), "external_id": "7", "net_minor": 20_000}
    factories.order(session, **facts)
    order = factories.order(session, **facts, refunded_minor=20_000, version=NOW + timedelta(days=1))
    found = told(session, order, reader(mina))
    assert (found.state, found.commission_minor, found.working) == ("reversed", 0, None)
    assert [entry.earned("influencer_pending") for entry in found.entries] == [3_000, -3_000]
    assert found.entries[0].working is not None


def test_who_lost_an_order_reads_their_own_part_and_not_the_others(session: Session) -> None:
    """15 % of 200.00 of hers is taken back; the other's terms are 25 %."""
    campaign = factories.campaign(session)
    mina = factories.participation(session, campaign=campaign)
    noa = factories.participation(session, campaign=campaign, overrides={"influencer_rate_bps": 2500})
    factories.life.launch(session, campaign, factories.BEFORE, "two are enough")
    order = factories.order(session, shop=campaign.shop, code=code_of(mina), net_minor=20_000)
    by_hand(session, order, noa)
    hers, others = told(session, order, reader(mina)), told(session, order, reader(noa))
    assert [entry.earned("influencer_pending") for entry in hers.entries] == [3_000, -3_000]
    assert [entry.working and entry.working.commission_minor for entry in hers.entries] == [3_000, None]
    assert [ruling.participation for ruling in hers.rulings] == [None, mina]
    assert hers.names == {} and {line.participation for entry in hers.entries for line in entry.lines} == {mina}
    assert others.working is not None and others.working.commission_minor == 5_000
    assert [ruling.participation for ruling in others.rulings] == [noa]


def test_an_order_that_only_came_with_a_click_shows_the_reason_and_no_amounts(session: Session) -> None:
    campaign, mina, noa = two(session)
    click = factories.click_id(factories.click(session, participation=noa))
    order = factories.order(session, shop=campaign.shop, code=code_of(mina), click_ids=(click,))
    plain = factories.order(session, shop=campaign.shop, code=code_of(mina))
    found = told(session, order, reader(noa))
    assert (found.shows_amounts, found.entries, found.commission_minor, found.acceptance) == (False, [], 0, None)
    noas = {noa.id: noa.public_id}
    assert [concerns(one.decisions, noas) for one in (order, plain)] == [True, False]


def test_evidence_that_speaks_of_others_is_kept_from_an_influencer(session: Session) -> None:
    campaign, mina, noa = two(session)
    click = factories.click(session, participation=noa)
    order = factories.order(
        session, shop=campaign.shop, code=code_of(mina), click_ids=(factories.click_id(click),), source="x"
    )
    hers, theirs = told(session, order, reader(mina)).rulings[0], told(session, order, reader(noa)).rulings[0]
    assert hers.evidence.keys() & {"codes", "clicks"} == {"codes"}
    assert theirs.evidence.keys() & {"codes", "clicks", "terms_version"} == {"clicks"}
    assert theirs.credits and theirs.participation is None
    assert told(session, order, AGENCY).names.keys() == {mina.public_id, noa.public_id}


def test_another_brand_learns_nothing_of_the_people(session: Session) -> None:
    campaign, mina, _ = two(session)
    order = factories.order(session, shop=campaign.shop, code=code_of(mina))
    found = told(session, order, Reader("brand", brand_id=campaign.brand_id + 1))
    assert (found.names, found.entries, found.rulings[0].participation) == ({}, [], None)


def test_papers_and_payments_are_told_to_whom_they_concern(session: Session) -> None:
    cast = whole_campaign.a_live_campaign(session)
    order = session.query(Order).filter_by(external_id=f"{whole_campaign.MINAS}-{cast.campaign.id}").one()
    whole_campaign.end(session, cast.campaign)
    whole_campaign.pay(session)
    hers = told(session, order, reader(cast.mina))
    bought = told(session, order, Reader("brand", brand_id=cast.campaign.brand_id))
    assert hers.state == bought.state == "paid"
    papers = [
        (line.account, bool(line.statement), bool(line.payment), bool(line.bill)) for line in hers.entries[0].lines
    ]
    assert papers == [
        ("brand_receivable", False, False, False), ("influencer_pending", True, True, False),
        ("agency_income", False, False, False),
    ]  # fmt: skip
    assert [line.account for line in bought.entries[0].lines if line.bill] == ["brand_receivable"]
    assert not [line for line in bought.entries[0].lines if line.statement or line.payment]


def test_a_hold_is_told_with_its_reason(session: Session) -> None:
    campaign, mina, _ = two(session)
    order = factories.order(session, shop=campaign.shop, code=code_of(mina))
    hold(session, order, "The parcel was lost", None, NOW)
    found = told(session, order, reader(mina))
    assert found.hold is not None and (found.state, found.hold.reason) == ("held", "The parcel was lost")


def test_an_order_of_nobody_is_empty_and_says_so(session: Session) -> None:
    campaign, _, _ = two(session)
    order = factories.order(session, shop=campaign.shop)
    found = told(session, order, AGENCY)
    assert (found.entries, found.working, found.acceptance, found.state) == ([], None, None, "")
    assert [ruling.credits for ruling in found.rulings] == [False]
