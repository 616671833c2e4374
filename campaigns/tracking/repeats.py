"""One person counts once: which of a campaign's contacts repeat an earlier one of the same person.

The earliest counts, whichever was told first. A person is known by the keyed hash of an e-mail address or a telephone
number; one who is known by neither can't be told from anybody else, and counts each time. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

REPEAT_DAYS = 30


@dataclass(frozen=True)
class Heard:
    """One contact, and whom it was with. One decided by hand is `fixed`: it counts, and repeats nobody."""

    key: int
    happened_at: datetime
    external_id: str
    person_keys: frozenset[str]
    fixed: bool = False


@dataclass
class _Counted:
    """A contact that counts, with all that its person was known by since."""

    key: int
    happened_at: datetime
    person_keys: set[str]


def repeats(heard: Iterable[Heard], days: int = REPEAT_DAYS) -> dict[int, int]:
    """Contact -> the contact it repeats; those that count are missing.

    The time runs from the contact that counts, so whoever calls every week counts once in `days`.
    """
    counted: list[_Counted] = []
    found: dict[int, int] = {}
    for one in sorted(heard, key=lambda one: (one.happened_at, one.external_id, one.key)):
        first = None if one.fixed else _first(counted, one, timedelta(days=days))
        if first is None:
            counted.append(_Counted(one.key, one.happened_at, set(one.person_keys)))
        else:
            found[one.key] = first.key
            first.person_keys |= one.person_keys
    return found


def _first(counted: list[_Counted], one: Heard, within: timedelta) -> _Counted | None:
    near = (each for each in counted if one.happened_at - each.happened_at < within)
    return next((each for each in near if each.person_keys & one.person_keys), None)
