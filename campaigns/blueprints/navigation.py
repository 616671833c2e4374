"""The main menu, by role."""

from typing import NamedTuple

from flask import current_app, request, url_for

from campaigns.blueprints.signed_in import SignedIn
from campaigns.i18n import N_, gettext

MENU = {
    "agency": (
        ("console.campaigns", N_("Campaigns")),
        ("console.influencers", N_("Influencers")),
        ("console.brands", N_("Brands")),
        ("console.deliveries", N_("Deliveries")),
        ("console.payouts", N_("Payouts")),
        ("wallets.index", N_("Wallets")),
        ("disputes.index", N_("Disputes")),
        ("console.team", N_("Team")),
    ),
    "brand": (
        ("brand.campaigns", N_("Campaigns")),
        ("wallets.of_my_brand", N_("Wallet")),
        ("answers.index", N_("Ask the books")),
        ("disputes.index", N_("Disputes")),
    ),
    "influencer": (
        ("me.home", N_("My campaigns")),
        ("me.earnings", N_("My earnings")),
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
        Entry(url_for(endpoint), gettext(message), request.endpoint == endpoint)
        for endpoint, message in MENU[visitor.role]
        if endpoint in current_app.view_functions
    ]
