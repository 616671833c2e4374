"""Every blueprint, in the order the map of the house lists them."""

from flask import Flask

from campaigns.blueprints import (
    account,
    agreeing,
    answers,
    auth,
    brand,
    codes,
    disputes,
    documents,
    exports,
    health,
    home,
    material,
    notices,
    pages,
    papers,
    places,
    received,
    setup,
    sign_in_links,  # noqa: F401 - it declares views of auth
    tracking,
    wallets,
    written,
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
    paper_operations,
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
from campaigns.blueprints.talks import rooms as talks


def init_app(app: Flask) -> None:
    """Mount the rooms."""
    places.init_app(app)
    written.init_app(app)
    for blueprint in (
        tracking.blueprint,
        health.blueprint,
        api.blueprint,
        pages.blueprint,
        home.blueprint,
        auth.blueprint,
        account.blueprint,
        notices.blueprint,
        me.blueprint,
        brand.blueprint,
        agreeing.blueprint,
        material.blueprint,
        setup.blueprint,
        codes.blueprint,
        disputes.blueprint,
        talks.blueprint,
        wallets.blueprint,
        answers.blueprint,
        console.blueprint,
        documents.blueprint,
        received.blueprint,
        exports.blueprint,
        papers.blueprint,
        written.blueprint,
    ):
        app.register_blueprint(blueprint)
