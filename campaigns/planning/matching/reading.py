"""The facts of matching, read from the tables: a campaign's, and those of everybody who is not in it yet."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Influencer, Participation
from campaigns.planning import track_record
from campaigns.planning.matching.facts import Audience, Chances, Person, Sold, Span, Wanted
from campaigns.planning.roster import TOOK_PART

BUSY = ("accepted", "active")
RUNNING = ("draft", "recruiting", "ready", "live")


def wanted_by(campaign: Campaign) -> Wanted:
    """What a campaign asks for."""
    span = days_of(campaign)
    return Wanted(
        key=campaign.public_id,
        first=span.first,
        last=span.last,
        language=campaign.language,
        currency=campaign.currency,
        category=campaign.category,
        product=campaign.product,
        brand_values=campaign.brand_values,
        styles=tuple(campaign.styles),
        audience=Audience.told(campaign.audience),
    )


def days_of(campaign: Campaign) -> Span:
    """The days a campaign runs on, in its own zone."""
    zone = ZoneInfo(campaign.timezone)
    return Span(campaign.starts_at.astimezone(zone).date(), campaign.ends_at.astimezone(zone).date())


def away_of(influencer: Influencer) -> tuple[Span, ...]:
    """The days somebody asked to be left alone."""
    return tuple(Span(date.fromisoformat(one["from"]), date.fromisoformat(one["to"])) for one in influencer.away)


def candidates_for(session: Session, campaign: Campaign) -> list[tuple[Influencer, Person]]:
    """Everybody who is not in the campaign, with their facts, in the order they joined."""
    taken = select(Participation.influencer_id).where(Participation.campaign_id == campaign.id)
    people = list(session.scalars(select(Influencer).where(Influencer.id.not_in(taken)).order_by(Influencer.id)))
    chances = _chances(session)
    running = _running(session, campaign)
    outcomes = track_record.outcomes(session, [person.id for person in people])
    return [
        (
            person,
            Person(
                key=person.public_id,
                name=person.name,
                chances=chances.get(person.id, Chances(person.created_at.date())),
                followers=person.followers,
                niches=tuple(person.niches),
                styles=tuple(person.styles),
                languages=tuple(person.content_languages),
                audience=Audience.told(person.audience),
                away=away_of(person),
                running=tuple(running.get(person.id, ())),
                sold=_sold(outcomes.get(person.id, ())),
            ),
        )
        for person in people
    ]


def _chances(session: Session) -> dict[int, Chances]:
    """influencer id -> chances; who was never invited is missing."""
    rows = session.execute(
        select(Participation.influencer_id, Participation.status, func.count(), func.max(Participation.invited_at))
        .group_by(Participation.influencer_id, Participation.status)
    )  # fmt: skip
    given: dict[int, int] = defaultdict(int)
    accepted: dict[int, int] = defaultdict(int)
    last: dict[int, datetime] = {}
    for person, status, count, latest in rows:
        given[person] += count
        accepted[person] += count if status in TOOK_PART else 0
        last[person] = max(latest, last.get(person, latest))
    return {person: Chances(last[person].date(), given[person], accepted[person]) for person in given}


def _running(session: Session, campaign: Campaign) -> dict[int, list[Span]]:
    """influencer id -> other campaigns that touch this one's time and that they take part in."""
    rows = session.execute(
        select(Participation.influencer_id, Campaign)
        .join(Campaign, Campaign.id == Participation.campaign_id)
        .where(
            Participation.status.in_(BUSY),
            Campaign.id != campaign.id,
            Campaign.status.in_(RUNNING),
            Campaign.starts_at <= campaign.ends_at,
            Campaign.ends_at >= campaign.starts_at,
        )
        .order_by(Campaign.id)
    )
    found: dict[int, list[Span]] = defaultdict(list)
    for person, other in rows:
        found[person].append(days_of(other))
    return found


def _sold(outcomes: Iterable[track_record.Outcome]) -> tuple[Sold, ...]:
    """Their finished campaigns, each in its own currency; a campaign that still sells would look like a bad one."""
    return tuple(
        Sold(one.category, currency, one.sales_minor.get(currency, 0) - one.refunded_minor.get(currency, 0), one.reach)
        for one in outcomes
        if one.over and (currency := one.participation.campaign.currency)
    )
