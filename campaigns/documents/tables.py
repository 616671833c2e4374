"""The same frozen contents as tables: CSV and XLSX, for spreadsheets and for whoever checks the sums.

A cell that is text stays text. Spreadsheets run whatever begins with = + - or @ as a formula, and some of these texts
(a handle, an order number, a campaign's name) were typed by strangers: in CSV such a text gets a leading quote, in
XLSX strings are written as strings. Plain numbers, negative ones included, stay numbers.
https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from campaigns import i18n
from campaigns.documents.labels import label
from campaigns.i18n import gettext as _
from campaigns.money import exponent

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = ("final_report", "commission_statement", "payout_batch", "brand_bill")

Cell = str | int | Decimal | None

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
# The full-width forms are folded to the ASCII ones by some spreadsheets before they look.
_RUNS_AS_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n\0]")


def csv_bytes(kind: str, contents: dict[str, Any]) -> bytes:
    """One heading row and one row a line; UTF-8 with a byte order mark and CRLF, as Excel needs them.

    There is no row of totals: a column summed is the total of the paper.
    """
    with i18n.speaking(contents["language"]):
        return written_csv(TABLE_OF[kind](contents))


def written_csv(table: list[list[Cell]]) -> bytes:
    """A table's bytes."""
    written = StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows([_safe(cell) for cell in row] for row in table)
    return written.getvalue().encode("utf-8-sig")


