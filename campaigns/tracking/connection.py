"""Joining a shop's API: what credentials a platform wants, taking them, and trying them.

A platform may be read back from, pulled from, both or neither; staff enter one set of credentials for whatever it can.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from campaigns.addresses import Forbidden, require_form
from campaigns.errors import Invalid, Said
from campaigns.models import Delivery, Shop
from campaigns.outbound import Client
from campaigns.tracking.platforms.registry import PLATFORMS
from campaigns.tracking.pull import PULLS
from campaigns.tracking.shop_api import Gone, ShopApi, keep_credentials, read_back

LONGEST_ADDRESS = 253
LONGEST_CREDENTIAL = 500

Field = tuple[str, str, bool]  # name, label in English, whether it is secret


def fields_of(platform: str) -> tuple[Field, ...]:
    """The credentials a platform's API wants; none where it can't be asked."""
    way = PLATFORMS[platform].read_back
    found = dict.fromkeys([*(way.fields if way else ()), *(PULLS[platform].fields if platform in PULLS else ())])
    return tuple(found)


def own_address(platform: str) -> bool:
    """Whether each shop of the platform has an API address of its own."""
    way = PLATFORMS[platform].read_back
    return platform in PULLS or (way is not None and not way.base)


def connect(
    session: Session, shop: Shop, key: bytes, api_url: str, credentials: Mapping[str, str], now: datetime, private: bool
) -> None:
    """Take credentials, all of them anew; what waits for them is due at once. Raises Invalid."""
    address = _address(api_url) if own_address(shop.platform) else ""
    given = {name: (credentials.get(name) or "").strip() for name, _, _ in fields_of(shop.platform)}
    errors: dict[str, list[str]] = {name: [Said("is missing")] for name, value in given.items() if not value}
    for name, value in given.items():
        if len(value) > LONGEST_CREDENTIAL:
            errors[name] = [Said("has more than %(most)s characters", most=LONGEST_CREDENTIAL)]
    if own_address(shop.platform) and (refused := _wrong(address, private)):
        errors["api_url"] = [refused]
    if errors:
        raise Invalid(errors)
    keep_credentials(shop, key, address, given)
    waiting = (Delivery.shop_id == shop.id, Delivery.status == "waiting")
    session.execute(update(Delivery).where(*waiting).values(retry_at=now))
    session.flush()


def try_out(client: Client, api: ShopApi, now: datetime) -> None:
    """Ask the API something harmless; raises Unreachable where it doesn't answer as it should."""
    pull, way = PULLS.get(api.platform), PLATFORMS[api.platform].read_back
    if pull is not None:
        next(pull.pages(client, api.api_url, api.credentials, now), None)
    elif way is not None:
        try:
            read_back(client, way, api.api_url, api.credentials, way.no_order)
        except Gone:  # that there is none is an answer
            return


def _address(typed: str) -> str:
    address = typed.strip().rstrip("/")
    return address if "://" in address or not address else f"https://{address}"


def _wrong(address: str, private: bool) -> str:
    if len(address) > LONGEST_ADDRESS:
        return Said("has more than %(most)s characters", most=LONGEST_ADDRESS)
    try:
        path = require_form(address, private)[2]
    except Forbidden as error:
        return error.sentence
    return Said("this is not the address of an API") if "?" in path else ""
