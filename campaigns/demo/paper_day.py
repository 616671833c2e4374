"""The day papers of a demonstration are dated: today, or the last day the tables of deductions cover.

A real campaign closed on a day no table covers is refused, until the new year's row is there. A demonstration should
run then all the same.
"""

from collections.abc import Sequence
from datetime import date

from campaigns.deductions.tables import Row, Tables, shipped

COUNTRY = "IL"


def paper_day(today: date, tables: Tables | None = None) -> date:
    """`today` if every table covers it, the shipped ones unless others are given."""
    known = tables or shipped()
    return min([today, *(last for last in map(_last_day, map(known.rows, known.names(COUNTRY))) if last)])


def _last_day(rows: Sequence[Row]) -> date | None:
    """The last day a table covers; None where it has no end."""
    ends = [row.ends for row in rows]
    return None if None in ends else max(end for end in ends if end is not None)
