"""A campaign's life: draft, recruiting, ready, live, ended, closed. Each step has its conditions; time drives two.

Ten to fifteen accepted make a launch; outside that a written reason does, and the audit log keeps it. A campaign
launched before its start date is `ready` and goes live by the clock, as it ends by the clock.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Said
from campaigns.models import Campaign, Participation
from campaigns.planning.codes import mint

ROSTER = range(10, 16)


def accepted(session: Session, campaign: Campaign) -> list[Participation]:
    """Who has accepted and not left."""
    return list(
        session.scalars(
            select(Participation)
            .where(Participation.campaign_id == campaign.id, Participation.status.in_(("accepted", "active")))
            .order_by(Participation.id)
        )
    )


def launch_findings(session: Session, campaign: Campaign) -> list[str]:
    """What stands against a launch; with a written reason it may be launched all the same."""
    count = len(accepted(session, campaign))
    if count in ROSTER:
        return []
    sentence = "%(count)s accepted; a campaign has %(least)s to %(most)s"
    return [Said(sentence, count=count, least=ROSTER.start, most=ROSTER.stop - 1)]


def launch(session: Session, campaign: Campaign, now: datetime, override_reason: str = "") -> Campaign:
    """Mint everyone's code and link; live at once where the start has passed, else ready."""
    session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update())
    session.refresh(campaign, ["status"])
    if campaign.status not in ("draft", "recruiting") or campaign.launched_at is not None:
        raise Conflict(Said("the campaign is %(status)s: it can't be launched", status=campaign.status))
    everyone = accepted(session, campaign)
    if not everyone:
        raise Conflict("nobody has accepted yet")
    findings = launch_findings(session, campaign)
    if findings and not override_reason.strip():
        raise Conflict("; ".join(findings), findings)
    campaign.launch_reason = override_reason.strip()
    campaign.launched_at = now
    campaign.status = "ready"
    for participation in everyone:
        activate(session, participation, now)
    start(session, campaign, now)
    return campaign


def activate(session: Session, participation: Participation, now: datetime) -> None:
    """Put an accepted participant of a launched campaign to work."""
    if participation.status == "accepted" and participation.campaign.launched_at is not None:
        mint(session, participation, now)
        participation.status = "active"
        session.flush()


def start(session: Session, campaign: Campaign, now: datetime) -> None:
    """Go live where the start has come."""
    if campaign.status == "ready" and now >= campaign.starts_at:
        campaign.status = "live"
    session.flush()


def advance(session: Session, campaign: Campaign, now: datetime) -> bool:
    """Start or end a campaign by its dates; True where it moved. Run twice it moves once."""
    before = campaign.status
    start(session, campaign, now)
    if campaign.status == "live" and now >= _over(campaign):
        campaign.status = "ended"
    session.flush()
    return campaign.status != before


def due(session: Session, now: datetime) -> list[int]:
    """Ids of campaigns whose dates may move them."""
    return list(
        session.scalars(
            select(Campaign.id)
            .where(
                ((Campaign.status == "ready") & (Campaign.starts_at <= now))
                | ((Campaign.status == "live") & (Campaign.ends_at <= now))
            )
            .order_by(Campaign.id)
        )
    )


def cancel(session: Session, campaign: Campaign, now: datetime) -> None:
    """Call a campaign off before it is live."""
    if campaign.status not in ("draft", "recruiting", "ready"):
        raise Conflict(Said("the campaign is %(status)s: it can't be called off", status=campaign.status))
    campaign.status = "cancelled"
    for participation in session.scalars(select(Participation).filter_by(campaign_id=campaign.id)):
        for code in participation.codes:
            code.ended_at = code.ended_at or now
    session.flush()


def _over(campaign: Campaign) -> datetime:
    return campaign.ends_at + timedelta(days=campaign.grace_days)
