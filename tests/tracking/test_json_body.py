from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from campaigns.errors import Unreadable
from campaigns.tracking.json_body import JsonObject, parse_moment, read_json, read_object, within_reach


def test_a_decimal_number_keeps_its_digits() -> None:
    value = read_json(b'{"subtotal": 195.10, "id": 820982911946154508}')
    assert str(value["subtotal"]) == "195.10"
    assert value["id"] == 820982911946154508


def test_a_byte_order_mark_is_tolerated_and_the_last_of_two_keys_counts() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"NaN",
        b"[-Infinity]",
        b"1e99999999999999999999",
        b"9" * 5000,
        b"[" * 100_000,
        b'{"a":' * 50_000,
    ],
    ids=lambda body: body[:12].decode("latin-1"),
)
def test_what_is_not_json_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_json(body)


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"7"])
def test_a_body_that_is_no_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_object(body)


@pytest.mark.parametrize(("sent", "read"), [(7, "7"), ("7", "7"), (2**60, "1152921504606846976"), (" a-1 ", "a-1")])
def test_an_id_is_a_string_however_it_was_sent(sent: object, read: str) -> None:
    assert JsonObject({"id": sent}).identifier("id") == read


@pytest.mark.parametrize("sent", [None, "", "  ", True, Decimal("1.5"), [], {}, "x" * 121, "a\0b", "\ud800"])
def test_what_is_no_id_is_refused_by_its_name(sent: object) -> None:
    with pytest.raises(Unreadable, match=r"^order\.id: "):
        JsonObject({"id": sent}, "order").identifier("id")


@pytest.mark.parametrize("sent", ["a\0b", "\udfff", ["a"], {"a": 1}, True])
def test_a_text_no_database_can_hold_is_refused(sent: object) -> None:
    with pytest.raises(Unreadable, match=r"^title: "):
        JsonObject({"title": sent}).text("title")


def test_a_text_may_be_a_number_or_absent_and_is_cut_to_its_length() -> None:
    fields = JsonObject({"sku": 123, "title": "x" * 300, "note": None})
    assert (fields.text("sku"), len(fields.text("title")), fields.text("note")) == ("123", 255, "")


@pytest.mark.parametrize(
    ("sent", "currency", "minor"),
    [
        ("12.50", "ILS", 1250),
        ("23600", "JPY", 23600),
        ("1.250", "KWD", 1250),
        (30, "ILS", 3000),
        (Decimal("12.5"), "ILS", 1250),
        (Decimal("1E+2"), "ILS", 10000),
        (" 7.00 ", "ILS", 700),
    ],
)
def test_an_amount_is_minor_units_of_its_currency(sent: object, currency: str, minor: int) -> None:
    assert JsonObject({"price": sent}).amount("price", currency) == minor


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "",
        "example string",
        "1,50",
        "1_000",
        "١٢",
        "1e5",
        "NaN",
        True,
        [],
        {},
        "-1",
        "0.005",
        "9" * 30,
        Decimal("1e-999990"),
    ],
    ids=str,
)
def test_what_is_no_plain_amount_is_refused(sent: object) -> None:
    with pytest.raises(Unreadable, match=r"^price: "):
        JsonObject({"price": sent}).amount("price", "ILS")


def test_an_amount_below_zero_or_unrounded_is_read_only_where_asked_for() -> None:
    fields = JsonObject({"tax": "-0.625", "total": Decimal("195.67000000000002")})
    assert fields.amount("tax", "ILS", signed=True, rounded=True) == -63
    assert fields.amount("total", "ILS", rounded=True) == 19567


def test_a_charge_left_out_is_nothing_but_one_misspelt_is_refused() -> None:
    fields = JsonObject({"fee": None, "tip": "much"})
    assert fields.amount_or_zero("fee", "ILS") == fields.amount_or_zero("duty", "ILS") == 0
    with pytest.raises(Unreadable):
        fields.amount_or_zero("tip", "ILS")


@pytest.mark.parametrize(("sent", "read"), [(2, "2"), ("2", "2"), (Decimal("1.5"), "1.5"), ("0", "0")])
def test_a_quantity_is_kept_as_sent(sent: object, read: str) -> None:
    assert JsonObject({"quantity": sent}).quantity("quantity") == read


