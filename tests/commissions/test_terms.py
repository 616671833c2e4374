"""What a sale earns, and which terms may be offered."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.commissions.run import earned_alone
from campaigns.commissions.terms import (
    Sale,
    complete,
    customer_lock_days,
    fingerprint,
    with_overrides,
)
from campaigns.errors import Invalid

TERMS = {"influencer_rate_bps": 1500, "agency_rate_bps": 300}
amounts = st.integers(0, 10**12)


def earning(terms: dict[str, Any], sale: Sale) -> tuple[int, int]:
    """(commission, agency fee) of an order by itself, minor units."""
    earned = earned_alone(terms, sale)
    return earned.influencer_minor, earned.agency_minor


def test_net_leaves_tax_out_and_gross_takes_it_in():
    sale = Sale(18000, 3240, 0, 0)
    assert earning(complete(TERMS), sale) == (2700, 540)
    assert earning(complete({**TERMS, "base": "gross"}), sale) == (3186, 637)  # of 212.40


def test_each_share_is_rounded_once_half_away_from_zero():
    assert earning(complete({"influencer_rate_bps": 1250, "agency_rate_bps": 250}), Sale(20, 0, 0, 0)) == (3, 1)


def test_what_was_given_back_earns_nothing():
    assert earning(complete(TERMS), Sale(18000, 3240, 9000, 1620)) == (1350, 270)


@pytest.mark.parametrize(
    ("offered", "field"),
    [
        ({}, "terms.influencer_rate_bps"),
        ({"influencer_rate_bps": 10.5}, "terms.influencer_rate_bps"),
        ({"influencer_rate_bps": True}, "terms.influencer_rate_bps"),
        ({"influencer_rate_bps": -1}, "terms.influencer_rate_bps"),
        ({**TERMS, "base": "profit"}, "terms.base"),
        ({**TERMS, "lottery": []}, "terms.lottery"),
        ({**TERMS, "attribution": {"precedence": "luck"}}, "terms.attribution.precedence"),
        ({**TERMS, "attribution": {"window": 3}}, "terms.attribution.window"),
        ({**TERMS, "attribution": {"customer_lock_days": 366}}, "terms.attribution.customer_lock_days"),
        ({**TERMS, "attribution": {"customer_lock_days": None}}, "terms.attribution.customer_lock_days"),
        ({**TERMS, "attribution": {"registered_customer_days": -1}}, "terms.attribution.registered_customer_days"),
        ({**TERMS, "attribution": {"registered_customer_days": "9"}}, "terms.attribution.registered_customer_days"),
        ({**TERMS, "attribution": []}, "terms.attribution"),
        ({"influencer_rate_bps": 9000, "agency_rate_bps": 1001}, "terms.agency_rate_bps"),
    ],
)
def test_a_term_that_would_not_be_computed_is_refused_by_name(offered, field):
    with pytest.raises(Invalid) as caught:
        complete(offered)
    assert field in caught.value.errors


def test_terms_that_do_not_speak_of_a_lock_keep_their_hash():
    """The hash is of what was accepted before there were locks; it is written out, for it may never change."""
    assert fingerprint(complete(TERMS)) == "322c0a3603dd117640aad68cc718785f111c3d278033db1870d0992d36314eb0"
    assert customer_lock_days(complete(TERMS)) == 0


def test_a_lock_is_kept_as_it_was_offered():
    offered = {**TERMS, "attribution": {"customer_lock_days": 60}}
    assert complete(offered)["attribution"] == {
        "precedence": "coupon",
        "link_window_days": 30,
        "customer_lock_days": 60,
    }
    assert customer_lock_days(complete(offered)) == 60
    assert fingerprint(complete(offered)) != fingerprint(complete(TERMS))


def test_an_override_changes_the_rate_and_nothing_shared():
    assert with_overrides(complete(TERMS), {"influencer_rate_bps": 2000})["influencer_rate_bps"] == 2000
    with pytest.raises(Invalid):
        with_overrides(complete(TERMS), {"return_window_days": 3})


def test_the_fingerprint_depends_on_content_not_on_order():
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1}) != fingerprint({"a": 1, "b": 3})


@given(amounts, amounts, amounts, amounts, st.integers(0, 5000), st.integers(0, 5000))
def test_no_sale_earns_less_than_nothing_or_more_than_its_base(net, tax, back, back_tax, rate, fee):
    terms = complete({"influencer_rate_bps": rate, "agency_rate_bps": fee})
    sale = Sale(net, tax, back, back_tax)
    assert 0 <= sum(earning(terms, sale)) <= max(net - back, 0)