def xlsx_bytes(contents: dict[str, Any], kind: str = "final_report") -> bytes:
    """A final report, or a bill, as a workbook: its summary, and a sheet for each of its tables."""
    import xlsxwriter

    written = BytesIO()
    book = xlsxwriter.Workbook(
        written,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    created = datetime.fromisoformat(contents["issued_at"]).astimezone(UTC).replace(tzinfo=None)
    # The day of issue in place of the clock, so that the same contents give the same bytes.
    book.set_properties({"title": contents["number"], "author": contents["agency"]["name"], "created": created})
    places = exponent(contents["currency"])
    formats = {
        "heading": book.add_format({"bold": True, "bg_color": "#F1F4FA", "text_wrap": True, "valign": "top"}),
        "money": book.add_format({"num_format": "#,##0" + (f".{'0' * places}" if places else "")}),
    }
    with i18n.speaking(contents["language"]):
        sheets = SHEETS_OF[kind](contents)
        for title, table in sheets.items():
            _write_sheet(book.add_worksheet(title), table, formats)
    book.close()
    return written.getvalue()


def report_table(contents: dict[str, Any]) -> list[list[Cell]]:
    """A row per participant, those without a sale too."""
    heading: list[Cell] = [
        _("Influencer"), _("Handle"), _("Coupon"), _("Link"), _("Influencer's rate, %"), _("Agency's rate, %"),
        _("Clicks"), _("Orders"), _("Sales"), _("Refunded"), _("Commission"), _("Agency fee"), _("Brand pays"),
        _("Currency"),
    ]  # fmt: skip
    money = ("sales_minor", "refunded_minor", "commission_minor", "agency_fee_minor", "brand_charge_minor")
    rows: list[list[Cell]] = [
        [
            row["name"], row["handle"], row["coupon_code"], row["link"],
            _percent(row["influencer_rate_bps"]), _percent(row["agency_rate_bps"]), row["clicks"], row["orders"],
            *(_major(row[name], contents["currency"]) for name in money), contents["currency"],
        ]
        for row in contents["rows"]
    ]  # fmt: skip
    return [heading, *rows]


def statement_table(contents: dict[str, Any]) -> list[list[Cell]]:
    """A row per order and per late refund."""
    currency = contents["currency"]
    heading: list[Cell] = [
        _("Kind"), _("Campaign"), _("Order"), _("Placed"), _("Credited by"), _("Net sale"), _("Refunded"), _("Rate, %"),
        _("Commission"), _("Currency"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            label(line["kind"]), line["campaign"], line["order_number"], line["placed_at"], label(line["reason"]),
            _major(line["net_minor"], currency), _major(line["refunded_minor"], currency), _percent(line["rate_bps"]),
            _major(line["commission_minor"], currency), currency,
        ]
        for line in contents["lines"]
    ]  # fmt: skip
    return [heading, *rows]


def payout_table(contents: dict[str, Any]) -> list[list[Cell]]:
    """A row per payee: whom, where to, how much, for which statements."""
    heading: list[Cell] = [
        _("Payee"), _("Identity number"), _("Bank"), _("Branch"), _("Account"), _("Amount"), _("Currency"),
        _("Statements"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            row["name"], row["id_number"], row["bank"], row["branch"], row["account"],
            _major(row["amount_minor"], contents["currency"]), contents["currency"], " ".join(row["statements"]),
        ]
        for row in contents["rows"]
    ]  # fmt: skip
    return [heading, *rows]


def bank_list_table(contents: dict[str, Any]) -> list[list[Cell]]:
    """A row per payment to be entered at the bank by hand; the first column is what the bank's answer names it by."""
    heading: list[Cell] = [
        "line",
        "payee",
        "identity number",
        "bank",
        "branch",
        "account",
        "amount",
        "currency",
        "pay date",
        "note",
    ]
    rows: list[list[Cell]] = [
        [
            row["line"], row["name"], row["id_number"], row["bank"], row["branch"], row["account"],
            _major(row["amount_minor"], contents["currency"]), contents["currency"], contents["pay_date"].isoformat(),
            row["note"],
        ]
        for row in contents["rows"]
    ]  # fmt: skip
    return [heading, *rows]


def bill_table(contents: dict[str, Any]) -> list[list[Cell]]:
    """A row per order or contact and influencer. What an order was paid in another currency stands beside it."""
    currency = contents["currency"]
    heading: list[Cell] = [
        _("Kind"), _("Order"), _("Placed"), _("Influencer"), _("Credited by"), _("Net sale"), _("Refunded"),
        _("Commission"), _("Agency fee"), _("Brand pays"), _("Collected by the influencer"), _("Currency"),
        _("Paid in"), _("Net sale there"), _("Refunded there"), _("Rate"),
    ]  # fmt: skip
    money = (
        "net_minor", "refunded_minor", "commission_minor", "agency_fee_minor", "charge_minor", "collected_minor",
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [
            label(line["kind"]), line["order_number"], line["placed_at"], line["influencer"], label(line["reason"]),
            *(_major(line[name], currency) for name in money), currency, *_foreign(line["foreign"]),
        ]
        for line in contents["lines"]
    ]  # fmt: skip
    return [heading, *rows]


def bill_summary_table(contents: dict[str, Any]) -> list[list[Cell]]:
    """Whose bill it is, and its totals."""
    totals, currency = contents["totals"], contents["currency"]
    money = {
        _("Sales"): "sales_minor",
        _("Refunded"): "refunded_minor",
        _("Commission"): "commission_minor",
        _("Agency fee"): "agency_fee_minor",
        _("VAT on the agency fee"): "vat_minor",
        _("Collected by the influencer"): "collected_minor",
        _("To pay"): "total_minor",
    }
    about: list[list[Cell]] = [
        [_("Bill"), contents["number"]],
        [_("Agency"), contents["agency"]["name"]],
        [_("Brand"), contents["brand"]["name"]],
        [_("Campaign"), contents["campaign"]["name"]],
        [_("Date"), contents["date"]],
        [_("Currency"), currency],
        [_("VAT, %"), _percent(contents["vat"]["rate_bps"])],
    ]
    return about + [[heading, _major(totals[name], currency)] for heading, name in money.items()]


def _foreign(told: dict[str, Any] | None) -> list[Cell]:
    if told is None:
        return [None, None, None, None]
    rate = Decimal(told["rate_millionths"]).scaleb(-6) if told["rate_millionths"] is not None else None
    there = (_major(told[name], told["currency"]) for name in ("net_minor", "refunded_minor"))
    return [told["currency"], *there, rate]


TABLE_OF = {
    "final_report": report_table,
    "commission_statement": statement_table,
    "payout_batch": payout_table,
    "brand_bill": bill_table,
}
SHEETS_OF: dict[str, Callable[[dict[str, Any]], dict[str, list[list[Cell]]]]] = {
    "final_report": lambda contents: {
        _("Summary"): summary_table(contents),
        _("Influencers"): report_table(contents),
        _("Not credited"): uncredited_table(contents),
    },
    "brand_bill": lambda contents: {_("Summary"): bill_summary_table(contents), _("Orders"): bill_table(contents)},
}


def summary_table(contents: dict[str, Any]) -> list[list[Cell]]:
    """What the report is about, and its totals."""
    totals, currency = contents["totals"], contents["currency"]
    money = {
        _("Sales"): "sales_minor",
        _("Refunded"): "refunded_minor",
        _("Commission"): "commission_minor",
        _("Agency fee"): "agency_fee_minor",
        _("Brand pays"): "brand_charge_minor",
    }
    about: list[list[Cell]] = [
        [_("Final campaign report"), contents["number"]],
        [_("Agency"), contents["agency"]["name"]],
        [_("Brand"), contents["brand"]["name"]],
        [_("Campaign"), contents["campaign"]["name"]],
        [_("From"), contents["campaign"]["starts_at"]],
        [_("To"), contents["campaign"]["ends_at"]],
        [_("Issued"), contents["issued_at"]],
        [_("Currency"), currency],
        [_("Clicks"), totals["clicks"]],
        [_("Orders"), totals["orders"]],
    ]
    return about + [[heading, _major(totals[name], currency)] for heading, name in money.items()]


def uncredited_table(contents: dict[str, Any]) -> list[list[Cell]]:
    """The orders that are nobody's sale, by reason."""
    heading: list[Cell] = [_("Reason"), _("Orders")]
    return [heading, *([label(row["reason"]), row["orders"]] for row in contents["uncredited"])]


def _write_sheet(sheet: Any, table: list[list[Cell]], formats: dict[str, Any]) -> None:
    if i18n.direction(i18n.current_language()) == "rtl":
        sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(_widths(table)):
        sheet.set_column(column, column, width)
    for place, row in enumerate(table):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(place, column, cell, formats["heading"] if place == 0 else None)
            elif cell is not None:
                sheet.write_number(place, column, cell, formats["money"] if isinstance(cell, Decimal) else None)


def _widths(table: list[list[Cell]]) -> Iterable[int]:
    return (min(40, 3 + max(len(str(row[column] or "")) for row in table)) for column in range(len(table[0])))


def _safe(cell: Cell) -> Cell:
    if isinstance(cell, str) and _RUNS_AS_FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _major(amount_minor: int, currency: str) -> Decimal:
    """Major units, exactly, with the currency's decimals."""
    return Decimal(amount_minor).scaleb(-exponent(currency))


def _percent(rate_bps: int) -> Decimal:
    return Decimal(rate_bps).scaleb(-2)
