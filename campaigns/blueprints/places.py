"""Where each item of the launch checklist is mended, and what comes next is done: one table of doors, by role."""

from typing import Any

from flask import Flask, url_for

from campaigns.i18n import N_, gettext
from campaigns.models import Campaign

CAMPAIGN, SHOP, NOTHING = "campaign_id", "shop_id", ""
# place: (endpoint, what its address names, the words on the button)
AGENCY: dict[str, tuple[str, str, str]] = {
    "plan": ("console.edit_campaign", CAMPAIGN, N_("Write the plan")),
    "vetting": ("console.vetting", CAMPAIGN, N_("Look into it")),
    "terms": ("console.offer_terms", CAMPAIGN, N_("Offer other terms")),
    "shop": ("setup.shop", SHOP, N_("Connect the shop")),
    "material": ("console.material", CAMPAIGN, N_("Add material")),
    "people": ("console.matching", CAMPAIGN, N_("Choose influencers")),
    "agreed": ("console.preparation", CAMPAIGN, N_("Ask the brand")),
    "codes": ("codes.index", CAMPAIGN, N_("Create the codes")),
    "launch": ("console.launch", CAMPAIGN, N_("Launch")),
    "orders": ("console.orders", CAMPAIGN, N_("Look at the orders")),
    "reconciling": ("console.reconciliation", CAMPAIGN, N_("Check with the shop")),
    "closing": ("console.close", CAMPAIGN, N_("Close the campaign")),
    "bills": ("console.bills", CAMPAIGN, N_("Bill the brand")),
    "new": ("console.new_campaign", NOTHING, N_("New campaign")),
}
BRAND: dict[str, tuple[str, str, str]] = {
    "shop": ("setup.shop", SHOP, N_("Connect the shop")),
    "codes": ("codes.index", CAMPAIGN, N_("Create the codes")),
    "agreed": ("agreeing.plan", CAMPAIGN, N_("Read and decide")),
}


def init_app(app: Flask) -> None:
    """Let templates open the doors."""
    app.jinja_env.globals.update(place_url=place_url, place_label=place_label)


def place_url(place: str, campaign: Campaign, role: str = "agency") -> str:
    """The address of a place; "" where this role has no such door."""
    endpoint, names, _ = _door(place, role)
    if not endpoint:
        return ""
    ids: dict[str, Any] = {CAMPAIGN: campaign.public_id, SHOP: campaign.shop.public_id}
    address = url_for(endpoint, **({names: ids[names]} if names else {}))
    return f"{address}#agreed" if place == "agreed" and role == "agency" else address


def place_label(place: str, role: str = "agency") -> str:
    """The words on the button that leads there."""
    words = _door(place, role)[2]
    return gettext(words) if words else ""


def _door(place: str, role: str) -> tuple[str, str, str]:
    return (BRAND if role == "brand" else AGENCY).get(place, ("", "", ""))
