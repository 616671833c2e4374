"""Closing a campaign, and the papers that were issued."""

import logging
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select
from sqlalchemy.orm import selectinload
from wtforms import DateField
from wtforms.validators import InputRequired

from campaigns.blueprints.access import campaign_for, documents_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.plan_forms import ReasonForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.documents.making import progress
from campaigns.i18n import N_, gettext
from campaigns.models import Campaign, Document, DocumentFile
from campaigns.models.documents import DOCUMENT_KINDS
from campaigns.planning.audit import note
from campaigns.settlement import close as closing
from campaigns.settlement.figures import figures_of, total
from campaigns.settlement.reconciling.reconciliation import newest, undecided

PER_PAGE = 50
log = logging.getLogger(__name__)


class CloseForm(ReasonForm):
    """The date on the papers, and a reason where something is still open."""

    on = DateField(N_("Date on the papers"), [InputRequired()])


@blueprint.route("/campaigns/<campaign_id>/close", methods=["GET", "POST"])
def close(campaign_id: str) -> ResponseReturnValue:
    """See what is still open; then issue the report, statements and payslips; the letters follow with the papers."""
    campaign: Campaign = campaign_for(session(), person(), campaign_id)
    findings = closing.close_findings(session(), campaign, now())
    form = CloseForm(on=now().astimezone(ZoneInfo(campaign.timezone)).date())
    form.reason.flags.required = bool(findings)
    reason = (form.reason.data or "").strip()
    if form.validate_on_submit() and (not findings or reason):
        closing.close(session(), campaign, settings().agency(), form.on.data, now(), person().id, reason)
        note(session(), person().id, "campaign.closed", f"campaign:{campaign.public_id}", now(), reason=reason)
        session().commit()
        log.info("closed campaign=%s", campaign.public_id)
        flash(gettext("The campaign is closed. The report and the statements are issued."), "good")
        return redirect(url_for("console.close", campaign_id=campaign_id))
    if form.is_submitted() and findings and not form.errors:
        form.reason.errors = [N_("Say why it is closed all the same: the reason stands in the report.")]
    made = progress(session(), campaign.id)
    page = render_template(
        "console/close.html",
        campaign=campaign,
        form=form,
        findings=findings,
        closable=campaign.status in closing.CLOSABLE,
        reconciliation=newest(session(), campaign.id),
        undecided=sum(undecided(session(), campaign.id).values()),
        totals=total(figures_of(session(), campaign.id).values()),
        documents=session().scalars(papers().where(Document.campaign_id == campaign.id)).all(),
        progress=made,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/documents")
def documents() -> ResponseReturnValue:
    """Every paper issued, the newest first."""
    kind = request.args.get("kind", "")
    wanted = papers().where(Document.kind == kind) if kind in DOCUMENT_KINDS else papers()
    page = max(request.args.get("page", 1, int), 1)
    found = list(session().scalars(wanted.offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1)))
    kept: dict[str, Any] = {"kind": kind} if kind in DOCUMENT_KINDS else {}
    more = url_for("console.documents", page=page + 1, **kept) if len(found) > PER_PAGE else ""
    return render_template(
        "console/documents.html", documents=found[:PER_PAGE], kinds=DOCUMENT_KINDS, kind=kind, next_url=more
    )


def papers() -> Select[Document]:
    """The papers to list, the newest first, with the names of their files but not the bytes."""
    files = selectinload(Document.files).defer(DocumentFile.body)
    return documents_for(person()).options(files).order_by(Document.id.desc())
