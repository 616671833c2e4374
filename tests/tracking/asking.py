"""Shops of ours that are joined to fakes, and what it takes to ask them."""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from campaigns.models import Shop
from campaigns.outbound import Client
from campaigns.tracking.shop_api import Asking, keep_credentials
from tests import factories
from tests.fakes import (
    bigcommerce_v2,
    ecwid_rest,
    shopify_admin,
    shopware_admin,
    squarespace_commerce,
    woocommerce_rest,
)
from tests.fakes.shop_server import FakeShop

CREDENTIALS = {
    "shopify": {"access_token": shopify_admin.TOKEN},
    "woocommerce": {"consumer_key": woocommerce_rest.KEY, "consumer_secret": woocommerce_rest.SECRET},
    "bigcommerce": {"store": bigcommerce_v2.STORE, "token": bigcommerce_v2.TOKEN},
    "ecwid": {"store": ecwid_rest.STORE, "token": ecwid_rest.TOKEN},
    "squarespace": {"token": squarespace_commerce.KEY},
    "shopware": {"access_key_id": shopware_admin.KEY_ID, "secret_access_key": shopware_admin.SECRET},
}


def asking(**changes: Any) -> Asking:
    """What it takes to ask shops on this machine, without waiting."""
    settings = current_app.extensions["settings"]
    quick = {"private": True, "patience": 1.0, "read_seconds": 0.3, "sleep": lambda seconds: None} | changes
    return Asking(Client(**quick), settings.sealing_key, settings.identity_key)


def joined_shop(session: Session, fake: FakeShop, platform: str, **facts: Any) -> Shop:
    """A shop whose API is the fake, committed."""
    shop = factories.shop(session, platform=platform, **facts)
    join(session, shop, fake)
    return shop


def join(session: Session, shop: Shop, fake: FakeShop) -> None:
    """Give a shop the fake's address and credentials."""
    keep_credentials(shop, asking().sealing_key, fake.url, CREDENTIALS[shop.platform])
    session.commit()
