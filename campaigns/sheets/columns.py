"""Typed columns: one declaration from which a table is written as CSV, as a workbook or as JSON, and read back.

The key is the column's name for programs, the same in every language; the heading is for people. Money is whole minor
units of the currency that another column of the row names, and its key ends in `_minor`; a rate is basis points and
ends in `_bps`. Spreadsheets get major units and per cent, JSON the integers as they are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.clock import iso
from campaigns.i18n import gettext
from campaigns.money import exponent
from campaigns.sheets.cells import Cell

KINDS = ("text", "count", "money", "rate", "day", "moment")
Row = Sequence[Any]


@dataclass(frozen=True)
class Column:
    """One column; `words` are what people read for the codes of a text column."""

    key: str
    heading: str
    kind: str = "text"
    currency: str = "currency"  # of money: the key of the column that names it
    summed: bool = True  # of money: whether a total means anything
    words: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass
class Table:
    """Rows under typed columns; they may come from a database slice by slice, and are walked through once.

    `zone` is whose days and hours people read. The totals are those of the rows walked through so far.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    zone: ZoneInfo
    made_at: datetime
    totals: dict[str, dict[str, int]] = field(default_factory=dict)  # currency -> key -> sum

    def walked(self) -> Iterator[Row]:
        """The rows, counted and summed on their way."""
        places = {column.key: place for place, column in enumerate(self.columns)}
        sums = [
            (place, places[column.currency], column.key)
            for place, column in enumerate(self.columns)
            if column.kind == "money" and column.summed
        ]
        for row in self.rows:
            for place, currency, key in sums:
                total = self.totals.setdefault(row[currency] or "", {})
                total[key] = total.get(key, 0) + (row[place] or 0)
            yield row


def heading(column: Column, zone: ZoneInfo) -> str:
    """What people read above a column; a moment's says whose hours they are."""
    named = gettext(column.heading)
    return f"{named} ({zone.key})" if column.kind == "moment" else named


def cells(table: Table) -> Iterator[list[Cell]]:
    """The heading and every row, as spreadsheets have them."""
    yield [heading(column, table.zone) for column in table.columns]
    makers = [_cell_maker(column, table) for column in table.columns]
    for row in table.walked():
        yield [make(value, row) for make, value in zip(makers, row, strict=True)]


def total_cells(table: Table) -> Iterator[list[Cell]]:
    """The sums of money, a row for each currency: values, not formulas, once the rows have been walked through."""
    summed = [column for column in table.columns if column.kind == "money" and column.summed]
    yield [gettext("Currency"), *(gettext(column.heading) for column in summed)]
    for currency, sums in sorted(table.totals.items()):
        yield [currency, *(major(sums[column.key], currency) if column.key in sums else None for column in summed)]


def values(table: Table) -> Iterator[dict[str, Any]]:
    """Every row as JSON has it."""
    for row in table.walked():
        yield {column.key: _json(value) for column, value in zip(table.columns, row, strict=True)}


def major(amount_minor: int, currency: str) -> Decimal:
    """Major units, exactly, with the currency's decimals; an amount of no currency is zero.

    >>> str(major(-1200, "ILS")), str(major(23600, "JPY"))
    ('-12.00', '23600')
    """
    return Decimal(amount_minor).scaleb(-exponent(currency)) if currency else Decimal(amount_minor)


def percent(rate_bps: int) -> Decimal:
    """A rate as per cent.

    >>> str(percent(1250))
    '12.50'
    """
    return Decimal(rate_bps).scaleb(-2)


Maker = Callable[[Any, Row], Cell]


def _cell_maker(column: Column, table: Table) -> Maker:
    """What makes a column's value a cell; None stays empty."""
    if column.kind == "money":
        place = next(place for place, other in enumerate(table.columns) if other.key == column.currency)
        return lambda value, row: None if value is None else major(value, row[place])
    if column.kind == "rate":
        return lambda value, _row: None if value is None else percent(value)
    if column.kind == "moment":
        return lambda value, _row: None if value is None else value.astimezone(table.zone)
    if column.words:
        words = {code: gettext(message) for code, message in column.words.items()}
        return lambda value, _row: words.get(value, value)
    return lambda value, _row: value


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else value
