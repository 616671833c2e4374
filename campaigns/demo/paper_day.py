"""The day papers of a demonstration are dated: today, or the last day the tables of deductions cover.

A real campaign closed on a day no table covers is refused, until the new year's row is there. A demonstration should
run then all the same.
"""

from datetime import date

from campaigns.deductions import tables

COUNTRY = "IL"


def paper_day(today: date) -> date:
    """`today` if every table covers it."""
    last_rows = [tables.rows(table)[-1] for table in tables.names(COUNTRY)]
    return min([today, *(row.ends for row in last_rows if row.ends is not None)])
