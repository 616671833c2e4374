"""The shop's own list of its orders, as it exports them: any file we know, read to one vocabulary. Pure.

A row is read whole or not at all, and each that can't be read is listed. What is no export is refused as such.
"""

from campaigns.errors import Invalid, Said, Unreadable
from campaigns.settlement.reconciling import export_json, export_shopify, export_woocommerce
from campaigns.settlement.reconciling.export_table import read_table
from campaigns.settlement.reconciling.exported import Export

JSON, TABLE = "json", "csv"
MOST_TOLD = 200  # rows listed at once


def read_export(body: bytes, kind: str, currency: str, zone: str) -> Export:
    """The orders of a file of a kind, JSON or TABLE; `currency` and `zone` are the shop's. Raises Invalid."""
    try:
        export = export_json.read_orders(body, zone) if kind == JSON else _table(body, currency, zone)
    except Unreadable as error:
        raise Invalid({"export": [str(error)]}) from error
    if export is None:
        raise Invalid({"export": [Said("this is no export of orders that we know: its columns or fields are others")]})
    export.refuse_doubles()
    if not export.orders and not export.unread:
        raise Invalid({"export": [Said("there is no order in it")]})
    return export


def kind_of(body: bytes) -> str:
    """What a file without a type is: JSON begins with a bracket, a table with the name of a column.

    >>> kind_of(b' [{"id": "1"}]'), kind_of(b"Name,Total")
    ('json', 'csv')
    """
    return JSON if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{") else TABLE


def refuse_unread(export: Export) -> None:
    """Raise Invalid naming every row that can't be read: a part of the list would look like the whole of it."""
    if not export.unread:
        return
    told: dict[str, list[str]] = {}
    for one in sorted(export.unread, key=lambda one: one.row)[:MOST_TOLD]:
        reason = f"{one.field}: {one.reason}" if one.field else one.reason
        told.setdefault(f"row {one.row}", []).append(reason)
    if (more := len(export.unread) - MOST_TOLD) > 0:
        told["export"] = [Said("more rows that can't be read: %(count)s", count=more)]
    raise Invalid(told)


def _table(body: bytes, currency: str, zone: str) -> Export | None:
    table = read_table(body, (export_shopify.COLUMNS, *export_woocommerce.LAYOUTS))
    if table is None:
        return None
    if export_shopify.COLUMNS <= table.header.keys():
        return export_shopify.read_shopify(table, currency, zone)
    return export_woocommerce.read_woocommerce(table, currency, zone)
