"""A campaign in which Noa and Tal take part, and the talks of tests."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from campaigns.models import Campaign, Participation, Talk, TalkMessage, User
from campaigns.planning.talking import talks
from campaigns.planning.talking.readers import told
from tests import factories

LATER = factories.NOW + timedelta(hours=1)


@dataclass(frozen=True)
class Stage:
    """Who is there: an influencer, another, the brand, and staff."""

    campaign: Campaign
    noa: Participation
    tal: Participation
    influencer: User
    other: User
    brand: User
    staff: User


def stage(session: Session) -> Stage:
    """A live campaign of two; everybody reads English."""
    campaign = factories.live_campaign(session, accepted=2)
    noa, tal = factories.participants(session, campaign)
    for one in (noa, tal):
        one.influencer.language = "en"
    return Stage(
        campaign,
        noa,
        tal,
        factories.user(session, influencer=noa.influencer),
        factories.user(session, influencer=tal.influencer),
        factories.user(session, brand=campaign.brand),
        factories.user(session),
    )


def asked(session: Session, here: Stage, words: str = "When does it ship?") -> tuple[Talk, TalkMessage]:
    """Noa asks the brand: staff read it first."""
    person, brand = here.noa.influencer, here.campaign.brand
    opening = talks.Opening("question", "Shipping", words, ["brand"], here.campaign, person, brand)
    return talks.open_talk(session, here.influencer, opening, factories.NOW)


def passed(session: Session, here: Stage, words: str = "When does it ship?") -> tuple[Talk, TalkMessage]:
    """Noa asked the brand, and staff passed it on as it was."""
    talk, message = asked(session, here, words)
    talks.pass_on(session, talk, message, here.staff, words, talk.subject, factories.NOW)
    return talk, message


def read(session: Session, talk: Talk, role: str) -> list[str]:
    """What people of a role read, in order."""
    return [one.message.body for one in told(session, talk, role)]
