"""Whose an order may be that is nobody's: for each reason its sentence, and never somebody who can't have it."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from campaigns.errors import Said
from campaigns.models import Campaign, Order, Participation
from campaigns.planning.codes import replace_code
from campaigns.tracking.decisions import current_decision
from campaigns.tracking.identity import phone_key
from campaigns.tracking.suggestions import Suggestion, suggested
from tests import factories
from tests.factories import NOW, START

DAY = timedelta(days=1)


@pytest.fixture
def campaign(session: Session) -> Campaign:
    return factories.live_campaign(session, accepted=2)


@pytest.fixture
def mina(session: Session, campaign: Campaign) -> Participation:
    return factories.participants(session, campaign)[0]


def code_of(person: Participation) -> str:
    assert person.code
    return person.code.code


def guesses(session: Session, order: Order) -> list[Suggestion]:
    decision = current_decision(session, order.id)
    assert decision is not None
    return suggested(session, [(order, decision)], factories.identity_key()).get(order.id, [])


def templates(session: Session, order: Order, person: Participation) -> list[str]:
    """The sentences for one person, without their facts."""
    reasons = [reason for one in guesses(session, order) if one.participation.id == person.id for reason in one.reasons]
    return [reason.template if isinstance(reason, Said) else reason for reason in reasons]


def test_a_mistyped_code_is_somebodys(session: Session, campaign: Campaign, mina: Participation):
    typed = code_of(mina)[:-1] + "0"  # no code has a zero
    order = factories.order(session, shop=campaign.shop, code=typed)
    (guess,) = guesses(session, order)
    assert guess.participation.id == mina.id
    assert guess.reasons == (f"The code {typed} is one slip away from their code {code_of(mina)}.",)


def test_a_cut_code_comes_after_a_mistyped_one(session: Session, campaign: Campaign):
    mina, noa = factories.participants(session, campaign)
    typed = (code_of(noa)[:-2], code_of(mina)[:-1] + "0")
    order = factories.order(session, shop=campaign.shop, typed_codes=typed)
    assert guesses(session, order)[0].participation.id == mina.id
    assert "The code %(typed)s is a piece of their code %(code)s." in templates(session, order, noa)


def test_a_code_that_was_ended_says_so(session: Session, campaign: Campaign, mina: Participation):
    leaked = code_of(mina)
    replace_code(session, mina, NOW - DAY)
    order = factories.order(session, shop=campaign.shop, code=leaked)
    assert templates(session, order, mina) == ["Their code %(code)s is on the order, but had been ended."]


def test_a_code_before_its_campaign_says_so(session: Session, campaign: Campaign, mina: Participation):
    order = factories.order(session, shop=campaign.shop, code=code_of(mina), placed_at=START - DAY)
    assert templates(session, order, mina) == ["Their code %(code)s is on the order, but was not in force then."]


def test_a_click_too_long_ago_says_how_long(session: Session, campaign: Campaign, mina: Participation):
    clicked = factories.click(session, participation=mina, at=NOW - timedelta(days=31, hours=1))
    order = factories.order(session, shop=campaign.shop, click_ids=(factories.click_id(clicked),))
    (guess,) = guesses(session, order)
    assert guess.reasons == ("Their link was opened 31 days before the order, longer ago than agreed.",)


@pytest.mark.parametrize("field", ["landing", "affiliate"])
def test_a_name_of_a_campaign_that_is_over_is_suggested(
    session: Session, campaign: Campaign, mina: Participation, field: str
):
    assert mina.link
    named = {"landing_url": f"/serum?ref={mina.link.slug}"} if field == "landing" else {"affiliates": (mina.link.slug,)}
    order = factories.order(session, shop=campaign.shop, placed_at=factories.END + DAY, **named)
    (sentence,) = templates(session, order, mina)
    assert field in sentence and sentence.endswith("but not while they earned.")


def test_the_same_buyers_earlier_order_is_a_reason(session: Session, campaign: Campaign, mina: Participation):
    factories.order(session, shop=campaign.shop, code=code_of(mina), placed_at=NOW - 2 * DAY)
    order = factories.order(session, shop=campaign.shop)
    assert [reason for one in guesses(session, order) for reason in one.reasons] == [
        "An order of the same buyer on 2026-05-08 is theirs."
    ]


def test_a_later_order_or_another_buyers_is_none(session: Session, campaign: Campaign, mina: Participation):
    factories.order(session, shop=campaign.shop, code=code_of(mina), placed_at=NOW + DAY)
    factories.order(session, shop=campaign.shop, code=code_of(mina), placed_at=NOW - DAY, email="else@example.com")
    assert guesses(session, factories.order(session, shop=campaign.shop)) == []


def test_reasons_for_one_person_stand_together(session: Session, campaign: Campaign, mina: Participation):
    factories.order(session, shop=campaign.shop, code=code_of(mina), placed_at=NOW - DAY)
    order = factories.order(session, shop=campaign.shop, code=code_of(mina)[:-1] + "0")
    (guess,) = guesses(session, order)
    assert [reason.template for reason in guess.reasons] == [
        "The code %(typed)s is one slip away from their code %(code)s.",
        "An order of the same buyer on %(day)s is theirs.",
    ]


def test_nobody_is_suggested_their_own_purchase(session: Session, campaign: Campaign, mina: Participation):
    mina.influencer.phone = "050-123 4567"
    typed = code_of(mina)[:-1] + "0"
    by_mail = factories.order(session, shop=campaign.shop, code=typed, email=mina.influencer.email)
    by_phone = factories.order(session, shop=campaign.shop, code=typed)
    by_phone.phone_key = phone_key(factories.identity_key(), "+972501234567")
    assert guesses(session, by_mail) == guesses(session, by_phone) == []


@pytest.mark.parametrize("facts", [{"test": True}, {"status": "pending"}, {"currency": "USD"}, {}])
def test_what_needs_no_guess_gets_none(session: Session, campaign: Campaign, mina: Participation, facts):
    assert guesses(session, factories.order(session, shop=campaign.shop, code=code_of(mina), **facts)) == []


def test_a_code_of_another_shop_is_nobodys_here(session: Session, campaign: Campaign):
    stranger = factories.participants(session, factories.live_campaign(session, accepted=1))[0]
    order = factories.order(session, shop=campaign.shop, code=code_of(stranger)[:-1] + "0")
    assert guesses(session, order) == []


def test_a_page_of_orders_asks_the_tables_a_fixed_number_of_times(session: Session, campaign: Campaign, mina):
    orders = [factories.order(session, shop=campaign.shop, code=code_of(mina)[:-1] + "0") for _ in range(5)]
    decided = [(order, current_decision(session, order.id)) for order in orders]
    asked = count_statements(session, decided[:1])
    assert asked == count_statements(session, decided) <= 4


def count_statements(session: Session, decided) -> int:
    for order, _ in decided:
        assert order.shop.timezone  # loaded before, as a page has it
    seen: list[str] = []
    bind = session.get_bind()

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(bind, "before_cursor_execute", note)
    try:
        found = suggested(session, decided, factories.identity_key())
    finally:
        event.remove(bind, "before_cursor_execute", note)
    assert len(found) == len(decided)
    return len(seen)
