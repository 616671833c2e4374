"""What the platform says, in the shape of the table worked out by hand, and where the two differ."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from campaigns.demo.by_hand import Row
from campaigns.demo.over_http import Api
from campaigns.demo.told import Told, summed

SALES = ("paid", "refunded")


def row(figures: Mapping[str, Any]) -> Row:
    """Figures of the API as a row of the table."""
    return Row(
        figures["clicks"],
        figures["orders"],
        _shekels(figures["sales_minor"]),
        _shekels(figures["refunded_minor"]),
        _shekels(figures["commission_minor"]),
        _shekels(figures["agency_fee_minor"]),
    )


def rows(listed: Iterable[Mapping[str, Any]], handles: Mapping[str, str]) -> dict[str, Row]:
    """handle -> row, of `participants` in the statistics or `rows` in the report."""
    return {handles[each["participant"]]: row(each) for each in listed}


def differences(what: str, theirs: Mapping[str, Row], by_hand: Mapping[str, Row]) -> list[str]:
    """Everybody whose row is not the one worked out by hand."""
    return [
        f"{what}: {name} is {theirs.get(name)} instead of {by_hand.get(name)}"
        for name in sorted(theirs.keys() | by_hand.keys())
        if theirs.get(name) != by_hand.get(name)
    ]


def order_differences(api: Api, campaign_id: str, told: Iterable[Told], handles: Mapping[str, str]) -> list[str]:
    """Every order that is credited to another, or for another amount, than the input says."""
    there = {}
    for order in api.get(f"/campaigns/{campaign_id}/orders")["items"]:
        person = order["attribution"]["participant"]
        counts = person is not None and order["status"] in SALES
        there[order["number"]] = (handles[person] if counts else "", order["net_minor"], order["refunded_minor"])
    wanted = {order.number: (order.influencer, sum(order.lines), sum(order.given_back)) for order in told}
    return [
        f"order {number}: {_said(there.get(number))} instead of {_said(wanted.get(number))}"
        for number in sorted(there.keys() | wanted.keys())
        if there.get(number) != wanted.get(number)
    ]


def _said(found: tuple[str, int, int] | None) -> str:
    if found is None:
        return "no order"
    return f"{found[0] or 'nobody'} {summed(found[1:2])} less {summed(found[2:])}"


def _shekels(minor: int) -> Decimal:
    return Decimal(minor).scaleb(-2)
