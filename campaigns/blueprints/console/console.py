"""The whole console: importing the rooms hangs their views on the one blueprint."""

from campaigns.blueprints.console import (  # noqa: F401 - they declare views
    bills,
    brands,
    campaigns,
    certificates,
    closing,
    contacts,
    corrections,
    deliveries,
    delivery,
    exports,
    follow_up,
    holds,
    influencers,
    orders,
    own_terms,
    payout,
    payouts,
    payroll_orders,
    rates,
    received,
    reconciliation,
    registrations,
    replays,
    roster,
    route_rules,
    shop_api,
    shops,
    steps,
    tables,
    team,
    yearly,
)
from campaigns.blueprints.console.blueprint import blueprint

__all__ = ["blueprint"]
