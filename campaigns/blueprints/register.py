"""Every blueprint, in the order the map of the house lists them."""

from flask import Flask

from campaigns.blueprints import (
    account,
    auth,
    brand,
    disputes,
    documents,
    health,
    home,
    pages,
    setup,
    tracking,
    wallets,
)
from campaigns.blueprints.api import (  # noqa: F401 - they declare views
    api,
    bills,
    campaigns,
    contacts,
    dispute_operations,
    figures,
    openapi,
    payouts,
    people,
    rates,
    reconciliation,
    settlement,
    wallet_operations,
)
from campaigns.blueprints.console import console
from campaigns.blueprints.me import me


def init_app(app: Flask) -> None:
    """Mount the rooms."""
    for blueprint in (
        tracking.blueprint,
        health.blueprint,
        api.blueprint,
        pages.blueprint,
        home.blueprint,
        auth.blueprint,
        account.blueprint,
        me.blueprint,
        brand.blueprint,
        setup.blueprint,
        disputes.blueprint,
        wallets.blueprint,
        console.blueprint,
        documents.blueprint,
    ):
        app.register_blueprint(blueprint)
