"""A brand's bill: what actual sales cost it, order by order, and the VAT on the agency's fee. Nothing else fits on it.

A bill takes every charge of one campaign that no bill has taken yet, and a posting is on one bill at most. So a refund
after billing is a negative line of the next bill, at the rate of then. It can be issued at any time, and is issued when
the campaign is closed. That it holds nothing but sales is proved by books_of_bills.py.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Leg, post
from campaigns.deductions.entered import tables
from campaigns.documents.issue import issue
from campaigns.models import Bill, BillPosting, Campaign
from campaigns.settlement.billing.charges import itemised, open_charges
from campaigns.settlement.billing.vat import Vat, vat_on
from campaigns.settlement.statements import heading


def issue_bill(session: Session, campaign: Campaign, agency: dict[str, str], on: date, now: datetime) -> Bill | None:
    """Bill whatever of a campaign is on no bill, dated `on`; None where that comes to nothing.

    Raises MissingTableRow where no verified row says what VAT the agency charges on that day. The campaign is held, so
    two at once don't bill the same sale, and no order slips in between.
    """
    session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update())
    taken = open_charges(session, campaign)
    lines = itemised(session, campaign, taken)
    if not lines:
        return None
    vat = vat_on(agency["vat"], on, tables(session))
    totals = _totals(lines, vat)
    contents = {
        **heading(campaign, agency, now),
        "date": on.isoformat(),
        "brand": {
            "name": campaign.brand.name,
            "legal_name": campaign.brand.legal_name,
            "registration_number": campaign.brand.registration_number,
        },
        "agency_rate_bps": campaign.terms.body["agency_rate_bps"],
        "lines": lines,
        "vat": {"country": agency["vat"], "rate_bps": vat.rate_bps, "on": on.isoformat(), "row": vat.source},
        "totals": totals,
    }
    document = issue(
        session, "brand_bill", contents, campaign.language, now, on.year,
        campaign_id=campaign.id, brand_id=campaign.brand_id,
    )  # fmt: skip
    bill = Bill(
        document_id=document.id,
        brand_id=campaign.brand_id,
        campaign_id=campaign.id,
        currency=campaign.currency,
        commission_minor=totals["commission_minor"],
        fee_minor=totals["agency_fee_minor"],
        vat_minor=totals["vat_minor"],
        issued_at=now,
    )
    session.add(bill)
    session.flush()
    session.add_all(BillPosting(posting_id=charge.posting_id, bill_id=bill.id) for charge in taken)
    _post_vat(session, bill, now)
    return bill


def bills_of(session: Session, campaign_id: int) -> list[Bill]:
    """A campaign's bills, the newest first."""
    return list(session.scalars(select(Bill).filter_by(campaign_id=campaign_id).order_by(Bill.id.desc())))


def _totals(lines: Sequence[dict[str, Any]], vat: Vat) -> dict[str, int]:
    sold = [line for line in lines if line["kind"] == "order"]
    sums = {
        name: sum(line[name] for line in lines)
        for name in ("commission_minor", "agency_fee_minor", "charge_minor", "collected_minor")
    }
    vat_minor = vat.of(sums["agency_fee_minor"])
    return {
        "orders": len(sold),
        "sales_minor": sum(line["net_minor"] for line in sold),
        "refunded_minor": sum(line["refunded_minor"] for line in sold),
        **sums,
        "vat_minor": vat_minor,
        "total_minor": sums["charge_minor"] + sums["collected_minor"] + vat_minor,
    }


def _post_vat(session: Session, bill: Bill, now: datetime) -> None:
    place = (bill.currency, bill.campaign_id)
    legs = {
        Leg("brand_receivable", bill.brand_id, *place): bill.vat_minor,
        Leg("vat_payable", 0, *place): -bill.vat_minor,
    }
    post(session, "bill", legs, now, document_id=bill.document_id)
