"""The tables of docs/commissions.md, each with the terms that stand above it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parents[2] / "docs" / "commissions.md"


@dataclass(frozen=True)
class Table:
    """A table: its heading's words in order, its rows by these words, and the JSON that holds for it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    given: dict[str, Any]

    @property
    def kind(self) -> str:
        """The first word that heads it: what a row is about."""
        return next(filter(None, self.columns))


def tables(text: str) -> list[Table]:
    """Every table of a Markdown text."""
    found, title, given, block = [], "", {}, []
    for line in [*re.sub(r"```json\n(.*?)```", _one_line, text, flags=re.DOTALL).splitlines(), ""]:
        if line.startswith("|"):
            block.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        if block:
            columns = tuple(block[0])
            rows = tuple(dict(zip(columns, cells, strict=True)) for cells in block[2:])
            found.append(Table(title, columns, rows, given))
            block = []
        if line.startswith("#"):
            title, given = line.strip("# "), {}
        elif line.startswith("json "):
            given = json.loads(line.removeprefix("json "))
    return found


def _one_line(fenced: re.Match[str]) -> str:
    return "json " + fenced[1].replace("\n", " ")
