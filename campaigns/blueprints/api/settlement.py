"""Closing, reports, papers and payslip previews over the API."""

from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request, url_for
from sqlalchemy import select

from campaigns.blueprints import access
from campaigns.blueprints.api import schemas
from campaigns.blueprints.api.api import caller, operation
from campaigns.blueprints.context import now, session, settings
from campaigns.deductions.engine import work_out
from campaigns.deductions.entered import tables
from campaigns.deductions.facts import Earlier, Facts
from campaigns.deductions.schemes import scheme_for
from campaigns.documents.issue import contents_of
from campaigns.errors import Invalid, NotFound
from campaigns.models import Campaign, Document, DocumentFile, Participation
from campaigns.money import LARGEST_MINOR
from campaigns.planning.audit import note
from campaigns.settlement.close import close


@operation("POST", "/campaigns/{campaign_id}/close", schemas.CloseIn, schemas.ReportOut)
def close_campaign(campaign_id: str, body: schemas.CloseIn) -> dict[str, Any]:
    """Close: issue the final report, statements and payslips; 409 with the findings where something is open."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    on = body.on or now().astimezone(ZoneInfo(campaign.timezone)).date()
    report = close(session(), campaign, settings().agency(), on, now(), caller().id, body.override_reason)
    note(
        session(), caller().id, "campaign.closed", f"campaign:{campaign.public_id}", now(), reason=body.override_reason
    )
    return show_report(campaign, report)


@operation("GET", "/campaigns/{campaign_id}/report", answer=schemas.ReportOut)
def campaign_report(campaign_id: str) -> dict[str, Any]:
    """The final report of a closed campaign, and the papers issued with it as far as their files are made."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    report = session().scalar(select(Document).filter_by(campaign_id=campaign.id, kind="final_report"))
    if report is None:
        raise NotFound("the campaign is not closed: there is no report yet")
    return show_report(campaign, report)


@operation("GET", "/documents/{document_id}")
def get_document(document_id: str) -> Any:
    """The bytes of one file; with `Accept: application/json` the frozen contents."""
    file = access.document_file_for(session(), caller(), document_id)
    best = request.accept_mimetypes.best_match([file.media_type, "application/json"], default=file.media_type)
    if best == "application/json" and request.accept_mimetypes.quality(
        "application/json"
    ) > request.accept_mimetypes.quality(file.media_type):
        return Response(file.document.contents, mimetype="application/json")
    return Response(file.body, content_type=file.media_type, headers={"Cache-Control": "private, no-store"})


@operation("POST", "/payslips/preview", schemas.PayslipIn, schemas.PayslipOut)
def preview_payslip(body: schemas.PayslipIn) -> dict[str, Any]:
    """The lines a payslip would have; nothing is stored. 422 naming the table where none covers the date."""
    facts = Facts(
        on=body.on,
        gross_minor=body.gross_minor,
        credit_points=_points(body.credit_points),
        second_employer=body.second_employer,
        coordination=tuple((step.upto_minor, step.rate_bps) for step in body.coordination),
        reduced_part_minor=body.reduced_part_minor,
        cumulative=body.cumulative,
        this_year=_year_so_far(body.year_to_date) if body.cumulative and body.year_to_date else None,
    )
    return work_out(scheme_for(body.country, "payslip", body.on), facts, tables(session())).as_contents()


def show_report(campaign: Campaign, report: Document) -> dict[str, Any]:
    """A report as answered: its frozen figures, and the files of every paper of the campaign the caller may see."""
    contents = contents_of(report)
    papers = access.documents_for(caller()).where(Document.campaign_id == campaign.id).order_by(Document.id)
    return {
        "number": report.number,
        "issued_at": contents["issued_at"],
        "sha256": report.contents_sha256,
        "currency": contents["currency"],
        "totals": contents["totals"],
        "rows": contents["rows"],
        "documents": [show_file(file) for paper in session().scalars(papers) for file in paper.files],
    }


def show_file(file: DocumentFile) -> dict[str, Any]:
    """One file of a paper as answered."""
    paper = file.document
    person = session().get(Participation, paper.participation_id) if paper.participation_id else None
    return {
        "id": file.public_id,
        "kind": paper.kind,
        "number": paper.number,
        "participant": person.public_id if person else None,
        "media_type": file.media_type,
        "sha256": file.sha256,
        "url": url_for("api.get_document", document_id=file.public_id),
    }


def _year_so_far(sent: dict[str, Any]) -> Earlier:
    """The gross and the income tax of the year's earlier payslips, as a payslip's own `year_to_date` says them."""
    names = ("gross_minor", "income_tax_minor")
    if any(type(sent.get(name)) is not int or not 0 <= sent[name] <= LARGEST_MINOR for name in names):
        raise Invalid({"year_to_date": ["must have gross_minor and income_tax_minor, zero or more"]})
    return Earlier(sent["gross_minor"], {"income_tax": sent["income_tax_minor"]})


def _points(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        points = Decimal(text)
    except InvalidOperation as error:
        raise Invalid({"credit_points": ["must be a number such as 2.25"]}) from error
    if not points.is_finite() or not 0 <= points <= 50:
        raise Invalid({"credit_points": ["must be a number such as 2.25"]})
    return points
