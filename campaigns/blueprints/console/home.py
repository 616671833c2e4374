"""The agency's first page: what needs somebody today, each thing with where it is done."""

from typing import Any, NamedTuple

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session
from campaigns.i18n import N_
from campaigns.planning.today.today import needed
from campaigns.planning.today.waiting import MOST, Waiting

SINCE, UNTIL = "since", "until"


class Place(NamedTuple):
    """How a subject is called, what its moment is, and where it is done: one thing of it, or all of them.

    `one` is an endpoint and what its address calls the thing; `all_of_them` an endpoint and its query.
    """

    title: str
    deed: str
    moment: str
    one: tuple[str, str] | None
    all_of_them: tuple[str, dict[str, str]]


CAMPAIGN = ("console.campaign", "campaign_id")
BOARD: tuple[str, dict[str, str]] = ("console.board", {})
PLACES: dict[str, Place] = {
    "shop_alarms": Place(
        N_("Shops with an alarm"), N_("See what to do"), SINCE, ("setup.shop", "shop_id"), ("console.shops", {})
    ),
    "deliveries_failed": Place(
        N_("Deliveries that failed"), N_("Look at them"), SINCE, ("console.delivery", "delivery_id"),
        ("console.deliveries", {"status": "failed"}),
    ),
    "disputes_open": Place(
        N_("Disputes waiting for our answer"), N_("Answer"), SINCE, ("disputes.one", "dispute_id"),
        ("disputes.index", {}),
    ),
    "talks_waiting": Place(N_("People waiting for a message of ours"), N_("Read"), SINCE, None, ("talks.index", {})),
    "payouts_to_release": Place(
        N_("Payments to release"), N_("Check and release"), SINCE, ("console.payout", "payout_id"),
        ("console.payouts", {}),
    ),
    "brand_changes_asked": Place(N_("Brands ask for a change"), N_("Read what they ask"), SINCE, CAMPAIGN, BOARD),
    "campaigns_to_launch": Place(N_("Campaigns to launch"), N_("Launch"), UNTIL, CAMPAIGN, BOARD),
    "campaigns_ending": Place(N_("Campaigns about to end"), N_("Look once more"), UNTIL, CAMPAIGN, BOARD),
    "campaigns_to_close": Place(
        N_("Campaigns to compare with the shop and close"), N_("Compare and close"), SINCE,
        ("console.reconciliation", "campaign_id"), BOARD,
    ),
    "invitations_expiring": Place(N_("Invitations about to run out"), N_("Remind them"), UNTIL, CAMPAIGN, BOARD),
    "invitations_unanswered": Place(N_("Invitations without an answer"), N_("See whom"), SINCE, CAMPAIGN, BOARD),
    "papers_not_made": Place(
        N_("Papers that can't be made"), N_("See why"), SINCE, None, ("console.documents", {})
    ),
    "papers_received": Place(
        N_("Invoices and receipts to look at"), N_("Look at them"), SINCE, ("console.received_paper", "paper_id"),
        ("console.received_papers", {}),
    ),
    "codes_leaking": Place(
        N_("Codes that may be going round"), N_("See the figures"), SINCE, None, ("console.suspicions", {})
    ),
    "commissions_held": Place(
        N_("Commissions held"), N_("Decide"), SINCE, None, ("console.held", {})
    ),
    "orders_of_nobody": Place(
        N_("Orders that may be somebody's"), N_("Credit them"), SINCE, ("console.order", "order_id"),
        ("console.unattributed", {}),
    ),
    "tables_to_verify": Place(
        N_("Table rows to verify"), N_("Verify"), SINCE, ("console.table", "name"), ("console.tables", {})
    ),
}  # fmt: skip


class Line(NamedTuple):
    """One thing to do as the page shows it."""

    waiting: Waiting
    place: Place
    url: str


@blueprint.get("")
def home() -> ResponseReturnValue:
    """What waits, the most pressing first; or that nothing does."""
    waiting = (one for one in needed(session(), now()) if _mounted(PLACES[one.subject]))
    lines = [Line(one, PLACES[one.subject], _address(one)) for one in waiting]
    return render_template("console/home.html", lines=lines, most=MOST)


def _mounted(place: Place) -> bool:
    """A room that isn't mounted has no door."""
    return place.all_of_them[0] in current_app.view_functions


def _address(waiting: Waiting) -> str:
    place = PLACES[waiting.subject]
    if place.one is not None and waiting.keys == 1:
        endpoint, name = place.one
        return _to(endpoint, {name: waiting.key})
    return _to(*place.all_of_them)


def _to(endpoint: str, values: dict[str, Any]) -> str:
    return url_for(endpoint, **values)
