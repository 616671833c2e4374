"""Moments as some platforms write them: seconds since 1970, or the dates of mail headers."""

import re
from datetime import UTC, datetime

from campaigns.errors import Unreadable
from campaigns.tracking.json_body import JsonObject, parse_moment

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MAIL_DATE = re.compile(
    r"([A-Z][a-z]{2}, )?(?P<day>[0-9]{2}) (?P<month>[A-Z][a-z]{2}) (?P<year>[0-9]{4}) "
    r"(?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2}) (?P<zone>[+-][0-9]{4})"
)
_LATEST = 2**33  # the year 2242; what follows says more strictly which years are believed


def unix_seconds(owner: JsonObject, name: str) -> datetime:
    """A required moment in seconds since 1970; raises Unreadable."""
    seconds, path = owner.values.get(name), owner.at(name)
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds < _LATEST:
        raise Unreadable(f"{path}: not seconds since 1970")
    return parse_moment(datetime.fromtimestamp(seconds, UTC).isoformat(), path)


def mail_date(owner: JsonObject, name: str) -> datetime:
    """A required moment as RFC 2822 writes it, `Tue, 05 Mar 2019 21:40:11 +0000`; raises Unreadable."""
    value, path = owner.values.get(name), owner.at(name)
    written = _MAIL_DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if written is None or written["month"] not in _MONTHS:
        raise Unreadable(f"{path}: not a date and time")
    month = _MONTHS.index(written["month"]) + 1
    return parse_moment(f"{written['year']}-{month:02}-{written['day']}T{written['time']}{written['zone']}", path)
