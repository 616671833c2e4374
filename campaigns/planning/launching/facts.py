"""The facts of the launch checklist, read from the database for one campaign."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, CampaignAsset, CouponCode, Delivery, Order, Participation, Shop, ShopCode
from campaigns.planning import life
from campaigns.planning.launching import decisions, vetting
from campaigns.planning.launching.agreed import plan_contents, proposed, roster_contents
from campaigns.planning.launching.checklist import Facts, Vetted
from campaigns.planning.participation import UNDECIDED
from campaigns.planning.plans import agency_most_bps, participants

IN_SHOP = ("created",)


def facts_of(session: Session, campaign: Campaign, share_limit_bps: int, now: datetime) -> Facts:
    """Everything the checklist asks for."""
    codes, known = _codes(session, campaign.id)
    everyone = participants(session, campaign)
    return Facts(
        brief=bool(campaign.brief.strip()),
        goals=bool(campaign.goals.strip() and campaign.product.strip()),
        values=bool(campaign.brand_values.strip()),
        vetted=_vetted(session, campaign, now),
        share_bps=agency_most_bps(campaign, everyone),
        share_limit_bps=share_limit_bps,
        shop_heard=_heard(session, campaign.shop),
        order_seen=bool(session.scalar(select(exists().where(Order.shop_id == campaign.shop_id)))),
        material=_material(session, campaign.id),
        accepted=len(life.accepted(session, campaign)),
        thinking=sum(one.status in UNDECIDED for one in everyone),
        decided={subject: one.state for subject, one in standings(session, campaign).items()},
        codes=codes,
        codes_in_shop=known,
    )


def standings(session: Session, campaign: Campaign) -> dict[str, decisions.Standing]:
    """Where plan and roster stand with the brand."""
    contents = {"plan": plan_contents(campaign), "roster": roster_contents(proposed(session, campaign))}
    return {
        subject: decisions.standing(decisions.newest(session, campaign.id, subject), now_said)
        for subject, now_said in contents.items()
    }


def _vetted(session: Session, campaign: Campaign, now: datetime) -> dict[str, Vetted]:
    return {
        subject: Vetted(
            one.review.verdict,
            one.review.campaign.name if one.carried else "",
            one.review.good_ratings,
            one.review.bad_ratings,
        )
        for subject, one in vetting.verdicts(session, campaign, now).items()
    }


def _heard(session: Session, shop: Shop) -> bool:
    """A genuine delivery came by itself, or the platform tried the address."""
    if shop.pinged_at is not None:
        return True
    came = exists().where(Delivery.shop_id == shop.id, Delivery.origin == "webhook")
    return bool(session.scalar(select(came)))


def _material(session: Session, campaign_id: int) -> int:
    standing = CampaignAsset.withdrawn_at.is_(None)
    count = select(func.count()).select_from(CampaignAsset).where(CampaignAsset.campaign_id == campaign_id, standing)
    return int(session.scalar(count) or 0)


def _codes(session: Session, campaign_id: int) -> tuple[int, int]:
    """How many codes are in use, and how many of them are known to be in the shop."""
    mine = (
        select(func.count(CouponCode.id), func.count(ShopCode.id))
        .join(Participation, Participation.id == CouponCode.participation_id)
        .outerjoin(ShopCode, (ShopCode.coupon_code_id == CouponCode.id) & ShopCode.state.in_(IN_SHOP))
        .where(Participation.campaign_id == campaign_id, CouponCode.ended_at.is_(None))
    )
    codes, known = session.execute(mine).one()
    return int(codes), int(known)
