"""The day papers of a demonstration are dated: today, or the last day the tables of deductions cover.

A real campaign closed on a day no table covers is refused, until the new year's row is there. A demonstration should
run then all the same.
"""

from datetime import date

from campaigns.settlement import tax_tables

COUNTRY = "IL"


def paper_day(today: date) -> date:
    """`today` if every table covers it."""
    last_rows = [tax_tables.rows(table)[-1] for table in tax_tables.names(COUNTRY)]
    return min([today, *(row.ends for row in last_rows if row.ends is not None)])
