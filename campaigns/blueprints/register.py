"""Every blueprint, in the order the map of the house lists them."""

from flask import Flask

from campaigns.blueprints import account, auth, brand, documents, health, home, pages, setup, tracking
from campaigns.blueprints.api import api, campaigns, figures, openapi, people, settlement  # noqa: F401 - they declare views
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
        console.blueprint,
        documents.blueprint,
    ):
        app.register_blueprint(blueprint)
