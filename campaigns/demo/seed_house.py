"""Who is there in the demo data, and what the domain's functions ask for besides."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.models import Brand, Influencer, Shop, User


@dataclass(frozen=True)
class House:
    """An agency of two, a brand with two shops, and its influencers by handle."""

    staff: User
    colleague: User
    brand: Brand
    shop: Shop
    outlet: Shop
    influencers: Mapping[str, Influencer]
    key: bytes
    agency: dict[str, str]
    public_url: str
