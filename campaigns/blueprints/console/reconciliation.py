"""Holding a campaign against the shop's own export: upload it, see what differs, decide one or all of a kind."""

import logging
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from sqlalchemy import case, func, select
from werkzeug.wrappers import Response

from campaigns.blueprints.access import campaign_for, finding_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.labels import said
from campaigns.blueprints.signed_in import person
from campaigns.errors import Conflict, Invalid, Said
from campaigns.i18n import N_, gettext, iso
from campaigns.models import Campaign, Finding, Reconciliation
from campaigns.models.money import FINDING_KINDS, FINDING_STATUSES
from campaigns.planning.audit import note
from campaigns.planning.delivery_words import why
from campaigns.settlement.reconciling import deciding
from campaigns.settlement.reconciling.reconciliation import newest, reconcile, shown
from campaigns.settlement.reconciling.shop_exports import kind_of, read_export
from campaigns.tracking.pull import PULLS, ask_whole_campaign

PER_PAGE = 50
KINDS = {
    "missing_here": N_("In the shop's export, not here"),
    "missing_there": N_("Here, not in the shop's export"),
    "amount_differs": N_("Another amount"),
    "status_differs": N_("Another state"),
}
STATES = {
    "open": ("warn", N_("To be decided")),
    "accepted": ("good", N_("Accepted: the shop is right")),
    "waived": ("", N_("Left as it is")),
    "disputed": ("bad", N_("Disputed with the shop")),
}
ACTIONS = {"accept": N_("The shop is right"), "waive": N_("Leave it as it is"), "dispute": N_("The shop is wrong")}

log = logging.getLogger(__name__)


class ExportForm(SpokenForm):
    """The shop's own export."""

    file = FileField(N_("The shop's export of its orders (CSV or JSON)"), [FileRequired()])


@blueprint.route("/campaigns/<campaign_id>/reconciliation", methods=["GET", "POST"])
def reconciliation(campaign_id: str) -> ResponseReturnValue:
    """What the newest comparison found; another file makes another comparison."""
    campaign: Campaign = campaign_for(session(), person(), campaign_id)
    form, unread = ExportForm(), {}
    if form.validate_on_submit():
        try:
            return _compared(campaign, form.file.data.stream.read())
        except Invalid as refused:
            session().rollback()
            unread = {place: [_in_words(one) for one in reasons] for place, reasons in refused.errors.items()}
    return _page(campaign, form, unread), 422 if form.is_submitted() else 200


@blueprint.post("/campaigns/<campaign_id>/reconciliation/pull")
def pull_campaign(campaign_id: str) -> ResponseReturnValue:
    """Let the worker ask the shop for everything that changed since the campaign began."""
    campaign: Campaign = campaign_for(session(), person(), campaign_id)
    ask_whole_campaign(session(), campaign)
    note(session(), person().id, "shop.pull_asked", f"campaign:{campaign.public_id}", now())
    session().commit()
    flash(gettext("Within a quarter of an hour the shop is asked for the whole campaign."), "good")
    return _back(campaign_id)


@blueprint.post("/campaigns/<campaign_id>/reconciliation/agreed")
def settle_agreed(campaign_id: str) -> ResponseReturnValue:
    """Look again: what the shop has told since then may agree with its export."""
    campaign: Campaign = campaign_for(session(), person(), campaign_id)
    agreed = deciding.settle_agreed(session(), campaign, now())
    session().commit()
    flash(gettext("Differences that are gone: %(count)s", count=agreed), "good")
    return _back(campaign_id)


@blueprint.post("/campaigns/<campaign_id>/reconciliation/all")
def decide_kind(campaign_id: str) -> ResponseReturnValue:
    """Decide everything of one kind that is open, for one reason."""
    campaign: Campaign = campaign_for(session(), person(), campaign_id)
    made, kind, action, reason = newest(session(), campaign.id), *_asked("kind", "action", "reason")
    if made is None or kind not in KINDS or action not in ACTIONS:
        raise Conflict(N_("choose what is to be decided, and how"))
    key = settings().identity_key
    decided = deciding.decide_all(session(), made, kind, action, reason, key, person().id, now())
    details = {"kind": kind, "decision": action, "count": decided.done, "reason": reason}
    note(session(), person().id, "findings.decided", f"campaign:{campaign.public_id}", now(), **details)
    session().commit()
    log.info("campaign=%s findings=%s %s of kind %s", campaign.public_id, decided.done, action, kind)
    flash(gettext("Decided: %(count)s", count=decided.done), "good")
    for sentence in decided.refused:
        flash(said(sentence), "bad")
    if decided.more:
        flash(gettext("There are more: decide them next."), "warn")
    return _back(campaign_id)


