"""Every shop platform we take deliveries from, one row each. docs/adding-a-platform.md shows how a row is added.

A row names the pure function that reads a delivery, and picks how the platform signs and labels it from what
`signature.py` and `envelopes.py` offer; a platform with ways of its own brings them in its file.
"""

import base64
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from campaigns.tracking.events import Envelope, ShopEvent
from campaigns.tracking.platforms import (
    adobe_commerce,
    bigcommerce,
    ecwid,
    salla,
    shopify,
    shopware,
    shopware_app,
    squarespace,
    standard,
    stripe,
    wix,
    woocommerce,
)
from campaigns.tracking.platforms.envelopes import ReadEnvelope, no_ping
from campaigns.tracking.platforms.reading_back import ReadBack
from campaigns.tracking.platforms.signature import Verify

Handshake = Callable[[Sequence[str], Mapping[str, str], bytes, str], str | dict[str, str] | None]


def _hex_secret() -> str:
    return secrets.token_hex(20)


def _long_hex_secret() -> str:
    return secrets.token_hex(shopware_app.SHORTEST_SECRET // 2)


def _standard_secret() -> str:
    return standard.SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


@dataclass(frozen=True)
class Platform:
    """One platform's pure functions. Headers come with lower-case names; `code` stands in the webhook's address.

    `verify(secrets, headers, body, now)` raises Forged; `envelope(headers, body)` never fails;
    `read(envelope, body, shop_currency, shop_timezone)` raises Unreadable and nothing else;
    `is_ping(headers, body)` names the one unsigned request that is answered all the same;
    `read_back` says how an order is asked for where the platform sends its id only;
    `handshake(secrets, headers, query, address)` answers the GET by which a platform tries the address: a str as plain
    text, a dict as JSON, None where it asks nothing; raises Forged;
    `through_discount(page, code)` is the address that applies a code and goes on to a page, where shops have one.
    """

    code: str
    label: str
    verify: Verify
    envelope: ReadEnvelope
    read: Callable[[Envelope, bytes, str, str], ShopEvent]
    is_ping: Callable[[Mapping[str, str], bytes], bool] = no_ping
    new_secret: Callable[[], str] = _hex_secret
    own_secret: bool = False  # the platform makes the secret itself: it can only be pasted from there
    read_back: ReadBack | None = None
    handshake: Handshake | None = None
    through_discount: Callable[[str, str], str] | None = None


_ROWS = (
    Platform(
        "shopify",
        "Shopify",
        shopify.verify,
        shopify.envelope,
        shopify.read,
        own_secret=True,
        through_discount=shopify.through_discount,
    ),
    Platform(
        "woocommerce", "WooCommerce", woocommerce.verify, woocommerce.envelope, woocommerce.read, woocommerce.is_ping
    ),
    Platform(
        "bigcommerce",
        "BigCommerce",
        bigcommerce.verify,
        bigcommerce.envelope,
        bigcommerce.read,
        read_back=bigcommerce.READ_BACK,
    ),
    Platform("ecwid", "Ecwid", ecwid.verify, ecwid.envelope, ecwid.read, own_secret=True, read_back=ecwid.READ_BACK),
    Platform(
        "squarespace",
        "Squarespace",
        squarespace.verify,
        squarespace.envelope,
        squarespace.read,
        own_secret=True,
        read_back=squarespace.READ_BACK,
    ),
    Platform(
        "stripe",
        "Stripe Checkout",
        stripe.verify,
        stripe.envelope,
        stripe.read,
        own_secret=True,
        read_back=stripe.READ_BACK,
    ),
    Platform(
        "shopware",
        "Shopware 6",
        shopware.verify,
        shopware.envelope,
        shopware.read,
        shopware_app.is_confirmation,
        new_secret=_long_hex_secret,
        read_back=shopware.READ_BACK,
        handshake=shopware_app.register,
    ),
    Platform("salla", "Salla", salla.verify, salla.envelope, salla.read, own_secret=True),
    Platform("wix", "Wix", wix.verify, wix.envelope, wix.read, own_secret=True, read_back=wix.READ_BACK),
    Platform(
        "adobe-commerce",
        "Adobe Commerce",
        adobe_commerce.verify,
        adobe_commerce.envelope,
        adobe_commerce.read,
        own_secret=True,
        read_back=adobe_commerce.READ_BACK,
        handshake=adobe_commerce.challenge,
    ),
    Platform(
        "standard", "Standard format", standard.verify, standard.envelope, standard.read, new_secret=_standard_secret
    ),
)

PLATFORMS: dict[str, Platform] = {platform.code: platform for platform in _ROWS}
