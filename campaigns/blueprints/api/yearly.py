"""Yearly papers, orders to a payroll provider and certificates over the API."""

from typing import Any

from flask import request
from sqlalchemy import select

from campaigns.blueprints import access, asking
from campaigns.blueprints.api import yearly_schemas as schemas
from campaigns.blueprints.api.api import caller, operation
from campaigns.blueprints.api.settlement import show_file
from campaigns.blueprints.context import now, session
from campaigns.documents.issue import contents_of
from campaigns.errors import Invalid
from campaigns.models import Document, Influencer
from campaigns.settlement.payroll_orders import orders
from campaigns.settlement.yearly.papers import papers_of_year


@operation("GET", "/yearly-papers", answer=schemas.YearlyList, query=("year",))
def list_yearly_papers() -> dict[str, Any]:
    """Who should have which paper of a year, who has, and whose figures have changed since."""
    text = request.args.get("year", "") or str(now().year)
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Invalid({"year": ["must be a year such as 2026"]})
    return {
        "year": int(text),
        "items": [
            {
                "influencer": one.payee.public_id,
                "name": one.payee.name,
                "kind": one.kind,
                "state": one.state,
                "figures": one.figures,
                "paper": one.paper.public_id if one.paper else None,
                "number": one.paper.number if one.paper else None,
            }
            for one in papers_of_year(session(), int(text))
        ],
    }


@operation("POST", "/yearly-papers", schemas.YearlyIn, schemas.PaperList)
def make_yearly_papers(body: schemas.YearlyIn) -> dict[str, Any]:
    """Make what is missing or has changed; nothing is made twice."""
    payees = [access.influencer_for(session(), caller(), body.influencer)] if body.influencer else None
    return {"items": [show_paper(one) for one in asking.make_yearly(caller(), body.year, payees)]}


@operation("GET", "/payroll-orders", answer=schemas.PaperList)
def list_payroll_orders() -> dict[str, Any]:
    """The orders made, the newest first."""
    return {"items": [show_paper(one) for one in orders(session())]}


@operation("POST", "/payroll-orders", schemas.PayrollOrderIn, schemas.PaperOut, status=201)
def create_payroll_order(body: schemas.PayrollOrderIn) -> dict[str, Any]:
    """Hand the statements that wait over to the payroll provider; 409 where none waits or no provider is set."""
    return show_paper(asking.order_payroll(caller(), body.currency, body.period, body.language))


@operation(
    "POST", "/influencers/{influencer_id}/certificate", schemas.PartnerCertificateIn, schemas.PaperOut, status=201
)
def certify_partner(influencer_id: str, body: schemas.PartnerCertificateIn) -> dict[str, Any]:
    """A certificate of completed campaigns; the same asked again is the same paper."""
    who = access.influencer_for(session(), caller(), influencer_id)
    return show_paper(asking.certify(caller(), who, body.participations, body.show_results, body.language))


def show_paper(paper: Document) -> dict[str, Any]:
    """A paper with its frozen contents and its files."""
    who = session().get(Influencer, paper.influencer_id) if paper.influencer_id else None
    before = select(Document.number).where(Document.id == paper.corrects_id)
    return {
        "id": paper.public_id,
        "kind": paper.kind,
        "number": paper.number,
        "influencer": who.public_id if who else None,
        "corrects": session().scalar(before) if paper.corrects_id else None,
        "contents": contents_of(paper),
        "documents": [show_file(file) for file in paper.files],
    }
