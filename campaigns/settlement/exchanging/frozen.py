"""What requests and self-billing invoices say alike, as primitives to be frozen."""

from typing import Any

from campaigns.models import Influencer
from campaigns.settlement.exchanging.asked import Asked, standing_of

AGENCY = ("name", "legal_name", "registration_number", "address", "email")


def payee_of(payee: Influencer, route: str) -> dict[str, Any]:
    """Who writes the paper, as it names them."""
    return {
        "id": payee.public_id,
        "name": payee.name,
        "id_number": payee.id_number,
        "address": payee.address,
        "country": payee.country,
        "standing": standing_of(payee.country, payee.dealer_status, route),
    }


def amounts_of(asked: Asked) -> dict[str, int]:
    """The sums of a paper, minor units."""
    return {
        "net_minor": asked.net_minor,
        "vat_minor": asked.vat_minor,
        "total_minor": asked.net_minor + asked.vat_minor,
        "withheld_minor": asked.withheld_minor,
        "paid_minor": asked.paid_minor,
    }


def campaign_of(stated: dict[str, Any]) -> dict[str, str]:
    """What was supplied, and when, as the statement has it."""
    return {key: stated["campaign"][key] for key in ("name", "starts_at", "ends_at", "timezone")}
