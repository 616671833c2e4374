"""Orders whose earning depends on other orders (tiers, bonuses, caps, new and repeated customers), in the books.

The engine has its own tests with docs/commissions.md. Here orders come through orders.take, in any order of arrival,
and the books must end where the terms say; `books check` works all of it out anew.
"""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import earned_by_order
from campaigns.db import db
from campaigns.models import Campaign, LedgerTransaction, Order, Participation
from campaigns.planning.crediting import credit_by_hand
from campaigns.settlement.books.check import breaches
from tests import factories
from tests.factories import END, NOW, TERMS, identity_key
from tests.faults.race import at_once, without_locks

DAY = timedelta(days=1)
# 15 % up to 300.00 of sales, 20 % of what goes beyond, a bonus of 5.00 with the third order.
TIERED = {
    **TERMS,
    "tiers": [{"from_sales_minor": 30_000, "rate_bps": 2_000}],
    "bonus": [{"at_orders": 3, "amount_minor": 500}],
}


def campaign(session: Session, terms: dict[str, Any], accepted: int = 2) -> Campaign:
    return factories.live_campaign(session, accepted=accepted, terms=terms)


def people(session: Session, place: Campaign) -> list[Participation]:
    return factories.participants(session, place)


def sells(session: Session, person: Participation, number: int, net_minor: int, **facts: Any) -> Order:
    """The buyer's order number `number`, placed that many hours after noon, with the participant's code."""
    assert person.code
    facts = {"placed_at": NOW + timedelta(hours=number), "email": f"buyer{number}@example.com", **facts}
    return factories.order(
        session, shop=person.campaign.shop, code=person.code.code, external_id=f"{number}", net_minor=net_minor, **facts
    )


def commissions(session: Session, person: Participation) -> list[int]:
    """What each order of the shop earns its influencer, in the order they were placed; nothing where it earns none."""
    orders = session.scalars(
        select(Order).filter_by(shop_id=person.campaign.shop_id).order_by(Order.placed_at, Order.external_id)
    ).all()
    earned = earned_by_order(session, [order.id for order in orders])
    return [earned.get(order.id, (0, 0))[0] for order in orders]


@pytest.mark.parametrize("arrival", list(permutations([1, 2, 3])))
def test_tiers_and_bonus_end_alike_in_whatever_order_orders_arrive(session: Session, arrival: tuple[int, ...]) -> None:
    mina, _ = people(session, campaign(session, TIERED))
    for number in arrival:
        sells(session, mina, number, 20_000)
    # 200.00 × 15 %; 100.00 × 15 % + 100.00 × 20 %; 200.00 × 20 % + 5.00
    assert commissions(session, mina) == [3000, 3500, 4500]
    assert breaches(session) == []


def test_a_refund_of_an_early_order_moves_the_later_ones_down(session: Session) -> None:
    mina, _ = people(session, campaign(session, TIERED))
    for number in (1, 2, 3):
        sells(session, mina, number, 20_000)
    sells(session, mina, 1, 20_000, refunded_minor=20_000, version=NOW + DAY)
    # The first is gone: two orders are left, so no bonus, and the tier begins in the middle of the last.
    assert commissions(session, mina) == [0, 3000, 3500]
    assert breaches(session) == []


def test_an_order_given_to_somebody_else_changes_both_runs(session: Session) -> None:
    mina, noa = people(session, campaign(session, TIERED))
    orders = [sells(session, mina, number, 20_000) for number in (1, 2, 3)]
    staff = factories.user(session)
    credit_by_hand(session, orders[0], noa, staff.id, "her follower, she has the chat", "http://x", identity_key(), NOW)
    assert commissions(session, mina) == [3000, 3000, 3500]
    assert breaches(session) == []


def test_a_cap_is_filled_in_the_order_of_placing(session: Session) -> None:
    mina, _ = people(session, campaign(session, {**TERMS, "cap_minor": 5_000}))
    for number in (3, 1, 2):
        sells(session, mina, number, 20_000)
    assert commissions(session, mina) == [3000, 2000, 0]
    assert breaches(session) == []


def test_a_category_earns_at_its_own_rate_after_a_refund_too(session: Session) -> None:
    mina, _ = people(session, campaign(session, {**TERMS, "category_rates": {"Skin Care": 1_000}}))
    sells(session, mina, 1, 20_000)
    sells(session, mina, 2, 20_000, refunded_minor=5_000)
    assert commissions(session, mina) == [2000, 1500]
    assert breaches(session) == []


