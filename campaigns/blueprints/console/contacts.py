"""Leads and calls: whose each is and why, what it earns, and rejecting or accepting one by hand."""

import json
import logging
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints.access import campaign_for, contact_for, participation_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.following import followed
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import Acceptance, Campaign, Contact, Influencer, Participation
from campaigns.models.contacts import CONTACT_STATUSES
from campaigns.planning.contact_review import accept_contact, reject_contact
from campaigns.planning.plans import participants
from campaigns.reasons import LONGEST_REASON
from campaigns.settlement.contact_list import PAGE, counts_by_status, listed, page_of_contacts
from campaigns.tracking.contact_decisions import without_earlier
from campaigns.tracking.masking import masked

REASONS = (
    "coupon", "link", "both", "landing", "manual", "none", "refused_repeated", "refused_by_hand",
    "refused_outside_dates", "refused_self_purchase", "refused_test",
)  # fmt: skip
log = logging.getLogger(__name__)


class RejectForm(SpokenForm):
    """Why a contact counts for nobody."""

    why = TextAreaField(N_("Reason"), [InputRequired(), Length(max=LONGEST_REASON)])


class AcceptForm(SpokenForm):
    """For whom a contact counts, and why."""

    participation = SelectField(N_("Influencer"), [InputRequired()])
    reason = TextAreaField(N_("Reason"), [InputRequired(), Length(max=LONGEST_REASON)])


@blueprint.get("/campaigns/<campaign_id>/contacts")
def contacts(campaign_id: str) -> ResponseReturnValue:
    """A campaign's leads and calls, the newest first, by status, reason and influencer."""
    campaign: Campaign = campaign_for(session(), person(), campaign_id)
    chosen = {name: request.args.get(name, "") for name in ("status", "reason", "participant")}
    wanted = select(Contact).where(Contact.campaign_id == campaign.id)
    if chosen["status"] in CONTACT_STATUSES:
        wanted = wanted.where(Contact.status == chosen["status"])
    if chosen["reason"] in REASONS:
        wanted = wanted.where(Contact.reason == chosen["reason"])
    if chosen["participant"]:
        whose = participation_for(session(), person(), chosen["participant"])
        wanted = wanted.where(Contact.participation_id == whose.id)
    skip = max(request.args.get("skip", 0, type=int), 0)
    rows, more = page_of_contacts(session(), wanted.order_by(Contact.happened_at.desc(), Contact.id.desc()), skip)
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    return render_template(
        "console/contacts.html",
        campaign=campaign,
        rows=rows,
        next_url=url_for("console.contacts", campaign_id=campaign_id, skip=skip + PAGE, **kept) if more else "",
        counts=counts_by_status(session(), campaign.id),
        roster=[row for row in participants(session(), campaign) if row.acceptances],
        statuses=CONTACT_STATUSES,
        reasons=REASONS,
        chosen=chosen,
    )


@blueprint.get("/contacts/<contact_id>")
def contact(contact_id: str) -> ResponseReturnValue:
    """One contact with everything about it but the person."""
    return _page(contact_for(session(), person(), contact_id), RejectForm(formdata=None), AcceptForm(formdata=None))


@blueprint.post("/contacts/<contact_id>/reject", endpoint="reject_contact")
def reject(contact_id: str) -> ResponseReturnValue:
    """Reject a contact: it earns nothing from now on, and its influencer is told why."""
    found: Contact = contact_for(session(), person(), contact_id)
    form = RejectForm()
    if not form.validate_on_submit():
        return _page(found, form, AcceptForm(formdata=None)), 422
    known = settings()
    reject_contact(session(), found, person().id, form.why.data, known.public_url, known.identity_key, now())
    session().commit()
    log.info("rejected contact=%s", found.public_id)
    flash(gettext("The contact counts for nobody, and the books follow."), "good")
    return redirect(url_for("console.contact", contact_id=contact_id))


@blueprint.post("/contacts/<contact_id>/accept", endpoint="accept_contact")
def accept(contact_id: str) -> ResponseReturnValue:
    """Accept a contact for an influencer, whatever the rules found."""
    found: Contact = contact_for(session(), person(), contact_id)
    form = AcceptForm()
    form.participation.choices = _people(found)
    if form.validate_on_submit():
        try:
            whose = participation_for(session(), person(), form.participation.data)
            known, by = settings(), person().id
            reason = form.reason.data
            accept_contact(session(), found, whose, by, reason, known.public_url, known.identity_key, now())
            session().commit()
            log.info("accepted contact=%s", found.public_id)
            flash(gettext("The contact counts, and the books follow."), "good")
            return redirect(url_for("console.contact", contact_id=contact_id))
        except Invalid as refused:
            form.take_errors(refused)
    return _page(found, RejectForm(formdata=None), form), 422


def _page(found: Contact, reject_form: RejectForm, accept_form: AcceptForm) -> str:
    accept_form.participation.choices = _people(found)
    repeated = found.evidence.get("repeats")
    return render_template(
        "console/contact.html",
        contact=found,
        decision={"evidence": without_earlier(found.evidence)},
        earlier=[_before(one) for one in reversed(found.evidence.get("earlier", []))],
        row=listed(session(), [found])[0],
        names=_names_in(found),
        proof=masked(json.dumps(found.proof).encode()) if found.proof else "",
        first=contact_for(session(), person(), repeated) if repeated else None,
        **followed(found),
        reject_form=reject_form,
        accept_form=accept_form,
    )


def _before(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "until": datetime.fromisoformat(one["until"])}


def _people(found: Contact) -> Any:
    """Everyone whose accepted terms may pay for it: those of the contact's shop, the newest campaign first."""
    accepted = select(Acceptance.participation_id)
    rows = session().scalars(
        select(Participation)
        .join(Campaign, Campaign.id == Participation.campaign_id)
        .join(Influencer, Influencer.id == Participation.influencer_id)
        .where(Campaign.shop_id == found.shop_id, Participation.id.in_(accepted))
        .order_by(Campaign.id.desc(), Influencer.name)
    )
    pairs = [(row.public_id, f"{row.influencer.name} · {row.campaign.name}") for row in rows]
    return choices([("", gettext("Choose an influencer")), *pairs] if pairs else [])


def _names_in(found: Contact) -> dict[str, str]:
    """Participants that the evidence speaks of: public id -> name."""
    told = [piece for kind in ("codes", "clicks", "landing", "earlier") for piece in found.evidence.get(kind, [])]
    ids = {piece["participant"] for piece in told if "participant" in piece}
    people = select(Participation.public_id, Influencer.name).join(
        Influencer, Influencer.id == Participation.influencer_id
    )
    return {public_id: name for public_id, name in session().execute(people.where(Participation.public_id.in_(ids)))}
