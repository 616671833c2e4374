"""How far a commission has come, and why an order with an influencer's code may not be theirs."""

from datetime import timedelta

from flask import current_app
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Participation
from campaigns.settlement import earnings
from campaigns.settlement.close import close
from tests import factories
from tests.paying import pay_out

AFTER = factories.END + timedelta(days=20)


def agency() -> dict[str, str]:
    """The issuer of papers, from the settings."""
    named: dict[str, str] = current_app.extensions["settings"].agency()
    return named


def sold(session: Session, **facts: object) -> tuple[Campaign, Participation]:
    """A live campaign and the participant who is credited with an order of 100.00."""
    campaign = factories.live_campaign(session)
    noa = factories.participants(session, campaign)[0]
    assert noa.code
    factories.order(session, shop=campaign.shop, code=noa.code.code, net_minor=10_000, **facts)  # type: ignore[arg-type]
    return campaign, noa


def test_a_commission_is_pending_for_the_return_window_then_approved(session: Session) -> None:
    """Fourteen days after the order."""
    campaign, _ = sold(session)
    states = [
        earnings.credited(session, campaign.id, factories.NOW + timedelta(days=days))[0].state for days in (13, 14)
    ]
    assert states == ["pending", "approved"]


def test_what_was_given_back_in_full_is_reversed(session: Session) -> None:
    campaign, _ = sold(session, refunded_minor=10_000)
    row = earnings.credited(session, campaign.id, factories.NOW)[0]
    assert (row.state, row.commission_minor, row.brand_charge_minor) == ("reversed", 0, 0)


def test_a_commission_goes_from_statement_to_paid(session: Session) -> None:
    """15 % of 100.00 moves from pending to due to paid."""
    campaign, noa = sold(session)
    assert earnings.sums(session, noa.influencer_id) == [earnings.Sums("ILS", 1_500, 0, 0)]
    close(session, campaign, agency(), AFTER.date(), AFTER, None)
    assert earnings.credited(session, campaign.id, AFTER)[0].state == "in_statement"
    assert earnings.sums(session, noa.influencer_id) == [earnings.Sums("ILS", 0, 1_500, 0)]
    pay_out(session, "ILS", agency(), AFTER.date(), AFTER)
    assert earnings.credited(session, campaign.id, AFTER)[0].state == "paid"
    assert earnings.sums(session, noa.influencer_id) == [earnings.Sums("ILS", 0, 0, 1_500)]


def test_two_codes_on_an_order_tell_the_second_influencer_why(session: Session) -> None:
    campaign = factories.live_campaign(session)
    first, second, third = factories.participants(session, campaign)[:3]
    assert first.code and second.code
    order = factories.order(
        session, shop=campaign.shop, code=first.code.code, typed_codes=(second.code.code,), placed_at=factories.NOW
    )
    assert earnings.passed_over(session, second) == [(order, "other")]
    assert earnings.passed_over(session, first) == earnings.passed_over(session, third) == []


def test_an_order_before_the_start_is_told_to_the_owner_of_its_code(session: Session) -> None:
    campaign = factories.live_campaign(session)
    noa = factories.participants(session, campaign)[0]
    assert noa.code
    early = factories.START - timedelta(days=1)
    order = factories.order(session, shop=campaign.shop, code=noa.code.code, placed_at=early)
    assert earnings.passed_over(session, noa) == [(order, "refused_outside_dates")]
