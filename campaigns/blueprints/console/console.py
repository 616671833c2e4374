"""The whole console: importing the rooms hangs their views on the one blueprint."""

from campaigns.blueprints.console import (  # noqa: F401 - they declare views
    brands,
    campaigns,
    closing,
    deliveries,
    delivery,
    influencers,
    orders,
    payouts,
    replays,
    roster,
    shop_api,
    shops,
    steps,
    team,
)
from campaigns.blueprints.console.blueprint import blueprint

__all__ = ["blueprint"]
