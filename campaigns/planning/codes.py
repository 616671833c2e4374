"""Coupon codes and links: minted at launch, unique, and easy to say aloud.

A code is the influencer's name as far as it can be spoken and a random tail, without a dash: a dash is typed in
ten ways. Unique per shop without regard to case; the table has the last word.
"""

import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Said
from campaigns.ids import SPOKEN_ALPHABET, link_slug, spoken_tail
from campaigns.models import AffiliateLink, Campaign, CouponCode, Participation, ShopCode
from campaigns.tracking.attribution import fold

STEM_LENGTH = 6
TAIL_LENGTH = 4
TRIES = 50


def spoken_stem(name: str) -> str:
    """The part of a name a code can begin with: letters of the spoken alphabet only, none where the script is another.

    >>> spoken_stem("Noa Lévi"), spoken_stem("נועה")
    ('NAEV', '')
    """
    plain = unicodedata.normalize("NFKD", name).upper()
    return "".join(letter for letter in plain if letter in SPOKEN_ALPHABET and letter.isalpha())[:STEM_LENGTH]


def mint(session: Session, participation: Participation, now: datetime) -> None:
    """Give a participant a code and a link, unless they hold ones in force."""
    campaign = participation.campaign
    if not any(code.ended_at is None for code in participation.codes):
        code = _new_code(session, participation, campaign)
        session.add_all([code, ShopCode(coupon=code, retry_at=now)])  # the worker creates it in the shop
    if not any(link.withdrawn_at is None and not link.page for link in participation.links):
        session.add(AffiliateLink(slug=link_slug(), participation_id=participation.id))
    session.flush()
    session.expire(participation, ["codes", "links"])


def replace_code(session: Session, participation: Participation, now: datetime) -> CouponCode:
    """End a leaked code at this moment and give another; orders placed before keep counting."""
    if participation.status != "active":
        raise Conflict(Said("this participation is %(status)s", status=participation.status))
    for code in participation.codes:
        code.ended_at = code.ended_at or now
    session.flush()
    mint(session, participation, now)
    return participation.codes[-1]


def _new_code(session: Session, participation: Participation, campaign: Campaign) -> CouponCode:
    stem = spoken_stem(participation.influencer.name)
    for _ in range(TRIES):
        text = stem + spoken_tail(TAIL_LENGTH if stem else TAIL_LENGTH + STEM_LENGTH // 2)
        taken = select(CouponCode.id).filter_by(shop_id=campaign.shop_id, folded=fold(text))
        if session.scalar(taken) is None:
            return CouponCode(
                shop_id=campaign.shop_id,
                participation_id=participation.id,
                code=text,
                folded=fold(text),
                valid_from=campaign.starts_at,
                valid_to=campaign.ends_at + timedelta(days=campaign.grace_days),
            )
    raise Conflict("no free coupon code was found")
