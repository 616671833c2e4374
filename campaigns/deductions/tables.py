"""Dated tables: what a deduction rests on, by the day it is made.

Each table is a list of rows with `from`, `to`, `source` and `confidence`; a row holds amounts in minor units and rates
as decimal strings, so nothing is lost on the way in. A date no row covers is refused: last year's figures are never
carried on, since laws run out (the lower national insurance rate does so at the end of 2026) and a guessed
deduction is somebody's money.
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from campaigns.errors import MissingTableRow

_FILES = {"IL": Path(__file__).with_name("israel.json")}


@dataclass(frozen=True)
class Bracket:
    """One step of a table: `rate` on what lies above the step before and up to `upto_minor` (None: no end)."""

    upto_minor: int | None
    rate: Decimal


@dataclass(frozen=True)
class Row:
    """One table as it stands on a day. `values` are the row's own figures, as written in the file."""

    table: str
    starts: date
    ends: date | None
    source: str
    confidence: str
    values: dict[str, Any]

    def brackets(self) -> tuple[Bracket, ...]:
        """The row's steps, lowest first."""
        return tuple(Bracket(step["upto_minor"], Decimal(step["rate"])) for step in self.values["steps"])

    def as_contents(self) -> dict[str, Any]:
        """What a paper keeps to say which figures it used."""
        ends = self.ends.isoformat() if self.ends else None
        return {
            "table": self.table,
            "from": self.starts.isoformat(),
            "to": ends,
            "source": self.source,
            "confidence": self.confidence,
        }


def row(table: str, on: date) -> Row:
    """The row of `table` in force on the day `on`; raises MissingTableRow for an unknown table or an uncovered day.

    >>> row("IL.credit_point", date(2026, 5, 31)).values["value_minor"]
    24200
    """
    for candidate in rows(table):
        if candidate.starts <= on and (candidate.ends is None or on <= candidate.ends):
            return candidate
    raise MissingTableRow(table, on.isoformat())


def rows(table: str) -> tuple[Row, ...]:
    """Every row of `table`, oldest first; none for a table that does not exist."""
    country = table.partition(".")[0]
    return _tables(country).get(table, ()) if country in _FILES else ()


def names(country: str) -> tuple[str, ...]:
    """The tables a country has."""
    return tuple(_tables(country)) if country in _FILES else ()


@cache
def _tables(country: str) -> dict[str, tuple[Row, ...]]:
    written = json.loads(_FILES[country].read_text(encoding="utf-8"))["tables"]
    return {table: tuple(_row(table, entry) for entry in entries) for table, entries in written.items()}


def _row(table: str, entry: dict[str, Any]) -> Row:
    described = {"from", "to", "source", "confidence", "note"}
    return Row(
        table=table,
        starts=date.fromisoformat(entry["from"]),
        ends=date.fromisoformat(entry["to"]) if entry["to"] else None,
        source=entry["source"],
        confidence=entry["confidence"],
        values={name: value for name, value in entry.items() if name not in described},
    )
