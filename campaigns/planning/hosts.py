"""Host names as people type them: a shop's own, further ones its links may lead to, a brand's own for its links.

They become the only places a link of ours leads to, or is answered on, so each is read strictly and kept in one form.
"""

import re
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import lock_name
from campaigns.errors import Invalid, Said
from campaigns.models import Brand

_NAME = r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}"
_SHOP = re.compile(rf"{_NAME}(:\d{{1,5}})?|localhost(:\d{{1,5}})?")
_PUBLIC = re.compile(rf"(?!.*\.[\d-]+$){_NAME}")  # no port, and no number where a country or the like stands
MOST_HOSTS = 50


def read_host(text: str) -> str:
    """A host in the form it is kept in, whether it was typed as a host or as an address."""
    return text.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")


def host_problem(host: str) -> str | None:
    """Why a shop can't be there; a port and this very machine are for trying out."""
    return None if _SHOP.fullmatch(host) else Said("must be a host name such as shop.example.com")


def read_hosts(texts: Iterable[str]) -> list[str]:
    """Further hosts of a shop, each once, without the empty lines; raises Invalid."""
    hosts = list(dict.fromkeys(host for host in map(read_host, texts) if host))
    reasons: list[str] = []
    for host in hosts:
        if not _SHOP.fullmatch(host):
            reasons.append(Said("%(host)s is no host name such as shop.example.com", host=host[:100]))
    if len(hosts) > MOST_HOSTS:
        reasons = [Said("has more than %(most)s lines", most=MOST_HOSTS)]
    if reasons:
        raise Invalid({"hosts": reasons})
    return hosts


def change_link_domain(session: Session, brand: Brand, text: str, own_hosts: Collection[str]) -> str:
    """Give a brand's links a host of its own, or none with an empty `text`; raises Invalid. Returns what it was.

    `own_hosts` are the names this server answers to anyway: there links live without it.
    """
    domain, before = read_host(text), brand.link_domain
    if domain:
        lock_name(session, f"link_domain:{domain}")  # of two brands that ask for it at once one is told
        others = select(Brand.id).where(Brand.link_domain == domain, Brand.id != brand.id)
        if not _PUBLIC.fullmatch(domain):
            raise Invalid({"link_domain": [Said("must be a host name such as go.brand.example, without a port")]})
        if domain in own_hosts:
            raise Invalid({"link_domain": [Said("is this server's own name: links live there already")]})
        if session.scalar(others.limit(1)) is not None:
            raise Invalid({"link_domain": [Said("is another brand's already")]})
    brand.link_domain = domain
    session.flush()
    return before
