"""A file held against the roster: who is new, whose record it would change and in what, who is there as they are.

People are known by their address. A cell that says nothing leaves what is on record; an account that is on record gets
its new number, others stay beside it; days away are added.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaigns.errors import Invalid
from campaigns.i18n import N_
from campaigns.models import Influencer, User
from campaigns.people.records import influencer_changes
from campaigns.planning.importing.files import WHERE, Entry, Problem

KINDS = ("new", "changed", "same", "bad")
AT_ONCE = 500  # addresses asked for in one query


@dataclass(frozen=True)
class Line:
    """One person of a file, and what taking them would do; `merged` is what their record would be sent."""

    entry: Entry
    kind: str
    influencer: Influencer | None = None
    merged: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)  # column of the record -> its new value
    problems: Sequence[Problem] = ()


def compare(session: Session, entries: Sequence[Entry]) -> list[Line]:
    """Everybody of a file, in its order."""
    known = _known(session, [one.email for one in entries if not one.problems])
    return [_line(one, known.get(one.email)) for one in entries]


def counted(lines: Iterable[Line]) -> dict[str, int]:
    """Kind -> how many."""
    found = Counter(line.kind for line in lines)
    return {kind: found[kind] for kind in KINDS}


def _known(session: Session, emails: Sequence[str]) -> dict[str, User]:
    found: dict[str, User] = {}
    for begin in range(0, len(emails), AT_ONCE):
        some = emails[begin : begin + AT_ONCE]
        asked = select(User).options(joinedload(User.influencer)).where(User.email.in_(some))
        found |= {user.email: user for user in session.scalars(asked)}
    return found


def _line(entry: Entry, user: User | None) -> Line:
    if entry.problems:
        return Line(entry, "bad", problems=entry.problems)
    if user is None:
        if not entry.sent.get("name"):
            return _bad(entry, "name", N_("This field is required."))
        return Line(entry, "new", merged=entry.sent)
    if user.influencer is None:
        return _bad(entry, "email", N_("This address already signs in here, and not as an influencer."))
    merged = _merged(user.influencer, entry.sent)
    try:
        changes = influencer_changes(user.influencer, merged)
    except Invalid as refused:
        column, reasons = next(iter(refused.errors.items()))
        return _bad(entry, WHERE.get(column, column), reasons[0])
    return Line(entry, "changed" if changes else "same", user.influencer, merged, changes)


def _bad(entry: Entry, column: str, reason: str) -> Line:
    return Line(entry, "bad", problems=[Problem(entry.row, column, reason)])


def _merged(influencer: Influencer, sent: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(sent)
    if "accounts" in sent:
        merged["accounts"] = _accounts(influencer.accounts, sent["accounts"])
    if "audience" in sent:
        merged["audience"] = influencer.audience | sent["audience"]
    if "away" in sent:
        merged["away"] = [*influencer.away, *(span for span in sent["away"] if span not in influencer.away)]
    return merged


def _accounts(kept: Iterable[Mapping[str, Any]], sent: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Accounts on record with the numbers of the file, and after them those that are only there."""
    found = {_spelt(one): dict(one) for one in kept}
    for one in sent:
        known = found.setdefault(_spelt(one), dict(one))
        known["followers"] = one.get("followers", known.get("followers", 0))
    return list(found.values())


def _spelt(account: Mapping[str, Any]) -> tuple[str, str]:
    """An account however somebody writes it: `Instagram` and `@mina` are `instagram` and `Mina`."""
    return str(account["network"]).casefold(), str(account["handle"]).casefold().lstrip("@")
