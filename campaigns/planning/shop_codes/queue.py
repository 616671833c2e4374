"""What the worker has to do about codes in shops: what is due, whose claim it is, and what came of it.

A code is claimed by one statement before the shop is asked, and what came of it is written only while that claim
stands. So of two workers one asks; and where a worker died between the shop's answer and our commit, the next asks
again when its claim has run out, is told that the code is there, and takes it for ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from campaigns.models import Campaign, CouponCode, Order, Participation, Shop, ShopCode
from campaigns.planning.shop_codes import shopify, woocommerce
from campaigns.planning.shop_codes.asking import Wanted, Way

WAYS: Mapping[str, Way] = {"shopify": shopify.WAY, "woocommerce": woocommerce.WAY}
CLAIM = timedelta(minutes=5)  # longer than all requests about one code may take together
STATES_IN_SHOP = ("waiting", "created", "failed")


@dataclass(frozen=True)
class Job:
    """One code to ask its shop about, as it was when it was claimed: until `until` nobody else asks."""

    id: int
    state: str
    until: datetime
    attempts: int
    external_id: str
    by_hand: bool
    shop_id: int
    wanted: Wanted


def over(now: datetime) -> ColumnElement[bool]:
    """Whether a coupon code counts no more: its campaign and grace are over, or it was ended before."""
    return or_(CouponCode.ended_at <= now, CouponCode.valid_to <= now)


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(ShopCode.claimed_until.is_(None), ShopCode.claimed_until <= now)


def _joined() -> ColumnElement[bool]:
    return and_(Shop.api_credentials.is_not(None), Shop.platform.in_(WAYS))


def due(session: Session, now: datetime, most: int) -> list[tuple[int, int]]:
    """Codes whose shops are to be asked, with their shops, the longest waiting first."""
    found = session.execute(
        select(ShopCode.id, CouponCode.shop_id)
        .join(ShopCode.coupon)
        .join(Shop, Shop.id == CouponCode.shop_id)
        .where(ShopCode.retry_at <= now, ShopCode.state.in_(("waiting", "created", "to_end")), _free(now), _joined())
        .order_by(ShopCode.retry_at, ShopCode.id)
        .limit(most)
    )
    return [(row.id, row.shop_id) for row in found]


def claim(session: Session, shop_code_id: int, now: datetime) -> Job | None:
    """Take a due code, committed; None where somebody else has it. One statement decides."""
    until = now + CLAIM
    mine = (ShopCode.id == shop_code_id, ShopCode.retry_at <= now, _free(now))
    taken = session.execute(
        update(ShopCode)
        .where(*mine)
        .values(claimed_until=until, attempts=ShopCode.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        session.rollback()
        return None
    row = session.get_one(ShopCode, shop_code_id, populate_existing=True)
    coupon, percent = row.coupon, row.coupon.participation.campaign.coupon_percent_off
    wanted = Wanted(coupon.code, percent, coupon.valid_from, coupon.valid_to)
    job = Job(row.id, row.state, until, row.attempts, row.external_id, row.by_hand, coupon.shop_id, wanted)
    session.commit()
    return job


def settle(session: Session, job: Job, values: Mapping[str, Any]) -> bool:
    """Write what came of a job and commit; False, and nothing is written, where the claim is no longer ours."""
    mine = (ShopCode.id == job.id, ShopCode.state == job.state, ShopCode.claimed_until == job.until)
    written = session.execute(
        update(ShopCode).where(*mine).values(claimed_until=None, **values).execution_options(synchronize_session=False)
    )
    session.commit()
    return bool(written.rowcount == 1)  # type: ignore[attr-defined]


def put_to_end(session: Session, now: datetime) -> int:
    """Let codes that are over be ended in their shops, and forget those that never got there; the caller commits.

    One that somebody made by hand ends by the date they typed, so where no API may be asked only an earlier end is
    left for a person.
    """
    rows = session.execute(
        select(ShopCode, CouponCode.ended_at, _joined())
        .join(ShopCode.coupon)
        .join(Shop, Shop.id == CouponCode.shop_id)
        .where(ShopCode.state.in_(STATES_IN_SHOP), over(now), _free(now))
        .order_by(ShopCode.id)
        .with_for_update(of=ShopCode)
    ).all()
    for row, ended_at, joined in rows:
        never_there = row.state == "waiting" and not row.attempts
        by_itself = not joined and (ended_at is None or row.state != "created")
        row.state = "ended" if never_there or by_itself else "to_end"
        row.retry_at = now if row.state == "to_end" else None
        row.attempts, row.problem = 0, {}
    session.flush()
    return len(rows)


def any_to_end(session: Session, now: datetime) -> bool:
    """Whether `put_to_end` would find something."""
    found = select(ShopCode.id).join(ShopCode.coupon).where(ShopCode.state.in_(STATES_IN_SHOP), over(now), _free(now))
    return session.scalar(found.limit(1)) is not None


def orders_known(session: Session, shop_id: int, wanted: Wanted) -> int:
    """Orders of a shop that carry a code, whosever they are and whatever became of them.

    Codes are letters and digits that need no escape in JSON; shops may keep them in small letters.
    """
    carries = func.lower(cast(Order.codes, Text)).contains(f'"{wanted.code.lower()}"', autoescape=True)
    since = wanted.begins - timedelta(days=1)
    return (
        session.scalar(select(func.count(Order.id)).where(Order.shop_id == shop_id, Order.placed_at >= since, carries))
        or 0
    )


def codes_of(session: Session, campaign: Campaign) -> list[tuple[CouponCode, ShopCode | None]]:
    """Every code of a campaign with what is known of it in the shop, by participant."""
    found = session.execute(
        select(CouponCode, ShopCode)
        .join(CouponCode.participation)
        .options(contains_eager(CouponCode.participation).joinedload(Participation.influencer))
        .outerjoin(ShopCode, ShopCode.coupon_code_id == CouponCode.id)
        .where(Participation.campaign_id == campaign.id)
        .order_by(Participation.id, CouponCode.id)
    )
    return [(row[0], row[1]) for row in found]
