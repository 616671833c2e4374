"""Where the product lets itself be sent: to the open internet only, however an address is written."""

import socket
from collections.abc import Sequence

import pytest

from campaigns.addresses import Forbidden, Unreachable, is_public, require_form, target_of

SHOP = "151.101.1.69"


def resolves_to(*addresses: str):
    """A stub resolver: every name has these addresses."""

    def resolve(host: str, port: int) -> Sequence[str]:
        return list(addresses)

    return resolve


PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.0.0.7", "172.16.0.1", "172.31.255.254", "192.168.1.1",
    "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.127.255.254", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:151.101.1.69", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001::1", "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "2001:10::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "4000::1", "not an address", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_apart_from_the_open_internet_is_asked(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(Forbidden):
        target_of("https://shop.example/orders", resolves_to(address))


@pytest.mark.parametrize(
    "address", [SHOP, "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::6810:1", "2a00:1450::5"]
)
def test_a_shop_on_the_open_internet_is_asked(address: str) -> None:
    target = target_of("https://shop.example/orders?a=1", resolves_to(address))
    assert (target.addresses, target.authority, target.path) == ((address,), "shop.example", "/orders?a=1")


def test_one_private_address_among_public_ones_spoils_them_all() -> None:
    with pytest.raises(Forbidden):
        target_of("https://shop.example", resolves_to(SHOP, "2606:4700::1", "10.0.0.1"))


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "localhost", "localhost.", "[::1]"]
)
def test_a_host_written_in_a_strange_way_is_what_it_resolves_to(host: str) -> None:
    with pytest.raises(Forbidden):
        target_of(f"https://{host}/", resolves_to("127.0.0.1"))


def test_the_machines_own_resolver_reads_strange_writings_too() -> None:
    for host in ("2130706433", "0177.0.0.1", "127.1"):
        with pytest.raises(Unreachable):
            target_of(f"https://{host}/")


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/", "https://shop.example:80/", "https://shop.example:22/", "https://shop.example:6379/",
        "ftp://shop.example/", "file:///etc/passwd", "gopher://shop.example/", "//shop.example/", "shop.example", "",
        "https://user:password@shop.example/", "https://shop.example@127.0.0.1/", "https://:pw@shop.example/",
        "https:///orders", "https://shop.example\\@127.0.0.1/", "https://shop .example/",
        "https://shop.example/\r\nX: y",
        "https://shop.example/\t", "https://sh\u043ep.example/", "https://shop.example/#x",
        "https://shop.example:99999/",
        "https://shop.example:x/", "https://[::1/", "https://[fe80::1%25eth0]/", "https://shop%2eexample/", "https://-a/",
    ],
)  # fmt: skip
def test_what_is_not_written_as_an_apis_address_is_refused_before_any_name_is_looked_up(url: str) -> None:
    def never(host: str, port: int) -> Sequence[str]:
        raise AssertionError("looked up")

    with pytest.raises(Forbidden):
        target_of(url, never)


def test_the_two_ports_of_https_are_usual() -> None:
    assert require_form("https://shop.example:8443/a")[:2] == ("shop.example", 8443)
    assert target_of("https://shop.example:8443/a", resolves_to(SHOP)).authority == "shop.example:8443"


@pytest.mark.parametrize("addresses", [[], None])
def test_an_unknown_host_is_unreachable_and_may_be_asked_again(addresses: list[str] | None) -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        if addresses is None:
            raise socket.gaierror("no such name")
        return addresses

    with pytest.raises(Unreachable) as refused:
        target_of("https://shop.example/", resolve)
    assert not isinstance(refused.value, Forbidden)


def test_tests_and_development_may_ask_this_machine() -> None:
    target = target_of("http://shop.example:8081/a", resolves_to("127.0.0.1"), private=True)
    assert (target.port, target.secure, target.addresses) == (8081, False, ("127.0.0.1",))
