"""What we ask of a payee for one statement: which paper, over how much, with what VAT, and what is paid of it.

A payee's standing with the tax office decides the paper and the VAT, dated rows the rates, and a certificate what is
withheld. VAT and allocation numbers go by the day of the paper, withholding by the day of the payment. Abroad there is
neither: the payee's own country taxes them. Israeli rules: VAT Law 1975 ss. 1, 47; withholding Regulations 1977.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from campaigns.deductions.certificates import withholding_on
from campaigns.deductions.engine import work_out
from campaigns.deductions.entered import tables
from campaigns.deductions.facts import Facts
from campaigns.deductions.schemes import scheme_for
from campaigns.deductions.steps import Step
from campaigns.errors import MissingTableRow
from campaigns.models import Influencer, Statement
from campaigns.settlement.billing.vat import EXEMPT, Vat, vat_on

HOME = "IL"
ROUTES_WITH_PAPERS = ("invoice", "receipt")
RATE_OF_THE_LAW = "law"


@dataclass(frozen=True)
class Withholding:
    """What is taken off for the payee's income tax. `rate_bps` None: no certificate, and no verified row says."""

    rate_bps: int | None
    certificate: str = ""  # its number; "law" where the rate is the tables' and there is none
    until: date | None = None
    amount_minor: int = 0


@dataclass(frozen=True)
class Asked:
    """The paper that fits, and its amounts in minor units. `withholding` None: the agency withholds nothing of them."""

    kinds: tuple[str, ...]
    currency: str
    net_minor: int
    vat: Vat
    allocation_above_minor: int | None  # net amounts above it need an allocation number; None: none is asked for
    withholding: Withholding | None

    @property
    def vat_minor(self) -> int:
        """The VAT on the whole amount, rounded once."""
        return self.vat.of(self.net_minor)

    @property
    def needs_allocation(self) -> bool:
        """Whether the tax authority's number must be on the paper."""
        return self.allocation_above_minor is not None and self.net_minor > self.allocation_above_minor

    @property
    def withheld_minor(self) -> int:
        """What is kept back for the tax office."""
        return self.withholding.amount_minor if self.withholding else 0

    @property
    def paid_minor(self) -> int:
        """What reaches the payee: the amount with its VAT, less what is withheld."""
        return self.net_minor + self.vat_minor - self.withheld_minor


def standing_of(country: str, dealer_status: str, route: str) -> str:
    """How they are registered for VAT; of who hasn't said, what the route they chose says of itself.

    >>> standing_of("IL", "", "receipt"), standing_of("IL", "company", "invoice")
    ('exempt', 'company')
    """
    return dealer_status or ("exempt" if route == "receipt" else "licensed" if country == HOME else "")


def fitting_kinds(country: str, standing: str) -> tuple[str, ...]:
    """The papers such a payee may write: an exempt dealer never a tax invoice, a self-employed Russian a receipt.

    >>> fitting_kinds("IL", "exempt"), fitting_kinds("IL", "company"), fitting_kinds("RU", ""), fitting_kinds("FR", "")
    (('receipt', 'deal_invoice'), ('tax_invoice',), ('npd_receipt',), ('invoice',))
    """
    if country == HOME:
        return ("receipt", "deal_invoice") if standing == "exempt" else ("tax_invoice",)
    if country == "RU" and standing not in ("licensed", "company"):
        return ("npd_receipt",)
    return ("invoice",)


def wants_paper(statement: Statement, preference: str) -> bool:
    """Whether a statement is paid against a paper of the payee's; older ones go by the payee's preference."""
    return statement.amount_minor > 0 and (statement.route or preference) in ROUTES_WITH_PAPERS


def asked_of(session: Session, statement: Statement, payee: Influencer, agency: dict[str, str], *, issued_on: date,
             pay_on: date) -> Asked:  # fmt: skip
    """What the payee's paper of `issued_on` has to say, and what a payment on `pay_on` withholds.

    Raises MissingTableRow where no verified row says what VAT is on that day.
    """
    at_home = payee.country == HOME
    standing = standing_of(payee.country, payee.dealer_status, statement.route or payee.payee_route)
    charges = at_home and standing != "exempt"
    above = threshold(session, issued_on) if charges and statement.currency == "ILS" else None
    withholds = at_home and agency.get("withholds") == "yes"
    return Asked(
        kinds=fitting_kinds(payee.country, standing),
        currency=statement.currency,
        net_minor=statement.amount_minor,
        vat=vat_on(HOME if charges else EXEMPT, issued_on, tables(session)),
        allocation_above_minor=above,
        withholding=_withholding(session, statement, payee, standing, pay_on) if withholds else None,
    )


def threshold(session: Session, on: date) -> int | None:
    """The net amount above which a tax invoice needs an allocation number on the day; None before there were any."""
    return _year_or_threshold(session, "IL.allocation_number", on)


def ceiling(session: Session, on: date) -> int | None:
    """What an exempt dealer may turn over in the year of the day; None where no verified row says."""
    return _year_or_threshold(session, "IL.exempt_dealer_ceiling", on)


def _withholding(session: Session, statement: Statement, payee: Influencer, standing: str, on: date) -> Withholding:
    """By the certificate; without one by a verified row, at the rate for payees of whose books nothing is known."""
    rate_bps, certificate = withholding_on(session, payee, on)
    facts = Facts(
        on=on,
        gross_minor=statement.amount_minor,
        currency=statement.currency,
        dealer=standing,
        withholding_agent=True,
        withholding_rate_bps=rate_bps,
    )
    try:
        scheme = scheme_for(HOME, statement.route or payee.payee_route, on)
        line = next(line for line in work_out(scheme, facts, tables(session)).lines if line.code == "withholding")
    except MissingTableRow:
        return Withholding(None)
    if rate_bps is None:
        return Withholding(_bps(line.steps), RATE_OF_THE_LAW, None, line.amount_minor)
    number, until = (certificate.number, certificate.to_date) if certificate else ("", None)
    return Withholding(rate_bps, number, until, line.amount_minor)


def _bps(steps: Sequence[Step]) -> int:
    return next((int(step.rate * 10_000) for step in steps if step.rate is not None), 0)


def _year_or_threshold(session: Session, table: str, on: date) -> int | None:
    try:
        row = tables(session).row(table, on)
    except MissingTableRow:
        return None
    return next(int(value) for name, value in row.values.items() if name.endswith("_minor"))
