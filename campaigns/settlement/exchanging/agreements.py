"""Agreements to self-billing: read in one's language, agreed to for a year at most, ended at any time.

Whether a VAT number is one is checked by its country's rule where python-stdnum has it.
"""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum import get_cc_module

from campaigns.errors import Conflict, Invalid, NotFound, Said
from campaigns.models import Influencer, SelfBillingAgreement
from campaigns.settlement.exchanging.standing import may_self_bill
from campaigns.settlement.exchanging.wording import worded
from campaigns.settlement.wallets.wallets import hold_dues

# Where an invoice without the supplier's VAT number is none: the European Union (art. 226 (3)), the United Kingdom.
NUMBER_NEEDED = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK GB IL".split()
)
_PREFIX = {"GR": "EL"}
_MODULE = {"IL": "hp"}  # whose number for VAT is another one


def read_vat_number(country: str, text: str) -> str:
    """A VAT number as it is written on invoices; raises Invalid for one that is none.

    >>> read_vat_number("GB", "GB 980 7806 84"), read_vat_number("CH", "")
    ('GB980780684', '')
    """
    number = text.strip()
    if not number and country not in NUMBER_NEEDED:
        return ""
    module: Any = get_cc_module(country, _MODULE.get(country, "vat"))
    valid = module.is_valid(number) if module else 4 <= len(number) <= 20 and number.isascii()
    if country == "IL" and not valid:
        module = get_cc_module("IL", "idnr")
        valid = module.is_valid(number)
    if not valid or not number:
        raise Invalid({"vat_number": [Said("This is not a VAT number of %(country)s.", country=country)]})
    compact = str(module.compact(number)) if module else number
    prefix = "" if country == "IL" or country not in NUMBER_NEEDED else _PREFIX.get(country, country)
    return prefix + compact.removeprefix(prefix)


def last_day_from(first: date) -> date:
    """A year, its last day included.

    >>> last_day_from(date(2026, 3, 1)), last_day_from(date(2028, 2, 29))
    (datetime.date(2027, 2, 28), datetime.date(2029, 2, 28))
    """
    leap = (first.month, first.day) == (2, 29)
    return date(first.year + 1, 2, 28) if leap else first.replace(year=first.year + 1) - timedelta(days=1)


def wording_for(
    payee: Influencer, agency: dict[str, str], vat_number: str, language: str, first: date, last: date
) -> str:
    """What this payee would agree to."""
    return worded(language, payee.country, agency, payee.name, vat_number, first, last)


def agree(
    session: Session,
    payee: Influencer,
    agency: dict[str, str],
    vat_number: str,
    language: str,
    first: date,
    last: date,
    user_id: int,
    now: datetime,
) -> SelfBillingAgreement:
    """Keep the payee's agreement; one that has run out gives way. Raises Invalid, Conflict or NotFound."""
    if not may_self_bill(payee, agency):
        raise NotFound("we write no such invoices")
    if not first <= last <= last_day_from(first):
        raise Invalid({"to_date": [Said("The last day must be within a year of the first.")]})
    number = read_vat_number(payee.country, vat_number)
    if not payee.address.strip():  # art. 226 (5)
        missing = Said("Your address stands on the invoices: enter it in your payment details first.")
        raise Invalid({"address": [missing]})
    hold_dues(session)
    before = unended(session, payee.id)
    if before is not None and before.to_date >= now.date():
        raise Conflict(Said("your agreement stands until %(day)s: end it first", day=before.to_date.isoformat()))
    if before is not None:
        end(session, before, now)
    text = wording_for(payee, agency, number, language, first, last)
    made = SelfBillingAgreement(
        influencer_id=payee.id,
        wording=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        language=language,
        from_date=first,
        to_date=last,
        vat_number=number,
        agreed_by_user_id=user_id,
        agreed_at=now,
    )
    session.add(made)
    session.flush()
    return made


def unended(session: Session, influencer_id: int) -> SelfBillingAgreement | None:
    """The payee's agreement that nobody has ended, whether or not its days are over."""
    return session.scalar(select(SelfBillingAgreement).filter_by(influencer_id=influencer_id, ended_at=None))


def end(session: Session, agreement: SelfBillingAgreement, now: datetime) -> None:
    """From now on we write no invoices; those written stand. Raises Conflict where it has ended."""
    if agreement.ended_at is not None:
        raise Conflict(Said("this agreement has ended"))
    agreement.ended_at = now
    session.flush()
