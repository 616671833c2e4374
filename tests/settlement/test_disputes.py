"""A dispute holds what it is about, is resolved once, and what it gives is the agency's expense."""

import pytest
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import balance
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.models import Dispute, Order, Participation, User
from campaigns.settlement.books.check import breaches
from campaigns.settlement.close import close_findings
from campaigns.settlement.disputing import disputable, disputes
from campaigns.settlement.disputing.disputes import Resolution, answer, open_dispute, resolve
from campaigns.settlement.disputing.holds import IN_DISPUTE, hold, open_hold
from tests import factories
from tests.settlement.owed import AFTER, LATER, end, mina_at, sell, state, statements

RIGHT = Resolution("partner", "You are right.", 500)


def signed_in(session: Session, person: Participation) -> User:
    return factories.user(session, influencer=person.influencer)


def asked(session: Session) -> tuple[Participation, Order, Dispute]:
    """Mina doubts an order that earned her 15.00."""
    mina = mina_at(session)
    order = sell(session, mina)
    user = signed_in(session, mina)
    about = disputable.about_order(session, user, order.public_id)
    return mina, order, open_dispute(session, user, about, "It was two.", factories.NOW)


def test_an_order_in_dispute_is_held_until_the_dispute_is_resolved(session: Session) -> None:
    mina, order, dispute = asked(session)
    held = open_hold(session, order)
    assert held is not None and held.reason == IN_DISPUTE
    end(session, mina.campaign)
    resolve(session, dispute, factories.user(session).id, Resolution("agency", "It was one."), LATER)
    assert open_hold(session, order) is None
    assert state(session, mina).amount_minor == 1_500
    assert breaches(session) == []


def test_a_hold_of_staff_outlasts_the_dispute(session: Session) -> None:
    mina = mina_at(session)
    order = sell(session, mina)
    hold(session, order, "a doubt of ours", None, factories.NOW)
    user = signed_in(session, mina)
    about = disputable.about_order(session, user, order.public_id)
    dispute = open_dispute(session, user, about, "Why?", factories.NOW)
    resolve(session, dispute, factories.user(session).id, Resolution("agency", "For a reason."), AFTER)
    held = open_hold(session, order)
    assert held is not None and held.reason == "a doubt of ours"


def test_compensation_is_on_the_next_statement_and_not_on_the_brands_account(session: Session) -> None:
    """15.00 of the order and 5.00 for the trouble; the brand pays 18.00 as before."""
    mina, _, dispute = asked(session)
    resolve(session, dispute, factories.user(session).id, RIGHT, AFTER)
    assert balance(session, "brand_receivable", mina.campaign.brand_id, "ILS") == 1_800
    end(session, mina.campaign)
    (paper,) = statements(session, mina)
    assert (paper["due_minor"], paper["compensation_minor"]) == (2_000, 500)
    assert balance(session, "compensation_expense", 0, "ILS") == 500
    assert breaches(session) == []


def test_compensation_as_credit_is_not_due(session: Session) -> None:
    mina, _, dispute = asked(session)
    how = Resolution("partner", "You are right.", 500, "credit")
    resolve(session, dispute, factories.user(session).id, how, AFTER)
    assert balance(session, "influencer_credit", mina.influencer_id, "ILS") == -500
    assert balance(session, "influencer_pending", mina.influencer_id, "ILS") == -1_500
    assert breaches(session) == []


def test_a_brand_found_right_gets_credit_and_nothing_else(session: Session) -> None:
    mina = mina_at(session)
    order = sell(session, mina)
    user = factories.user(session, brand=mina.campaign.brand)
    dispute = open_dispute(
        session, user, disputable.about_order(session, user, order.public_id), "Ours.", factories.NOW
    )
    staff = factories.user(session).id
    with pytest.raises(Invalid, match="credit against its bills"):
        resolve(session, dispute, staff, RIGHT, AFTER)
    resolve(session, dispute, staff, Resolution("partner", "Yes.", 500, "credit"), AFTER)
    assert balance(session, "brand_credit", mina.campaign.brand_id, "ILS") == -500
    assert breaches(session) == []


def test_a_dispute_is_resolved_once_and_silent_afterwards(session: Session) -> None:
    mina, _, dispute = asked(session)
    staff = factories.user(session)
    answer(session, dispute, staff, "We look.", AFTER)
    assert dispute.status == "answered"
    resolve(session, dispute, staff.id, RIGHT, AFTER)
    with pytest.raises(Conflict, match="is resolved"):
        resolve(session, dispute, staff.id, RIGHT, LATER)
    with pytest.raises(Conflict, match="is resolved"):
        answer(session, dispute, signed_in(session, mina), "But …", LATER)
    assert balance(session, "compensation_expense", 0, "ILS") == 500


def test_nothing_is_given_where_it_stays_as_it_was(session: Session) -> None:
    _, _, dispute = asked(session)
    with pytest.raises(Invalid, match="only where the partner is found right"):
        resolve(session, dispute, factories.user(session).id, Resolution("agency", "No.", 500), AFTER)
    assert dispute.status == "open"


def test_the_same_is_asked_once_at_a_time(session: Session) -> None:
    mina, order, _ = asked(session)
    user = signed_in(session, mina)
    with pytest.raises(Conflict, match="asked about this already"):
        open_dispute(session, user, disputable.about_order(session, user, order.public_id), "Again.", AFTER)


def test_what_is_not_theirs_can_not_be_asked_about(session: Session) -> None:
    mina, order, _ = asked(session)
    end(session, mina.campaign)
    for other in (factories.user(session, influencer=factories.influencer(session)),
                  factories.user(session, brand=factories.brand(session, name="Cobalt"))):  # fmt: skip
        with pytest.raises(NotFound):
            disputable.about_order(session, other, order.public_id)
        with pytest.raises(NotFound):
            disputable.about_effort(session, other, mina.public_id, AFTER)


def test_effort_without_commission_can_be_reviewed_and_compensated(session: Session) -> None:
    """Not one sale, 80.00 for the work: the whole of the statement."""
    mina = mina_at(session)
    user = signed_in(session, mina)
    about = disputable.about_effort(session, user, mina.public_id, factories.NOW)
    dispute = open_dispute(session, user, about, "Nine stories, three posts.", factories.NOW)
    resolve(session, dispute, factories.user(session).id, Resolution("partner", "Seen.", 8_000), AFTER)
    end(session, mina.campaign)
    (paper,) = statements(session, mina)
    assert (paper["due_minor"], paper["totals"]["orders"]) == (8_000, 0)  # type: ignore[index]
    assert balance(session, "brand_receivable", mina.campaign.brand_id, "ILS") == 0


def test_effort_that_earned_commission_is_no_such_case(session: Session) -> None:
    mina = mina_at(session)
    sell(session, mina)
    with pytest.raises(Conflict, match="has earned you commission"):
        disputable.about_effort(session, signed_in(session, mina), mina.public_id, factories.NOW)


def test_a_closing_is_told_of_disputes_that_are_not_resolved(session: Session) -> None:
    mina, _, dispute = asked(session)
    assert "disputes that are not resolved: 1" in close_findings(session, mina.campaign, AFTER)
    resolve(session, dispute, factories.user(session).id, Resolution("agency", "No."), AFTER)
    assert disputes.unresolved(session, mina.campaign_id) == 0
    assert not any("disputes" in finding for finding in close_findings(session, mina.campaign, AFTER))
