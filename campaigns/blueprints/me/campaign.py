"""One campaign as its influencer sees it: code, link, figures, day by day, every order and what it earns."""

import logging
from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints import access, charts
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.forms import Form
from campaigns.blueprints.me.invitation import may_accept
from campaigns.blueprints.me.rooms import rooms
from campaigns.blueprints.signed_in import person
from campaigns.i18n import N_, gettext
from campaigns.ids import masked
from campaigns.models import Participation
from campaigns.planning import participation as planning
from campaigns.planning.crediting import taken_away
from campaigns.planning.registrations import binding_of
from campaigns.settlement import earnings
from campaigns.settlement.contact_list import contacts_in, page_of_contacts, passed_over_contacts
from campaigns.settlement.daily import daily
from campaigns.settlement.figures import Figures, figures_of
from campaigns.settlement.pending import pending_of
from campaigns.tracking.links import DEEP_LINK_PARAMETER, find_target, told_page

NEWEST = 5  # orders on the page itself
logger = logging.getLogger(__name__)

# Why an order that carried an influencer's code or link is not theirs.
WHY_NOT = {
    "refused_test": N_("A test of the shop, not a sale."),
    "refused_outside_dates": N_("Placed before the campaign began, or after the code or link had ended."),
    "refused_currency": N_("Paid in a currency other than the campaign's."),
    "refused_self_purchase": N_("Your own purchase: it earns no commission."),
    "refused_unpaid": N_("Not paid yet. It counts from the moment it is paid."),
    "window_over": N_("Your link was not opened within the agreed time before the order."),
    "lock_over": N_("The buyer had come through you before, but longer ago than agreed."),
    "other": N_("Another influencer's code or link came first under the agreed rule."),
    "registered_to_another": N_("The buyer is a customer whom another influencer had registered with the shop."),
    "manual": N_("The agency credited it to somebody else."),
}
# Why a lead or call that came with an influencer's code or link does not count for them.
WHY_NO_CONTACT = {
    "refused_test": N_("A test, not a contact."),
    "refused_outside_dates": N_("It happened before the campaign began, or after the code or link had ended."),
    "refused_self_purchase": N_("You yourself: a contact of your own earns nothing."),
    "refused_repeated": N_("The same person had been in contact before; each person counts once in 30 days."),
    "refused_by_hand": N_("The agency looked at it and does not count it."),
    "window_over": N_("Your link was not opened within the agreed time before it."),
    "other": WHY_NOT["other"],
    "manual": N_("The agency counts it for somebody else."),
}
# What pointed to the influencer.
WHY = {
    "coupon": N_("Your code"),
    "link": N_("Your link"),
    "both": N_("Your code and a link"),
    "landing": N_("Your name in the address they came by"),
    "affiliate": N_("Your name in the shop's affiliate field"),
    "customer_lock": N_("A buyer you had brought before"),
    "registered": N_("A customer you registered"),
    "registered_late": N_("A customer you registered late"),
    "manual": N_("Assigned by the agency"),
}


@dataclass(frozen=True)
class PageLink:
    """What was pasted, and the link that leads there, or why there is none."""

    pasted: str
    address: str = ""
    wrong: str = ""


class LeaveForm(Form):
    """Leaving wants a reason: brand and agency planned with you."""

    reason = TextAreaField(N_("Why you leave"), [InputRequired(), Length(max=1000)])


def campaign(participation_id: str) -> ResponseReturnValue:
    """The page of a campaign that was joined; an invitation is a page of its own."""
    mine = access.participation_for(session(), person(), participation_id)
    if not mine.acceptances:
        return redirect(url_for("me.invitation", participation_id=mine.public_id))
    return _page(mine, LeaveForm())


def leave(participation_id: str) -> ResponseReturnValue:
    """Leave the campaign: code and link stop now, what was earned stays."""
    mine = access.participation_for(session(), person(), participation_id)
    form = LeaveForm()
    if not form.validate_on_submit():
        return _page(mine, form), 422
    planning.leave(session(), mine, "withdrawn", form.reason.data, now())
    session().commit()
    logger.info("withdrawn participation=%s", mine.public_id)
    flash(gettext("You left the campaign. What you earned so far stays yours."), "good")
    return redirect(url_for("me.campaign", participation_id=mine.public_id))


def _page(mine: Participation, form: LeaveForm) -> str:
    place = mine.campaign
    orders = earnings.credited(session(), place.id, now(), mine.id, most=NEWEST + 1)
    taken = taken_away(session(), mine)
    named_above = {one.order.id for one in taken}
    days = daily(session(), place.id, mine.id, place.timezone, now().astimezone(ZoneInfo(place.timezone)).date())
    contact_skip = max(request.args.get("contacts", 0, type=int), 0)
    contacts, more_contacts = page_of_contacts(session(), contacts_in(place.id, mine.id), contact_skip)
    return render_template(
        "me/campaign.html",
        participation=mine,
        campaign=place,
        accepted=mine.acceptances[-1],
        new_terms=may_accept(mine),
        may_leave=mine.status in planning.TAKING_PART,
        public_url=settings().public_url,
        page_link=_page_link(mine, request.args.get("to", "")),
        figures=figures_of(session(), place.id).get(mine.id, Figures()),
        days=days,
        panels=charts.panels(days, place.currency),
        rooms=rooms(mine),
        orders=orders[:NEWEST],
        more_orders=len(orders) > NEWEST,
        pending=pending_of(session(), [mine.id], now()).get(mine.id),
        taken=taken,
        passed_over=[row for row in earnings.passed_over(session(), mine) if row[0].id not in named_above],
        contacts=contacts,
        next_contacts=url_for("me.campaign", participation_id=mine.public_id, contacts=contact_skip + len(contacts))
        if more_contacts
        else "",
        contacts_passed_over=passed_over_contacts(session(), mine),
        customers=binding_of(session(), mine, now()),
        why=WHY,
        why_not=WHY_NOT,
        why_no_contact=WHY_NO_CONTACT,
        masked=masked,
        form=form,
    )


def _page_link(mine: Participation, pasted: str) -> PageLink | None:
    """Their link to a page of the shop that they pasted; None where there is no link in use."""
    target = find_target(session().connection(), mine.link.slug) if mine.link else None
    if target is None:
        return None
    told = told_page(target, pasted) if pasted.strip() else ""
    if told is None:
        return PageLink(pasted, wrong=gettext("That is no page of the shop %(shop)s.", shop=mine.campaign.shop.domain))
    address = f"{mine.link_address(settings().public_url)}?{urlencode({DEEP_LINK_PARAMETER: told})}" if told else ""
    return PageLink(pasted, address)
