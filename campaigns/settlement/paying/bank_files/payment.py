"""One payment as a bank file needs it, and which file that is.

An Israeli account in shekels goes into the Masav file, an IBAN of the SEPA countries in euros into the SEPA file, all
others into a list to be entered by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.errors import Unreadable

KINDS = ("masav", "sepa", "csv")
LONGEST = {"bank": 2, "branch": 3, "account": 9}


@dataclass(frozen=True)
class Payment:
    """What a line of a batch says: `number` is its reference at the bank, `line` its public id."""

    number: int
    line: str
    payee: Mapping[str, Any]
    amount_minor: int
    currency: str
    note: str

    @property
    def kind(self) -> str:
        """The file it goes into."""
        if self.currency == "ILS" and israeli_account(self.payee) is not None:
            return "masav"
        return "sepa" if self.currency == "EUR" and in_sepa(self.payee.get("account", "")) else "csv"


def israeli_account(payee: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """(bank, branch, account) in digits, from the three fields or an Israeli IBAN; None where it is neither.

    >>> israeli_account({"bank": "012", "branch": "45", "account": "12-3456"})
    ('12', '045', '000123456')
    """
    account = str(payee.get("account", "")).replace("-", "").replace("/", "")
    parts = {"bank": str(payee.get("bank", "")), "branch": str(payee.get("branch", "")), "account": account}
    if account[:2] == "IL" and (iban := read_iban(account)):
        parts = {"bank": iban[4:7], "branch": iban[7:10], "account": iban[10:]}
    if not all(part.isascii() and part.isdigit() and part.strip("0") for part in parts.values()):
        return None
    plain = {name: part.lstrip("0") for name, part in parts.items()}
    if any(len(part) > LONGEST[name] for name, part in plain.items()):
        return None
    return plain["bank"].zfill(2), plain["branch"].zfill(3), plain["account"].zfill(9)


def in_sepa(account: str) -> bool:
    """Whether this is a right IBAN of a country that SEPA reaches."""
    from schwifty import IBAN

    iban = read_iban(account)
    return bool(iban) and bool(IBAN(iban).in_sepa_zone)


def read_iban(text: str) -> str:
    """A right IBAN, compact; "" for anything else.

    >>> read_iban("DE89 3704 0044 0532 0130 00"), read_iban("DE89 3704 0044 0532 0130 01")
    ('DE89370400440532013000', '')
    """
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        return IBAN(text).compact
    except (SchwiftyException, ValueError):
        return ""


def total(payments: list[Payment]) -> int:
    """The sum of a file; raises Unreadable for an amount no bank takes."""
    if any(payment.amount_minor <= 0 for payment in payments):
        raise Unreadable("a payment must be above zero")
    return sum(payment.amount_minor for payment in payments)
