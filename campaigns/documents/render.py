"""Frozen contents to the bytes of a paper. Nothing is computed here that money depends on, and nothing is looked up.

Contents are primitives: what they say is printed, in the language they name, and the same contents give the same
bytes. Free text is isolated (`iso`) and codes, numbers and dates read left to right (`ltr`, `money`, `bps`, `day`),
so nothing is reordered in a right-to-left paper.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import get_currency_symbol
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from campaigns import i18n
from campaigns.commissions.exchange import format_rate
from campaigns.commissions.terms import canonical, fingerprint
from campaigns.documents import charts, tables
from campaigns.documents.glyphs import undrawable, written_out
from campaigns.documents.issue import SECOND_LANGUAGE
from campaigns.documents.labels import entry_label, label, received_label, subject_label
from campaigns.documents.pdf import Attached, drawn, pdf
from campaigns.errors import Said, Unreadable
from campaigns.money import format_bps, format_minor

TEMPLATES = Path(__file__).parents[1] / "templates"
KINDS = ("final_report", "commission_statement", "payslip", "remittance_advice", "offset_note", "brand_bill",
         "payee_request", "self_billing_invoice", "self_billing_credit_note", "itemised_answer",
         "withholding_confirmation", "annual_summary", "payroll_order", "partner_certificate",
         "payslip_correction")  # fmt: skip

PDF = "application/pdf"

SHOWS_LESS = frozenset({"payroll_order"})  # than its data, which have whole identity numbers: they aren't attached

# About five seconds of work. A longer statement's PDF carries the totals and its CSV every line.
LINES_ON_PAPER = 1000


@dataclass(frozen=True)
class Form:
    """What an agency wants of its PDFs: a variant such as pdf/a-3u, whose papers carry their contents; a signature."""

    variant: str = ""
    sign: Callable[[bytes], bytes] | None = None


def files(
    kind: str, contents: dict[str, Any], font_folder: Path | None = None, form: Form | None = None
) -> list[tuple[str, bytes]]:
    """Every file of a paper, as media type and bytes, the PDF first; a payout batch is a list for the bank only."""
    if kind == "payout_batch":
        return [(tables.CSV, tables.csv_bytes(kind, contents))]
    made = [(PDF, _pdf(kind, contents, font_folder, form or Form()))]
    if kind in tables.KINDS:
        made.append((tables.CSV, tables.csv_bytes(kind, contents)))
    if kind in tables.SHEETS_OF:
        made.append((tables.XLSX, tables.xlsx_bytes(contents, kind)))
    return made


def _pdf(kind: str, contents: dict[str, Any], font_folder: Path | None, form: Form) -> bytes:
    attached = None
    if form.variant and kind not in SHOWS_LESS:
        attached = Attached(f"{contents['number']}.json", canonical(contents).encode(), _moment(contents["issued_at"]))
    also = contents.get(SECOND_LANGUAGE)
    pages = [_drawable(kind, contents, language, font_folder) for language in ("", also) if language is not None]
    written = pdf(pages[0], font_folder, "".join(pages[1:]), form.variant, attached)
    return form.sign(written) if form.sign else written


def _drawable(kind: str, contents: dict[str, Any], language: str, font_folder: Path | None) -> str:
    """The page in characters that the font has, which it says where others were typed."""
    known = drawn(font_folder)
    page = html(kind, contents, language)
    return written_out(html(kind, contents, language, spelled_out=True), known) if undrawable(page, known) else page


def html(kind: str, contents: dict[str, Any], language: str = "", spelled_out: bool = False) -> str:
    """The paper as one HTML page, in the contents' language; raises Unreadable for a kind or language there is not.

    In `language` it is the second version of a paper that is issued in two.
    """
    spoken = language or contents["language"]
    if kind not in KINDS or spoken not in i18n.LANGUAGES:
        raise Unreadable(f"there is no {kind!r} paper in {spoken!r}")
    paper = {
        "lines_on_paper": LINES_ON_PAPER,
        "spelled_out": spelled_out,
        "contents_sha256": fingerprint(contents),
        "follows": i18n.LANGUAGES[contents["language"]] if language else "",
        "followed_by": "" if language else i18n.LANGUAGES.get(contents.get(SECOND_LANGUAGE, ""), ""),
    }
    with i18n.speaking(spoken):
        template = _environment().get_template(f"documents/{kind}.html")
        return template.render({**contents, "language": spoken}, **paper)


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
        "bps": _bps,
        "cash": _cash,
        "day": _day,
        "entry": entry_label,
        "iso": i18n.iso,
        "label": label,
        "ltr": i18n.ltr,
        "money": _money,
        "month": _month,
        "rate": _rate,
        "received": received_label,
        "said": i18n.gettext,
        "subject": subject_label,
        "finding": _finding,
        "symbol": _symbol,
        "time": _time,
    }
    made.globals |= {"direction": i18n.direction, "day_charts": _day_charts, "people_charts": _people_charts}
    return made


def _finding(finding: dict[str, Any]) -> str:
    """What was still open at the closing, in the paper's language."""
    return i18n.said(Said(finding["sentence"], **finding["facts"]))


def _money(amount_minor: int, currency: str) -> str:
    return i18n.ltr(format_minor(amount_minor, currency))


def _cash(amount_minor: int, currency: str) -> str:
    """With the sign of the currency after the amount, in whichever direction the paper reads."""
    return f"{_money(amount_minor, currency)}\u00a0{_symbol(currency)}"


def _day_charts(days: list[dict[str, Any]], currency: str) -> list[charts.DayChart]:
    return charts.day_charts(days, currency, partial(_cash, currency=currency))


def _people_charts(rows: list[dict[str, Any]], currency: str) -> list[charts.RowChart]:
    """None where nobody sold anything and nobody clicked."""
    if not any(row["clicks"] or row["orders"] for row in rows):
        return []
    return [charts.sales_chart(rows, currency, partial(_cash, currency=currency)), charts.clicks_chart(rows)]


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
