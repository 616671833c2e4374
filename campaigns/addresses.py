"""Which addresses the product may ask: those of the open internet, and no others.

Staff type the address of a shop's API, and a host's name may lead anywhere: to this machine, to its neighbours, to a
cloud's metadata. So the name is resolved first, every address it has is looked at, and the connection then goes to one
of these very addresses. How a host is written (decimal, octal, through a name server of the attacker's) no longer
matters. https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.
"""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network
from urllib.parse import urlsplit

from campaigns.errors import DomainError, Said

Resolver = Callable[[str, int], Sequence[str]]

PORTS = frozenset({443, 8443})

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9.])?|[0-9A-Fa-f:.]{2,45}")
_UNPRINTED = re.compile(r"[^\x21-\x7e]|\\")
_NOT_A_SHOP_V4 = [
    ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
# Of IPv6 only global unicast is let through, less what is set apart in it: Teredo and other mechanisms (2001::/23),
# documentation, 6to4. NAT64, mapped addresses, link-local, unique local and multicast lie outside it.
_GLOBAL_V6 = ip_network("2000::/3")
_NOT_A_SHOP_V6 = [ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]


class Unreachable(DomainError):
    """Raised when a shop's API can't be asked, or does not answer as an API does. Its words hold no credentials."""


class Forbidden(Unreachable):
    """Raised when an address is not one the product may ask; asking again changes nothing."""


@dataclass(frozen=True)
class Target:
    """Where a request goes: one of `addresses`, under the name `host`."""

    host: str
    port: int
    path: str
    secure: bool
    addresses: tuple[str, ...]

    @property
    def authority(self) -> str:
        """The Host header: the port is named where it is not the scheme's own."""
        named = f"[{self.host}]" if ":" in self.host else self.host
        return named if self.port == (443 if self.secure else 80) else f"{named}:{self.port}"


def resolve_host(host: str, port: int) -> list[str]:
    """Every address of a host, as the machine's resolver gives them; raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def target_of(url: str, resolve: Resolver = resolve_host, private: bool = False) -> Target:
    """Where `url` leads, looked at from all sides; raises Forbidden, or Unreachable where the name is unknown.

    `private` lets any address, any port and plain HTTP through: for tests and development.
    """
    host, port, path, secure = require_form(url, private)
    try:
        addresses = tuple(dict.fromkeys(resolve(host, port)))
    except (OSError, UnicodeError) as error:
        raise Unreachable(Said("the host %(host)s is unknown", host=host)) from error
    if not addresses:
        raise Unreachable(Said("the host %(host)s is unknown", host=host))
    if not private and not all(map(is_public, addresses)):
        raise Forbidden(Said("%(host)s is not on the open internet", host=host))
    return Target(host, port, path, secure, addresses)


def is_public(address: str) -> bool:
    """Whether an address is one where a shop on the open internet may be.

    >>> is_public("151.101.1.69"), is_public("169.254.169.254"), is_public("::ffff:151.101.1.69")
    (True, False, False)
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in _NOT_A_SHOP_V4)
    return found in _GLOBAL_V6 and not any(found in network for network in _NOT_A_SHOP_V6)


def require_form(url: str, private: bool = False) -> tuple[str, int, str, bool]:
    """Host, port, path with query, and whether it is HTTPS; raises Forbidden unless that is how an API is written."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    secure = parts.scheme == "https"
    well_formed = parts.scheme in ("http", "https") and _HOST.fullmatch(host) and not _UNPRINTED.search(url)
    if not well_formed or "@" in parts.netloc or parts.fragment:
        raise Forbidden(Said("this is not the address of an API"))
    asked = port if port is not None else 443 if secure else 80
    if not private and not (secure and asked in PORTS):
        raise Forbidden(Said("the address of an API begins with https:// and names no unusual port"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return host, asked, path, secure
