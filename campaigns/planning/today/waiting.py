"""What a question of the room answers: how many things wait, the one that waits longest, and which it is.

A question reads at most MOST + 1 rows, by an index that knows what is open: what was done long ago costs nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

MOST = 100


@dataclass(frozen=True)
class Waiting:
    """Things of one subject that somebody has to do. `count` above MOST stands for "more than MOST".

    `at` is the moment of the first: since when it waits, or by when it is to be done. `key` is the public id of what it
    is done on; `keys` how many such things there are.
    """

    subject: str
    count: int
    at: datetime
    name: str
    key: str
    keys: int = 1


def first_of(session: Session, subject: str, wanted: Select[Any, Any, Any]) -> Waiting | None:
    """The answer from rows of (moment, name, key); None where there are none."""
    rows = session.execute(wanted.limit(MOST + 1)).all()
    if not rows:
        return None
    first = min(rows, key=lambda row: (row[0], row[2]))
    return Waiting(subject, len(rows), first[0], str(first[1]), str(first[2]), len({row[2] for row in rows}))