@blueprint.post("/findings/<finding_id>")
def decide_finding(finding_id: str) -> ResponseReturnValue:
    """Decide one finding."""
    finding: Finding = finding_for(session(), person(), finding_id)
    action, reason = _asked("action", "reason")
    if action == "accept":
        deciding.accept(session(), finding, settings().identity_key, person().id, now())
    elif action == "waive":
        deciding.waive(session(), finding, reason, person().id, now())
    elif action == "dispute":
        deciding.dispute(session(), finding, reason, person().id, now())
    else:
        raise Conflict(N_("choose what is to be decided, and how"))
    note(session(), person().id, f"finding.{finding.status}", f"finding:{finding_id}", now(), reason=finding.reason)
    campaign_id = finding.reconciliation.campaign.public_id
    session().commit()
    flash(gettext("Decided: %(count)s", count=1), "good")
    return _back(campaign_id)


def _compared(campaign: Campaign, file: bytes) -> Response:
    shop, public_id = campaign.shop, campaign.public_id
    export = read_export(file, kind_of(file), shop.currency, shop.timezone)
    made = reconcile(session(), campaign, export, file, person().id, now())
    note(session(), person().id, "campaign.reconciled", f"campaign:{public_id}", now(), file=made.sha256)
    matched, found = made.matched_count, len(made.findings)
    session().commit()
    log.info("campaign=%s is held against an export: %s agree, %s differ", public_id, matched, found)
    flash(gettext("Orders that agree: %(matched)s; differences: %(found)s.", matched=matched, found=found), "good")
    return _back(public_id)


def _page(campaign: Campaign, form: ExportForm, unread: dict[str, list[str]]) -> str:
    made = newest(session(), campaign.id)
    page = max(request.args.get("page", 1, int), 1)
    kind, status = request.args.get("kind", ""), request.args.get("status", "")
    rows = _findings(made, kind, status, page) if made else []
    kept: dict[str, Any] = {"kind": kind, "status": status}
    more = url_for("console.reconciliation", campaign_id=campaign.public_id, page=page + 1, **kept)
    return render_template(
        "console/reconciliation.html",
        campaign=campaign,
        form=form,
        unread=unread,
        made=made,
        counts=_counts(made) if made else {},
        findings=rows[:PER_PAGE],
        next_url=more if len(rows) > PER_PAGE else "",
        kinds=KINDS,
        states=STATES,
        actions=ACTIONS,
        chosen=kept,
        shown=shown,
        pullable=campaign.shop.platform in PULLS and campaign.shop.api_credentials is not None,
    )


def _findings(made: Reconciliation, kind: str, status: str, page: int) -> list[Finding]:
    first = case({status: place for place, status in enumerate(FINDING_STATUSES)}, value=Finding.status)
    query = select(Finding).where(Finding.reconciliation_id == made.id)
    if kind in KINDS:
        query = query.where(Finding.kind == kind)
    if status in STATES:
        query = query.where(Finding.status == status)
    some = query.order_by(first, Finding.id).offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1)
    return list(session().scalars(some))


def _counts(made: Reconciliation) -> dict[str, dict[str, int]]:
    """Kind -> status -> how many."""
    rows = session().execute(
        select(Finding.kind, Finding.status, func.count())
        .where(Finding.reconciliation_id == made.id)
        .group_by(Finding.kind, Finding.status)
    )
    found: dict[str, dict[str, int]] = {kind: {} for kind in FINDING_KINDS}
    for kind, status, count in rows:
        found[kind][status] = count
    return found


def _in_words(reason: str) -> str:
    """Why a row or a file can't be read, in the visitor's language; a column's name stays as the file has it."""
    if isinstance(reason, Said):
        return said(reason)
    column, colon, problem = reason.rpartition(": ")
    known = why(f": {problem}")
    told = gettext(problem) if known == f": {problem}" else known
    return gettext(N_("%(field)s: %(problem)s"), field=iso(column), problem=told) if colon else told


def _asked(*names: str) -> list[str]:
    return [request.form.get(name, "") for name in names]


def _back(campaign_id: str) -> Response:
    return redirect(url_for("console.reconciliation", campaign_id=campaign_id))
