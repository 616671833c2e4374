"""The bank's list of what became of a batch, as CSV: a line, its outcome, and perhaps a reference or a reason.

The columns are `line` (the id shown on the batch's page, or the reference number in the bank's file), `outcome`
(`paid` or `failed`), and, if there are any, `reference` and `reason`. The whole list is read before anything is done.
A row that says what is already known is passed over, so the same list can be uploaded twice.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.errors import Invalid, Said
from campaigns.i18n import N_
from campaigns.models import PayoutLine

OUTCOMES = ("paid", "failed")
COLUMNS = {"line", "outcome", "reference", "reason"}


@dataclass(frozen=True)
class Outcome:
    """What the bank says of one line."""

    line: PayoutLine
    paid: bool
    reference: str
    reason: str


def read_results(lines: Sequence[PayoutLine], body: bytes) -> list[Outcome]:
    """What a list says that is new, in its order; raises Invalid naming every row that can't be read."""
    try:
        reader = csv.DictReader(body.decode("utf-8-sig").splitlines(), strict=True)
        columns, rows = set(reader.fieldnames or ()), list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Invalid({"results": [Said("This is not a CSV list in UTF-8.")]}) from error
    if not rows or not {"line", "outcome"} <= columns <= COLUMNS:
        raise Invalid(
            {"results": [Said("The list needs the columns line and outcome; reference and reason may follow.")]}
        )
    known = {line.public_id: line for line in lines} | {str(line.id): line for line in lines}
    found: dict[int, Outcome] = {}
    wrong: list[str] = []
    for number, row in enumerate(rows, start=2):
        problem = _problem(row, known, found)
        if problem:
            wrong.append(Said(problem, row=number))
            continue
        outcome = _outcome(row, known)
        found[outcome.line.id] = outcome
    if wrong:
        raise Invalid({"results": wrong})
    return [outcome for outcome in found.values() if not _known(outcome)]


def _problem(row: dict[str, str | None], known: dict[str, PayoutLine], found: dict[int, Outcome]) -> str:
    line = known.get(_name(row))
    if None in row or None in row.values():
        return N_("Row %(row)s has too few or too many columns.")
    if line is None:
        return N_("Row %(row)s names a line that is not in this batch.")
    if line.id in found:
        return N_("Row %(row)s names a line a second time.")
    if (row["outcome"] or "").strip().lower() not in OUTCOMES:
        return N_("Row %(row)s: the outcome must be paid or failed.")
    if (row["outcome"] or "").strip().lower() == "failed" and not (row.get("reason") or "").strip():
        return N_("Row %(row)s: a failed payment needs a reason.")
    return ""


def _outcome(row: dict[str, str | None], known: dict[str, PayoutLine]) -> Outcome:
    return Outcome(
        line=known[_name(row)],
        paid=(row["outcome"] or "").strip().lower() == "paid",
        reference=(row.get("reference") or "").strip(),
        reason=(row.get("reason") or "").strip(),
    )


def _name(row: dict[str, str | None]) -> str:
    """A line's id; of a number in the bank's file, without the zeros before it."""
    text = (row.get("line") or "").strip()
    return text.lstrip("0") if text.isascii() and text.isdigit() else text


def _known(outcome: Outcome) -> bool:
    return outcome.line.status in (("paid",) if outcome.paid else ("failed", "returned"))
