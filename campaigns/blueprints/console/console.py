"""The whole console: importing the rooms hangs their views on the one blueprint."""

from campaigns.blueprints.console import (  # noqa: F401 - they declare views
    bills,
    brands,
    campaigns,
    closing,
    contacts,
    deliveries,
    delivery,
    follow_up,
    holds,
    influencers,
    orders,
    own_terms,
    payout,
    payouts,
    rates,
    reconciliation,
    replays,
    roster,
    route_rules,
    shop_api,
    shops,
    steps,
    team,
)
from campaigns.blueprints.console.blueprint import blueprint

__all__ = ["blueprint"]
