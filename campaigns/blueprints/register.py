"""Every blueprint, in the order the map of the house lists them."""

from flask import Flask

from campaigns.blueprints import (
    account,
    answers,
    auth,
    brand,
    disputes,
    documents,
    exports,
    health,
    home,
    pages,
    papers,
    received,
    setup,
    tracking,
    wallets,
)
from campaigns.blueprints.api import (  # noqa: F401 - they declare views
    answer_operations,
    api,
    bills,
    campaigns,
    contacts,
    corrections,
    dispute_operations,
    export_operations,
    figures,
    openapi,
    payouts,
    people,
    rates,
    received_operations,
    reconciliation,
    registrations,
    route_rules,
    settlement,
    tables,
    wallet_operations,
    yearly,
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
        answers.blueprint,
        console.blueprint,
        documents.blueprint,
        received.blueprint,
        exports.blueprint,
        papers.blueprint,
    ):
        app.register_blueprint(blueprint)
