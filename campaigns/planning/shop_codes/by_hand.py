"""What people do about codes in shops: say that one was created or ended by hand, or have the shop asked once more.

Where no API of the shop may be asked, the state is what somebody said; with one, the worker looks for itself.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, NotFound, Said
from campaigns.models import Campaign, CouponCode, Participation, Shop, ShopCode
from campaigns.planning.shop_codes.queue import WAYS
from campaigns.tracking.attribution import fold


def joined(shop: Shop) -> bool:
    """Whether codes are created in this shop by us."""
    return shop.api_credentials is not None and shop.platform in WAYS


def shop_code_for(session: Session, campaign: Campaign, code: str, now: datetime) -> ShopCode:
    """What is known of a campaign's code in the shop, held until the transaction ends; raises NotFound."""
    mine = (CouponCode.folded == fold(code), Participation.campaign_id == campaign.id)
    coupon = session.scalar(
        select(CouponCode).join(CouponCode.participation).where(*mine).with_for_update(of=CouponCode)
    )
    if coupon is None:
        raise NotFound("no such thing, or not yours")
    found = session.scalar(
        select(ShopCode)
        .where(ShopCode.coupon_code_id == coupon.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:  # minted before codes were looked after here
        found = ShopCode(coupon=coupon, state="waiting", attempts=0)
        session.add(found)
        session.flush()
    return found


def say_created(session: Session, row: ShopCode, now: datetime) -> None:
    """Somebody has created the code in the shop; the worker looks after it from now on, where it can."""
    if row.state not in ("waiting", "failed"):
        raise Conflict(Said('that can\'t be done now: the code stands as "%(status)s"', status=f"code_{row.state}"))
    row.state, row.by_hand, row.attempts, row.problem, row.retry_at = "created", True, 0, {}, now
    session.flush()


def say_ended(session: Session, row: ShopCode, now: datetime) -> None:
    """Somebody has ended the code in the shop."""
    if row.state != "to_end":
        raise Conflict(Said('that can\'t be done now: the code stands as "%(status)s"', status=f"code_{row.state}"))
    row.state, row.problem, row.retry_at, row.checked_at = "ended", {}, None, now
    session.flush()


def ask_again(session: Session, row: ShopCode, now: datetime) -> None:
    """Have the shop asked at once; a code that failed, or is gone from the shop, is created anew."""
    if row.state == "ended":
        raise Conflict(Said('that can\'t be done now: the code stands as "%(status)s"', status="code_ended"))
    if row.state == "failed" or (row.state == "created" and row.problem):
        row.state = "waiting"
    row.attempts, row.retry_at, row.problem = 0, now, {}
    session.flush()
