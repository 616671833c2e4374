"""A place that becomes free: the next in line is invited where the campaign wants that, and staff are told either way.

It is free where fewer take part or think about it than a campaign has; one letter for each invitation that was
declined or ran out, written by whoever's step it was.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Participation, User
from campaigns.people.mail import queue_letter
from campaigns.planning.matching.reserves import already_in, follow, has_room, reserves
from campaigns.planning.participation import OPEN_FOR_INVITATIONS


def given_up(session: Session, gone: Participation, base_url: str, now: datetime) -> None:
    """After a no, or no answer at all."""
    campaign = gone.campaign
    if campaign.status not in OPEN_FOR_INVITATIONS or campaign.ends_at <= now or not has_room(session, campaign):
        return
    invited = follow(session, campaign, base_url, now)
    following = invited.influencer.name if invited is not None else _next(session, campaign)
    facts = {
        "campaign": campaign.name,
        "person": gone.influencer.name,
        "declined": gone.status == "declined",
        "following": following,
        "invited": invited is not None,
        "link": f"{base_url}/console/campaigns/{campaign.public_id}/matching",
    }
    staff = select(User).filter_by(role="agency", active=True).order_by(User.id)
    for user in session.scalars(staff):
        queue_letter(session, user.email, user.language, "place_free", now, **facts)


def _next(session: Session, campaign: Campaign) -> str:
    """Who is first on the waiting list, and not in the campaign by another way; "" where nobody is."""
    waiting = (one for one in reserves(session, campaign) if not already_in(session, one))
    return next((one.influencer.name for one in waiting), "")
