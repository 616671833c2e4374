"""Shops' exports as the tests write them: Shopify's own columns, tables as WooCommerce's plugins make them, JSON."""

import csv
import io
from datetime import datetime
from typing import Any

from campaigns.clock import iso
from tests.factories import NOW

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,"
    "Lineitem fulfillment status,Billing Name,Billing Zip,Billing Phone,Notes,Note Attributes,Cancelled at,"
    "Payment Method,Refunded Amount,Vendor,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Phone"
).split(",")
OF_THE_ORDER = {
    "Email": "dana@example.com", "Financial Status": "paid", "Currency": "ILS", "Subtotal": "100.00",
    "Shipping": "0.00", "Taxes": "0.00", "Total": "100.00", "Discount Amount": "0.00",
    "Created at": "2026-05-10 15:00:00 +0300", "Refunded Amount": "0.00", "Source": "web",
}  # fmt: skip
OF_THE_LINE = {
    "Lineitem quantity": "1", "Lineitem name": "Serum", "Lineitem price": "100.00", "Lineitem sku": "SERUM",
    "Lineitem requires shipping": "true", "Lineitem taxable": "true", "Lineitem discount": "0.00", "Vendor": "Amber",
}  # fmt: skip


def shopify(number: int, *more_lines: dict[str, str], **changes: str) -> list[dict[str, str]]:
    """The rows of one order, `#1001` with the id 5001001, with columns changed by their names in snake case."""
    named = {title.lower().replace(" ", "_"): title for title in SHOPIFY}
    changed = {named[name]: value for name, value in changes.items()}
    first = {"Name": f"#{number}", "Id": f"500{number}", **OF_THE_ORDER, **OF_THE_LINE, **changed}
    return [first, *({"Name": f"#{number}", **OF_THE_LINE, **line} for line in more_lines)]


def table(rows: list[dict[str, str]], titles: list[str], separator: str = ",") -> bytes:
    """Rows as a table."""
    written = io.StringIO()
    writer = csv.DictWriter(written, titles, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def shopify_csv(*orders: list[dict[str, str]]) -> bytes:
    """A whole export of Shopify's."""
    return table([row for rows in orders for row in rows], SHOPIFY)


def standard(number: int, *, placed_at: datetime = NOW, **changes: Any) -> dict[str, Any]:
    """An order of 100.00 in the Standard format."""
    line = {"id": "1", "sku": "SERUM", "title": "Serum", "quantity": 1, "total": "100.00"}
    order = {
        "id": str(number), "number": f"#{number}", "version": iso(placed_at), "placed_at": iso(placed_at),
        "status": "paid", "currency": "ILS", "prices_include_tax": False, "lines": [line], "total": "100.00",
        "customer": {"email": "dana@example.com"},
    }  # fmt: skip
    return {**order, **changes}
