"""What waits for a brand: decisions, messages, incidents, differences, bills; each with the door that leads there.

A room that isn't mounted has no door, and what would lead there is not said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, url_for
from sqlalchemy import select

from campaigns.blueprints import access, agreeing
from campaigns.blueprints.context import now, session
from campaigns.i18n import N_
from campaigns.models import AuditEntry, Bill, Campaign, Delivery, Incident, Shop, User
from campaigns.planning.talking.subjects import subject_for
from campaigns.planning.talking.unread import unread
from campaigns.settlement.billing.bill_payments import states_of
from campaigns.settlement.reconciling.reconciliation import undecided

ASKED_FOR = timedelta(days=60)  # after the closing; a report of long ago is not asked about any more
UNDECIDED = ("none", "changed")
BEFORE_START = ("recruiting", "ready")
AFTER_END = ("live", "ended", "reconciling")
TITLES = {
    "plan": N_("A plan to approve"),
    "roster": N_("Influencers to approve"),
    "report": N_("A report to approve"),
}


@dataclass(frozen=True)
class Need:
    """One thing that waits: how many of it, what, of which campaign or shop, and where it is done."""

    count: int
    title: str
    name: str
    url: str
    deed: str


def needs(user: User, places: Sequence[Campaign]) -> list[Need]:
    """Everything that waits for a brand, what stops others first."""
    found = [*_decisions(places), *_messages(user), *_incidents(user), *_bills(user), *_differences(places)]
    return [*found, *_silent_shops(user)]


def _decisions(places: Sequence[Campaign]) -> Iterator[Need]:
    if "agreeing.plan" not in current_app.view_functions:
        return
    for place in places:
        subjects = {name: told for name, told in agreeing.subjects_of(place).items() if _is_asked(place, name, told)}
        for subject, standing in agreeing.standings_of(place, subjects).items():
            if standing.state in UNDECIDED:
                url = url_for("agreeing.plan", campaign_id=place.public_id, _anchor=subject)
                yield Need(1, TITLES[subject], place.name, url, N_("Read and decide"))


def _is_asked(place: Campaign, subject: str, contents: dict[str, object]) -> bool:
    """Plan and people are decided on before the start, a draft's once the agency asked; the report after the end."""
    if place.status not in agreeing.OPEN_FOR[subject]:
        return False
    if subject == "report":
        return place.closed_at is None or now() - place.closed_at < ASKED_FOR
    if subject == "roster" and not contents.get("people"):
        return False
    asked = select(AuditEntry.id).filter_by(action="brand.asked", subject=f"campaign:{place.public_id}").limit(1)
    return place.status in BEFORE_START or (place.status == "draft" and session().scalar(asked) is not None)


def _messages(user: User) -> Iterator[Need]:
    if count := unread(session(), user):
        yield Need(count, N_("Messages to read"), "", url_for("talks.index"), N_("Read"))


def _incidents(user: User) -> Iterator[Need]:
    reported = access.incidents_for(user).where(Incident.status == "reported").order_by(Incident.id)
    for one in session().scalars(reported):
        url = url_for("talks.one", talk_id=one.talk.public_id)
        yield Need(1, N_("An incident to handle"), subject_for(one.talk, "brand"), url, N_("Look at it"))


def _bills(user: User) -> Iterator[Need]:
    mine = session().scalars(select(Bill).filter_by(brand_id=user.brand_id).order_by(Bill.id))
    for state in states_of(session(), mine):
        if state.open_minor > 0:
            paper = state.bill.document
            url = url_for("papers.one", document_id=paper.public_id)
            yield Need(1, N_("A bill to pay"), paper.number, url, N_("To the bill"))


def _differences(places: Sequence[Campaign]) -> Iterator[Need]:
    for place in places:
        count = sum(undecided(session(), place.id).values()) if place.status in AFTER_END else 0
        if count:
            url = url_for("brand.campaign", campaign_id=place.public_id, _anchor="differs")
            title = N_("Your shop's list and ours differ")
            yield Need(count, title, place.name, url, N_("Look at them"))


def _silent_shops(user: User) -> Iterator[Need]:
    for shop in session().scalars(access.shops_for(user).order_by(Shop.id)):
        heard = select(Delivery.id).filter_by(shop_id=shop.id).limit(1)
        if session().scalar(heard) is None:
            url = url_for("setup.shop", shop_id=shop.public_id)
            yield Need(1, N_("Nothing has come from your shop yet"), shop.name, url, N_("Connect the shop"))
