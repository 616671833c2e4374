"""What an invitation promises: the first order, and so many equal ones, under any terms. 200.00 net, no coupon."""

from typing import Any

from campaigns.commissions.example import Example, example
from campaigns.commissions.terms import complete

TERMS = {"influencer_rate_bps": 1000, "agency_rate_bps": 300}


def shown(currency: str = "ILS", **more: Any) -> Example:
    return example(complete({**TERMS, **more}), 0, currency)


def test_under_plain_rates_so_many_orders_earn_so_many_times_as_much():
    assert shown().influencer_minor == 2000
    assert shown().of_orders() == [(10, 20000), (30, 60000), (100, 200000)]


def test_tiers_show_from_the_order_that_reaches_them():
    found = shown(tiers=[{"from_sales_minor": 400000, "rate_bps": 2000}])
    assert found.influencer_minor == 2000
    assert found.of_orders() == [(10, 20000), (30, 20 * 2000 + 10 * 4000), (100, 20 * 2000 + 80 * 4000)]


def test_a_bonus_shows_once_it_would_be_reached_and_a_cap_ends_it():
    bonus = [{"at_orders": 1, "amount_minor": 500}, {"at_orders": 30, "amount_minor": 10000}]
    found = shown(bonus=bonus)
    assert [(part.rule, part.amount_minor) for part in found.parts] == [("rate", 2000), ("bonus", 500)]
    assert found.influencer_minor == 2500
    assert found.of_orders() == [(10, 20500), (30, 70500), (100, 210500)]
    assert shown(bonus=bonus, cap_minor=65000).of_orders() == [(10, 20500), (30, 65000), (100, 65000)]


def test_a_fixed_amount_is_told_apart_from_the_rate():
    found = shown(fixed_per_order_minor=1500)
    assert [(part.rule, part.amount_minor) for part in found.parts] == [("rate", 2000), ("fixed", 1500)]
    assert found.brand_minor == 3500 + 600


def test_a_partner_who_collects_hands_on_what_is_left_of_the_buyers_money():
    found = shown(settlement={"collects": "partner", "partner_rate_bps": 5000})
    assert (found.influencer_minor, found.collected_minor, found.handed_on_minor) == (10000, 23600, 13600)
    assert (shown().collected_minor, shown().handed_on_minor) == (0, 0)


def test_the_example_is_in_the_units_of_its_currency():
    assert [shown(currency).influencer_minor for currency in ("JPY", "ILS", "KWD")] == [20, 2000, 20000]
