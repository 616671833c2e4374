"""What can be exported, and by whom: the one list.

Staff export everything. A brand gets its own credited orders and the lines of its bills, an influencer their own
orders and the lines of their statements; the ids in what is asked say whose.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Said
from campaigns.i18n import N_
from campaigns.settlement.exporting import ledger, orders, paper_lines, payouts, roster
from campaigns.settlement.exporting.asked import Asked
from campaigns.sheets.columns import Column, Row, Table

MOST_ROWS = 2_000_000  # of one file: two full sheets of a workbook


@dataclass(frozen=True)
class Export:
    """One kind of table: its name, what it holds in a sentence, who may have it, its columns and rows."""

    name: str
    title: str
    holds: str
    roles: frozenset[str]
    columns: Callable[[Asked], tuple[Column, ...]]
    rows: Callable[[Session, Asked], Iterator[Row]]


STAFF = frozenset({"agency"})
EXPORTS = {
    one.name: one
    for one in (
        Export(
            "orders", N_("Orders"), N_("Each order: its sale, whose it is and why, and what it earned."),
            STAFF | {"brand", "influencer"}, orders.columns, orders.rows,
        ),
        Export(
            "statement_lines", N_("Lines of statements"), N_("What each commission statement lists, as it was issued."),
            STAFF | {"influencer"}, paper_lines.statement_columns, paper_lines.statement_rows,
        ),
        Export(
            "bill_lines", N_("Lines of bills"), N_("What each bill to a brand lists, as it was issued."),
            STAFF | {"brand"}, paper_lines.bill_columns, paper_lines.bill_rows,
        ),
        Export(
            "ledger", N_("Ledger"), N_("Every posting of the books, with its account and its cause."),
            STAFF, ledger.columns, ledger.rows,
        ),
        Export(
            "payouts", N_("Payouts"), N_("Each payment of each batch, and how far it is."),
            STAFF, payouts.columns, payouts.rows,
        ),
        Export(
            "roster", N_("Roster"), N_("Who takes part: how to reach them, where they publish, how they answered."),
            STAFF, roster.columns, roster.rows,
        ),
    )
}  # fmt: skip


def table_of(session: Session, export: Export, asked: Asked, most: int = MOST_ROWS) -> Table:
    """The table, whose rows are read as it is written: in a transaction that sees one moment, please."""
    rows = _no_more_than(export.rows(session, asked), most)
    return Table(export.name, export.title, export.columns(asked), rows, asked.zone, asked.now)


def _no_more_than(rows: Iterator[Row], most: int) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number == most:
            raise Conflict(Said("there are more than %(most)s rows: choose fewer days, or one campaign", most=most))
        yield row
