"""What a brand decides on when it approves a report: the reconciled figures first, then the final report itself."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.documents.issue import contents_of
from campaigns.models import Campaign, Document
from campaigns.settlement.figures import figures_of, total
from campaigns.settlement.reconciling.reconciliation import newest

BEFORE_CLOSING = ("ended", "reconciling")
DECIDED_ON = ("orders", "contacts", "sales_minor", "refunded_minor", "commission_minor", "agency_fee_minor",
              "brand_charge_minor")  # fmt: skip


def report_contents(session: Session, campaign: Campaign) -> dict[str, Any] | None:
    """The figures a brand decides on, and where they come from; None as long as there is nothing final to read."""
    report = session.scalar(
        select(Document).filter_by(campaign_id=campaign.id, kind="final_report").order_by(Document.id).limit(1)
    )
    if report is not None:
        totals = contents_of(report)["totals"]
        return {"report": report.number, "sha256": report.contents_sha256, "totals": _figures(totals)}
    compared = newest(session, campaign.id)
    if campaign.status not in BEFORE_CLOSING:
        return None
    totals = total(figures_of(session, campaign.id).values()).contents()
    return {"report": "", "compared_at": iso(compared.made_at) if compared else "", "totals": _figures(totals)}


def _figures(totals: dict[str, Any]) -> dict[str, int]:
    return {name: totals[name] for name in DECIDED_ON if name in totals}
