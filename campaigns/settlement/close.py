"""Closing a campaign: report, a statement for everyone, payslips for those on that route, the bill; in one transaction.

The campaign is held while this runs, so no order slips between the report and the ledger: what comes later belongs
to a later statement. Open findings stop it unless a reason is written down; a breach of the books stops it always.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import last_transaction_id
from campaigns.commissions.terms_in_words import frozen, in_words
from campaigns.crash import crash_point
from campaigns.documents.issue import issue
from campaigns.errors import Conflict, Said
from campaigns.models import Campaign, Delivery, Document, Participation
from campaigns.settlement.billing.bills import issue_bill
from campaigns.settlement.books.check import breaches_of_orders
from campaigns.settlement.books.contacts import breaches_of_contacts
from campaigns.settlement.daily import daily
from campaigns.settlement.disputing.disputes import unresolved
from campaigns.settlement.figures import Figures, figures_of, total, uncredited
from campaigns.settlement.payslips import issue_payslip
from campaigns.settlement.reconciling.reconciliation import blocking, hold, let_go, standing
from campaigns.settlement.report_facts import report_facts
from campaigns.settlement.statements import heading, issue_statement

CLOSABLE = ("live", "ended", "reconciling")
TOOK_PART = ("accepted", "active", "completed", "withdrawn", "removed")


def close_findings(session: Session, campaign: Campaign, now: datetime) -> list[Said]:
    """What is still open. Each is a sentence for staff; together with a reason they stand in the report."""
    findings: list[Said] = []
    if now < campaign.ends_at:
        findings.append(Said("the campaign has not ended yet"))
    window = timedelta(days=campaign.terms.body["return_window_days"])
    if campaign.ends_at <= now < campaign.ends_at + window:
        findings.append(Said("the return window is still open"))
    failed = session.scalar(
        select(func.count()).select_from(Delivery).filter_by(shop_id=campaign.shop_id, status="failed")
    )
    if failed:
        findings.append(Said("deliveries of the shop that could not be read: %(count)s", count=failed))
    if disputes := unresolved(session, campaign.id):
        findings.append(Said("disputes that are not resolved: %(count)s", count=disputes))
    findings += blocking(session, campaign.id)
    for participation in everyone(session, campaign):
        influencer = participation.influencer
        if (participation.route_override or influencer.payee_route) == "payslip" and not influencer.id_number:
            findings.append(Said("%(name)s is paid by payslip and has no identity number", name=influencer.name))
    return findings


def close(
    session: Session,
    campaign: Campaign,
    agency: dict[str, str],
    on: date,
    now: datetime,
    user_id: int | None,
    override_reason: str = "",
) -> Document:
    """Close a campaign with papers dated `on`; returns the final report. Raises Conflict, or MissingTableRow."""
    hold(session, campaign.id)
    session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update())
    session.refresh(campaign)
    if campaign.status not in CLOSABLE:
        raise Conflict(Said("the campaign is %(status)s: it can't be closed", status=campaign.status))
    breaches = breaches_of_orders(session, campaign.id) + breaches_of_contacts(session, campaign.id)
    if breaches:
        raise Conflict("the books don't agree with the orders: nothing is issued", breaches)
    findings = close_findings(session, campaign, now)
    if findings and not override_reason.strip():
        raise Conflict("; ".join(findings), findings)
    campaign.status, campaign.closed_at = "closed", now
    campaign.close_reason = override_reason.strip()
    campaign.closed_ledger_id = last_transaction_id(session)
    session.flush()
    report = _report(session, campaign, agency, on, now, [*findings, *standing(session, campaign.id)])
    let_go(session, campaign.id)
    for participation in everyone(session, campaign):
        statement = issue_statement(session, participation, agency, on, now)
        crash_point("close.stating")
        if statement.route == "payslip":
            issue_payslip(session, participation.influencer, campaign.currency, agency, on, now)
        if participation.status in ("accepted", "active"):
            participation.status = "completed"
    issue_bill(session, campaign, agency, on, now)
    session.flush()
    crash_point("close.whole")
    return report


def everyone(session: Session, campaign: Campaign) -> list[Participation]:
    """All who accepted, also those who left: each has a row in the report, a zero row too."""
    return [
        participation
        for participation in session.scalars(
            select(Participation)
            .where(Participation.campaign_id == campaign.id, Participation.status.in_(TOOK_PART))
            .order_by(Participation.id)
        )
        if participation.acceptances
    ]


def _report(
    session: Session, campaign: Campaign, agency: dict[str, str], on: date, now: datetime, findings: list[Said]
) -> Document:
    figures = figures_of(session, campaign.id)
    people = everyone(session, campaign)
    terms = campaign.terms.body
    contents = {
        **heading(campaign, agency, now),
        "brand": {
            "name": campaign.brand.name,
            "legal_name": campaign.brand.legal_name,
            "registration_number": campaign.brand.registration_number,
        },
        "terms": {
            key: terms[key]
            for key in ("influencer_rate_bps", "agency_rate_bps", "base", "attribution", "return_window_days")
        },
        "terms_in_words": frozen(in_words(terms, campaign.currency)),
        "totals": total(figures.values()).contents(),
        "rows": [_row(person, figures.get(person.id, Figures()), agency["site"]) for person in people],
        "days": [day.contents() for day in daily(session, campaign.id, None, campaign.timezone, on)],
        **report_facts(session, campaign, now),
        "uncredited": [
            {"reason": reason, "orders": count} for reason, count in uncredited(session, campaign.id).items()
        ],
        "override_reason": campaign.close_reason or None,
        "findings": [{"sentence": finding.template, "facts": finding.facts} for finding in findings],
        "ledger_upto": campaign.closed_ledger_id,
    }
    return issue(
        session, "final_report", contents, campaign.language, now, on.year,
        campaign_id=campaign.id, brand_id=campaign.brand_id,
    )  # fmt: skip


def _row(participation: Participation, figures: Figures, site: str) -> dict[str, Any]:
    influencer, terms = participation.influencer, participation.acceptances[-1].terms
    return {
        "participant": participation.public_id,
        "influencer": influencer.public_id,
        "name": influencer.name,
        "handle": influencer.handle,
        "coupon_code": participation.code.code if participation.code else "",
        "link": participation.link_address(site),
        "influencer_rate_bps": terms["influencer_rate_bps"],
        "agency_rate_bps": terms["agency_rate_bps"],
        **figures.contents(),
    }
