"""Shopify's own order export: https://help.shopify.com/en/manual/fulfillment/managing-orders/exporting-orders.

One row per line item; what belongs to the order stands in its first row only. `Total` is what was first charged,
`Subtotal` the items after discounts. No column says whether prices have the tax inside, but the sums do: either
Total = Subtotal + Shipping, or Total = Subtotal + Shipping + Taxes. Where neither holds (tips, duties) the items' net
is not told, nor where a line may be a gift card (nothing to ship, no tax): such an order is compared, and to be taken
in it must be asked for. A discount on the whole order and the taxes are spread over the lines in proportion.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.i18n import N_
from campaigns.money import spread
from campaigns.settlement.reconciling.export_table import Row, Table, rows_of
from campaigns.settlement.reconciling.exported import Export, ShopOrder
from campaigns.tracking.events import Customer, Line, OrderSnapshot
from campaigns.tracking.json_body import JsonObject
from campaigns.tracking.platforms.evidence import click_fields, click_ids, distinct_codes
from campaigns.tracking.platforms.shopify_order import STATUSES

COLUMNS = frozenset({"name", "financial status", "created at", "total", "lineitem quantity", "lineitem price"})
NO_ID = N_("the export has no column with the orders' ids")
NO_NET = N_("the amounts of the export don't add up to its total, so the items' net is not told")
GIFT_CARD = N_("one of the items may be a gift card, which the export doesn't tell")
NO_LINES = N_("the export doesn't tell the items of the order")


def read_shopify(table: Table, currency: str, zone: str) -> Export:
    """The orders of the export."""
    export = Export("shopify csv")
    for rows in _orders(rows_of(table, zone, "created at")):
        export.take(rows[0].number, lambda rows=rows: _order(rows, currency))  # type: ignore[misc]
    return export


def _orders(rows: Iterable[Row]) -> Iterable[list[Row]]:
    """The rows of each order: those that follow one with a status, under the same name."""
    group: list[Row] = []
    for row in rows:
        if group and (row.text("created at") or row.text("name") != group[0].text("name")):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _order(rows: Sequence[Row], shop_currency: str) -> ShopOrder:
    first = rows[0]
    currency = first.text("currency") or shop_currency
    placed_at, total = first.moment("created at"), first.amount(currency, "total")
    if placed_at is None or total is None or not first.text("name"):
        raise Unreadable(N_("a row without the order it belongs to"))
    status, raw = _status(first)
    external_id = first.identifier("id")
    money = _Money(
        currency,
        first.amount(currency, "subtotal") or 0,
        first.amount(currency, "shipping") or 0,
        first.amount(currency, "taxes") or 0,
        total,
    )
    snapshot, lacks = _snapshot(rows, external_id, status, raw, placed_at, money)
    refunded = first.amount(currency, "refunded amount")
    return ShopOrder(
        first.number, external_id, first.text("name"), placed_at, status, raw, currency, total, refunded,
        snapshot=snapshot, lacks=lacks,
    )  # fmt: skip


def _status(first: Row) -> tuple[str, str]:
    if first.text("cancelled at", "canceled at"):
        return "cancelled", "cancelled"
    raw = first.text("financial status").lower().replace(" ", "_")
    if raw not in STATUSES:
        raise Unreadable(f"{first.title('financial status')}: a word we don't know")
    return STATUSES[raw], raw


@dataclass(frozen=True)
class _Money:
    """An order's sums in minor units."""

    currency: str
    subtotal_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int

    def tax_inside(self) -> bool | None:
        """Whether the subtotal has its tax inside; None where the sums don't tell."""
        rest = self.total_minor - self.subtotal_minor - self.shipping_minor
        return {0: True, self.tax_minor: False}.get(rest) if self.tax_minor else (True if rest == 0 else None)


def _snapshot(
    rows: Sequence[Row], external_id: str, status: str, raw: str, placed_at: datetime, money: _Money
) -> tuple[OrderSnapshot | None, str]:
    """The whole order as far as the table tells it, or what is missing."""
    inside, items = money.tax_inside(), [row for row in rows if row.text("lineitem quantity")]
    if not external_id:
        return None, NO_ID
    if inside is None:
        return None, NO_NET
    if not items:
        return None, NO_LINES
    if any(_maybe_gift_card(item) for item in items):
        return None, GIFT_CARD
    first = rows[0]
    moments = [placed_at, first.moment("paid at"), first.moment("cancelled at", "canceled at")]
    snapshot = OrderSnapshot(
        external_id=external_id,
        number=first.text("name"),
        version=max(moment for moment in moments if moment is not None),
        placed_at=placed_at,
        status=status,
        raw_status=raw,
        currency=money.currency,
        prices_include_tax=inside,
        lines=_lines(items, money, inside),
        shipping_minor=money.shipping_minor,
        tax_minor=money.tax_minor,
        fees_minor=0,
        total_minor=money.total_minor,
        codes=distinct_codes(first.text("discount code").split(",")),
        click_ids=click_ids(click_fields(_attributes(first.text("note attributes")), "name"), None),
        customer=Customer(email=first.text("email") or None, phone=first.text("phone", "billing phone") or None),
        source=first.text("source"),
    )
    return snapshot, ""


def _lines(items: Sequence[Row], money: _Money, inside: bool) -> tuple[Line, ...]:
    quantities = [_quantity(item) for item in items]
    prices = [_price(item, money.currency) * count for item, count in zip(items, quantities, strict=True)]
    own = [item.amount(money.currency, "lineitem discount") or 0 for item in items]
    before = [price - discount for price, discount in zip(prices, own, strict=True)]
    of_order = spread(sum(before) - money.subtotal_minor, before)
    after = [left - part for left, part in zip(before, of_order, strict=True)]
    taxed = [
        amount if _is_true(item, "lineitem taxable") else 0 for item, amount in zip(items, after, strict=True)
    ]  # fmt: skip
    taxes = spread(money.tax_minor, [*taxed, money.shipping_minor])[:-1]
    return tuple(
        Line(
            line_id=f"{place}",
            sku=item.text("lineitem sku"),
            title=item.text("lineitem name"),
            category="",
            quantity=str(count),
            net_minor=amount - (tax if inside else 0),
            tax_minor=tax,
            discount_minor=discount + part,
        )
        for place, (item, count, amount, tax, discount, part) in enumerate(
            zip(items, quantities, after, taxes, own, of_order, strict=True), 1
        )
    )


def _quantity(item: Row) -> int:
    return JsonObject({"Lineitem quantity": item.text("lineitem quantity")}).count("Lineitem quantity")


def _price(item: Row, currency: str) -> int:
    price = item.amount(currency, "lineitem price")
    if price is None:
        raise Unreadable(f"{item.title('lineitem price')}: missing")
    return price


def _maybe_gift_card(item: Row) -> bool:
    ships, taxed = "lineitem requires shipping", "lineitem taxable"
    return not _is_true(item, ships) and not _is_true(item, taxed)


def _is_true(item: Row, name: str) -> bool:
    # A table without the column says nothing of it; Shopify's own always has both.
    return item.text(name).lower() not in ("false", "no", "0")


def _attributes(notes: str) -> list[dict[str, str]]:
    pairs = (line.partition(":") for line in notes.splitlines())
    return [{"name": name.strip(), "value": value.strip()} for name, _, value in pairs]
