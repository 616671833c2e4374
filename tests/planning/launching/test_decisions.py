"""A brand's decisions: on what was read, counted once, and overtaken by changes."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from campaigns.commissions.terms import fingerprint
from campaigns.errors import Conflict, Invalid
from campaigns.models import BrandDecision, Campaign
from campaigns.planning.launching import decisions
from campaigns.planning.launching.agreed import plan_contents, proposed, roster_contents
from campaigns.planning.launching.facts import standings
from tests import factories as make


def decide(
    session: Session, campaign: Campaign, contents: dict[str, Any], decision: str = "approved", **said: str
) -> tuple[BrandDecision, bool]:
    user = make.user(session, brand=campaign.brand)
    read = said.get("read", fingerprint(contents))
    given = (read, said.get("note", ""), user.id, make.NOW)
    return decisions.decide(session, campaign, said.get("subject", "plan"), decision, contents, *given)


def test_an_approval_stands_until_the_plan_changes_and_names_what_did(session: Session) -> None:
    campaign = make.campaign(session)
    decide(session, campaign, plan_contents(campaign))
    assert standings(session, campaign)["plan"].state == "approved"
    campaign.goals = "first buyers"
    campaign.ends_at += timedelta(days=1)
    found = standings(session, campaign)["plan"]
    assert (found.state, found.differences) == ("changed", ("Ends", "Goals"))


def test_who_joins_the_roster_after_the_approval_is_named_and_who_leaves_is_no_change(session: Session) -> None:
    campaign = make.participation(session).campaign
    leaver = make.participation(session, campaign=campaign)
    decide(session, campaign, roster_contents(proposed(session, campaign)), subject="roster")
    leaver.status = "withdrawn"
    assert standings(session, campaign)["roster"].state == "approved"
    make.participation(session, campaign=campaign, influencer=make.influencer(session, name="Tal"))
    found = standings(session, campaign)["roster"]
    assert (found.state, found.differences) == ("changed", ("Tal",))


def test_what_a_brand_reads_of_people_holds_nothing_of_their_pay_or_address(session: Session) -> None:
    payee = {"route": "payslip", "id_number": "039337423", "address": "1 Herzl", "credit_points": "2.25"}
    person = make.influencer(session, email="mina@example.com", payee=payee)
    campaign = make.participation(session, influencer=person).campaign
    (read,) = roster_contents(proposed(session, campaign))["people"]
    assert set(read) == {"id", "name", "accounts", "niches"}


def test_the_same_approval_twice_counts_once(session: Session) -> None:
    campaign = make.campaign(session)
    first, new = decide(session, campaign, plan_contents(campaign))
    again, new_again = decide(session, campaign, plan_contents(campaign), note="yes!")
    assert (first.id, new, new_again) == (again.id, True, False)


def test_nobody_approves_what_they_have_not_seen(session: Session) -> None:
    campaign = make.campaign(session)
    with pytest.raises(Conflict):
        decide(session, campaign, plan_contents(campaign), read="0" * 64)
    assert decisions.decisions_of(session, campaign.id) == []


def test_a_wish_for_a_change_says_what_and_is_followed_by_an_approval(session: Session) -> None:
    campaign = make.campaign(session)
    with pytest.raises(Invalid):
        decide(session, campaign, plan_contents(campaign), "change_asked")
    decide(session, campaign, plan_contents(campaign), "change_asked", note="a week later")
    assert standings(session, campaign)["plan"].state == "change_asked"
    decide(session, campaign, plan_contents(campaign))
    assert [one.number for one in decisions.decisions_of(session, campaign.id)] == [2, 1]
    assert standings(session, campaign)["plan"].state == "approved"


@pytest.mark.parametrize("way", ["UPDATE brand_decision SET note = 'no'", "DELETE FROM brand_decision"])
def test_a_decision_is_never_changed(session: Session, way: str) -> None:
    campaign = make.campaign(session)
    decide(session, campaign, plan_contents(campaign))
    session.commit()
    with pytest.raises(DatabaseError, match="rows are never changed"):
        session.execute(text(way))
