"""Letters to influencers, and of alarms to staff, in their language, queued in the transaction of what they tell.

`base_url` is where people reach this server. An influencer who has no password yet gets a one-time link to set one.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.i18n import show_date, speaking
from campaigns.models import Campaign, Participation, ShopAlarm, User
from campaigns.money import format_bps
from campaigns.people.invitations import create_invitation
from campaigns.people.mail import queue_letter
from campaigns.planning.alarm_words import told
from campaigns.planning.participation import offered_terms


def invited(session: Session, participation: Participation, base_url: str, now: datetime) -> None:
    """The campaign, its dates and the share offered, and where to read the terms and decide."""
    campaign, influencer = participation.campaign, participation.influencer
    zone = ZoneInfo(campaign.timezone)
    with speaking(influencer.language):
        first, last = (show_date(moment.astimezone(zone).date()) for moment in (campaign.starts_at, campaign.ends_at))
    page = f"/me/invitations/{participation.public_id}"
    link = way_in(session, _user(session, participation), base_url, now, page)
    rate = format_bps(offered_terms(participation)["influencer_rate_bps"])
    _write(session, participation, "invited", now, first=first, last=last, rate=rate, link=link)


def launched(session: Session, campaign: Campaign, base_url: str, now: datetime) -> None:
    """Everyone's own code and link, to everyone who takes part."""
    active = select(Participation).filter_by(campaign_id=campaign.id, status="active").order_by(Participation.id)
    for participation in session.scalars(active):
        code_given(session, participation, base_url, now)


def code_given(session: Session, participation: Participation, base_url: str, now: datetime) -> None:
    """The code and link now in use: at the launch, or instead of a leaked code."""
    code, address = participation.code, participation.link_address(base_url)
    if code is None or not address:
        return
    percent = participation.campaign.coupon_percent_off
    _write(session, participation, "launched", now, code=code.code, link=address, percent=percent, base_url=base_url)


def credit_changed(
    session: Session,
    participation: Participation,
    letter: str,
    number: str,
    placed_at: datetime,
    reason: str,
    base_url: str,
    now: datetime,
) -> None:
    """Staff credited an order to them (`credited_by_hand`), or their order to somebody else (`credit_taken`).

    `number` is the order's as influencers see it.
    """
    with speaking(participation.influencer.language):
        day = show_date(placed_at.astimezone(ZoneInfo(participation.campaign.timezone)).date())
    link = f"{base_url}/me/campaigns/{participation.public_id}"
    _write(session, participation, letter, now, number=number, day=day, reason=reason, link=link)


def contact_decided(
    session: Session,
    participation: Participation,
    letter: str,
    number: str,
    happened_at: datetime,
    reason: str,
    base_url: str,
    now: datetime,
) -> None:
    """Staff accepted a lead or call as theirs (`contact_accepted`), or took one from them (`contact_rejected`)."""
    credit_changed(session, participation, letter, number, happened_at, reason, base_url, now)


def shop_alarmed(session: Session, alarm: ShopAlarm, base_url: str, now: datetime) -> None:
    """A shop's feed gives reason to look: to everyone of the agency, each in their language."""
    staff = select(User).filter_by(role="agency", active=True).order_by(User.id)
    link = f"{base_url}/shops/{alarm.shop.public_id}/setup"
    for user in session.scalars(staff):
        with speaking(user.language):
            words = told(alarm)
        brand = alarm.shop.brand.name
        queue_letter(session, user.email, user.language, "shop_alarm", now, words=words, brand=brand, link=link)


def sign_in_offered(session: Session, user: User, name: str, agency: str, base_url: str, now: datetime) -> None:
    """A way to set a password, to somebody we gave a sign-in."""
    link = way_in(session, user, base_url, now)
    queue_letter(session, user.email, user.language, "invitation", now, name=name, agency=agency, link=link)


def way_in(session: Session, user: User | None, base_url: str, now: datetime, page: str = "/") -> str:
    """Where somebody comes in: by their password to `page`, or by a one-time link to set it."""
    if user is None or user.password_hash is not None:
        return f"{base_url}{page}"
    return f"{base_url}/set-password/{create_invitation(session, user, now)}"


def _user(session: Session, participation: Participation) -> User | None:
    of_influencer = select(User).filter_by(influencer_id=participation.influencer_id, active=True)
    return session.scalar(of_influencer.order_by(User.id).limit(1))


def _write(session: Session, participation: Participation, template: str, now: datetime, **values: object) -> None:
    influencer, campaign = participation.influencer, participation.campaign
    facts = {"name": influencer.name, "campaign": campaign.name, "brand": campaign.brand.name}
    queue_letter(session, influencer.email, influencer.language, template, now, **facts, **values)
