"""The same frozen contents as tables: CSV and XLSX, for spreadsheets and for whoever checks the sums.

How cells are written, and how text stays text in a spreadsheet, is campaigns/sheets' business.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from campaigns import i18n
from campaigns.documents.labels import label
from campaigns.documents.person_tables import answer_table, payroll_statements_table, payroll_table
from campaigns.i18n import gettext as _
from campaigns.sheets.cells import Cell
from campaigns.sheets.columns import major, percent
from campaigns.sheets.csv_files import csv_pieces
from campaigns.sheets.xlsx_files import About, write_book

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = ("final_report", "commission_statement", "payout_batch", "brand_bill", "itemised_answer", "payroll_order")


def csv_bytes(kind: str, contents: dict[str, Any]) -> bytes:
    """One heading row and one row a line; UTF-8 with a byte order mark and CRLF, as Excel needs them.

    There is no row of totals: a column summed is the total of the paper.
    """
    with i18n.speaking(contents["language"]):
        return written_csv(TABLE_OF[kind](contents))


def written_csv(table: list[list[Cell]]) -> bytes:
    """A table's bytes."""
    return b"".join(csv_pieces(table))


def xlsx_bytes(contents: dict[str, Any], kind: str = "final_report") -> bytes:
    """A final report, or a bill, as a workbook: its summary, and a sheet for each of its tables."""
    written = BytesIO()
    # The day of issue in place of the clock, so that the same contents give the same bytes.
    issued_at = datetime.fromisoformat(contents["issued_at"]).astimezone(UTC)
    about = About(contents["number"], contents["agency"]["name"], issued_at)
    with i18n.speaking(contents["language"]):
        write_book(written, SHEETS_OF[kind](contents).items(), about)
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
            percent(row["influencer_rate_bps"]), percent(row["agency_rate_bps"]), row["clicks"], row["orders"],
            *(major(row[name], contents["currency"]) for name in money), contents["currency"],
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
            label(line["kind"]), line["campaign"], line.get("order_ref", line.get("order_number")),
            _moment(line["placed_at"], contents), label(line["reason"]),
            major(line["net_minor"], currency), major(line["refunded_minor"], currency), percent(line["rate_bps"]),
            major(line["commission_minor"], currency), currency,
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
            major(row["amount_minor"], contents["currency"]), contents["currency"], " ".join(row["statements"]),
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
            major(row["amount_minor"], contents["currency"]), contents["currency"], contents["pay_date"].isoformat(),
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
            label(line["kind"]), line["order_number"], _moment(line["placed_at"], contents), line["influencer"],
            label(line["reason"]),
            *(major(line[name], currency) for name in money), currency, *_foreign(line["foreign"]),
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
        [_("Date"), date.fromisoformat(contents["date"])],
        [_("Currency"), currency],
        [_("VAT, %"), percent(contents["vat"]["rate_bps"])],
    ]
    return about + [[heading, major(totals[name], currency)] for heading, name in money.items()]


def _foreign(told: dict[str, Any] | None) -> list[Cell]:
    if told is None:
        return [None, None, None, None]
    rate = Decimal(told["rate_millionths"]).scaleb(-6) if told["rate_millionths"] is not None else None
    there = (major(told[name], told["currency"]) for name in ("net_minor", "refunded_minor"))
    return [told["currency"], *there, rate]


TABLE_OF = {
    "final_report": report_table,
    "commission_statement": statement_table,
    "payout_batch": payout_table,
    "brand_bill": bill_table,
    "itemised_answer": answer_table,
    "payroll_order": payroll_table,
}
SHEETS_OF: dict[str, Callable[[dict[str, Any]], dict[str, list[list[Cell]]]]] = {
    "final_report": lambda contents: {
        _("Summary"): summary_table(contents),
        _("Influencers"): report_table(contents),
        _("Not credited"): uncredited_table(contents),
    },
    "brand_bill": lambda contents: {_("Summary"): bill_summary_table(contents), _("Orders"): bill_table(contents)},
    "payroll_order": lambda contents: {
        _("Employees"): payroll_table(contents),
        _("Statements"): payroll_statements_table(contents),
    },
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
        [_("From"), _moment(contents["campaign"]["starts_at"], contents)],
        [_("To"), _moment(contents["campaign"]["ends_at"], contents)],
        [_("Issued"), _moment(contents["issued_at"], contents)],
        [_("Currency"), currency],
        [_("Clicks"), totals["clicks"]],
        [_("Orders"), totals["orders"]],
    ]
    return about + [[heading, major(totals[name], currency)] for heading, name in money.items()]


def uncredited_table(contents: dict[str, Any]) -> list[list[Cell]]:
    """The orders that are nobody's sale, by reason."""
    heading: list[Cell] = [_("Reason"), _("Orders")]
    return [heading, *([label(row["reason"]), row["orders"]] for row in contents["uncredited"])]


def _moment(text: str, contents: dict[str, Any]) -> datetime | None:
    """A moment of the contents by the clock of the campaign; what has none stays empty."""
    return datetime.fromisoformat(text).astimezone(ZoneInfo(contents["timezone"])) if text else None
