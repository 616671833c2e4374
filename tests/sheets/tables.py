"""Tables to be written and read back."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.sheets.columns import Column, Row, Table
from campaigns.sheets.reading import read_table
from campaigns.sheets.written import write

ZONE = ZoneInfo("Asia/Jerusalem")
MADE_AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SALES = (
    Column("name", "Name"),
    Column("orders", "Orders", "count"),
    Column("net_minor", "Net sale", "money"),
    Column("currency", "Currency"),
    Column("rate_bps", "Rate, %", "rate"),
    Column("on", "Date", "day"),
    Column("placed_at", "Placed", "moment"),
)
MINA: Row = ("Mina", 2, -1250, "ILS", 1250, date(2026, 5, 10), datetime(2026, 5, 10, 21, 30, tzinfo=UTC))


def sales(*rows: Row) -> Table:
    """A table with a column of each kind."""
    return Table("sales", "Sales", SALES, rows, ZONE, MADE_AT)


def names(rows: Iterable[Row]) -> Table:
    """A table of two texts a row."""
    return Table("names", "Names", (Column("name", "Name"), Column("note", "Note")), rows, ZONE, MADE_AT)


def file_of(table: Table, ending: str, mark: bool = True) -> bytes:
    """A table's bytes in a format."""
    written = BytesIO()
    write(table, ending, written, "Success Agency", mark)
    return written.getvalue()


def again(table: Table, ending: str) -> list[dict[str, Any]]:
    """A table written and read back."""
    return list(read_table(file_of(table, ending), table.columns, ZONE))
