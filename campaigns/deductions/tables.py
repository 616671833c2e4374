"""Dated tables: what a deduction rests on, by the day it is made.

Each table is a list of rows with `from`, `to`, `source` and `confidence`; a row holds amounts in minor units and rates
as decimal strings, so nothing is lost on the way in. Rows are shipped in files beside this module, or entered by people
(entered.py), who verify each other's; a verified row wins over whatever was there before it. A date no row covers is
refused: last year's figures are never carried on, since laws run out (the lower national insurance rate does so at
the end of 2026) and a guessed deduction is somebody's money. Shipped rows of low confidence are there to be looked at
and verified; nothing is worked out with them.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from campaigns.errors import MissingTableRow

_FILES = tuple(Path(__file__).with_name(name) for name in ("israel.json", "russia.json", "united_states.json"))
_DESCRIBED = {"from", "to", "source", "confidence", "note", "published_on"}
VERIFIED = "verified"  # the confidence of a row that somebody entered and another person verified
UNVERIFIED = "low"


@dataclass(frozen=True)
class Bracket:
    """One step of a table: `rate` on what lies above the step before and up to `upto_minor` (None: no end)."""

    upto_minor: int | None
    rate: Decimal


@dataclass(frozen=True)
class Row:
    """One table as it stands on a day. `values` are the row's own figures, as written in the file or entered.

    `entered` is the public id of the entry the row was made from; "" for a shipped one.
    """

    table: str
    starts: date
    ends: date | None
    source: str
    confidence: str
    values: Mapping[str, Any]
    note: str = ""
    published_on: date | None = None
    entered: str = ""

    def covers(self, on: date) -> bool:
        """Whether the row is in force on a day."""
        return self.starts <= on and (self.ends is None or on <= self.ends)

    @property
    def usable(self) -> bool:
        """Whether deductions may be worked out with it: not before somebody has verified what is only believed."""
        return self.confidence != UNVERIFIED

    def brackets(self) -> tuple[Bracket, ...]:
        """The row's steps, lowest first."""
        return tuple(Bracket(step["upto_minor"], Decimal(step["rate"])) for step in self.values["steps"])

    def as_contents(self) -> dict[str, Any]:
        """What a paper keeps to say which figures it used."""
        return {
            "table": self.table,
            "from": self.starts.isoformat(),
            "to": self.ends.isoformat() if self.ends else None,
            "source": self.source,
            "confidence": self.confidence,
            "entered": self.entered or None,
        }


@dataclass(frozen=True)
class Tables:
    """All tables as they are known now. A later row of a table wins over an earlier one for the days it covers."""

    by_name: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def row(self, table: str, on: date) -> Row:
        """The row in force on a day; raises MissingTableRow for an unknown table or a day no verified row covers.

        >>> shipped().row("IL.credit_point", date(2026, 5, 31)).values["value_minor"]
        24200
        """
        rows = self.rows(table)
        for candidate in reversed(rows):
            if candidate.usable and candidate.covers(on):
                return candidate
        raise MissingTableRow(table, on.isoformat(), tuple(rows[-1].values) if rows else ())

    def rows(self, table: str) -> tuple[Row, ...]:
        """Every row: the shipped ones, oldest first, then the entered ones in their order; none of no table."""
        return self.by_name.get(table, ())

    def names(self, country: str = "") -> tuple[str, ...]:
        """The tables there are, of one country or of all."""
        return tuple(name for name in self.by_name if not country or name.startswith(f"{country}."))

    def with_entered(self, rows: Iterable[Row]) -> "Tables":
        """These tables with further rows, oldest entry first: of two that cover a day the later one counts."""
        known = dict(self.by_name)
        for row in rows:
            known[row.table] = (*known.get(row.table, ()), row)
        return Tables(known)


@cache
def shipped() -> Tables:
    """The tables that come with the software."""
    rows = (
        _row(table, entry)
        for path in _FILES
        for table, entries in json.loads(path.read_text(encoding="utf-8"))["tables"].items()
        for entry in entries
    )
    return Tables().with_entered(rows)


def _row(table: str, entry: dict[str, Any]) -> Row:
    published = entry.get("published_on")
    return Row(
        table=table,
        starts=date.fromisoformat(entry["from"]),
        ends=date.fromisoformat(entry["to"]) if entry["to"] else None,
        source=entry["source"],
        confidence=entry["confidence"],
        values={name: value for name, value in entry.items() if name not in _DESCRIBED},
        note=entry.get("note", ""),
        published_on=date.fromisoformat(published) if published else None,
    )
