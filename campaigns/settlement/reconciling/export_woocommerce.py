"""WooCommerce's orders as tables, and any other shop's that names its columns alike.

WooCommerce's own Analytics writes number, date, status and net sales (total less tax, shipping and refunds):
https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/src/Admin/API/Reports/Orders/Controller.php.
The export plugins write id or number, date, status, total, refunds and currency under names that differ little. Times
are the shop's own. None of them tells the items in a way that could be taken in.
"""

from campaigns.errors import Unreadable
from campaigns.settlement.reconciling.export_shopify import NO_LINES
from campaigns.settlement.reconciling.export_table import Row, Table, rows_of
from campaigns.settlement.reconciling.exported import Export, ShopOrder
from campaigns.tracking.platforms.woocommerce import NOT_YET_ORDERS
from campaigns.tracking.platforms.woocommerce_order import CANCELLED, PAID

ID = ("order id", "id")
NUMBER = ("order number", "order #", "order no", "number")
STATUS = ("order status", "status")
PLACED = ("order date", "date created", "created at", "placed at", "date")
PAID_ON = ("paid date", "date paid", "paid at")
TOTAL = ("order total amount", "order total", "total")
NET = ("net sales", "n revenue")
REFUNDED = ("order refund amount", "refunded amount", "refund amount", "total refunded", "refunded", "refund")
CURRENCY = ("order currency", "currency")
LAYOUTS = tuple(
    frozenset({name, status, placed, amount})
    for name in (*ID, *NUMBER) for status in STATUS for placed in PLACED for amount in (*TOTAL, *NET)
)  # fmt: skip
# The words of core, and those of our own format for shops of any other kind.
STATUSES = {
    **dict.fromkeys(PAID | {"paid"}, "paid"),
    **dict.fromkeys(CANCELLED | {"canceled"}, "cancelled"),
    **dict.fromkeys(("pending", "pending-payment", "on-hold", "failed"), "pending"),
    "refunded": "refunded",
}


def read_woocommerce(table: Table, currency: str, zone: str) -> Export:
    """The orders of the table."""
    analytics = not any(name in table.header for name in TOTAL)
    export = Export("woocommerce analytics" if analytics else "table of orders")
    dates = next(name for name in PLACED if name in table.header)
    for row in rows_of(table, zone, dates):
        export.take(row.number, lambda row=row: _order(row, currency))  # type: ignore[misc]
    return export


def _order(row: Row, shop_currency: str) -> ShopOrder | None:
    raw = row.text(*STATUS).lower().removeprefix("wc-").replace(" ", "-")
    if raw in NOT_YET_ORDERS:
        return None
    external_id, number = row.identifier(*ID), row.identifier(*NUMBER)
    if not (external_id or number):
        raise Unreadable(f"{row.title(*ID, *NUMBER)}: missing")
    placed_at = row.moment(*PLACED)
    if placed_at is None:
        raise Unreadable(f"{row.title(*PLACED)}: missing")
    if not raw:
        raise Unreadable(f"{row.title(*STATUS)}: missing")
    currency = row.text(*CURRENCY) or shop_currency
    total, net = row.amount(currency, *TOTAL), row.amount(currency, *NET)
    if total is None and net is None:
        raise Unreadable(f"{row.title(*TOTAL, *NET)}: missing")
    refunded = row.amount(currency, *REFUNDED)
    return ShopOrder(
        row.number, external_id, number or external_id, placed_at, _status(row, raw), raw, currency, total,
        None if refunded is None else abs(refunded), net if total is None else None, lacks=NO_LINES,
    )  # fmt: skip


def _status(row: Row, raw: str) -> str:
    """Ours for theirs; "" for a word of the shop's own that a date of payment doesn't explain."""
    known = STATUSES.get(raw, "")
    dated = raw != "failed" and bool(row.text(*PAID_ON))
    return "paid" if dated and known in ("", "pending") else known
