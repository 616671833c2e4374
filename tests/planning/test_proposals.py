"""A proposal is written down with its reasons, invited as a whole, and followed by its reserves."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid
from campaigns.models import AuditEntry, Campaign, Candidate, Mail, Participation
from campaigns.planning import invitations_over_time, joining
from campaigns.planning import participation as planning
from campaigns.planning.matching import proposals, reserves
from campaigns.planning.matching.frozen import read_expected, read_reasons
from campaigns.planning.matching.proposals import By, Wish
from tests import factories
from tests.factories import BEFORE

URL = "http://localhost"


def stage(session: Session, people: int = 6, **plan: object) -> tuple[Campaign, By]:
    """A campaign about skin care, and people who suit it less the later they come."""
    for number in range(people):
        theirs = factories.influencer(session, name=f"Noa {number}", niches=("skin care", "travel")[: 2 - number % 2])
        theirs.content_languages = ["he"] if number < 3 else ["ru"]
    campaign = factories.campaign(session, category="skin care", **plan)  # type: ignore[arg-type]
    return campaign, By(factories.user(session).id, URL, BEFORE)


def proposed(session: Session, campaign: Campaign, by: By, count: int = 3, waiting: int = 2) -> list[Candidate]:
    return proposals.propose(session, campaign, Wish(count, waiting, 50), by)


def statuses(session: Session, campaign: Campaign) -> list[str]:
    rows = session.scalars(select(Participation).filter_by(campaign_id=campaign.id).order_by(Participation.id))
    return [one.status for one in rows]


def first_one(session: Session, campaign: Campaign) -> Participation:
    return session.scalars(select(Participation).filter_by(campaign_id=campaign.id).order_by(Participation.id)).first()  # type: ignore[return-value]


def refuse(session: Session, mine: Participation, by: By, now: datetime = BEFORE) -> None:
    joining.refuse(session, mine, "no time", URL, now, by.user_id)


def test_places_and_reserves_are_the_ranking_in_its_order(session: Session):
    campaign, by = stage(session)
    order = [person.id for person, _ in proposals.ranked(session, campaign, 50, BEFORE)]
    made = proposed(session, campaign, by)
    assert [one.influencer_id for one in made] == order[:5]
    assert [(one.place, one.reserve) for one in made] == [(1, False), (2, False), (3, False), (1, True), (2, True)]


def test_score_and_reasons_are_kept_as_they_were(session: Session):
    campaign, by = stage(session)
    one = proposed(session, campaign, by)[0]
    session.expire_all()
    fit, fairness = read_reasons(one.reasons["fit"]), read_reasons(one.reasons["fairness"])
    assert sum(each.points for each in fit) == one.fit_bps
    assert sum(each.points for each in fairness) == one.fairness_bps
    assert one.total_ppm == 50 * one.fit_bps + 50 * one.fairness_bps
    assert str(fit[0].why) == "Works in this very field: skin care."
    assert read_expected(one.reasons["expected"]).basis == "unknown"


def test_who_is_picked_has_a_place_whatever_their_rank(session: Session):
    campaign, by = stage(session)
    last = proposals.ranked(session, campaign, 50, BEFORE)[-1][0]
    made = proposals.propose(session, campaign, Wish(2, 1, 50, frozenset({last.public_id})), by)
    assert made[0].influencer_id == last.id and len(made) == 3


def test_the_weight_chosen_is_in_the_audit_log(session: Session):
    campaign, by = stage(session)
    proposals.propose(session, campaign, Wish(1, 0, 75), by)
    entry = session.scalars(select(AuditEntry).filter_by(action="matching.proposed")).one()
    assert entry.user_id == by.user_id and entry.details["weight_percent"] == 75 and len(entry.details["people"]) == 1


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(0, 0, 50), "count"),
        (Wish(51, 0, 50), "count"),
        (Wish(5, -1, 50), "reserves"),
        (Wish(5, 0, 101), "weight"),
        (Wish(1, 0, 50, frozenset({"a", "b"})), "count"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_by_its_field(session: Session, wish: Wish, field: str):
    campaign, by = stage(session, people=1)
    with pytest.raises(Invalid) as refused:
        proposals.propose(session, campaign, wish, by)
    assert list(refused.value.errors) == [field]


def test_proposing_again_puts_the_first_proposal_aside(session: Session):
    campaign, by = stage(session)
    proposed(session, campaign, by)
    proposed(session, campaign, by, count=2, waiting=0)
    assert [one.place for one in reserves.standing(session, campaign)] == [1, 2]


def test_nobody_is_proposed_for_a_campaign_that_is_over(session: Session):
    campaign, by = stage(session)
    campaign.status = "closed"
    with pytest.raises(Conflict, match="nobody can be invited"):
        proposed(session, campaign, by)


def test_all_proposed_are_invited_with_letters_and_reserves_are_not(session: Session):
    campaign, by = stage(session)
    proposed(session, campaign, by)
    sent = proposals.invite_all(session, campaign, by)
    assert (len(sent.invited), sent.failures) == (3, [])
    assert len(session.scalars(select(Mail)).all()) == 3
    assert [one.reserve for one in reserves.standing(session, campaign)] == [True, True]
    assert proposals.invite_all(session, campaign, by) == ([], [])


def test_who_can_not_be_invited_is_named_and_the_others_are(session: Session):
    campaign, by = stage(session)
    second = proposed(session, campaign, by)[1]
    planning.invite(session, campaign, second.influencer, BEFORE)
    sent = proposals.invite_all(session, campaign, by)
    assert len(sent.invited) == 2
    assert sent.failures == [(second.influencer.name, "already invited in this campaign")]
    assert [one.reserve for one in reserves.standing(session, campaign)] == [True, True]


def test_the_first_reserve_takes_a_place(session: Session):
    campaign, by = stage(session)
    made = proposed(session, campaign, by)
    instead = proposals.replace(session, made[1], by)
    assert instead == made[3] and (instead.place, instead.reserve) == (2, False)
    assert made[1].status == "dropped"
    with pytest.raises(Conflict, match="no longer on the proposal"):
        proposals.drop(session, made[1], by)


def test_without_a_reserve_nobody_is_replaced(session: Session):
    campaign, by = stage(session)
    with pytest.raises(Conflict, match="nobody left on the waiting list"):
        proposals.replace(session, proposed(session, campaign, by, waiting=0)[0], by)


def test_after_a_no_the_next_in_line_is_invited_where_the_plan_says_so(session: Session):
    campaign, by = stage(session, invite_reserves=True)
    made = proposed(session, campaign, by)
    proposals.invite_all(session, campaign, by)
    refuse(session, first_one(session, campaign), by)
    assert statuses(session, campaign) == ["declined", "invited", "invited", "invited"]
    assert made[3].status == "invited" and made[4].status == "proposed"


def test_otherwise_staff_invite_the_next(session: Session):
    campaign, by = stage(session)
    made = proposed(session, campaign, by)
    proposals.invite_all(session, campaign, by)
    refuse(session, first_one(session, campaign), by)
    assert statuses(session, campaign) == ["declined", "invited", "invited"]
    assert reserves.invite_next(session, campaign, URL, BEFORE, by.user_id).influencer_id == made[3].influencer_id


def test_a_reserve_who_came_in_by_another_way_is_passed_over(session: Session):
    campaign, by = stage(session)
    made = proposed(session, campaign, by, count=1)
    planning.invite(session, campaign, made[1].influencer, BEFORE)
    assert reserves.invite_next(session, campaign, URL, BEFORE, by.user_id).influencer_id == made[2].influencer_id
    with pytest.raises(Conflict, match="nobody left on the waiting list"):
        reserves.invite_next(session, campaign, URL, BEFORE, by.user_id)


def test_an_invitation_that_ends_is_followed_once(session: Session):
    campaign, by = stage(session, invite_reserves=True)
    proposed(session, campaign, by, count=1)
    proposals.invite_all(session, campaign, by)
    later = BEFORE + timedelta(days=7)
    mine = first_one(session, campaign)
    done = [invitations_over_time.end(session, mine.id, URL, later) for _ in range(2)]
    assert done == [True, False]
    assert statuses(session, campaign) == ["expired", "invited"]


def test_nobody_follows_where_fifteen_are_coming(session: Session):
    campaign, by = stage(session, people=17, invite_reserves=True)
    proposed(session, campaign, by, count=16, waiting=1)
    proposals.invite_all(session, campaign, by)
    refuse(session, first_one(session, campaign), by)
    assert statuses(session, campaign).count("invited") == 15
