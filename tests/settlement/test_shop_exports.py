"""Shops' exports are read whole, row by row, or refused row by row."""

import json
import time
from datetime import UTC, datetime

import pytest

from campaigns.errors import Invalid, Unreadable
from campaigns.settlement.reconciling.export_table import read_amount
from campaigns.settlement.reconciling.exported import Export, UnreadRow
from campaigns.settlement.reconciling.shop_exports import JSON, TABLE, kind_of, read_export, refuse_unread
from tests.settlement.exports import SHOPIFY, shopify, shopify_csv, standard, table

PLUGIN = ["Order Number", "Order Status", "Order Date", "Order Total Amount", "Order Refund Amount", "Currency"]


def read(body: bytes, kind: str = TABLE) -> Export:
    return read_export(body, kind, "ILS", "Asia/Jerusalem")


def plugin(*rows: tuple[str, ...], separator: str = ",") -> bytes:
    return table([dict(zip(PLUGIN, row, strict=False)) for row in rows], PLUGIN, separator)


def test_a_shopify_order_of_two_rows_is_one_order_with_two_lines():
    line = {"Lineitem price": "30.00", "Lineitem quantity": "2", "Lineitem sku": "SOAP"}
    (order,) = read(shopify_csv(shopify(1001, line, subtotal="160.00", total="160.00"))).orders
    assert (order.external_id, order.number, order.total_minor, order.status) == ("5001001", "#1001", 16_000, "paid")
    assert order.snapshot is not None
    assert [(line.sku, line.quantity, line.net_minor) for line in order.snapshot.lines] == [
        ("SERUM", "1", 10_000), ("SOAP", "2", 6_000),
    ]  # fmt: skip
    assert order.placed_at == datetime(2026, 5, 10, 12, tzinfo=UTC)


def test_tax_inside_the_prices_is_told_by_the_sums_and_shipping_bears_its_part():
    # 118 of goods and 11.80 of shipping, 18 % inside: 19.80 of tax, 1.80 of it on shipping.
    sums = {"subtotal": "118.00", "shipping": "11.80", "taxes": "19.80", "total": "129.80", "lineitem_price": "118.00"}
    (order,) = read(shopify_csv(shopify(1001, **sums))).orders
    assert order.snapshot is not None and order.snapshot.prices_include_tax
    assert [(line.net_minor, line.tax_minor) for line in order.snapshot.lines] == [(10_000, 1_800)]


def test_a_discount_on_the_whole_order_is_spread_over_its_lines():
    line = {"Lineitem price": "300.00"}
    sums = {"subtotal": "360.00", "total": "360.00", "discount_code": "NOA10", "discount_amount": "40.00"}
    (order,) = read(shopify_csv(shopify(1001, line, **sums))).orders
    assert order.snapshot is not None and order.snapshot.codes == ("NOA10",)
    assert [line.net_minor for line in order.snapshot.lines] == [9_000, 27_000]


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"total": "105.00"}, "don't add up"),
        ({"id": ""}, "no column with the orders' ids"),
        ({"lineitem_requires_shipping": "false", "lineitem_taxable": "false"}, "gift card"),
    ],
)
def test_an_order_that_is_not_told_whole_is_compared_and_says_what_it_lacks(changes: dict[str, str], lacks: str):
    (order,) = read(shopify_csv(shopify(1001, **changes))).orders
    assert order.snapshot is None and lacks in order.lacks


def test_a_cancelled_order_is_cancelled_whatever_was_paid():
    cancelled = shopify(1001, financial_status="refunded", cancelled_at="2026-05-12 10:00:00 +0300")
    (order,) = read(shopify_csv(cancelled, shopify(1002))).orders[:1]
    assert order.status == "cancelled"


def test_every_row_that_cannot_be_read_is_named_with_its_column():
    orders = (
        shopify(1001),
        shopify(1002, total="a lot"),
        shopify(1003, created_at="yesterday"),
        shopify(1004, financial_status="bartered"),
        shopify(1005, id="5.00E+12"),
    )
    export = read(shopify_csv(*orders))
    assert [order.number for order in export.orders] == ["#1001"]
    assert export.unread == [
        UnreadRow(3, "Total", "not an amount in ILS"),
        UnreadRow(4, "Created at", "not a date and time"),
        UnreadRow(5, "Financial Status", "a word we don't know"),
        UnreadRow(6, "Id", "not an id"),
    ]


def test_an_export_with_unread_rows_is_refused_and_names_them():
    with pytest.raises(Invalid) as refused:
        refuse_unread(read(shopify_csv(shopify(1001), shopify(1002, total="a lot"))))
    assert refused.value.errors == {"row 3": ["Total: not an amount in ILS"]}


def test_an_order_that_is_there_twice_is_told_by_neither_row():
    export = read(shopify_csv(shopify(1001), shopify(1002), shopify(1001)))
    assert [order.number for order in export.orders] == ["#1002"]
    assert [row.row for row in export.unread] == [2, 4]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_byte_order_marks_make_no_difference(separator: str, encoding: str):
    text = table(shopify(1001, lineitem_name="סרום; 30 מ״ל"), SHOPIFY, separator).decode()
    (order,) = read(text.encode(encoding)).orders
    assert (order.number, order.total_minor) == ("#1001", 10_000)


