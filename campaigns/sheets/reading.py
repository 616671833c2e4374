"""Tables read back: a CSV or workbook of ours, also after a spreadsheet has saved it again.

What the writers did to a text is undone, and nothing else: a leading quote goes where `quoted` would have put one.
Columns are found by their key or by their heading in any of our languages, in any order; others are passed over. An
empty cell is "" in a text column and None in the others, so whoever wrote "" or None can't be told apart.
"""

import csv
import re
import zlib
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from io import BytesIO, StringIO
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile
from zoneinfo import ZoneInfo

from campaigns.errors import Said, Unreadable
from campaigns.i18n import LANGUAGES, gettext, speaking
from campaigns.money import parse_minor
from campaigns.sheets.cells import Cell, unquoted
from campaigns.sheets.columns import Column

MOST_ROWS = 100_000
MOST_UNPACKED = 200 * 1024 * 1024  # bytes of a workbook's parts: a small file can hold very much
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BROKEN = (BadZipFile, ParseError, zlib.error, EOFError, KeyError, IndexError, ValueError, TypeError, AttributeError)


def read_table(
    file: bytes, columns: Sequence[Column], zone: ZoneInfo, needed: Collection[str] = ()
) -> Iterator[dict[str, Any]]:
    """Every row as values by the columns' keys, as they were before writing; `needed` are keys it must have.

    Raises Unreadable, naming the row, for what is no such file or no such value. Money is minor units where the row
    names its currency.
    """
    for number, raw in read_rows(file, columns, needed):
        yield {column.key: _value(column, raw, zone, number) for column in columns if column.key in raw}


def read_rows(
    file: bytes, columns: Sequence[Column], needed: Collection[str] = (), most: int = MOST_ROWS
) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Every row that holds something: its number, as a spreadsheet counts, and its cells by the columns' keys.

    Raises Unreadable for what is no such file, as `read_table` does.
    """
    rows = read_cells(file)
    found = _places(next(rows, []), columns)
    missing = [gettext(column.heading) for column in columns if column.key in needed and column.key not in found]
    if missing:
        raise Unreadable(Said("these columns are missing: %(names)s", names=", ".join(missing)))
    for number, row in enumerate(rows, 2):
        if not any(cell not in (None, "") for cell in row):
            continue
        if number > most + 1:
            raise Unreadable(Said("the file has more than %(most)s rows", most=most))
        yield number, {key: row[place] if place < len(row) else None for key, place in found.items()}


def read_cells(file: bytes) -> Iterator[list[Cell]]:
    """The cells of a CSV, or of the first sheet of a workbook, row by row, the heading first."""
    return _xlsx_cells(file) if file.startswith(b"PK") else _csv_cells(file)


def _csv_cells(file: bytes) -> Iterator[list[Cell]]:
    try:
        text = file.decode("utf-16" if file.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(Said("the file is neither a workbook nor UTF-8 text")) from error
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)  # some languages' spreadsheets write semicolons
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter):
            yield [unquoted(cell) for cell in row]
    except csv.Error as error:
        raise Unreadable(Said("the file can't be read as a table")) from error


def _xlsx_cells(file: bytes) -> Iterator[list[Cell]]:
    from openpyxl import load_workbook

    try:
        if sum(part.file_size for part in ZipFile(BytesIO(file)).infolist()) > MOST_UNPACKED:
            raise Unreadable(Said("the file is too large"))
        sheet = load_workbook(BytesIO(file), read_only=True, data_only=True, keep_links=False).worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size need not be so
        for row in sheet.iter_rows(values_only=True):
            yield [_unescaped(cell) for cell in row]
    except _BROKEN as error:
        raise Unreadable(Said("the file can't be read as a table")) from error


def _unescaped(cell: Any) -> Cell:
    """A workbook's cell: control characters are spelt `_x000D_` there, and so is the sign they are spelt with."""
    if isinstance(cell, str):
        return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), cell)
    if isinstance(cell, float):
        return Decimal(f"{cell:.15g}")  # as many digits as a spreadsheet shows
    return str(cell) if isinstance(cell, bool) else cell


def _places(heading: Sequence[Cell], columns: Sequence[Column]) -> dict[str, int]:
    """key -> where its column stands."""
    names = {column.key: _names(column) for column in columns}
    found: dict[str, int] = {}
    for place, cell in enumerate(heading):
        told = str(cell or "").strip().casefold()
        told_alone = re.sub(r"\s*\([^()]*\)$", "", told)  # without the zone
        # Two columns may bear one name in some language: the first stands first.
        keys = [key for key, its in names.items() if key not in found and (told in its or told_alone in its)]
        if keys:
            found[told if told in keys else keys[0]] = place
    return found


def _names(column: Column) -> set[str]:
    names = {column.key}
    for language in LANGUAGES:
        with speaking(language):
            names.add(gettext(column.heading).casefold())
    return names


def _value(column: Column, raw: dict[str, Cell], zone: ZoneInfo, number: int) -> Any:
    cell = raw[column.key]
    if column.kind == "text":
        return as_text(cell)
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    try:
        return _typed(column, cell, str(raw.get(column.currency) or ""), zone)
    except (Unreadable, ValueError, InvalidOperation, TypeError) as error:
        about = {"row": number, "column": gettext(column.heading), "value": str(cell)[:40]}
        raise Unreadable(Said("row %(row)s: %(column)s can't be %(value)s", **about)) from error


def _typed(column: Column, cell: Cell, currency: str, zone: ZoneInfo) -> Any:
    if column.kind == "day":
        return _moment(cell).date()
    if column.kind == "moment":
        moment = _moment(cell)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if column.kind == "money":
        return parse_minor(_number(cell), currency)
    scaled = _number(cell).scaleb(2) if column.kind == "rate" else _number(cell)
    if scaled != scaled.to_integral_value():
        raise ValueError("not a whole number")
    return int(scaled)


def _number(cell: Cell) -> Decimal:
    return cell if isinstance(cell, Decimal) else Decimal(str(cell).replace(",", "").strip())


def _moment(cell: Cell) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - a day in whatever zone
    return datetime.fromisoformat(str(cell).strip())


def as_text(cell: Cell) -> str:
    """A cell as text, also where a spreadsheet has made a number of it."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return "" if cell is None else str(cell)
