"""What a participant's orders earn together: the properties that hold for any terms and any orders."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.commissions.run import (
    Earned,
    Part,
    Placed,
    earned_alone,
    earned_in_run,
    needs_history,
    needs_lines,
    needs_run,
)
from campaigns.commissions.terms import Sale, SoldLine, complete
from campaigns.money import spread

START = datetime(2026, 5, 1, tzinfo=UTC)
TERMS = {"influencer_rate_bps": 1000, "agency_rate_bps": 300}
rates = st.integers(0, 7000)
small = st.integers(0, 5000)


@st.composite
def rising_tiers(draw: st.DrawFn) -> list[dict[str, int]]:
    starts = sorted(draw(st.sets(st.integers(1, 12_000), min_size=1, max_size=4)))
    climbing = sorted(draw(st.lists(rates, min_size=len(starts), max_size=len(starts))))
    return [{"from_sales_minor": start, "rate_bps": rate_bps} for start, rate_bps in zip(starts, climbing, strict=True)]


targets = st.one_of(
    st.fixed_dictionaries({"at_orders": st.integers(1, 5), "amount_minor": st.integers(1, 900)}),
    st.fixed_dictionaries({"at_sales_minor": st.integers(1, 12_000), "amount_minor": st.integers(1, 900)}),
)


@st.composite
def any_terms(draw: st.DrawFn) -> dict[str, Any]:
    """Terms of every kind whose tiers rise above the rate below them."""
    optional: dict[str, st.SearchStrategy[Any]] = {
        "fixed_per_order_minor": st.integers(0, 900),
        "tiers": rising_tiers(),
        "category_rates": st.dictionaries(st.sampled_from(["a", "b"]), rates, min_size=1),
        "sku_rates": st.dictionaries(st.sampled_from(["x", "y"]), rates, min_size=1),
        "bonus": st.lists(targets, min_size=1, max_size=3),
        "cap_minor": st.integers(1, 5000),
        "customers": st.just("new"),
        "recurring": st.fixed_dictionaries({"months": st.none()}, optional={"rate_bps": rates}),
        "settlement": st.fixed_dictionaries({"collects": st.just("partner"), "partner_rate_bps": st.just(0)}),
    }
    terms = draw(st.fixed_dictionaries({"agency_rate_bps": st.integers(0, 3000)}, optional=optional))
    lowest = min((tier["rate_bps"] for tier in terms.get("tiers", ())), default=7000)
    terms |= {"influencer_rate_bps": draw(st.integers(0, lowest)), "base": draw(st.sampled_from(["net", "gross"]))}
    if "tiers" in terms:
        terms["tiers_apply"] = draw(st.sampled_from(["marginal", "whole"]))
    return complete(terms)


lines = st.builds(SoldLine, st.sampled_from(["a", " A", "c"]), st.sampled_from(["", "x", "z"]), small, small)


def sale_of(sold: list[SoldLine], back: int = 0) -> Sale:
    net, tax = sum(line.net_minor for line in sold), sum(line.net_tax_minor for line in sold)
    return Sale(net + back, tax, back, 0, tuple(sold))


sales = st.builds(sale_of, st.lists(lines, max_size=3), small)


@st.composite
def runs(draw: st.DrawFn, versions: int = 1) -> list[Placed]:
    offered = draw(st.lists(any_terms(), min_size=1, max_size=versions))
    orders = draw(st.lists(st.tuples(st.integers(0, 3), sales | st.none(), st.booleans(), st.booleans()), max_size=6))
    return [
        Placed(
            key, START + timedelta(days=day), str(key), sale, offered[key % len(offered)], returning or repeat, repeat
        )
        for key, (day, sale, returning, repeat) in enumerate(orders)
    ]


def whole(run: list[Placed]) -> int:
    return sum(earned.influencer_minor for earned in earned_in_run(run).values())


@given(runs(versions=3), st.randoms())
def test_orders_may_arrive_in_any_order(run, chance):
    shuffled = list(run)
    chance.shuffle(shuffled)
    found = earned_in_run(shuffled)
    assert found == earned_in_run(run)
    assert found.keys() == {one.key for one in run}


@given(runs(versions=3))
def test_parts_sum_to_the_earning_and_to_the_base(run):
    for earned in earned_in_run(run).values():
        assert sum(part.amount_minor for part in earned.parts) == earned.influencer_minor >= 0
        assert sum(part.base_minor for part in earned.parts) == earned.base_minor


@given(runs(versions=3))
def test_a_brand_never_pays_more_for_an_order_than_it_sold_but_for_bonuses(run):
    for earned in earned_in_run(run).values():
        bonuses = sum(part.amount_minor for part in earned.parts if part.rule == "bonus")
        assert 0 <= earned.agency_minor
        assert earned.influencer_minor + earned.agency_minor - bonuses <= earned.base_minor


@given(runs(), st.integers(1, 3000))
def test_the_cap_is_never_passed_and_takes_nothing_from_the_agency(run, cap):
    capped = [replace(one, terms={**one.terms, "cap_minor": cap}) for one in run]
    free = [replace(one, terms={key: one.terms[key] for key in one.terms if key != "cap_minor"}) for one in run]
    assert whole(capped) == min(cap, whole(free))
    fees = [[earned.agency_minor for earned in earned_in_run(orders).values()] for orders in (capped, free)]
    assert fees[0] == fees[1]


@given(runs(), st.data())
def test_a_refund_never_raises_what_a_participant_earns(run, data):
    sold = [place for place, one in enumerate(run) if one.sale and one.sale.lines]
    if not sold:
        return
    place = data.draw(st.sampled_from(sold))
    left = [
        replace(line, net_minor=data.draw(st.integers(0, line.net_minor)))
        for line in run[place].sale.lines
    ]  # fmt: skip
    refunded = [*run[:place], replace(run[place], sale=sale_of(left)), *run[place + 1 :]]
    assert whole(refunded) <= whole(run)


@given(rising_tiers(), st.lists(small, max_size=6))
def test_whole_tiers_earn_no_less_than_marginal_ones_and_both_lie_between_the_rates(tiers, amounts):
    lowest, highest = 0, tiers[-1]["rate_bps"]
    earned = {}
    for apply in ("marginal", "whole"):
        terms = complete({"influencer_rate_bps": lowest, "tiers": tiers, "tiers_apply": apply})
        earned[apply] = whole(
            [Placed(key, START, str(key), Sale(net, 0, 0, 0), terms) for key, net in enumerate(amounts)]
        )
    # Half a unit an order is the price of rounding each order by itself.
    assert 0 <= earned["marginal"] <= earned["whole"] + len(amounts)
    assert 10_000 * earned["whole"] <= highest * sum(amounts) + 5000 * len(amounts)


@given(sales, rates, st.integers(0, 3000))
def test_plain_rates_earn_what_a_pencil_says(sale, rate_bps, fee_bps):
    terms = complete({"influencer_rate_bps": rate_bps, "agency_rate_bps": fee_bps})
    earned = earned_alone(terms, sale)
    base = max(0, sale.net_minor - sale.refunded_minor)
    commission, fee = ((base * bps + 5_000) // 10_000 for bps in (rate_bps, fee_bps))
    assert (earned.influencer_minor, earned.agency_minor) == (commission, min(fee, base - commission))


@given(any_terms(), sales, st.booleans(), st.booleans())
def test_an_order_alone_is_a_run_of_one(terms, sale, returning, repeat):
    run = [Placed(7, START, "1001", sale, terms, returning, repeat)]
    assert earned_in_run(run) == {7: earned_alone(terms, sale, returning, repeat)}


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 10**12), min_size=1, max_size=20))
def test_an_amount_split_over_any_number_of_parties_is_split_to_the_last_unit(amount, weights):
    assert sum(spread(amount, weights)) == amount


def test_rates_of_a_hundred_percent_that_both_round_up_leave_the_brand_what_it_sold():
    terms = complete({"influencer_rate_bps": 5000, "agency_rate_bps": 5000})
    earned = earned_alone(terms, Sale(1, 0, 0, 0))
    assert (earned.influencer_minor, earned.agency_minor) == (1, 0)


def test_each_order_earns_by_its_own_terms_and_counts_in_everybodys():
    before = complete(TERMS)
    since = complete({**TERMS, "bonus": [{"at_orders": 3, "amount_minor": 500}]})
    run = [Placed(day, START + timedelta(days=day), str(day), Sale(1000, 0, 0, 0), before) for day in (1, 2)]
    third = Placed(3, START + timedelta(days=3), "3", Sale(1000, 0, 0, 0), since)
    assert earned_in_run([*run, third])[3].influencer_minor == 100 + 500
    passed = replace(third, terms={**since, "bonus": [{"at_orders": 2, "amount_minor": 500}]})
    assert earned_in_run([*run, passed])[3].influencer_minor == 100  # reached before anybody promised it


def test_orders_are_counted_as_they_were_placed_and_at_one_moment_by_their_ids():
    terms = complete({**TERMS, "bonus": [{"at_orders": 1, "amount_minor": 500}]})
    later, earlier = START + timedelta(days=1), START
    told = [(1, later, "1001"), (2, earlier, "1003"), (3, earlier, "1002")]
    found = earned_in_run([Placed(key, when, number, Sale(1000, 0, 0, 0), terms) for key, when, number in told])
    assert [found[key].influencer_minor for key in (1, 2, 3)] == [100, 100, 600]


def test_a_repeated_order_earns_where_only_new_customers_do_only_if_terms_speak_of_it():
    new_only = complete({**TERMS, "customers": "new"})
    assert earned_alone(new_only, Sale(1000, 0, 0, 0), returning=True, repeat=True) == Earned(0, 0)
    recurring = complete({**new_only, "recurring": {"months": None, "rate_bps": 500}})
    assert earned_alone(recurring, Sale(1000, 0, 0, 0), returning=True, repeat=True).influencer_minor == 50


def test_lines_count_with_their_tax_where_the_base_is_gross():
    terms = complete({**TERMS, "base": "gross", "category_rates": {"food": 2000}})
    sale = Sale(2000, 180, 0, 0, (SoldLine("Food", "", 1000, 0), SoldLine("other", "", 1000, 180)))
    assert [part.base_minor for part in earned_alone(terms, sale).parts] == [1180, 1000]


def test_under_a_cap_lowered_later_what_was_earned_before_stays():
    earlier = Placed(1, START, "1", Sale(10000, 0, 0, 0), complete(TERMS))
    later = Placed(2, START, "2", Sale(10000, 0, 0, 0), complete({**TERMS, "cap_minor": 600}))
    found = earned_in_run([later, earlier])
    assert [found[key].influencer_minor for key in (1, 2)] == [1000, 0]
    assert found[2].parts == (Part("rate", 10000, 1000, 1000), Part("cap", 0, None, -1000))


def test_a_tier_begins_with_the_unit_after_its_threshold_and_a_target_is_reached_on_it():
    tiers = [{"from_sales_minor": 1000, "rate_bps": 2000}]
    marginal = complete({**TERMS, "tiers": tiers, "bonus": [{"at_sales_minor": 1000, "amount_minor": 7}]})
    assert earned_alone(marginal, Sale(1000, 0, 0, 0)).influencer_minor == 100 + 7
    assert earned_alone(marginal, Sale(999, 0, 0, 0)).influencer_minor == 100  # 99.9
    whole_way = {**marginal, "tiers_apply": "whole"}
    assert earned_alone(whole_way, Sale(1000, 0, 0, 0)).influencer_minor == 200 + 7


def test_a_partner_who_collects_owes_the_money_of_an_order_that_earns_nothing():
    terms = complete({**TERMS, "customers": "new", "settlement": {"collects": "partner", "partner_rate_bps": 5000}})
    assert earned_alone(terms, Sale(1000, 180, 0, 0), returning=True) == Earned(0, 0, collected_minor=1180)
    assert earned_alone(terms, Sale(1000, 180, 1000, 180)) == Earned(0, 0)


def test_what_is_no_sale_earns_nothing():
    assert earned_alone(complete(TERMS), None) == Earned(0, 0)
    assert earned_in_run([]) == {}


def test_lines_that_do_not_sum_to_their_sale_never_earn_on_more_than_it():
    terms = complete({**TERMS, "sku_rates": {"x": 5000}})
    wrong = Sale(1000, 0, 0, 0, (SoldLine("", "x", 900, 0), SoldLine("", "", 900, 0)))
    assert [part.base_minor for part in earned_alone(terms, wrong).parts] == [500, 500]


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({}, (False, False, False)),
        ({"tiers": [{"from_sales_minor": 1, "rate_bps": 1}]}, (True, False, False)),
        ({"bonus": [{"at_orders": 1, "amount_minor": 1}]}, (True, False, False)),
        ({"cap_minor": 1}, (True, False, False)),
        ({"sku_rates": {"x": 1}}, (False, True, False)),
        ({"category_rates": {"x": 1}}, (False, True, False)),
        ({"customers": "new"}, (False, False, True)),
        ({"customers": "all"}, (False, False, False)),
        ({"returning_rate_bps": 0}, (False, False, True)),
        ({"fixed_per_order_minor": 5, "recurring": {"months": 6}}, (False, False, False)),
    ],
)
def test_terms_say_what_they_must_be_told_of_an_order(more, asked):
    terms = complete({**TERMS, **more})
    assert (needs_run(terms), needs_lines(terms), needs_history(terms)) == asked
