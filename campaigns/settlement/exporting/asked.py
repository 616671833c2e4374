"""What is asked for when rows are exported: whose, of what, of which days, and for whose eyes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

SLICE = 1000  # rows read at a time: what is held of a table, however long it is


@dataclass(frozen=True)
class Asked:
    """The filters; None asks for all. `role` decides which columns there are, the ids which rows.

    `shown_number` is how an order's number is told: an influencer sees it masked.
    """

    role: str
    now: datetime
    zone: ZoneInfo
    campaign_id: int | None = None
    brand_id: int | None = None
    influencer_id: int | None = None
    since: date | None = None
    until: date | None = None
    shown_number: Callable[[str], str] = str

    def within(self, moment: Any) -> list[ColumnElement[bool]]:
        """The conditions on a column of moments: from the beginning of the first day to the end of the last."""
        return [
            *([moment >= datetime.combine(self.since, time(), self.zone)] if self.since else []),
            *([moment < datetime.combine(self.until + timedelta(days=1), time(), self.zone)] if self.until else []),
        ]

    def among(self, **columns: Any) -> list[ColumnElement[bool]]:
        """The conditions on columns named after the filters: `among(brand_id=Campaign.brand_id)`."""
        return [column == getattr(self, name) for name, column in columns.items() if getattr(self, name) is not None]

    def sees(self, columns: Sequence[Any], *hidden: str) -> tuple[Any, ...]:
        """The columns without those a role does not see."""
        return tuple(column for column in columns if column.key not in hidden)
