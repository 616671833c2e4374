"""How an influencer is paid: invoice, receipt or payslip, and the facts deductions stand on.

A number that a tax or a bank depends on is read exactly or refused; only what was sent is changed.
STAFF_ONLY is taken from papers the payee shows, so the payee does not write it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from babel.core import Locale
from stdnum.il import hp, idnr

from campaigns.i18n import N_
from campaigns.models.accounts import DEALERS, ROUTES, Influencer
from campaigns.money import LARGEST_MINOR
from campaigns.people.fields import Collected, Refused, read_choice, read_number, read_text

MOST_BRACKETS = 10
STAFF_ONLY = frozenset({"withholding_rate_bps", "coordination", "employment_start", "deduction_scheme", "cumulative"})
# Those of CLDR that are countries: not the world's regions (numbers), nor its codes for "unknown" and for tests.
COUNTRIES = frozenset(
    code
    for code in map(str, Locale("en").territories)
    if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
)
_LOOKS_LIKE_IBAN = re.compile(r"[A-Za-z]{2}\d{2}[A-Za-z0-9]{8,}")


def read_payee(collected: Collected, payee: object, route: str = "invoice") -> dict[str, Any]:
    """Columns of Influencer from the fields sent in `payee`; `route` is the one that stands if none is sent."""
    if not isinstance(payee, Mapping):
        collected.errors.setdefault("payee", []).append(N_("This must be an object with fields."))
        return {}
    sent = _flat(payee)
    route = sent.get("route", route)
    readers: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "route": ("payee_route", lambda value: read_choice(value, ROUTES)),
        "id_number": ("id_number", partial(read_id_number, route=route)),
        "address": ("address", partial(read_text, longest=300)),
        "credit_points": ("credit_points_hundredths", read_credit_points),
        "second_employer": ("second_employer", _yes_or_no),
        "cumulative": ("cumulative", _yes_or_no),
        "coordination": ("coordination", read_coordination),
        "withholding_rate_bps": ("withholding_rate_bps", _rate_or_none),
        "employment_start": ("employment_start", _day_or_none),
        "country": ("country", read_country),
        "bilingual": ("bilingual", _yes_or_no),
        "dealer_status": ("dealer_status", lambda value: read_choice(value, ("", *DEALERS))),
        "deduction_scheme": ("deduction_scheme", partial(read_text, longest=40)),
        "bank_code": ("bank_code", partial(_digits, longest=3)),
        "bank_branch": ("bank_branch", partial(_digits, longest=4)),
        "bank_account": ("bank_account", _bank_account),
    }
    columns: dict[str, Any] = {}
    for field, value in sent.items():
        if field not in readers:
            collected.errors.setdefault(f"payee.{field}", []).append(N_("There is no such field."))
            continue
        column, reader = readers[field]
        columns[column] = collected.read(f"payee.{field}", partial(reader, value), None)
    return columns


def bank_details(influencer: Influencer) -> tuple[str, str, str]:
    """Bank, branch and account as they are on record; an account may be an IBAN, the others then are empty."""
    return influencer.bank_code, influencer.bank_branch, influencer.bank_account


def read_id_number(value: object, route: str) -> str:
    """An Israeli identity number of nine digits, or a company's where invoices are written; "" is none yet.

    >>> read_id_number("39337423", "payslip"), read_id_number("516179157", "invoice")
    ('039337423', '516179157')
    """
    text = read_text("" if value is None else value, longest=20)
    if not text:
        return ""
    if route == "invoice" and hp.is_valid(text):
        return str(hp.compact(text))
    if not idnr.is_valid(text):
        raise Refused(N_("This is not a valid identity number: its check digit does not fit."))
    return str(idnr.compact(text))


def read_country(value: object) -> str:
    """A country by the two letters of ISO 3166: where they are taxed.

    >>> read_country("il")
    'IL'
    """
    code = read_text(value, longest=60, required=True).upper()
    if code not in COUNTRIES:
        raise Refused(N_("Choose a country, by its two letters."))
    return code


def read_credit_points(value: object) -> int | None:
    """Hundredths of a tax credit point; None where no form was given.

    >>> read_credit_points("2.25"), read_credit_points(3), read_credit_points(None)
    (225, 300, None)
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise InvalidOperation
        points = Decimal(value)
        hundredths = points * 100
        if not points.is_finite() or not 0 <= points <= 50 or hundredths != int(hundredths):
            raise InvalidOperation
    except (ArithmeticError, ValueError) as error:
        raise Refused(N_("Credit points are a number such as 2.25.")) from error
    return int(hundredths)


def read_coordination(value: object) -> list[dict[str, Any]]:
    """The brackets of a tax coordination, rising; only the last may have no upper end."""
    if value is None:
        return []
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_BRACKETS:
        raise Refused(N_("A coordination is a list of brackets."))
    brackets: list[dict[str, Any]] = []
    reached = 0
    for place, bracket in enumerate(value, start=1):
        if not isinstance(bracket, Mapping) or not bracket.keys() <= {"upto_minor", "rate_bps"}:
            raise Refused(N_("A bracket is an upper end and a rate."))
        upto = bracket.get("upto_minor")
        if upto is None and place != len(value):
            raise Refused(N_("Only the last bracket may be without an upper end."))
        if upto is not None and read_number(upto, LARGEST_MINOR) <= reached:
            raise Refused(N_("The brackets must rise."))
        reached = upto or reached
        brackets.append({"upto_minor": upto, "rate_bps": read_number(bracket.get("rate_bps"), 10_000)})
    return brackets


def _flat(payee: Mapping[str, Any]) -> dict[str, Any]:
    """`bank: {code, branch, account}` as the three fields it stands for."""
    sent = dict(payee)
    bank = sent.pop("bank", None)
    if isinstance(bank, Mapping):
        sent.update({f"bank_{field}": value for field, value in bank.items()})
    elif bank is not None:
        sent["bank_account"] = bank  # refused with a reason unless it is an account number
    return sent


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise Refused(N_("This must be yes or no."))
    return value


def _rate_or_none(value: object) -> int | None:
    return None if value is None else read_number(value, 10_000)


def _day_or_none(value: object) -> date | None:
    if value is None or value == "":
        return None
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError as error:
        raise Refused(N_("This must be a date such as 2026-05-31.")) from error


def _digits(value: object, longest: int) -> str:
    text = read_text("" if value is None else value, longest)
    if text and not (text.isascii() and text.isdigit()):
        raise Refused(N_("This must be digits."))
    return text


def _bank_account(value: object) -> str:
    text = read_text("" if value is None else value, longest=34).replace(" ", "")
    if text and not (text.isascii() and text.replace("-", "").replace("/", "").isalnum()):
        raise Refused(N_("This must be an account number."))
    return _iban(text.upper()) if _LOOKS_LIKE_IBAN.fullmatch(text) else text


def _iban(text: str) -> str:
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        return str(IBAN(text).compact)
    except SchwiftyException as error:
        raise Refused(N_("This is not a valid IBAN: its check digits or its length do not fit.")) from error
