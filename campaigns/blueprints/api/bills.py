"""Bills over the API."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from campaigns.blueprints import access, billing
from campaigns.blueprints.api import bills_schemas as schemas
from campaigns.blueprints.api.api import caller, operation, page_of
from campaigns.blueprints.api.settlement import show_file
from campaigns.blueprints.context import now, session, settings
from campaigns.documents.issue import contents_of
from campaigns.errors import Conflict
from campaigns.models import Bill, Campaign
from campaigns.planning.audit import note
from campaigns.settlement.billing.bill_payments import states_of
from campaigns.settlement.billing.bills import issue_bill


@operation("GET", "/campaigns/{campaign_id}/bills", answer=schemas.BillList, query=("cursor", "limit"))
def list_bills(campaign_id: str) -> dict[str, Any]:
    """A campaign's bills, line by line, with what is open of each."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    wanted = select(Bill).where(Bill.campaign_id == campaign.id)
    return page_of(wanted, Bill.id, lambda bill: show_bill(campaign, bill))


@operation("POST", "/campaigns/{campaign_id}/bills", schemas.BillIn, schemas.BillOut, status=201)
def create_bill(campaign_id: str, body: schemas.BillIn) -> dict[str, Any]:
    """Bill every sale of the campaign that is on no bill yet; 409 where there is none."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    on = body.on or now().astimezone(ZoneInfo(campaign.timezone)).date()
    bill = issue_bill(session(), campaign, settings().agency(), on, now())
    if bill is None:
        raise Conflict("there is nothing to bill: every sale is on a bill already")
    note(session(), caller().id, "bill.issued", f"document:{bill.document.public_id}", now())
    return show_bill(campaign, bill)


@operation("POST", "/bills/{bill_id}/payments", schemas.BillPaymentIn, schemas.BillOut, status=201)
def note_bill_payment(bill_id: str, body: schemas.BillPaymentIn) -> dict[str, Any]:
    """Note money received of a bill; 409 where its reference is noted already, 422 for more than is open."""
    bill = access.bill_for(session(), caller(), bill_id)
    billing.received(caller(), bill, body.amount_minor, body.received_on, body.reference)
    return show_bill(session().get_one(Campaign, bill.campaign_id), bill)


def show_bill(campaign: Campaign, bill: Bill) -> dict[str, Any]:
    """A bill as answered: its frozen lines and totals, and what is open of it now."""
    contents = contents_of(bill.document)
    (state,) = states_of(session(), [bill])
    return {
        "id": bill.document.public_id,
        "number": bill.document.number,
        "campaign": campaign.public_id,
        "currency": bill.currency,
        "issued_at": contents["issued_at"],
        "commission_minor": bill.commission_minor,
        "agency_fee_minor": bill.fee_minor,
        "vat_minor": bill.vat_minor,
        "total_minor": state.total_minor,
        "open_minor": state.open_minor,
        "lines": contents["lines"],
        "documents": [show_file(file) for file in bill.document.files],
    }
