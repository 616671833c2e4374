"""Reconciliation with the shop's own export over the API: the comparison, and what is decided on its findings."""

from typing import Any

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from campaigns.blueprints import access
from campaigns.blueprints.api import reconciliation_schemas as schemas
from campaigns.blueprints.api.api import caller, operation
from campaigns.blueprints.context import now, session, settings
from campaigns.clock import iso
from campaigns.errors import NotFound
from campaigns.models import Finding, Reconciliation
from campaigns.models.money import FINDING_KINDS
from campaigns.planning.audit import note
from campaigns.settlement.reconciling import deciding
from campaigns.settlement.reconciling.reconciliation import newest, reconcile, shown
from campaigns.settlement.reconciling.shop_exports import JSON, TABLE, read_export

TYPES = {
    "application/json": JSON,
    "text/csv": TABLE,
    "application/csv": TABLE,
    "text/tab-separated-values": TABLE,
}


@operation(
    "POST",
    "/campaigns/{campaign_id}/reconciliation",
    answer=schemas.ReconciliationOut,
    body_types=("text/csv", "application/json"),
)
def reconcile_campaign(campaign_id: str) -> dict[str, Any]:
    """Compare the campaign with the shop's own export of orders, CSV or JSON; 422 names rows that can't be read."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    if request.mimetype not in TYPES:
        raise UnsupportedMediaType(f"an export is sent as one of {', '.join(TYPES)}")
    file, shop = request.get_data(), campaign.shop
    export = read_export(file, TYPES[request.mimetype], shop.currency, shop.timezone)
    made = reconcile(session(), campaign, export, file, caller().id, now())
    note(session(), caller().id, "campaign.reconciled", f"campaign:{campaign.public_id}", now(), file=made.sha256)
    return show_reconciliation(made)


@operation("GET", "/campaigns/{campaign_id}/reconciliation", answer=schemas.ReconciliationOut)
def campaign_reconciliation(campaign_id: str) -> dict[str, Any]:
    """The newest comparison with the shop's export, as its findings stand now."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    made = newest(session(), campaign.id)
    if made is None:
        raise NotFound("no export has been compared yet")
    return show_reconciliation(made)


@operation("POST", "/findings/{finding_id}/accept", answer=schemas.FindingOut)
def accept_finding(finding_id: str) -> dict[str, Any]:
    """Take the shop's word and post what follows; 409 where the export doesn't tell enough for that."""
    finding = access.finding_for(session(), caller(), finding_id)
    deciding.accept(session(), finding, settings().identity_key, caller().id, now())
    return _decided(finding)


@operation("POST", "/findings/{finding_id}/waive", schemas.FindingReasonIn, schemas.FindingOut)
def waive_finding(finding_id: str, body: schemas.FindingReasonIn) -> dict[str, Any]:
    """Leave a difference as it is, with a reason that stands in the final report."""
    finding = access.finding_for(session(), caller(), finding_id)
    deciding.waive(session(), finding, body.reason, caller().id, now())
    return _decided(finding)


@operation("POST", "/findings/{finding_id}/dispute", schemas.FindingReasonIn, schemas.FindingOut)
def dispute_finding(finding_id: str, body: schemas.FindingReasonIn) -> dict[str, Any]:
    """Say that the shop is wrong; closing waits until the finding is accepted or waived after all."""
    finding = access.finding_for(session(), caller(), finding_id)
    deciding.dispute(session(), finding, body.reason, caller().id, now())
    return _decided(finding)


def show_reconciliation(made: Reconciliation) -> dict[str, Any]:
    """A comparison as answered."""
    found = [show_finding(finding) for finding in made.findings]
    return {
        "id": made.public_id,
        "campaign": made.campaign.public_id,
        "source": made.source,
        "made_at": iso(made.made_at),
        "orders": made.row_count,
        "matched": made.matched_count,
        **{kind: [finding for finding in found if finding["kind"] == kind] for kind in FINDING_KINDS},
    }


def show_finding(finding: Finding) -> dict[str, Any]:
    """A finding as answered, without the buyer."""
    return {
        "id": finding.public_id,
        "kind": finding.kind,
        "external_id": finding.external_id,
        "number": finding.number,
        "status": finding.status,
        "reason": finding.reason,
        "ours": finding.ours,
        "theirs": shown(finding),
    }


def _decided(finding: Finding) -> dict[str, Any]:
    subject = f"finding:{finding.public_id}"
    note(session(), caller().id, f"finding.{finding.status}", subject, now(), reason=finding.reason)
    return show_finding(finding)