@pytest.mark.parametrize("sent", [None, -1, "", "two", True, [2], 10**12, Decimal("1E+3")])
def test_what_is_no_quantity_is_refused(sent: object) -> None:
    with pytest.raises(Unreadable, match=r"^quantity: not a quantity"):
        JsonObject({"quantity": sent}).quantity("quantity")


def test_a_count_has_no_fraction() -> None:
    with pytest.raises(Unreadable, match="whole"):
        JsonObject({"quantity": Decimal("1.5")}).count("quantity")


@pytest.mark.parametrize(
    ("sent", "zone", "hour"),
    [
        ("2026-05-01T12:00:00+03:00", None, 9),
        ("2026-05-01T09:00:00Z", None, 9),
        ("2026-05-01 09:00:00.000Z", None, 9),
        ("2026-05-01T05:00:00-0400", None, 9),
        ("2026-05-01T12:00:00", "Asia/Jerusalem", 9),
        ("2026-01-01T11:00:00", "Asia/Jerusalem", 9),
    ],
)
def test_a_moment_is_read_into_utc(sent: str, zone: str | None, hour: int) -> None:
    moment = parse_moment(sent, "at", zone)
    assert (moment.hour, moment.tzinfo) == (hour, UTC)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "",
        "example string",
        "2026-05-01",
        "2026-05-01T12:00:00",
        "2026-13-01T12:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-05-01T12:00:00+99:00",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        1777629200,
        True,
        [],
    ],
    ids=str,
)
def test_what_is_no_moment_or_has_no_zone_is_refused(sent: object) -> None:
    with pytest.raises(Unreadable, match="^at: "):
        parse_moment(sent, "at")


def test_local_time_of_an_unknown_zone_is_refused() -> None:
    with pytest.raises(Unreadable, match="zone"):
        parse_moment("2026-05-01T12:00:00", "at", "Nowhere/../Land")


def test_a_refusal_names_the_path_and_not_the_content() -> None:
    line = read_object(b'{"data": {"lines": [{}, {"price": "secret"}]}}').object("data").objects("lines")[1]
    with pytest.raises(Unreadable) as refusal:
        line.amount("price", "ILS")
    assert str(refusal.value) == "data.lines[1].price: not an amount"


@pytest.mark.parametrize("sent", [{}, "x", 1, True, [1], [None], [[]]])
def test_a_list_of_anything_but_objects_is_refused(sent: object) -> None:
    with pytest.raises(Unreadable, match=r"^lines"):
        JsonObject({"lines": sent}).objects("lines")


@pytest.mark.parametrize("sent", ["x", 1, True, [1]])
def test_what_is_no_object_is_refused(sent: object) -> None:
    with pytest.raises(Unreadable, match=r"^customer: not an object"):
        JsonObject({"customer": sent}).object("customer")


@pytest.mark.parametrize("sent", [None, []])
def test_an_absent_object_and_phps_empty_one_have_no_members(sent: object) -> None:
    assert JsonObject({"billing": sent}).object("billing").values == {}


@pytest.mark.parametrize("sent", [None, "true", 1, "yes"])
def test_a_flag_is_true_or_false_and_nothing_like_it(sent: Any) -> None:
    with pytest.raises(Unreadable):
        JsonObject({"test": sent}).flag("test")


@pytest.mark.parametrize("sent", ["ils", "example string", "", None, 376, []])
def test_what_is_no_currency_is_refused(sent: object) -> None:
    with pytest.raises(Unreadable, match=r"^currency: "):
        JsonObject({"currency": sent}).currency("currency")


def test_a_product_of_two_sane_numbers_may_be_out_of_reach() -> None:
    assert within_reach(10**15, "price") == 10**15
    with pytest.raises(Unreadable):
        within_reach(-(10**15) - 1, "price")


def test_a_moment_is_exact_to_the_microsecond() -> None:
    expected = datetime(2026, 5, 1, 9, 0, 0, 250_000, UTC)
    assert parse_moment("2026-05-01T09:00:00.25Z", "at") == expected
