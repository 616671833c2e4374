"""A table in each of its formats: CSV, XLSX, JSON. None holds more than a piece of it at a time."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from campaigns.clock import iso
from campaigns.i18n import gettext
from campaigns.sheets.cells import Cell
from campaigns.sheets.columns import Table, cells, total_cells, values
from campaigns.sheets.csv_files import csv_pieces
from campaigns.sheets.xlsx_files import About, write_book

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


def write(table: Table, ending: str, target: IO[bytes], author: str, mark: bool = True) -> None:
    """Write a table into `target` by the format's ending, in the current language; `mark`: a CSV's byte order mark.

    A workbook has its totals on a sheet of their own, a JSON file at its end; a CSV's columns are there to be summed.
    """
    if ending == "xlsx":
        write_book(target, _sheets(table), About(gettext(table.title), author, table.made_at), streaming=True)
        return
    pieces = csv_pieces(cells(table), mark) if ending == "csv" else json_pieces(table)
    for piece in pieces:
        target.write(piece)


def json_pieces(table: Table) -> Iterator[bytes]:
    """A JSON object of the columns' kinds, the rows, a line each, and the totals by currency."""
    about = {
        "export": table.name,
        "made_at": iso(table.made_at),
        "columns": {column.key: column.kind for column in table.columns},
    }
    yield _json(about)[:-1] + b', "rows": ['
    before = b"\n"
    for row in values(table):
        yield before + _json(row)
        before = b",\n"
    totals = [{"currency": currency, **sums} for currency, sums in sorted(table.totals.items())]
    yield b'\n], "totals": ' + _json(totals) + b"}\n"


def _sheets(table: Table) -> Iterator[tuple[str, Iterable[Sequence[Cell]]]]:
    yield gettext(table.title), cells(table)
    if any(column.kind == "money" and column.summed for column in table.columns):
        yield gettext("Totals"), total_cells(table)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
