"""Frozen contents to the bytes of a paper. Nothing is computed here that money depends on, and nothing is looked up.

Contents are primitives: what they say is printed, in the language they name, and the same contents give the same
bytes. Free text is isolated (`iso`) and codes, numbers and dates read left to right (`ltr`, `money`, `bps`, `day`),
so nothing is reordered in a right-to-left paper.
"""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import get_currency_symbol
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from campaigns import i18n
from campaigns.commissions.exchange import format_rate
from campaigns.documents import tables
from campaigns.documents.labels import label
from campaigns.documents.pdf import pdf
from campaigns.errors import Said, Unreadable
from campaigns.money import format_bps, format_minor

TEMPLATES = Path(__file__).parents[1] / "templates"
KINDS = ("final_report", "commission_statement", "payslip", "remittance_advice", "offset_note", "brand_bill")

PDF = "application/pdf"

# About five seconds of work. A longer statement's PDF carries the totals and its CSV every line.
LINES_ON_PAPER = 1000


def files(kind: str, contents: dict[str, Any], font_folder: Path | None = None) -> list[tuple[str, bytes]]:
    """Every file of a paper, as media type and bytes, the PDF first; a payout batch is a list for the bank only."""
    if kind == "payout_batch":
        return [(tables.CSV, tables.csv_bytes(kind, contents))]
    made = [(PDF, pdf(html(kind, contents), font_folder))]
    if kind in tables.KINDS:
        made.append((tables.CSV, tables.csv_bytes(kind, contents)))
    if kind in tables.SHEETS_OF:
        made.append((tables.XLSX, tables.xlsx_bytes(contents, kind)))
    return made


def html(kind: str, contents: dict[str, Any]) -> str:
    """The paper as one HTML page, in the contents' language; raises Unreadable for a kind or language there is not."""
    if kind not in KINDS or contents["language"] not in i18n.LANGUAGES:
        raise Unreadable(f"there is no {kind!r} paper in {contents['language']!r}")
    with i18n.speaking(contents["language"]):
        template = _environment().get_template(f"documents/{kind}.html")
        return template.render(contents, lines_on_paper=LINES_ON_PAPER)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "amount": _amount,
        "bps": _bps,
        "cash": _cash,
        "day": _day,
        "iso": i18n.iso,
        "label": label,
        "ltr": i18n.ltr,
        "money": _money,
        "month": _month,
        "rate": _rate,
        "said": i18n.gettext,
        "finding": _finding,
        "symbol": _symbol,
        "time": _time,
    }
    made.globals |= {"direction": i18n.direction}
    return made


def _finding(finding: dict[str, Any]) -> str:
    """What was still open at the closing, in the paper's language."""
    return i18n.said(Said(finding["sentence"], **finding["facts"]))


def _money(amount_minor: int, currency: str) -> str:
    return i18n.ltr(format_minor(amount_minor, currency))


def _amount(lines: list[dict[str, Any]], code: str) -> int:
    """What the lines of one code come to."""
    return sum(line["amount_minor"] for line in lines if line["code"] == code)


def _cash(amount_minor: int, currency: str) -> str:
    """With the sign of the currency after the amount, in whichever direction the paper reads."""
    return f"{_money(amount_minor, currency)}\u00a0{_symbol(currency)}"


def _bps(rate_bps: int) -> str:
    return i18n.ltr(format_bps(rate_bps))


def _rate(rate_millionths: int) -> str:
    return i18n.ltr(format_rate(rate_millionths))


def _day(value: str, timezone: str | None = None) -> str:
    """A date as written; of a moment, the day it was in `timezone`."""
    if len(value) == len("2026-05-31"):
        return i18n.show_date(date.fromisoformat(value))
    return i18n.show_date(_moment(value).astimezone(ZoneInfo(timezone) if timezone else UTC).date())


def _time(value: str, timezone: str) -> str:
    return i18n.show_time(_moment(value), timezone)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _month(period: str) -> str:
    """`2026-11` as "November 2026".

    Only Russian needs the stand-alone form of the month. Asking Babel 2.18 for Hebrew's turns Arabic's into Hebrew for
    the rest of the process, so it is asked for Russian's only.
    """
    language = i18n.current_language()
    pattern = "LLLL y" if language == "ru" else "MMMM y"
    return i18n.iso(format_date(date.fromisoformat(f"{period}-01"), pattern, locale=language))


def _symbol(currency: str) -> str:
    """The sign of a currency where English has one, else its code: both are in the font and read left to right."""
    return i18n.ltr(get_currency_symbol(currency, "en"))
