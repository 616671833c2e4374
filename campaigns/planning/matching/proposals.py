"""Proposals: who is suggested for a campaign and who is held in reserve, each with the score and reasons of that day.

A proposal is written down before anybody is asked, so that a choice and its weight can be looked at later. Proposing
again puts the one that stands aside; nobody who was invited is touched.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid, Said
from campaigns.models import Campaign, Candidate, Influencer, Participation
from campaigns.planning.audit import note
from campaigns.planning.matching.facts import Ranked
from campaigns.planning.matching.frozen import contents_of
from campaigns.planning.matching.ranking import rank
from campaigns.planning.matching.reading import candidates_for, wanted_by
from campaigns.planning.matching.reserves import already_in, hold_list, invite_candidate, standing
from campaigns.planning.participation import OPEN_FOR_INVITATIONS

MOST, MOST_RESERVES = 50, 50


@dataclass(frozen=True)
class Wish:
    """How many to propose and to hold in reserve, how much fairness weighs, and who is to be among them anyway.

    `picked` are public ids of influencers; they take the first places, in the order of the ranking.
    """

    count: int
    reserves: int
    weight_percent: int
    picked: frozenset[str] = frozenset()


class By(NamedTuple):
    """Who does it, when, and where letters lead."""

    user_id: int
    base_url: str
    now: datetime


class Sent(NamedTuple):
    """Who was invited, and who could not be: the name, and why."""

    invited: list[Participation]
    failures: list[tuple[str, str]]


def ranked(session: Session, campaign: Campaign, weight_percent: int, now: datetime) -> list[tuple[Influencer, Ranked]]:
    """Everybody who could be invited, in their place."""
    found = {facts.key: (person, facts) for person, facts in candidates_for(session, campaign)}
    order = rank(wanted_by(campaign), [facts for _, facts in found.values()], weight_percent, now.date())
    return [(found[one.person.key][0], one) for one in order]


def propose(session: Session, campaign: Campaign, wish: Wish, by: By) -> list[Candidate]:
    """Write a proposal down, in the place of one that stands; raises Invalid naming what is wrong with the wish."""
    _check(campaign, wish)
    hold_list(session, campaign)
    for one in standing(session, campaign):
        one.status, one.decided_at = "dropped", by.now
    session.flush()
    order = ranked(session, campaign, wish.weight_percent, by.now)
    order.sort(key=lambda row: row[1].person.key not in wish.picked)  # a stable sort: each part keeps its order
    if not order:
        raise Conflict("there is nobody left to propose")
    chosen = order[: wish.count + wish.reserves]
    made = [_candidate(campaign, person, one, wish, number, by) for number, (person, one) in enumerate(chosen)]
    session.add_all(made)
    note(
        session, by.user_id, "matching.proposed", f"campaign:{campaign.public_id}", by.now,
        weight_percent=wish.weight_percent, picked=sorted(wish.picked),
        people=[person.public_id for person, _ in chosen[: wish.count]],
        reserves=[person.public_id for person, _ in chosen[wish.count :]],
    )  # fmt: skip
    session.flush()
    return made


def invite_all(session: Session, campaign: Campaign, by: By) -> Sent:
    """Invite everybody who has a place; whoever can't be invited is named with the reason.

    They keep their place, but for those who are in the campaign already.
    """
    hold_list(session, campaign)
    invited, failures = [], []
    for candidate in standing(session, campaign):
        if candidate.reserve:
            continue
        try:
            with session.begin_nested():
                invited.append(invite_candidate(session, candidate, by.base_url, by.now, by.user_id))
        except Conflict as refused:
            failures.append((candidate.influencer.name, refused.sentence or str(refused)))
            if already_in(session, candidate):
                candidate.status, candidate.decided_at = "dropped", by.now
    session.flush()
    return Sent(invited, failures)


def drop(session: Session, candidate: Candidate, by: By) -> None:
    """Take somebody off the proposal; nobody is told, for nobody was asked."""
    hold_list(session, candidate.campaign)
    _must_stand(session, candidate)
    candidate.status, candidate.decided_at = "dropped", by.now
    note(session, by.user_id, "candidate.dropped", _subject(candidate), by.now, person=candidate.influencer.public_id)
    session.flush()


def replace(session: Session, candidate: Candidate, by: By) -> Candidate:
    """Give somebody's place to the first reserve; raises Conflict where there is none."""
    hold_list(session, candidate.campaign)
    _must_stand(session, candidate)
    waiting = [one for one in standing(session, candidate.campaign) if one.reserve]
    if candidate.reserve or not waiting:
        raise Conflict("there is nobody left on the waiting list")
    first = waiting[0]
    candidate.status, candidate.decided_at = "dropped", by.now
    first.reserve, first.place = False, candidate.place
    people = {"out": candidate.influencer.public_id, "in_": first.influencer.public_id}
    note(session, by.user_id, "candidate.replaced", _subject(candidate), by.now, **people)
    session.flush()
    return first


def _check(campaign: Campaign, wish: Wish) -> None:
    if campaign.status not in OPEN_FOR_INVITATIONS:
        raise Conflict(Said("the campaign is %(status)s: nobody can be invited", status=campaign.status))
    errors: dict[str, list[str]] = {}
    if not 1 <= wish.count <= MOST:
        errors["count"] = [Said("must be from %(least)s to %(most)s", least=1, most=MOST)]
    if not 0 <= wish.reserves <= MOST_RESERVES:
        errors["reserves"] = [Said("must be from %(least)s to %(most)s", least=0, most=MOST_RESERVES)]
    if not 0 <= wish.weight_percent <= 100:
        errors["weight"] = [Said("must be from 0 to 100")]
    if not errors and len(wish.picked) > wish.count:
        errors["count"] = [Said("%(picked)s are picked, which is more than this", picked=len(wish.picked))]
    if errors:
        raise Invalid(errors)


def _candidate(campaign: Campaign, person: Influencer, one: Ranked, wish: Wish, number: int, by: By) -> Candidate:
    reserve = number >= wish.count
    return Candidate(
        campaign_id=campaign.id,
        influencer_id=person.id,
        place=number - wish.count + 1 if reserve else number + 1,
        reserve=reserve,
        weight_percent=one.weight_percent,
        fit_bps=one.fit_bps,
        fairness_bps=one.fairness_bps,
        total_ppm=one.total_ppm,
        reasons=contents_of(one),
        proposed_by_user_id=by.user_id,
        proposed_at=by.now,
    )


def _must_stand(session: Session, candidate: Candidate) -> None:
    session.refresh(candidate)
    if candidate.status != "proposed":
        raise Conflict("this candidate is no longer on the proposal")


def _subject(candidate: Candidate) -> str:
    return f"campaign:{candidate.campaign.public_id}"
