"""What can go wrong, in the words of the domain.

Domain code raises these with the facts; blueprints/errors.py is the only table from an error to a status and a page.
"""

from collections.abc import Sequence


class Said(str):
    """A sentence whose facts are kept apart, so that a page or paper can say it in another language.

    As a string it is the English sentence: for the API, the log and the tests. A fact named `status` is the word of a
    status, which pages show by its label.

    >>> Said("%(count)s accepted", count=8)
    '8 accepted'
    """

    template: str
    facts: dict[str, object]

    def __new__(cls, template: str, **facts: object) -> "Said":
        made = super().__new__(cls, template % facts if facts else template)
        made.template, made.facts = template, facts
        return made


class DomainError(Exception):
    """The root of all refusals: a person can read its message and act on it."""

    @property
    def sentence(self) -> str:
        """The message as it was raised: with its facts, where it has any."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else ""


class Unreadable(DomainError):
    """Raised when input can't be read as what it claims to be; nothing is defaulted in its place."""


class NotFound(DomainError):
    """Raised when a thing does not exist, or is not yours: the two are told apart by nobody."""


class Invalid(DomainError):
    """Raised when fields of a request are wrong; `errors` maps a field to its reasons."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(f"{field}: {reason}" for field, reasons in errors.items() for reason in reasons))
        self.errors = errors


class Conflict(DomainError):
    """Raised when the present state forbids a step; `findings` lists what stands in the way."""

    def __init__(self, message: str, findings: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.findings = list(findings)


class MissingTableRow(DomainError):
    """Raised when no verified row of a dated table covers a date: a deduction is refused, never guessed.

    `figures` are what a row of the table holds; none where there is no such table.
    """

    def __init__(self, table: str, on: object, figures: Sequence[str] = ()) -> None:
        unknown = Said("table %(table)s has no row for %(on)s", table=table, on=on)
        known = Said(
            "table %(table)s has no row for %(on)s that is verified: enter one (%(figures)s) with its source, "
            "and have it verified",
            table=table, on=on, figures=", ".join(figures),
        )  # fmt: skip
        super().__init__(known if figures else unknown)
        self.table, self.on, self.figures = table, on, tuple(figures)


class Forged(DomainError):
    """Raised when a webhook's signature or time does not hold."""


class Unbalanced(DomainError):
    """Raised when postings of one ledger transaction do not sum to zero."""
