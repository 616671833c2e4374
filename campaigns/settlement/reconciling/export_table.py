"""A shop's export as a table: bytes to rows whose cells are asked for by name and type.

Programs and people save tables in many ways: with a byte order mark or as UTF-16, with commas, semicolons or tabs,
with 1,234.50 or 1.234,50, with days before months or after. What can be told is told from the file itself; what stays
open is refused with its row and column, never guessed.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from campaigns.errors import Unreadable
from campaigns.i18n import N_
from campaigns.money import exponent, parse_minor
from campaigns.tracking.json_body import LONGEST_ID, clean_text, parse_moment

SEPARATORS = (",", ";", "\t")
LONGEST_TEXT = 255

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WORDS = re.compile(r"[\s_.]+")
# A sign, a currency's sign or letters on either side, and digits with their separators; spaces part thousands only.
_AMOUNT = re.compile(
    r"(?P<before>[+\-\u2212]?)[^0-9.,+\-\u2212()]{0,5}(?P<after>[+\-\u2212]?)"
    r"(?P<digits>[0-9.,]+|[0-9]{1,3}([\s'\u2019][0-9]{3})+([.,][0-9]*)?)[^0-9.,+\-\u2212()]{0,5}"
)
_PARTED = re.compile(r"[\s'\u2019]")
_GROUPED = re.compile(r"[0-9]{1,3}([.,])[0-9]{3}(\1[0-9]{3})*")
_SLASHED = re.compile(r"(?P<one>[0-9]{1,2})[/.](?P<two>[0-9]{1,2})[/.](?P<year>[0-9]{4})(?P<rest>.*)")
_TIME = re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(:(?P<second>[0-9]{2}))?( ?(?P<half>[AaPp])\.?[Mm]\.?)?")


@dataclass(frozen=True)
class Table:
    """A header, each name folded, and the rows under it, numbered as a spreadsheet numbers them."""

    header: Mapping[str, int]
    titles: Mapping[str, str]  # as the file writes them
    rows: Sequence[tuple[int, list[str]]]


def folded(title: str) -> str:
    """A column's name for comparing.

    >>> folded(" Order_Number "), folded("N. Revenue")
    ('order number', 'n revenue')
    """
    return _WORDS.sub(" ", title).strip().lower()


def read_table(body: bytes, layouts: Sequence[frozenset[str]]) -> Table | None:
    """The table in a file, where some separator gives a header that holds one of these sets of names; else None."""
    text = _decoded(body)
    for separator in SEPARATORS:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            titles = next(lines, [])
            header = {folded(title): place for place, title in reversed(list(enumerate(titles)))}
            if any(names <= header.keys() for names in layouts):
                shown = {folded(title): title.strip() for title in titles}
                filled = ((number, cells) for number, cells in enumerate(lines, 2) if any(map(str.strip, cells)))
                return Table(header, shown, list(filled))
        except csv.Error as error:
            raise Unreadable(N_("the file is not a table that can be read")) from error
    return None


def _decoded(body: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if body.startswith(mark)), "utf-8")
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(N_("the file is not written in UTF-8")) from error


class Row:
    """One row of a table. A column that isn't there is an empty cell."""

    __slots__ = ("_cells", "_day_first", "_table", "number", "zone")

    def __init__(self, table: Table, number: int, cells: list[str], zone: str, day_first: bool | None) -> None:
        self.number, self.zone = number, zone
        self._table, self._cells, self._day_first = table, cells, day_first

    def title(self, *names: str) -> str:
        """How the file calls the first of these columns that it has."""
        return next((self._table.titles[name] for name in names if name in self._table.titles), names[0])

    def text(self, *names: str) -> str:
        """The first filled cell of some columns, cut; "" where all are empty."""
        for name in names:
            place = self._table.header.get(name)
            if place is not None and place < len(self._cells) and (found := self._cells[place].strip()):
                return clean_text(found, self.title(name))[:LONGEST_TEXT]
        return ""

    def identifier(self, *names: str) -> str:
        """An id; "" where there is none. A number that a spreadsheet has rounded is refused."""
        found = self.text(*names)
        if len(found) > LONGEST_ID or re.fullmatch(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+", found):
            raise Unreadable(f"{self.title(*names)}: not an id")
        return found

    def amount(self, currency: str, *names: str) -> int | None:
        """Minor units; None where the cell is empty."""
        found = self.text(*names)
        if not found:
            return None
        try:
            return read_amount(found, currency)
        except Unreadable as error:
            raise Unreadable(f"{self.title(*names)}: not an amount in {currency}") from error

    def moment(self, *names: str) -> datetime | None:
        """A moment; one without a zone is in the shop's. None where the cell is empty."""
        found = self.text(*names)
        return parse_moment(_as_iso(found, self._day_first), self.title(*names), self.zone) if found else None


def rows_of(table: Table, zone: str, dates: str) -> Iterator[Row]:
    """The rows of a table; how its slashed dates are meant is told from the whole column `dates`."""
    place = table.header[dates]
    day_first = written_day_first(cells[place] for _, cells in table.rows if place < len(cells))
    for number, cells in table.rows:
        yield Row(table, number, cells, zone, day_first)


def written_day_first(dates: Iterable[str]) -> bool | None:
    """Whether dates such as 25/05/2026 put the day first; None where not one of them tells.

    >>> written_day_first(["03/05/2026", "25/05/2026"]), written_day_first(["05/25/2026"])
    (True, False)
    """
    found = [one for date in dates if (one := _SLASHED.fullmatch(date.strip()))]
    first, second = (any(int(one[name]) > 12 for one in found) for name in ("one", "two"))
    return None if first == second else first


@lru_cache(8192)
def read_amount(written: str, currency: str) -> int:
    """Minor units of an amount as people and spreadsheets write it; raises Unreadable where it could be two amounts.

    >>> read_amount("₪1,234.50", "ILS"), read_amount("1 234,50 EUR", "EUR"), read_amount("-12,5", "EUR")
    (123450, 123450, -1250)
    >>> read_amount("1,234", "JPY"), read_amount("1.250", "KWD"), read_amount("80", "ILS")
    (1234, 1250, 8000)
    """
    found = _AMOUNT.fullmatch(written)
    if found is None or (found["before"] and found["after"]):
        raise Unreadable("not an amount")
    sign = "" if (found["before"] or found["after"]) in ("", "+") else "-"
    digits = _PARTED.sub("", found["digits"])
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return parse_minor(sign + digits, currency)
    mark = digits[last]
    if _GROUPED.fullmatch(digits) and not (mark == "." and exponent(currency) == 3 and digits.count(".") == 1):
        if digits.count(mark) == 1 and exponent(currency):
            raise Unreadable("an amount that could be two")  # 1,234 is a thousand, or one and some decimals
        return parse_minor(sign + digits.replace(mark, ""), currency)
    whole, part = digits[:last], digits[last + 1 :]
    if mark in whole or re.fullmatch(r"[0-9]*|[0-9]{1,3}([.,][0-9]{3})+", whole) is None:
        raise Unreadable("not an amount")
    return parse_minor(f"{sign}{re.sub('[.,]', '', whole) or '0'}.{part or '0'}", currency)


def _as_iso(written: str, day_first: bool | None) -> str:
    """A date and time as parse_moment reads it; what it can't tell stays as it is, and is refused there."""
    day, time = written, ""
    slashed = _SLASHED.fullmatch(written)
    if slashed and day_first is not None:
        on, month = (slashed["one"], slashed["two"]) if day_first else (slashed["two"], slashed["one"])
        day, time = f"{slashed['year']}-{int(month):02}-{int(on):02}", slashed["rest"].strip(" ,T")
    elif re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written) is None:
        return written
    clock = _TIME.fullmatch(time) if time else None
    if time and clock is None:
        return f"{day} {time}"
    hour = int(clock["hour"]) if clock else 0
    if clock and clock["half"]:
        hour = hour % 12 + (12 if clock["half"].lower() == "p" else 0)
    return f"{day} {hour:02}:{clock['minute'] if clock else '00'}:{(clock['second'] if clock else '') or '00'}"