def test_only_new_customers_earn_and_an_earlier_order_that_comes_late_takes_it_back(session: Session) -> None:
    mina, _ = people(session, campaign(session, {**TERMS, "customers": "new"}))
    sells(session, mina, 2, 20_000, email="dana@example.com")
    assert commissions(session, mina) == [3000]
    # The same buyer's first order, without any code, is told only now.
    first = {"placed_at": NOW + timedelta(hours=1), "email": "dana@example.com"}
    early = factories.order(session, shop=mina.campaign.shop, external_id="1", net_minor=5_000, **first)
    assert commissions(session, mina) == [0, 0]
    factories.order(session, shop=mina.campaign.shop, external_id="1", net_minor=5_000, status="cancelled",
                    version=early.version + DAY, **first)  # fmt: skip
    assert commissions(session, mina) == [0, 3000]
    assert breaches(session) == []


def test_a_buyer_nobody_can_recognise_is_not_shown_to_be_new(session: Session) -> None:
    mina, _ = people(session, campaign(session, {**TERMS, "returning_rate_bps": 500}))
    sells(session, mina, 1, 20_000, email=None)
    sells(session, mina, 2, 20_000)
    assert commissions(session, mina) == [1000, 3000]


def test_repeated_orders_earn_for_six_months_also_after_the_campaign(session: Session) -> None:
    mina, _ = people(session, campaign(session, {**TERMS, "recurring": {"months": 6, "rate_bps": 1_000}}))
    start = sells(session, mina, 1, 20_000, email="dana@example.com").placed_at
    assert start < END
    for number, months in enumerate((2, 5, 7), start=2):
        factories.order(session, shop=mina.campaign.shop, external_id=f"{number}", net_minor=20_000,
                        placed_at=start + months * 30 * DAY, email="dana@example.com")  # fmt: skip
    assert commissions(session, mina) == [3000, 2000, 2000, 0]
    assert breaches(session) == []


def test_a_partner_who_collects_owes_the_money_less_the_commission(session: Session) -> None:
    terms = {**TERMS, "base": "gross", "agency_rate_bps": 0, "settlement": {"collects": "partner",
             "partner_rate_bps": 5_000}}  # fmt: skip
    mina, _ = people(session, campaign(session, terms))
    sells(session, mina, 1, 10_000, tax_minor=1_800)
    kinds = session.execute(select(LedgerTransaction.kind, func.count()).group_by(LedgerTransaction.kind))
    assert {kind: count for kind, count in kinds} == {"accrual": 1, "collection": 1}
    assert commissions(session, mina) == [5900]
    sells(session, mina, 1, 10_000, tax_minor=1_800, status="cancelled", version=NOW + DAY)
    assert commissions(session, mina) == [0]
    assert breaches(session) == []


def test_every_accrual_says_how_it_was_worked_out(session: Session) -> None:
    mina, _ = people(session, campaign(session, TIERED))
    for number in (1, 2):
        sells(session, mina, number, 20_000)
    basis = session.scalars(select(LedgerTransaction).order_by(LedgerTransaction.id.desc())).first().basis  # type: ignore[union-attr]
    assert basis["terms_version"] == 1 and basis["base_minor"] == 20_000  # type: ignore[index]
    assert basis["parts"] == [["rate", 10_000, 1_500, 1_500], ["tier", 10_000, 2_000, 2_000]]  # type: ignore[index]


def _two_at_once(app: Flask, session: Session, mina: Participation) -> list[Any]:
    """Two orders of one participant at once, each in a transaction of its own."""
    session.commit()
    number = mina.id

    def deed(which: int) -> Any:
        def run() -> None:
            mine = db.session()
            sells(mine, mine.get_one(Participation, number), which, 20_000)
            mine.commit()

        return run

    return at_once(app, [deed(1), deed(2)])


def test_two_orders_of_one_run_at_once_are_valued_together(app: Flask, session: Session) -> None:
    mina, _ = people(session, campaign(session, TIERED))
    number = mina.id
    assert _two_at_once(app, session, mina) == [None, None]
    assert commissions(session, session.get_one(Participation, number)) == [3000, 3500]
    assert breaches(session) == []


def test_without_locks_two_orders_of_one_run_at_once_go_wrong(app: Flask, session: Session) -> None:
    mina, _ = people(session, campaign(session, TIERED))
    number = mina.id
    with without_locks(db.engine):
        results = _two_at_once(app, session, mina)
    assert results != [None, None] or commissions(session, session.get_one(Participation, number)) != [3000, 3500]
