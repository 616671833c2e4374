"""Changed orders from Shopify's Admin REST API, page by page.

https://shopify.dev/docs/api/admin-rest/latest/resources/order and /usage/pagination: the next page's cursor stands in
the Link header; a cursor stays true while orders change, the page's size may change with it, other filters may not.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from campaigns.addresses import Unreachable
from campaigns.clock import iso
from campaigns.errors import Said
from campaigns.outbound import Answer, Client, TooLong
from campaigns.tracking.json_text import write_json
from campaigns.tracking.shop_api import json_of

VERSION = "2026-07"
MOST = 250

_NEXT = re.compile(r'<([^>]*)>\s*;\s*rel="?next"?')


def pages(
    client: Client, api_url: str, credentials: Mapping[str, str], since: datetime, size: int = MOST
) -> Iterator[list[bytes]]:
    """Every order changed since a moment, each as one JSON object; raises Unreachable."""
    asked: dict[str, Any] = {"status": "any", "updated_at_min": iso(since)}
    seen = set()
    while asked:
        try:
            answer = _page(client, api_url, credentials, asked | {"limit": size})
        except TooLong:
            if size == 1:
                raise
            size //= 2  # orders of many lines: fewer of them fit
            continue
        yield [write_json(order) for order in _orders(answer)]
        cursor = next_cursor(answer.headers.get("link", ""))
        if cursor in seen:
            raise Unreachable(Said("the shop's API leads round in a circle of pages"))
        seen.add(cursor)
        asked = {"page_info": cursor} if cursor else {}


def next_cursor(link: str) -> str:
    """The cursor of the next page in a Link header; "" on the last one. The rest of the address is not used.

    >>> next_cursor('<https://a.example/orders.json?limit=2&page_info=p1>; rel="next"')
    'p1'
    """
    found = _NEXT.search(link)
    return parse_qs(urlsplit(found.group(1)).query).get("page_info", [""])[0] if found else ""


def _page(client: Client, api_url: str, credentials: Mapping[str, str], asked: Mapping[str, Any]) -> Answer:
    url = f"{api_url}/admin/api/{VERSION}/orders.json?{urlencode(asked)}"
    return client.get(url, {"X-Shopify-Access-Token": credentials["access_token"]})


def _orders(answer: Answer) -> list[Any]:
    document = json_of(answer)
    orders = document.get("orders") if isinstance(document, dict) else None
    if not isinstance(orders, list):
        raise Unreachable(Said("what answers at the shop's address is not its API"))
    return orders
