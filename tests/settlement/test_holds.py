"""A held commission is on no statement until it is let go, and never lets go by itself. 15 % of 100.00 are 15.00."""

import pytest
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.errors import Conflict, Invalid
from campaigns.settlement import earnings
from campaigns.settlement.books.check import breaches
from campaigns.settlement.disputing.holds import hold, open_hold, release
from tests import factories
from tests.settlement.owed import AFTER, LATER, end, mina_at, sell, state, statements


def test_what_is_held_stands_below_the_line_with_its_reason(session: Session) -> None:
    """15.00 and 30.00 are earned, 15.00 are held: 30.00 are due."""
    mina = mina_at(session)
    doubted = sell(session, mina, 10_000)
    sell(session, mina, 20_000)
    hold(session, doubted, "the buyer is her sister", None, factories.NOW)
    end(session, mina.campaign)
    (paper,) = statements(session, mina)
    assert (paper["due_minor"], paper["held_minor"]) == (3_000, 1_500)
    assert [line["reason"] for line in paper["held"]] == ["the buyer is her sister"]  # type: ignore[attr-defined]
    assert breaches(session) == []


def test_the_next_statement_takes_what_was_let_go(session: Session) -> None:
    mina = mina_at(session)
    order = sell(session, mina)
    hold(session, order, "a doubt", None, factories.NOW)
    end(session, mina.campaign)
    release(session, order, "the doubt is gone", None, LATER)
    assert state(session, mina).amount_minor == 1_500
    assert [paper["due_minor"] for paper in statements(session, mina)] == [0, 1_500]
    assert breaches(session) == []


def test_time_lets_nothing_go(session: Session) -> None:
    mina = mina_at(session)
    hold(session, sell(session, mina), "a doubt", None, factories.NOW)
    end(session, mina.campaign)
    with pytest.raises(Conflict, match="nothing is open"):
        state(session, mina)


def test_the_state_of_a_held_commission_is_held_and_says_why(session: Session) -> None:
    mina = mina_at(session)
    order = sell(session, mina)
    hold(session, order, "a doubt", None, factories.NOW)
    row = earnings.credited(session, mina.campaign_id, AFTER)[0]
    assert row.state == "held" and row.hold is not None and row.hold.reason == "a doubt"
    release(session, order, "gone", None, AFTER)
    assert earnings.credited(session, mina.campaign_id, AFTER)[0].state == "approved"


def test_what_was_given_back_while_it_was_held_is_reversed(session: Session) -> None:
    mina = mina_at(session)
    hold(session, sell(session, mina), "a doubt", None, factories.NOW)
    sell(session, mina, refunded_minor=10_000)
    assert earnings.credited(session, mina.campaign_id, AFTER)[0].state == "reversed"


def test_a_commission_on_a_statement_can_not_be_held_any_more(session: Session) -> None:
    mina = mina_at(session)
    order = sell(session, mina)
    end(session, mina.campaign)
    with pytest.raises(Conflict, match="on a statement already"):
        hold(session, order, "too late", None, LATER)


def test_holding_and_letting_go_are_each_done_once_and_with_a_reason(session: Session) -> None:
    order = sell(session, mina_at(session))
    with pytest.raises(Invalid):
        hold(session, order, "  ", None, AFTER)
    with pytest.raises(Conflict, match="not held"):
        release(session, order, "nothing to release", None, AFTER)
    hold(session, order, "a doubt", None, AFTER)
    with pytest.raises(Conflict, match="held already"):
        hold(session, order, "another doubt", None, AFTER)
    release(session, order, "gone", None, LATER)
    assert open_hold(session, order) is None


def test_a_clock_that_is_set_back_makes_no_breach_of_a_release(session: Session) -> None:
    """Let go at ten, stated when the clock says nine: the statement bears the moment of the release."""
    mina = mina_at(session)
    order = sell(session, mina)
    hold(session, order, "a doubt", None, factories.NOW)
    release(session, order, "gone", None, LATER)
    end(session, mina.campaign)
    assert statements(session, mina)[0]["issued_at"] == iso(LATER)
    assert breaches(session) == []


def test_a_clock_that_is_set_back_makes_no_breach_of_a_new_hold(session: Session) -> None:
    """Stated, then changed, then held at a time before the statement."""
    mina = mina_at(session)
    order = sell(session, mina)
    end(session, mina.campaign)
    sell(session, mina, refunded_minor=4_000)
    assert hold(session, order, "a doubt", None, factories.NOW).held_at == AFTER
    assert release(session, order, "gone", None, factories.NOW).released_at == AFTER
    assert breaches(session) == []
