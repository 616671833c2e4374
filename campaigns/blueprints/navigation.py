"""The main menu, by role."""

from typing import NamedTuple

from flask import current_app, request, url_for

from campaigns.blueprints.context import session
from campaigns.blueprints.signed_in import SignedIn
from campaigns.i18n import N_, gettext
from campaigns.planning.talking.unread import unread

MENU = {
    "agency": (
        ("console.home", N_("Today")),
        ("console.campaigns", N_("Campaigns")),
        ("console.influencers", N_("Influencers")),
        ("console.brands", N_("Brands")),
        ("console.deliveries", N_("Deliveries")),
        ("console.payouts", N_("Payouts")),
        ("wallets.index", N_("Wallets")),
        ("talks.index", N_("Messages")),
        ("disputes.index", N_("Disputes")),
        ("console.team", N_("Team")),
    ),
    "brand": (
        ("brand.campaigns", N_("Campaigns")),
        ("talks.index", N_("Messages")),
        ("wallets.of_my_brand", N_("Wallet")),
        ("answers.index", N_("Ask the books")),
        ("disputes.index", N_("Disputes")),
    ),
    "influencer": (
        ("me.home", N_("My campaigns")),
        ("me.earnings", N_("My earnings")),
        ("talks.index", N_("Messages")),
        ("wallets.mine", N_("Wallet")),
        ("answers.index", N_("Ask the books")),
        ("disputes.index", N_("Disputes")),
    ),
}
HOME = {role: entries[0][0] for role, entries in MENU.items()}


class Entry(NamedTuple):
    """One word of the menu; `here` is where the visitor is."""

    url: str
    label: str
    here: bool


def navigation(visitor: SignedIn) -> list[Entry]:
    """The menu of the person signed in; a room that isn't mounted has no door."""
    return [
        Entry(url_for(endpoint), gettext(message) + _new(endpoint, visitor), request.endpoint == endpoint)
        for endpoint, message in MENU[visitor.role]
        if endpoint in current_app.view_functions
    ]


def _new(endpoint: str, visitor: SignedIn) -> str:
    """How many messages wait behind a word of the menu."""
    waiting = unread(session(), visitor.user) if endpoint == "talks.index" else 0
    return f" ({waiting})" if waiting else ""
