"""Every shop platform we take deliveries from, one row each. A new platform is one adapter and one row here."""

import base64
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.tracking.events import Envelope, ShopEvent
from campaigns.tracking.platforms import shopify, standard, woocommerce


@dataclass(frozen=True)
class Platform:
    """One platform's pure functions. Headers come with lower-case names; `code` stands in the webhook's address.

    `verify(secrets, headers, body, now)` raises Forged; `envelope(headers, body)` never fails;
    `read(envelope, body, shop_currency, shop_timezone)` raises Unreadable and nothing else;
    `is_ping(headers, body)` names the one unsigned request that is answered all the same.
    """

    code: str
    label: str
    verify: Callable[[Sequence[str], Mapping[str, str], bytes, datetime], None]
    envelope: Callable[[Mapping[str, str], bytes], Envelope]
    read: Callable[[Envelope, bytes, str, str], ShopEvent]
    is_ping: Callable[[Mapping[str, str], bytes], bool]
    new_secret: Callable[[], str]


def _hex_secret() -> str:
    return secrets.token_hex(20)


def _standard_secret() -> str:
    return standard.SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


PLATFORMS: dict[str, Platform] = {
    platform.code: platform
    for platform in (
        Platform("shopify", "Shopify", shopify.verify, shopify.envelope, shopify.read, shopify.is_ping, _hex_secret),
        Platform(
            "woocommerce",
            "WooCommerce",
            woocommerce.verify,
            woocommerce.envelope,
            woocommerce.read,
            woocommerce.is_ping,
            _hex_secret,
        ),
        Platform(
            "standard",
            "Standard format",
            standard.verify,
            standard.envelope,
            standard.read,
            standard.is_ping,
            _standard_secret,
        ),
    )
}
