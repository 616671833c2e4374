"""The one place that asks what time it is. Everything else takes `now` as an argument."""

from calendar import monthrange
from datetime import UTC, datetime
from functools import cache
from zoneinfo import available_timezones


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


@cache
def time_zones() -> frozenset[str]:
    """The IANA names known here. Python looks through all the files of the zones each time it is asked."""
    return frozenset(available_timezones())


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with a Z, to the second.

    >>> iso(datetime(2026, 5, 1, 10, 0, tzinfo=UTC))
    '2026-05-01T10:00:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def months_later(moment: datetime, months: int) -> datetime:
    """The same day and time some months later; the month's last day where it has no such day.

    >>> months_later(datetime(2026, 8, 31, 12, tzinfo=UTC), 6).date().isoformat()
    '2027-02-28'
    """
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
