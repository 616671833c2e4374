"""What is looked at before a payee's paper is accepted, one question each, answered from facts alone.

A finding says in a sentence what is wrong, and of what kind: what is `wrong` must be put right by another paper, the
rest is for staff to weigh. No finding: nothing to say.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from campaigns.errors import Said
from campaigns.i18n import N_
from campaigns.models import Certificate
from campaigns.money import format_minor, share
from campaigns.settlement.exchanging.asked import Asked

NEAR_BPS = 9_000  # of an exempt dealer's ceiling: from here on both are told
NEEDED = {
    ("tax_invoice",): N_("By how you are registered for VAT we need a tax invoice."),
    ("receipt", "deal_invoice"): N_("An exempt dealer writes a receipt or a deal invoice, never a tax invoice."),
    ("npd_receipt",): N_("We need the receipt of the tax on professional income, from “Moi nalog”."),
    ("invoice",): N_("We need an invoice."),
}
_ALLOCATION = re.compile(r"[0-9]{9}")


class Finding(NamedTuple):
    """One answer: its code, whether it stands in the way of accepting, and the sentence."""

    code: str
    wrong: bool
    sentence: Said

    def as_contents(self) -> dict[str, Any]:
        """As a row keeps it."""
        facts = {"sentence": self.sentence.template, "facts": self.sentence.facts}
        return {"code": self.code, "wrong": self.wrong, **facts}


def kind_fits(kind: str, asked: Asked) -> Finding | None:
    """An exempt dealer's tax invoice, say, is no paper at all."""
    if kind in asked.kinds:
        return None
    return _wrong("kind", Said(NEEDED[asked.kinds]))


def amount_is_the_statements(net_minor: int, asked: Asked) -> Finding | None:
    """To the smallest unit."""
    if net_minor == asked.net_minor:
        return None
    facts = {"said": _money(net_minor, asked), "wanted": _money(asked.net_minor, asked)}
    return _wrong("amount", Said("The amount before VAT is %(said)s; the statement says %(wanted)s.", **facts))


def vat_is_right(vat_minor: int, asked: Asked, issued_on: date) -> Finding | None:
    """By the rate of the day on the paper."""
    if vat_minor == asked.vat_minor:
        return None
    facts = {"said": _money(vat_minor, asked), "wanted": _money(asked.vat_minor, asked), "day": issued_on.isoformat()}
    return _wrong("vat", Said("The VAT is %(said)s; on %(day)s it comes to %(wanted)s.", **facts))


def allocation_is_there(number: str, kind: str, asked: Asked) -> Finding | None:
    """Without it the VAT of a tax invoice above the threshold can't be deducted."""
    if number and not _ALLOCATION.fullmatch(number):
        return _wrong("allocation", Said("An allocation number has nine digits."))
    if number or kind != "tax_invoice" or not asked.needs_allocation:
        return None
    above = _money(asked.allocation_above_minor or 0, asked)
    return _wrong(
        "allocation", Said("Above %(above)s before VAT a tax invoice needs an allocation number.", above=above)
    )


def number_is_new(number: str, used: Collection[str]) -> Finding | None:
    """One paper pays one statement."""
    if number not in used:
        return None
    return _wrong("number", Said("A paper with the number %(number)s was sent before.", number=number))


def day_has_come(issued_on: date, today: date) -> Finding | None:
    """A paper of tomorrow is none."""
    if issued_on <= today:
        return None
    return _wrong("date", Said("The date on the paper, %(day)s, is yet to come.", day=issued_on.isoformat()))


def year_is_below_the_ceiling(year_minor: int, ceiling_minor: int | None, asked: Asked) -> Finding | None:
    """Only our own statements are known: an exempt dealer close to the ceiling by them alone must look."""
    if ceiling_minor is None or "deal_invoice" not in asked.kinds or year_minor < share(ceiling_minor, NEAR_BPS):
        return None
    facts = {"year": _money(year_minor, asked), "ceiling": _money(ceiling_minor, asked)}
    if year_minor > ceiling_minor:
        return Finding("ceiling", False, Said("This year's statements come to %(year)s: more than the %(ceiling)s an exempt dealer may turn over.", **facts))  # fmt: skip # noqa: E501
    return Finding("ceiling", False, Said("This year's statements come to %(year)s; the ceiling of an exempt dealer is %(ceiling)s.", **facts))  # fmt: skip # noqa: E501


def certificate_is_valid(certificates: Sequence[Certificate], asked: Asked, pay_on: date) -> Finding | None:
    """On the day of the payment; else the rate of the law is withheld, which is higher."""
    if asked.withholding is None or any(one.from_date <= pay_on <= one.to_date for one in certificates):
        return None
    if asked.withholding.rate_bps is None:
        return _wrong("certificate", Said("No withholding certificate is valid on %(day)s, and no verified row of IL.supplier_withholding says what is withheld without one.", day=pay_on.isoformat()))  # fmt: skip # noqa: E501
    if not certificates and asked.withholding.certificate != "law":
        return None  # a rate on the payee's record, from before certificates were kept
    return Finding("certificate", False, Said("No withholding certificate is valid on %(day)s: more is withheld than with one.", day=pay_on.isoformat()))  # fmt: skip # noqa: E501


def not_paid_yet(state: str, asked: Asked) -> Finding | None:
    """Of what is paid nothing can be withheld any more."""
    if asked.withholding is None or state not in ("paid", "in_payment"):
        return None
    return Finding("paid", False, Said("The statement is already paid: nothing is withheld of it any more."))


def _wrong(code: str, sentence: Said) -> Finding:
    return Finding(code, True, sentence)


def _money(amount_minor: int, asked: Asked) -> str:
    return f"{format_minor(amount_minor, asked.currency)} {asked.currency}"
