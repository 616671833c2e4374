"""Host names as people type them: kept in one form, and nothing that is no host gets in."""

import pytest
from sqlalchemy.orm import Session

from campaigns.errors import Invalid
from campaigns.planning.hosts import MOST_HOSTS, change_link_domain, read_hosts
from tests.factories import brand, live_campaign, participants, shop

OURS = ["agency.example", "localhost", "127.0.0.1"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("go.amber.example", "go.amber.example"),
        (" https://GO.Amber.example/ ", "go.amber.example"),
        ("xn--4dbrk0ce.example", "xn--4dbrk0ce.example"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_link_domain_is_kept_in_one_form(session: Session, typed: str, kept: str):
    amber = brand(session)
    change_link_domain(session, amber, typed, OURS)
    assert amber.link_domain == kept


@pytest.mark.parametrize(
    "typed",
    [
        "go.amber.example:8443", "go.amber.example/r", "localhost", "amber", "192.0.2.10", "192.168.100.200", "[::1]",
        "go..example", "-go.example", "user@go.example", "go example.com", "גו.example", "go.example\n.evil",
        "*.example", "a" * 64 + ".example", ("a" * 60 + ".") * 5 + "example",
    ],
)  # fmt: skip
def test_what_is_no_public_host_is_no_link_domain(session: Session, typed: str):
    with pytest.raises(Invalid) as refused:
        change_link_domain(session, brand(session), typed, OURS)
    assert list(refused.value.errors) == ["link_domain"]


def test_our_own_host_and_another_brands_are_refused_and_ones_own_is_not(session: Session):
    amber, cobalt = brand(session), brand(session)
    change_link_domain(session, amber, "go.amber.example", OURS)
    assert change_link_domain(session, amber, "go.amber.example", OURS) == "go.amber.example"
    for taken in ("go.amber.example", "agency.example"):
        with pytest.raises(Invalid):
            change_link_domain(session, cobalt, taken, OURS)


def test_two_brands_may_have_no_link_domain(session: Session):
    for one in (brand(session), brand(session)):
        change_link_domain(session, one, "", OURS)
        assert one.link_domain == ""


def test_further_hosts_are_kept_once_each_and_empty_lines_are_left_out():
    assert read_hosts(["blog.example.com", " ", "https://BLOG.example.com/", "m.example.com:8443"]) == [
        "blog.example.com",
        "m.example.com:8443",
    ]


@pytest.mark.parametrize("hosts", [["shop.example.com/x"], ["ok.example.com", "no host"], ["https://u@e.com"], ["//e"]])
def test_a_line_that_is_no_host_is_named(hosts: list[str]):
    with pytest.raises(Invalid) as refused:
        read_hosts(hosts)
    assert hosts[-1].removeprefix("https://") in str(refused.value)


def test_there_are_not_endlessly_many_hosts():
    with pytest.raises(Invalid):
        read_hosts(f"h{number}.example.com" for number in range(MOST_HOSTS + 1))


def test_a_link_is_written_on_its_brands_own_host_where_it_has_one(session: Session):
    place = shop(session)
    person = participants(session, live_campaign(session, accepted=1, shop=place))[0]
    assert person.link_address("https://agency.example") == f"https://agency.example/r/{person.link.slug}"
    place.brand.link_domain = "go.amber.example"
    assert person.link_address("https://agency.example") == f"https://go.amber.example/r/{person.link.slug}"
    person.links.clear()
    assert person.link_address("https://agency.example") == ""
