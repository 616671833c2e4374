"""Campaigns whose shop is a fake that takes codes, and the worker's round over them."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Participation, ShopCode
from campaigns.planning.shop_codes.work import work_codes
from tests import factories
from tests.factories import NOW
from tests.fakes.shop_server import FakeShop
from tests.tracking.asking import asking, joined_shop


def selling(session: Session, fake: FakeShop, platform: str, **plan: Any) -> tuple[Campaign, Participation]:
    """A live campaign of one participant with 10 % off until May 22nd, 18:00 UTC, in a shop that is the fake."""
    shop = joined_shop(session, fake, platform)
    campaign = factories.live_campaign(session, accepted=1, shop=shop, **plan)
    session.commit()
    return campaign, factories.participants(session, campaign)[0]


def work(session: Session, now: datetime = NOW) -> None:
    """One round of the worker."""
    session.commit()
    work_codes(session, asking(), now)
    session.expire_all()


def in_shop(session: Session, person: Participation, number: int = -1) -> ShopCode:
    """What is known of a participant's newest code in the shop."""
    code = person.codes[number]
    return session.scalars(select(ShopCode).where(ShopCode.coupon_code_id == code.id)).one()


def problem(session: Session, person: Participation) -> str:
    """What is wrong with it, in English."""
    return str(in_shop(session, person).problem.get("reason", ""))
