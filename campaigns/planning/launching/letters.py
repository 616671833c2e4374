"""Letters about what is agreed: to the brand, that something waits for its decision; to staff, what it decided."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.i18n import N_, gettext, speaking
from campaigns.models import BrandDecision, Campaign, User
from campaigns.people.mail import queue_letter
from campaigns.planning.notices import way_in

SUBJECTS = {"plan": N_("the plan"), "roster": N_("the influencers"), "report": N_("the report")}


def approval_asked(session: Session, campaign: Campaign, base_url: str, now: datetime) -> int:
    """Everyone of the brand is asked to read and decide; how many were written to."""
    readers = list(session.scalars(select(User).filter_by(role="brand", brand_id=campaign.brand_id, active=True)))
    for user in readers:
        link = way_in(session, user, base_url, now, f"/brand/campaigns/{campaign.public_id}/plan")
        facts = {"brand": campaign.brand.name, "campaign": campaign.name, "link": link}
        queue_letter(session, user.email, user.language, "approval_asked", now, **facts)
    return len(readers)


def brand_decided(session: Session, decision: BrandDecision, base_url: str, now: datetime) -> None:
    """Everyone of the agency reads what the brand decided, each in their language."""
    campaign = decision.campaign
    link = f"{base_url}/console/campaigns/{campaign.public_id}/preparation"
    staff = select(User).filter_by(role="agency", active=True).order_by(User.id)
    for user in session.scalars(staff):
        with speaking(user.language):
            subject = gettext(SUBJECTS[decision.subject])
        facts = {"brand": campaign.brand.name, "campaign": campaign.name, "subject": subject, "note": decision.note}
        approved = decision.decision == "approved"
        queue_letter(session, user.email, user.language, "brand_decided", now, link=link, approved=approved, **facts)
