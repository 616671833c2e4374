"""Letters about the time of an invitation: a reminder while it stands, and a word when it is over."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.i18n import show_time, speaking
from campaigns.models import Participation, User
from campaigns.people.mail import queue_letter
from campaigns.planning.notices import way_in


def reminded(session: Session, participation: Participation, base_url: str, now: datetime) -> None:
    """How long there is still time to decide, and where."""
    assert participation.expires_at is not None  # only what ends is reminded of
    with speaking(participation.influencer.language):
        until = show_time(participation.expires_at, participation.campaign.timezone)
    link = way_in(session, _user(session, participation), base_url, now, f"/me/invitations/{participation.public_id}")
    _write(session, participation, "invitation_reminder", now, until=until, link=link)


def ended(session: Session, participation: Participation, base_url: str, now: datetime) -> None:
    """That nothing is held against them, and that the agency can invite them again."""
    link = f"{base_url}/me/invitations/{participation.public_id}"
    _write(session, participation, "invitation_ended", now, link=link)


def _user(session: Session, participation: Participation) -> User | None:
    of_influencer = select(User).filter_by(influencer_id=participation.influencer_id, active=True)
    return session.scalar(of_influencer.order_by(User.id).limit(1))


def _write(session: Session, participation: Participation, letter: str, now: datetime, **values: object) -> None:
    influencer, campaign = participation.influencer, participation.campaign
    facts = {"name": influencer.name, "campaign": campaign.name, "brand": campaign.brand.name}
    queue_letter(session, influencer.email, influencer.language, letter, now, **facts, **values)
