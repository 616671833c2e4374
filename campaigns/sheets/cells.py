"""Cells of a table, and the rule by which text stays text in a spreadsheet and comes back as it was.

Spreadsheets run whatever begins with = + - or @ as a formula, and some of these texts (a handle, an order number, a
campaign's name) were typed by strangers. A workbook says of each cell that it is text; CSV can't, so there such a text
gets a leading quote. That a text which itself begins with quotes and such a sign gets one more makes the rule
reversible: `unquoted(quoted(text)) == text` for every text. https://owasp.org/www-community/attacks/CSV_Injection
"""

import re
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | Decimal | date | datetime | None

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
# The full-width and small forms are folded to the ASCII ones by some spreadsheets before they look, and what shows
# nowhere (isolates, joiners, a byte order mark) is passed over.
_RUNS_AS_FORMULA = re.compile(
    r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠\ufe66\ufe62\ufe63\ufe6b]|[\t\r\n\0]"
)


def runs(text: str) -> bool:
    """Whether a spreadsheet might run a text instead of showing it; a plain negative number is no formula.

    >>> runs("=1+1"), runs("@mina"), runs("-12.50"), runs("a=b")
    (True, True, False, False)
    """
    return bool(_RUNS_AS_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def quoted(text: str) -> str:
    """A text as CSV has it.

    >>> quoted("=1+1"), quoted("'=1+1"), quoted("Mina"), quoted("'n betje")
    ("'=1+1", "''=1+1", 'Mina', "'n betje")
    """
    return f"'{text}" if runs(text.lstrip("'")) else text


def unquoted(text: str) -> str:
    """A text of a CSV as it was before `quoted`.

    >>> unquoted("'=1+1"), unquoted("''=1+1"), unquoted("'n betje")
    ('=1+1', "'=1+1", "'n betje")
    """
    return text[1:] if text.startswith("'") and runs(text.lstrip("'")) else text


def plain(cell: Cell) -> str:
    """A cell as CSV has it: numbers with a point and all their decimals, days and moments by ISO 8601."""
    if isinstance(cell, str):
        return quoted(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, date):  # a moment is one too
        return cell.isoformat()
    return "" if cell is None else str(cell)
