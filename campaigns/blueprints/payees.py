"""Words and choices about how a payee is taxed, for the staff's form and the payee's own."""

from collections.abc import Mapping
from typing import Any

from babel import Locale

from campaigns.deductions.schemes import schemes
from campaigns.errors import Invalid
from campaigns.i18n import N_, current_language, gettext
from campaigns.people.payee import COUNTRIES

DEALER_WORDS = {
    "": N_("Not registered"),
    "exempt": N_("Exempt dealer"),
    "licensed": N_("Licensed dealer"),
    "company": N_("Company"),
}
CERTIFICATES = {
    "withholding": N_("Tax withheld at source"),
    "coordination": N_("Tax coordination"),
    "insurance_coordination": N_("Insurance coordination"),
}
FIRST = "IL"


def dealers() -> list[tuple[str, str]]:
    """How somebody may be registered for VAT, in the visitor's words."""
    return [(code, gettext(words)) for code, words in DEALER_WORDS.items()]


def certificate_name(kind: str) -> str:
    """A kind of certificate in words."""
    return gettext(CERTIFICATES.get(kind, kind))


def country_name(code: str) -> str:
    """A country in the visitor's language."""
    return str(Locale(current_language()).territories.get(code, code))


def countries() -> list[tuple[str, str]]:
    """Every country with its name in the visitor's language: the house's own first, the others by name."""
    names = Locale(current_language()).territories
    rest = sorted(COUNTRIES - {FIRST}, key=lambda code: (str(names.get(code, code)), code))
    return [(code, str(names.get(code, code))) for code in (FIRST, *rest)]


def schemes_offered(kept: str) -> list[tuple[str, str]]:
    """The deduction schemes a payee may be given: the usual one, or one by its name; and whichever they have."""
    known = {one.code: gettext(one.name) for one in schemes()}
    named = known if not kept or kept in known else {**known, kept: kept}
    return [("", gettext("The usual one")), *sorted(named.items())]


def check_scheme(payee: Mapping[str, Any]) -> None:
    """Raise Invalid for a deduction scheme that there is not."""
    asked = payee.get("deduction_scheme")
    if asked and all(asked != one.code for one in schemes()):
        raise Invalid({"payee.deduction_scheme": [N_("Choose one of the values offered.")]})