def test_a_plugins_table_is_read_in_the_shops_own_time_and_with_decimal_commas():
    body = plugin(("1001", "Completed", "2026-05-10 15:00", "1.234,50", "-12,50", ""), separator=";")
    (order,) = read(body).orders
    assert (order.number, order.status, order.currency) == ("1001", "paid", "ILS")
    assert (order.total_minor, order.refunded_minor) == (123_450, 1_250)
    assert order.placed_at == datetime(2026, 5, 10, 12, tzinfo=UTC)


def test_the_order_of_day_and_month_is_told_by_the_whole_column_or_refused():
    told = read(plugin(("1", "paid", "05/03/2026 10:00", "1", "", ""), ("2", "paid", "25/03/2026", "1", "", "")))
    assert told.orders[0].placed_at == datetime(2026, 3, 5, 8, tzinfo=UTC)
    untold = read(plugin(("1", "paid", "05/03/2026 10:00", "1", "", "")))
    assert untold.unread == [UnreadRow(2, "Order Date", "not a date and time")]


def test_woocommerces_own_analytics_tells_net_sales_only():
    titles = ["Date", "Order #", "N. Revenue (formatted)", "Status", "Customer", "Coupon(s)", "N. Revenue"]
    row = ("2026-05-10 15:00:00", "1001", "₪100.00", "on-hold", "Dana", "noa10", "100")
    (order,) = read(table([dict(zip(titles, row, strict=True))], titles)).orders
    assert (order.total_minor, order.net_minor, order.status) == (None, 10_000, "pending")


def test_a_status_of_the_shops_own_is_paid_where_it_was_and_unknown_otherwise():
    titles = ["order_id", "status", "order_date", "order_total", "paid_date"]
    rows = [("1", "wc-packed", "2026-05-10", "10", "2026-05-10"), ("2", "Packed", "2026-05-10", "10", "")]
    orders = read(table([dict(zip(titles, row, strict=True)) for row in rows], titles)).orders
    assert [(order.status, order.raw_status) for order in orders] == [("paid", "packed"), ("", "packed")]


def test_a_checkout_that_is_still_a_draft_is_no_order():
    body = plugin(("1", "checkout-draft", "2026-05-10", "1", "", ""), ("2", "paid", "2026-05-10", "1", "", ""))
    assert [order.number for order in read(body).orders] == ["2"]


@pytest.mark.parametrize("wrapped", [list, lambda orders: {"orders": orders}, lambda orders: {"data": orders}])
def test_json_is_read_by_the_readers_of_deliveries(wrapped: type):
    (order,) = read(json.dumps(wrapped([standard(1001)])).encode(), JSON).orders
    assert (order.external_id, order.total_minor, order.dated) == ("1001", 10_000, True)


def test_shopifys_and_woocommerces_own_json_is_read():
    shop = {
        "id": 7, "name": "#7", "created_at": "2026-05-10T12:00:00Z", "currency": "ILS", "taxes_included": False,
        "financial_status": "paid", "total_price": "10.00", "line_items": [],
    }  # fmt: skip
    woo = {
        "id": 8, "number": "8", "status": "completed", "currency": "ILS", "date_created_gmt": "2026-05-10T12:00:00",
        "total": "20.00", "line_items": [],
    }  # fmt: skip
    orders = read(json.dumps([shop, woo]).encode(), JSON).orders
    assert [(order.external_id, order.total_minor) for order in orders] == [("7", 1_000), ("8", 2_000)]


def test_an_order_of_json_that_cannot_be_read_is_named_with_its_field():
    export = read(json.dumps([standard(1), standard(2, total="x"), 3]).encode(), JSON)
    assert export.unread == [UnreadRow(2, "total", "not an amount"), UnreadRow(3, "", "not an object")]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", TABLE), (b"Name,Total\n#1,3", TABLE), (b"\x89PNG\r\n\x1a\n\xff", TABLE), (b"PK\x03\x04", TABLE),
        (b"{}", JSON), (b"[]", JSON), (b"not json", JSON), (b'"orders"', JSON), (shopify_csv(), TABLE),
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused_in_a_sentence(body: bytes, kind: str):
    with pytest.raises(Invalid) as refused:
        read(body, kind)
    assert refused.value.errors.keys() == {"export"}


def test_a_file_tells_by_its_beginning_what_it_is():
    assert [kind_of(body) for body in (b"\xef\xbb\xbf [", b"{}", b"Name", b"")] == [JSON, JSON, TABLE, TABLE]


@pytest.mark.parametrize(
    "written", ["1,234", "1.234", "1.2.3", "12,34,567", "--5", "", "(5.00)", "5 apples", "1 2", "1,23.4.5"]
)
def test_an_amount_that_could_be_two_or_none_is_refused(written: str):
    with pytest.raises(Unreadable):
        read_amount(written, "ILS")


def test_ten_thousand_orders_are_read_in_seconds():
    body = shopify_csv(*(shopify(number) for number in range(10_000, 20_000)))
    begun = time.process_time()
    assert len(read(body).orders) == 10_000
    assert time.process_time() - begun < 10
