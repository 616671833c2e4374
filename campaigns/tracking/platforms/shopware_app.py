"""How a Shopware shop and we come to share a secret: it registers the app, and signs with what we answer.

https://developer.shopware.com/docs/guides/plugins/apps/lifecycle/app-registration-setup.html. The shop's owner installs
an app whose manifest has our address and the shop's secret. The shop then asks our address, its question signed with
that secret; we prove that we know it and say what to sign with, which is the same. Its confirmation brings keys to its
API, which nobody here asked for: it is answered, and nothing of it is kept.
"""

import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from campaigns.errors import Forged, Unreadable
from campaigns.tracking.json_body import read_object
from campaigns.tracking.platforms.signature import sign_hex

APP_NAME = "CampaignOrders"  # as in the manifest of templates/setup/shopware.html
SHORTEST_SECRET = 64  # Shopware takes none below


def register(secrets: Sequence[str], headers: Mapping[str, str], query: bytes, address: str) -> dict[str, str]:
    """What to answer a shop that registers the app from `address?query`; raises Forged.

    `query` is the query string as it came, which is what the shop signed.
    """
    secret = next((secret for secret in secrets if _signed_with(secret, headers, query)), None)
    if secret is None:
        raise Forged("the registration was not asked for with the shop's secret")
    asked = parse_qs(query.decode("utf-8", "replace"), max_num_fields=20)
    shop_id, shop_url = (asked.get(name, [""])[0] for name in ("shop-id", "shop-url"))
    if not shop_id or not shop_url:
        raise Forged("a registration without the shop's id and address")
    return {"proof": proof(secret, shop_id, shop_url), "secret": secret, "confirmation_url": address}


def proof(secret: str, shop_id: str, shop_url: str, app_name: str = APP_NAME) -> str:
    """What shows the shop that we know the app's secret."""
    return sign_hex(secret.encode(), f"{shop_id}{shop_url}{app_name}".encode()).decode()


def is_confirmation(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether this ends a registration. It changes nothing, so it does no harm where somebody else wrote it."""
    try:
        confirmation = read_object(body)
    except Unreadable:
        return False
    return {"apiKey", "secretKey", "shopId"} <= confirmation.values.keys() and "data" not in confirmation.values


def _signed_with(secret: str, headers: Mapping[str, str], query: bytes) -> bool:
    sent = headers.get("shopware-app-signature", "").strip().encode("utf-8", "replace")
    return bool(secret) and hmac.compare_digest(sent, sign_hex(secret.encode(), query))
