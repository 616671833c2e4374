"""Orders: whose sale each is and why, those that are nobody's, and crediting one by hand."""

import logging
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, String, case, cast, func, select
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints.access import campaign_for, campaigns_for, order_for, participation_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.following import followed
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import (
    Acceptance,
    AttributionDecision,
    Campaign,
    Delivery,
    Influencer,
    Order,
    Participation,
)
from campaigns.planning.crediting import credit_by_hand
from campaigns.planning.plans import participants
from campaigns.reasons import LONGEST_REASON
from campaigns.settlement.foreign import sold_in
from campaigns.tracking import decisions
from campaigns.tracking.evidence import pieces
from campaigns.tracking.orders import refunds_of
from campaigns.tracking.suggestions import suggested

PER_PAGE = 50
REASONS = (
    "coupon", "link", "both", "landing", "affiliate", "customer_lock", "registered", "registered_late", "manual",
    "none", "refused_outside_dates", "refused_self_purchase", "refused_unpaid", "refused_currency", "refused_test",
)  # fmt: skip
log = logging.getLogger(__name__)


class AssignForm(SpokenForm):
    """To whom an order is credited, and why."""

    participation = SelectField(N_("Influencer"), [InputRequired()])
    reason = TextAreaField(N_("Reason"), [InputRequired(), Length(max=LONGEST_REASON)])


@blueprint.get("/campaigns/<campaign_id>/orders")
def orders(campaign_id: str) -> ResponseReturnValue:
    """A campaign's orders, the newest first, by reason and by influencer."""
    campaign = campaign_for(session(), person(), campaign_id)
    reason, whose = request.args.get("reason", ""), request.args.get("participant", "")
    wanted = _decided().where(AttributionDecision.campaign_id == campaign.id)
    if reason in REASONS:
        wanted = wanted.where(AttributionDecision.reason == reason)
    if whose:
        chosen = participation_for(session(), person(), whose)
        wanted = wanted.where(AttributionDecision.participation_id == chosen.id)
    rows, next_url = _page(wanted, campaign_id=campaign_id, reason=reason, participant=whose)
    roster = [row for row in participants(session(), campaign) if row.acceptances]
    facts = {"campaign": campaign, "rows": rows, "next_url": next_url, "roster": roster}
    return render_template("console/orders.html", **facts, reasons=REASONS, reason_chosen=reason, participant=whose)


@blueprint.get("/unattributed")
def unattributed() -> ResponseReturnValue:
    """Orders nobody is credited for: those worth a look, or all of one reason; of one campaign, or of all."""
    campaign: Campaign | None = None
    nobodys = _decided().where(AttributionDecision.participation_id.is_(None))
    if request.args.get("campaign"):
        campaign = campaign_for(session(), person(), request.args["campaign"])
        nobodys = nobodys.where(AttributionDecision.campaign_id == campaign.id)
    by_reason = nobodys.with_only_columns(AttributionDecision.reason, func.count())
    counts = by_reason.group_by(AttributionDecision.reason).order_by(AttributionDecision.reason)
    reason = request.args.get("reason", "")
    wanted = nobodys.where(AttributionDecision.reason == reason if reason in REASONS else _worth_a_look())
    campaign_id = campaign.public_id if campaign else ""
    rows, next_url = _page(wanted, campaign=campaign_id, reason=reason)
    facts = {"campaign": campaign, "rows": rows, "next_url": next_url, "reason_chosen": reason}
    return render_template(
        "console/unattributed.html",
        **facts,
        counts=session().execute(counts).all(),
        suggestions=suggested(session(), [(order, decision) for order, decision in rows], settings().identity_key),
    )


def _worth_a_look() -> Any:
    """Refused ones, and those with evidence that led nowhere; a shop's other customers and tests are not."""
    with_evidence = cast(AttributionDecision.evidence, String) != "{}"
    plain = AttributionDecision.reason.in_(("none", "refused_test"))
    return ~plain | ((AttributionDecision.reason == "none") & with_evidence)


def _decided() -> Select[Order, AttributionDecision]:
    """Orders with the decision in force, as far as the person signed in may see them."""
    visible = campaigns_for(person()).with_only_columns(Campaign.id)
    return (
        select(Order, AttributionDecision)
        .join(AttributionDecision, AttributionDecision.order_id == Order.id)
        .where(
            AttributionDecision.superseded_at.is_(None),
            AttributionDecision.campaign_id.in_(visible) | AttributionDecision.campaign_id.is_(None),
        )
    )


