"""The figures of a payee's year: what the withholding confirmation and the annual summary say, and nothing else.

They are worked out anew from payslips and ledger each time, and compared with what the last paper froze; so a paper
is made again only where the figures have changed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import extract, select
from sqlalchemy.orm import Session

from campaigns.deductions.entered import tables
from campaigns.documents.issue import contents_of
from campaigns.errors import MissingTableRow
from campaigns.models import Influencer, Payslip
from campaigns.settlement.yearly.paid import Payment, Withheld, by_month, payments_of, withheld_of

CONFIRMATION, SUMMARY = "withholding_confirmation", "annual_summary"
KINDS = (CONFIRMATION, SUMMARY)
# Countries whose payer tells the payee, or the tax office, what was paid in the year, from a threshold on.
THRESHOLDS = {"US": "US.1099_nec"}
COLUMNS = ("income_tax", "national_insurance", "health_insurance", "employer_national_insurance")


def figures_of(session: Session, payee: Influencer, year: int) -> dict[str, dict[str, Any]]:
    """kind of paper -> its figures; a payee to whom nothing was paid in the year has none."""
    payments = [one for one in payments_of(session, payee.id) if one.on.year == year]
    withheld = [one for one in withheld_of(session, payee.id) if one.on.year == year]
    slips = payslips_of(session, payee.id, year)
    found: dict[str, dict[str, Any]] = {}
    others = [one for one in payments if one.other_minor]
    threshold = THRESHOLDS.get(payee.country)
    if withheld or (others and not threshold):
        found[CONFIRMATION] = {"year": year, "currencies": _confirmed(others, withheld)}
    if slips or (others and threshold):
        found[SUMMARY] = {
            "year": year,
            "wages": _wages(slips),
            "payments": _against(session, others, threshold, year) if threshold else [],
        }
    return found


def payslips_of(session: Session, influencer_id: int, year: int) -> list[Payslip]:
    """The slips of a tax year, corrections too, oldest first."""
    mine = select(Payslip).where(Payslip.influencer_id == influencer_id, extract("year", Payslip.pay_date) == year)
    return list(session.scalars(mine.order_by(Payslip.id)))


def _confirmed(payments: Sequence[Payment], withheld: Sequence[Withheld]) -> list[dict[str, Any]]:
    """By currency: each month's payments and tax, what was withheld by which certificate, and the totals."""
    found = []
    for currency in sorted({one.currency for one in payments} | {one.currency for one in withheld}):
        paid = by_month((one.on, one.other_minor) for one in payments if one.currency == currency)
        taken = [one for one in withheld if one.currency == currency]
        tax = by_month((one.on, one.withheld_minor) for one in taken)
        base = by_month((one.on, one.base_minor) for one in taken)
        found.append(
            {
                "currency": currency,
                "months": [
                    {
                        "month": month,
                        "paid_minor": paid.get(month, 0),
                        "base_minor": base.get(month, 0),
                        "withheld_minor": tax.get(month, 0),
                    }
                    for month in sorted({*paid, *tax})
                ],
                "withheld": [_told(one) for one in taken],
                "paid_minor": sum(paid.values()),
                "base_minor": sum(base.values()),
                "withheld_minor": sum(tax.values()),
            }
        )
    return found


def _told(one: Withheld) -> dict[str, Any]:
    return {
        "on": one.on.isoformat(),
        "reference": one.reference,
        "base_minor": one.base_minor,
        "rate_bps": one.rate_bps,
        "certificate": one.certificate,
        "withheld_minor": one.withheld_minor,
    }


def _wages(slips: Sequence[Payslip]) -> list[dict[str, Any]]:
    """By currency: gross, every line and net of each month; a month worked is one whose wages are above zero."""
    found = []
    for currency in sorted({slip.currency for slip in slips}):
        mine = [slip for slip in slips if slip.currency == currency]
        names = _names(mine)
        months: dict[str, dict[str, Any]] = {}
        for slip in mine:
            month = months.setdefault(
                f"{slip.pay_date:%Y-%m}", {"gross_minor": 0, "net_minor": 0, "lines": defaultdict(int), "slips": []}
            )
            month["gross_minor"] += slip.gross_minor
            month["net_minor"] += slip.net_minor
            month["slips"].append(slip.document.number)
            for code, amount in amounts_of(slip).items():
                month["lines"][code] += amount
        found.append(
            {
                "currency": currency,
                "months_worked": sum(1 for month in months.values() if month["gross_minor"] > 0),
                "names": names,
                "months": [{"month": name, **month} for name, month in sorted(months.items())],
                "gross_minor": sum(slip.gross_minor for slip in mine),
                "net_minor": sum(slip.net_minor for slip in mine),
                "totals": {code: sum(amounts_of(slip).get(code, 0) for slip in mine) for code in names},
            }
        )
    return found


def amounts_of(slip: Payslip) -> Mapping[str, int]:
    """Every line's amount by its code; slips of before schemes have those of Israel's in columns."""
    return slip.amounts or {code: getattr(slip, f"{code}_minor") for code in COLUMNS}


def _names(slips: Sequence[Payslip]) -> dict[str, dict[str, str]]:
    """code -> its name as the slips have it, and whose part it is: employee or employer."""
    names: dict[str, dict[str, str]] = {}
    for slip in slips:
        contents = contents_of(slip.document)
        for side, key in (("employee", "lines"), ("employer", "employer_lines")):
            for line in contents.get(key, ()):
                if line["code"] in amounts_of(slip):
                    names.setdefault(line["code"], {"name": line["name"], "side": side})
    return names


def _against(session: Session, payments: Sequence[Payment], table: str, year: int) -> list[dict[str, Any]]:
    """By currency: what was paid, and the threshold of the year where its table has a row in that currency."""
    currency_of_table = {"US.1099_nec": "USD"}[table]
    found = []
    for currency in sorted({one.currency for one in payments}):
        paid = sum(one.other_minor for one in payments if one.currency == currency)
        threshold = _threshold(session, table, year) if currency == currency_of_table else None
        months = by_month((one.on, one.other_minor) for one in payments if one.currency == currency)
        found.append(
            {
                "currency": currency,
                "paid_minor": paid,
                "months": [{"month": month, "paid_minor": amount} for month, amount in months.items()],
                "threshold": threshold,
                "reached": bool(threshold) and paid >= threshold["threshold_minor"] if threshold else None,
            }
        )
    return found


def _threshold(session: Session, table: str, year: int) -> dict[str, Any] | None:
    try:
        row = tables(session).row(table, date(year, 12, 31))
    except MissingTableRow:
        return None
    return {"threshold_minor": int(row.values["threshold_minor"]), "row": row.as_contents()}
