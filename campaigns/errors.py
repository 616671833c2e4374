"""What can go wrong, in the words of the domain.

Domain code raises these with the facts; blueprints/errors.py is the only table from an error to a status and a page.
"""


class DomainError(Exception):
    """The root of all refusals: a person can read its message and act on it."""


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

    def __init__(self, message: str, findings: list[str] | None = None) -> None:
        super().__init__(message)
        self.findings = findings or []


class MissingTableRow(DomainError):
    """Raised when no dated table row covers a date: a deduction is refused, never guessed."""

    def __init__(self, table: str, on: object) -> None:
        super().__init__(f"table {table} has no row for {on}")
        self.table = table


class Forged(DomainError):
    """Raised when a webhook's signature or time does not hold."""


class Unbalanced(DomainError):
    """Raised when postings of one ledger transaction do not sum to zero."""
