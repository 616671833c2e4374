"""A file of people, read: who stands in it, in which rows, and what can't be taken. No database is asked.

A person may stand in several rows, as in our own export, where they have one for each campaign: those must agree in
what they say, and each may name another account or other days away. Rows are numbered as the spreadsheet numbers them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from campaigns.errors import Said, Unreadable
from campaigns.i18n import N_
from campaigns.people.fields import Refused, read_email
from campaigns.people.records import influencer_errors
from campaigns.planning.importing.cells import READERS, TEXTS
from campaigns.planning.importing.columns import ACCOUNT, AWAY, COLUMNS, NEEDED
from campaigns.sheets.reading import as_text, read_rows

MOST_ROWS = 3_000
MOST_BYTES = 5 * 1024 * 1024
LONGEST_CELL = 4_000
OLD_EXCEL, PDF = b"\xd0\xcf\x11\xe0", b"%PDF"
WHERE = {"payee.country": "country", "accounts": "handle", "away": "away_to"}  # where a record's refusal is shown


@dataclass(frozen=True)
class Problem:
    """Why something of a row can't be taken: the column, and a sentence with its facts."""

    row: int
    column: str
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> Said:
        """To be told in the reader's language."""
        return Said(self.reason, **self.facts)


@dataclass
class Entry:
    """One person: the cells of their rows by number, what a record would be sent of them, and what is wrong."""

    email: str
    cells: dict[int, dict[str, str]]
    sent: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)

    @property
    def row(self) -> int:
        """The first of their rows."""
        return min(self.cells)

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        problems = [vars(one) for one in self.problems]
        return {"email": self.email, "cells": self.cells, "sent": self.sent, "problems": problems}


def restored(kept: Mapping[str, Any]) -> Entry:
    """An entry as it was before it was stored."""
    cells = {int(row): dict(told) for row, told in kept["cells"].items()}
    return Entry(kept["email"], cells, kept["sent"], [Problem(**one) for one in kept["problems"]])


def read_people(file: bytes) -> list[Entry]:
    """Everybody in a CSV or workbook, in its order; raises Unreadable for what is no such file, or too long."""
    _refuse_other_kinds(file)
    found: list[Entry] = []
    known: dict[str, Entry] = {}
    for number, raw in read_rows(file, COLUMNS, NEEDED, MOST_ROWS):
        entry = _entry(number, {key: as_text(cell).strip() for key, cell in raw.items()})
        first = known.setdefault(entry.email, entry) if entry.email else entry
        if first is entry or not _joined(first, entry):
            found.append(entry)
    if not found:
        raise Unreadable(Said("there is nobody in the file"))
    return found


def _refuse_other_kinds(file: bytes) -> None:
    if not file:
        raise Unreadable(Said("the file is empty"))
    if len(file) > MOST_BYTES:
        raise Unreadable(Said("the file is larger than %(most)s MB", most=MOST_BYTES // (1024 * 1024)))
    if file.startswith(OLD_EXCEL):
        raise Unreadable(Said("this is an old Excel file: save it as .xlsx or as CSV"))
    text = not file.startswith((b"\xff\xfe", b"\xfe\xff"))  # UTF-16 is full of zeros
    if file.startswith((PDF, b"{", b"<")) or (text and not is_zip(file) and b"\0" in file):
        raise Unreadable(Said("this is neither a CSV file nor a workbook (.xlsx)"))


def is_zip(file: bytes) -> bool:
    """Whether a file may be a workbook, which is a zip of parts."""
    return file.startswith(b"PK")


def _entry(number: int, cells: dict[str, str]) -> Entry:
    """One row as one person."""
    problems: list[Problem] = []
    read: dict[str, Any] = {}
    for key, text in cells.items():
        if len(text) > LONGEST_CELL:
            problems.append(Problem(number, key, N_("This is too long.")))
            cells[key] = text[:LONGEST_CELL]
        elif text and key != "email":
            try:
                read[key] = READERS[key][1](text) if key in READERS else text
            except Refused as refused:
                problems.append(Problem(number, key, str(refused)))
    problems += _left_out(number, cells)
    sent, email = _sent(read), ""
    try:
        email = read_email(cells.get("email", ""))
    except Refused as refused:
        problems.append(Problem(number, "email", str(refused)))
    problems += [Problem(number, column, reason) for column, reason in _refusals(sent)]
    return Entry(email, {number: cells}, sent, problems)


def _left_out(number: int, cells: Mapping[str, str]) -> Iterator[Problem]:
    """Of an account, and of days away, one part wants the other."""
    account = any(cells.get(key) for key in ACCOUNT)
    wanted = [key for key in ACCOUNT[:2] if account and not cells.get(key)]
    wanted += [key for key in AWAY if any(cells.get(one) for one in AWAY) and not cells.get(key)]
    return (Problem(number, key, N_("This field is required.")) for key in wanted)


def _sent(read: Mapping[str, Any]) -> dict[str, Any]:
    """As people/records.py takes it: only what a cell said."""
    plain = ("language", "niches", "styles", "content_languages", "leaderboard")
    sent = {key: read[key] for key in (*TEXTS, *plain) if key in read}
    audience = {READERS[key][0]: value for key, value in read.items() if key.startswith("audience_")}
    away = {READERS[key][0]: read[key] for key in AWAY if key in read}
    account = {key: read[key] for key in ACCOUNT if key in read}
    return (
        sent
        | ({"payee": {"country": read["country"]}} if "country" in read else {})
        | ({"audience": audience} if audience else {})
        | ({"away": [away]} if len(away) == len(AWAY) else {})
        | ({"accounts": [account]} if {"network", "handle"} <= account.keys() else {})
    )


def _refusals(sent: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(column, reason) of what a record would refuse."""
    audience = {READERS[key][0]: key for key in READERS if key.startswith("audience_")}
    errors = influencer_errors({key: value for key, value in sent.items() if key != "audience"})
    for place, reasons in errors.items():
        yield from ((WHERE.get(place, place), reason) for reason in reasons)
    for part, value in sent.get("audience", {}).items():
        for reason in influencer_errors({"audience": {part: value}}).get("audience", []):
            yield audience[part], reason


def _joined(first: Entry, again: Entry) -> bool:
    """Put a further row of a person to their first; False where it can't be, and is an entry of its own."""
    number, cells = next(iter(again.cells.items()))
    said = first.cells[first.row]
    other = [
        key
        for key, text in cells.items()
        if text and key not in (*ACCOUNT, *AWAY, "email") and said.get(key) and text != said[key]
    ]
    other += ["followers"] if _other_number(first.sent, again.sent) else []
    for key in other:
        reason = N_("Row %(row)s says otherwise of the same person.")
        again.problems.append(Problem(number, key, reason, {"row": first.row}))
    if other:
        return False
    first.cells[number] = cells
    first.problems += again.problems
    for key, value in again.sent.items():
        kept = first.sent.setdefault(key, value)
        if key in ("accounts", "away") and value[0] not in kept:
            kept.append(value[0])
    return True


def _other_number(first: Mapping[str, Any], again: Mapping[str, Any]) -> bool:
    """Whether an account stands in both, with different numbers."""
    counted = {(one["network"], one["handle"]): one.get("followers") for one in first.get("accounts", ())}
    return any(
        counted.get((one["network"], one["handle"]), one.get("followers")) != one.get("followers")
        for one in again.get("accounts", ())
    )