def _page(wanted: Select[Order, AttributionDecision], **filters: str) -> tuple[list[Any], str]:
    page = max(request.args.get("page", 1, int), 1)
    newest = wanted.order_by(Order.placed_at.desc(), Order.id.desc())
    rows = list(session().execute(newest.offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1)).all())
    kept: dict[str, Any] = {name: value for name, value in filters.items() if value}
    more = url_for(request.endpoint or "", page=page + 1, **kept) if len(rows) > PER_PAGE else ""
    return rows[:PER_PAGE], more


@blueprint.route("/orders/<order_id>", methods=["GET", "POST"])
def order(order_id: str) -> ResponseReturnValue:
    """One order with everything about it; posted to, it is credited to somebody by hand.

    `credit` in the address chooses whom, as a suggestion does; the reason is always written.
    """
    found: Order = order_for(session(), person(), order_id)
    form = AssignForm()
    people = [(row.public_id, f"{row.influencer.name} · {row.campaign.name}") for row in _creditable(found)]
    form.participation.choices = choices([("", gettext("Choose an influencer")), *people] if people else [])
    if form.validate_on_submit():
        try:
            _assign(found, form)
            session().commit()
            log.info("assigned order=%s", found.public_id)
            flash(gettext("The order is credited, and the books follow."), "good")
            return redirect(url_for("console.order", order_id=order_id))
        except Invalid as refused:
            form.take_errors(refused)
    elif request.method == "GET":
        form.participation.data = request.args.get("credit", "")
    decision = decisions.current_decision(session(), found.id)
    guesses = suggested(session(), [(found, decision)], settings().identity_key) if decision else {}
    page = render_template(
        "console/order.html",
        order=found,
        decision=decision,
        sold=_sold(found, decision),
        names=_names_in(found),
        suggestions=guesses.get(found.id, []),
        refunds=refunds_of(session(), found),
        **followed(found),
        deliveries=session().scalars(_deliveries_of(found)).all(),
        form=form,
    )
    return page, 422 if form.errors else 200


def _sold(order: Order, decision: AttributionDecision | None) -> tuple[int, int] | None:
    """Net and refunded in the campaign's currency, where a rate converted them."""
    if decision is None or decision.campaign is None or not decision.evidence.get("rate"):
        return None
    return sold_in(order, decision.evidence, decision.campaign.currency)


def _assign(order: Order, form: AssignForm) -> None:
    participation = participation_for(session(), person(), form.participation.data)
    known = settings()
    by, reason = person().id, form.reason.data
    credit_by_hand(session(), order, participation, by, reason, known.public_url, known.identity_key, now())


def _names_in(order: Order) -> dict[str, str]:
    """Participants that the evidence of an order's decisions speaks of: public id -> name."""
    told = [piece for decision in order.decisions for piece in pieces(decision.evidence)]
    people = select(Participation.public_id, Influencer.name).join(
        Influencer, Influencer.id == Participation.influencer_id
    )
    found = session().execute(people.where(Participation.public_id.in_({piece["participant"] for piece in told})))
    return {public_id: name for public_id, name in found}


def _creditable(order: Order) -> list[Participation]:
    """Everyone who ever accepted in a campaign of the order's shop; first those of campaigns running at its time."""
    accepted = select(Acceptance.participation_id)
    running = (Campaign.starts_at <= order.placed_at) & (Campaign.ends_at >= order.placed_at)
    return list(
        session().scalars(
            select(Participation)
            .join(Campaign, Campaign.id == Participation.campaign_id)
            .join(Influencer, Influencer.id == Participation.influencer_id)
            .where(Campaign.shop_id == order.shop_id, Participation.id.in_(accepted))
            .order_by(case((running, 0), else_=1), Campaign.id.desc(), Influencer.name)
        )
    )


def _deliveries_of(order: Order) -> Select[Delivery]:
    return (
        select(Delivery)
        .filter_by(shop_id=order.shop_id, order_external_id=order.external_id)
        .order_by(Delivery.received_at, Delivery.id)
    )
