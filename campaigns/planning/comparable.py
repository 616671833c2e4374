"""Whose finished campaigns an estimate may stand on: one's own, and those of others in the same field and currency."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Participation
from campaigns.planning import expectation, track_record
from campaigns.planning.expectation import Range, Result
from campaigns.planning.participation import offered_terms

MOST_PEOPLE = 300  # the newest suffice


@dataclass(frozen=True)
class Expectation:
    """What one's own campaigns say and what similar people's do, each None where it can't be said yet."""

    own: Range | None
    others: Range | None


def expected(session: Session, participation: Participation) -> Expectation:
    """What an invitation may bring under the terms it offers."""
    campaign, terms = participation.campaign, offered_terms(participation)
    me = participation.influencer_id
    results = _results(session, campaign, [me, *_others(session, participation)])
    return Expectation(
        expectation.own_range([one for one in results if one.person == me], terms),
        expectation.range_of_others(
            [one for one in results if one.person != me], terms, participation.influencer.followers
        ),
    )


def _others(session: Session, participation: Participation) -> list[int]:
    """People with finished campaigns in this field, the newest first; without a field nothing is comparable."""
    campaign = participation.campaign
    if not campaign.category:
        return []
    rows = session.scalars(
        select(Participation.influencer_id)
        .join(Campaign, Campaign.id == Participation.campaign_id)
        .where(
            Campaign.category == campaign.category,
            Campaign.currency == campaign.currency,
            Campaign.status.in_(track_record.OVER),
            Participation.influencer_id != participation.influencer_id,
        )
        .group_by(Participation.influencer_id)
        .order_by(Participation.influencer_id.desc())
        .limit(MOST_PEOPLE)
    )
    return list(rows)


def _results(session: Session, campaign: Campaign, people: list[int]) -> list[Result]:
    """Their finished campaigns like this one, in its currency; where it names no field, those of any."""
    return [
        Result(person, one.orders, _left(one, campaign.currency), one.reach)
        for person, parts in track_record.outcomes(session, people).items()
        for one in parts
        if one.over
        and campaign.category in ("", one.category)
        and one.participation.campaign.currency == campaign.currency
        and one.participation.campaign_id != campaign.id
    ]


def _left(one: track_record.Outcome, currency: str) -> int:
    return one.sales_minor.get(currency, 0) - one.refunded_minor.get(currency, 0)
