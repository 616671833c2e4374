"""Names in landing addresses and affiliate fields: read if they are names, passed over in peace if not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.tracking.landing import (
    LONGEST_NAME,
    MOST_NAMES,
    LandingNames,
    named_in_landing,
    names,
    source_mark,
)

MARKS = "utm_source=%40noa&utm_medium=influencer&utm_campaign=k3J"
NOA = LandingNames("k3J", "@noa", ())


@pytest.mark.parametrize(
    "address",
    [f"https://shop.example/serum?{MARKS}", f"/serum?colour=red&{MARKS}#reviews", f"?{MARKS}"],
)
def test_our_two_marks_are_read_from_an_address_or_a_path(address: str):
    assert named_in_landing(address) == NOA


def test_marks_are_found_behind_a_discount_link():
    inner = "%2Fserum%3Futm_source%3D%2540noa%26utm_campaign%3Dk3J"
    assert named_in_landing(f"https://shop.example/discount/NOA10?redirect={inner}") == NOA


def test_one_mark_without_the_other_names_nobody():
    assert named_in_landing("/serum?utm_campaign=k3J").empty
    assert named_in_landing("/serum?utm_source=%40noa").empty


def test_a_ref_is_a_slug_or_a_code_as_it_was_written():
    assert named_in_landing("/?ref=noa%2010&ref=abc&ref=abc&referrer=x").refs == ("noa 10", "abc")


@pytest.mark.parametrize(
    "nothing", [None, 7, "", "?", "ref=NOA10", "https://[", "/#?ref=NOA10", "/?ref=%00", b"/?ref=x"]
)
def test_what_is_no_name_is_passed_over(nothing: object):
    assert named_in_landing(nothing).empty


def test_names_are_few_and_short():
    assert len(named_in_landing("/?" + "&".join(f"ref=n{number}" for number in range(50))).refs) == MOST_NAMES
    assert named_in_landing("/?" + "&".join(f"a{number}=1" for number in range(5_000)) + "&ref=x").empty
    assert names(["x" * LONGEST_NAME, "y" * (LONGEST_NAME + 1)]) == ("x" * LONGEST_NAME,)


@given(st.text() | st.text(alphabet="?&=#%ref;utm_capsourd\ud800\x00\u202e12").map("/?ref=".__add__) | st.binary())
def test_nothing_anybody_writes_raises(anything: object):
    found = named_in_landing(anything)
    assert all(name.isprintable() and name.strip() for name in found.refs)


def test_the_source_of_a_link_is_the_first_handle():
    assert source_mark([{"network": "x", "handle": "@mina"}, {"network": "y", "handle": "@other"}]) == "@mina"
    assert source_mark([{"network": "x"}]) == source_mark([]) == "influencer"
