"""What comes in after a closing is stated on demand, and nothing twice. 15 % of 100.00 are 15.00."""

import pytest
from sqlalchemy.orm import Session

from campaigns.errors import Conflict
from campaigns.settlement.books.check import breaches
from campaigns.settlement.follow_up import waiting
from tests.settlement.owed import end, mina_at, sell, state, statements


def test_a_late_refund_is_stated_at_the_rate_of_then(session: Session) -> None:
    mina = mina_at(session)
    sell(session, mina, 10_000)
    end(session, mina.campaign)
    sell(session, mina, 10_000, refunded_minor=4_000)
    assert [amount for _, amount in waiting(session, mina.campaign, [mina])] == [-600]
    assert state(session, mina).amount_minor == -600
    late = statements(session, mina)[-1]
    assert [(line["kind"], line["commission_minor"]) for line in late["lines"]] == [  # type: ignore[attr-defined]
        ("adjustment", -600)
    ]
    assert (late["opening_minor"], late["closing_minor"]) == (1_500, 900)
    assert breaches(session) == []


def test_a_late_order_is_a_sale_of_the_follow_up_and_earlier_ones_are_not_listed_again(session: Session) -> None:
    mina = mina_at(session)
    sell(session, mina, 10_000)
    end(session, mina.campaign)
    sell(session, mina, 20_000)
    assert state(session, mina).amount_minor == 3_000
    late = statements(session, mina)[-1]
    assert late["totals"] == {"orders": 1, "sales_minor": 20_000, "refunded_minor": 0, "commission_minor": 3_000}


def test_where_nothing_is_open_nothing_is_stated(session: Session) -> None:
    mina = mina_at(session)
    sell(session, mina)
    with pytest.raises(Conflict, match="the campaign is not closed"):
        state(session, mina)
    end(session, mina.campaign)
    with pytest.raises(Conflict, match="nothing is open"):
        state(session, mina)
    assert len(statements(session, mina)) == 1
