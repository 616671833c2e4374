"""Rows written as a workbook: typed cells, a frozen heading, and sheets that read in the language's direction.

Text is written as text, money as numbers with the currency's decimals, days and moments as dates; no cell is a
formula. Written for a file on disk (`streaming`), a row goes there as soon as the next one begins, so a million rows
need no more memory than a thousand; a sheet that is full goes on in another one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import IO, Any

from campaigns import i18n
from campaigns.sheets.cells import Cell, runs

MOST_ROWS = 1_048_576  # of a sheet: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
LONGEST_TITLE = 31
MEASURED = 500  # rows whose texts say how wide the columns are
WIDEST = 40
LONGEST_TEXT = 32_767  # of a cell
_SPELT = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class About:
    """What a workbook says of itself; the moment it was made is told, so that the same contents give the same bytes."""

    title: str
    author: str
    created: datetime


def write_book(
    target: IO[bytes],
    sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]],
    about: About,
    streaming: bool = False,
    most_rows: int = MOST_ROWS,
) -> None:
    """Write sheets (title and rows, the first of which is the heading) into `target`, in the current language."""
    import xlsxwriter

    plainly = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    memory = {"constant_memory": True, "use_zip64": True} if streaming else {"in_memory": True}
    book = xlsxwriter.Workbook(target, plainly | memory)
    created = about.created.replace(tzinfo=None)
    book.set_properties({"title": about.title, "author": about.author, "created": created})
    formats = _Formats(book)
    for title, rows in sheets:
        _write_sheets(book, title, iter(rows), formats, most_rows)
    book.close()


def _write_sheets(book: Any, title: str, rows: Iterator[Sequence[Cell]], formats: "_Formats", most_rows: int) -> None:
    """One table: a sheet, and further ones under the same heading where it is full."""
    heading = next(rows)
    row, number = next(rows, None), 1
    while row is not None or number == 1:
        sheet = book.add_worksheet(_titled(title, number))
        widths = _start(sheet, heading, formats)
        place = 0
        while row is not None and (place := place + 1) < most_rows:
            for column, cell in enumerate(row):
                _write(sheet, place, column, cell, formats)
            if place < MEASURED:
                widths = _wider(widths, row)
            row = next(rows, None)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(WIDEST, 3 + width))
        number += 1


def _start(sheet: Any, heading: Sequence[Cell], formats: "_Formats") -> list[int]:
    if i18n.direction(i18n.current_language()) == "rtl":
        sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    for column, cell in enumerate(heading):
        _write_text(sheet, 0, column, str(cell), formats.heading)
    return [len(str(cell)) for cell in heading]


def _wider(widths: list[int], row: Sequence[Cell]) -> list[int]:
    return [max(width, len(str(cell or ""))) for width, cell in zip(widths, row, strict=True)]


def _write(sheet: Any, place: int, column: int, cell: Cell, formats: "_Formats") -> None:
    if isinstance(cell, str):
        _write_text(sheet, place, column, cell, formats.kept_as_text if runs(cell) else None)
    elif isinstance(cell, datetime):
        sheet.write_datetime(place, column, cell.replace(tzinfo=None, microsecond=0), formats.moment)
    elif isinstance(cell, date):
        sheet.write_datetime(place, column, cell, formats.day)
    elif isinstance(cell, Decimal):
        sheet.write_number(place, column, cell, formats.number(cell))
    elif cell is not None:
        sheet.write_number(place, column, cell)


def _write_text(sheet: Any, place: int, column: int, text: str, its_format: Any) -> None:
    """Text as it is, also where XlsxWriter would take it for its own markup, or for what Excel spells letters with."""
    told = _marked_up(text) if text.startswith("<r>") or _SPELT.search(text) else text
    while len(told) > LONGEST_TEXT and told is not text:  # it would be cut in the middle of the markup
        text = text[: len(text) // 2]
        told = _marked_up(text)
    sheet.write_string(place, column, told, its_format)


def _marked_up(text: str) -> str:
    """A text as rich text of one piece, which XlsxWriter puts into the file as it is.

    Excel spells control characters `_x000D_`, and the first sign of a text that looks like that `_x005F_`, each by
    itself; XlsxWriter overlooks the second of two that share a sign, so its eyes are shut to all of them.
    """
    spelt = _UNWRITABLE.sub(lambda found: f"_x{ord(found.group()):04X}_", _SPELT.sub("_x005F_", text))
    return f'<r><t xml:space="preserve">{escape(spelt, quote=False).replace("_", "&#95;")}</t></r>'


@dataclass
class _Formats:
    """How cells look; made once in a workbook."""

    book: Any
    numbers: dict[int, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.heading = self.book.add_format({"bold": True, "bg_color": "#F1F4FA", "text_wrap": True, "valign": "top"})
        # Excel's own mark of a text: editing the cell does not turn it into a formula.
        self.kept_as_text = self.book.add_format({"quote_prefix": True})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def number(self, amount: Decimal) -> Any:
        """Grouped, with the decimals the amount has: those of its currency."""
        exponent = amount.as_tuple().exponent
        places = -exponent if isinstance(exponent, int) else 0
        if places not in self.numbers:
            self.numbers[places] = self.book.add_format(
                {"num_format": "#,##0" + (f".{'0' * places}" if places else "")}
            )
        return self.numbers[places]


def _titled(title: str, number: int) -> str:
    """A sheet's name: Excel refuses long ones and some characters."""
    tail = f" {number}" if number > 1 else ""
    kept = "".join(" " if character in "[]:*?/\\" else character for character in title).strip(" '")
    return kept[: LONGEST_TITLE - len(tail)] + tail
