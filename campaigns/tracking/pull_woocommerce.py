"""Changed orders from WooCommerce's REST API, page by page, their refunds with items, tax and shipping apart.

https://developer.woocommerce.com/docs/apis/rest-api/v3/orders/. Pages are counted from the beginning, so the list must
not shift under us. Sorted by date of change it would: an order changed between two pages goes to the end, and another
takes a place already read. Sorted by id an order changed meanwhile stays or comes in, which repeats one and skips none;
where orders leave, the total falls and we step back by as many.

An order names its refunds by their sums only; each order that has some is asked for their details, which take the
place of the sums in the order. Orders in the trash are listed apart, and read as cancelled.
"""

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from campaigns.addresses import Unreachable
from campaigns.errors import Said
from campaigns.outbound import Answer, Client, TooLong
from campaigns.tracking.json_text import write_json
from campaigns.tracking.shop_api import json_of

VERSION = "wc/v3"
MOST = 100


def pages(
    client: Client, api_url: str, credentials: Mapping[str, str], since: datetime, size: int = MOST
) -> Iterator[list[bytes]]:
    """Every order changed since a moment, each as one JSON object; raises Unreachable."""
    api = _Api(client, f"{api_url}/wp-json/{VERSION}/orders", credentials)
    for status in ("any", "trash"):
        for orders in api.listed(status, since, size):
            yield [write_json(api.with_refunds(order)) for order in orders]


class _Api:
    """One shop's list of orders."""

    def __init__(self, client: Client, url: str, credentials: Mapping[str, str]) -> None:
        pair = f"{credentials['consumer_key']}:{credentials['consumer_secret']}".encode()
        self._client, self._url = client, url
        self._headers = {"Authorization": "Basic " + base64.b64encode(pair).decode()}

    def listed(self, status: str, since: datetime, size: int) -> Iterator[list[Any]]:
        """Pages of orders of a status changed since a moment."""
        # "After" leaves out the very second.
        after = (since.astimezone(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
        asked = {"status": status, "modified_after": after, "dates_are_gmt": "true", "orderby": "id", "order": "asc"}
        offset = total = 0
        while True:
            try:
                answer = self._get("?" + urlencode(asked | {"per_page": size, "offset": offset}))
            except TooLong:
                if size == 1:
                    raise
                size //= 2  # orders of many lines: fewer of them fit
                continue
            orders, before = _list(answer), total
            total = _total(answer)
            if offset and total < before:  # some left the list, and others moved up to places already read
                offset = max(0, offset - (before - total))
                continue
            yield orders
            offset += len(orders)
            if not orders or offset >= total:
                return

    def with_refunds(self, order: Any) -> Any:
        """The order with its refunds in detail, where they are still the ones it names."""
        refunds = order.get("refunds") if isinstance(order, dict) else None
        if not isinstance(refunds, list) or not refunds:
            return order
        answer = self._get(f"/{quote(str(order.get('id')), safe='')}/refunds?per_page={MOST}")
        if answer.status == 404:
            return order
        detailed = _list(answer)
        return {**order, "refunds": detailed} if _ids(detailed) == _ids(refunds) else order

    def _get(self, rest: str) -> Answer:
        return self._client.get(self._url + rest, self._headers)


def _list(answer: Answer) -> list[Any]:
    found = json_of(answer)
    if not isinstance(found, list):
        raise Unreachable(Said("what answers at the shop's address is not its API"))
    return found


def _ids(refunds: list[Any]) -> list[str]:
    return sorted(str(refund.get("id")) for refund in refunds if isinstance(refund, dict))


def _total(answer: Answer) -> int:
    written = answer.headers.get("x-wp-total", "")
    if not (written.isascii() and written.isdecimal()):
        raise Unreachable(Said("what answers at the shop's address is not its API"))
    return int(written)
