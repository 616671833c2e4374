"""Registered customers over the API: entered for a participant, listed with what became of each."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from campaigns.models import Participation
from tests import factories
from tests.blueprints.api.calls import Program

TERMS = {**factories.TERMS, "attribution": {"registered_customer_days": 14}}
DANA = "dana@example.com"


@pytest.fixture
def two(session: Session) -> list[Participation]:
    return factories.participants(session, factories.live_campaign(session, accepted=2, terms=TERMS))


def address(person: Participation) -> str:
    return f"/campaigns/{person.campaign.public_id}/registrations"


def test_a_customer_is_registered_and_the_answer_says_until_when(agency: Program, two: list[Participation]):
    told = agency.post(address(two[0]), {"participant": two[0].public_id, "email": DANA}, 201)
    assert (told["customer"], told["status"], told["alone"]) == ("d…@example.com", "attached", True)
    assert told["binds_until"] == "2026-05-24T12:00:00Z"
    assert agency.get(address(two[0]))["items"] == [told]


def test_whoever_comes_second_is_refused_unless_the_customer_asks(agency: Program, two: list[Participation]):
    agency.post(address(two[0]), {"participant": two[0].public_id, "email": DANA}, 201)
    sent = {"participant": two[1].public_id, "email": DANA}
    assert agency.post(address(two[0]), sent, 201)["reason"] == "held_by_another"
    assert agency.post(address(two[0]), {**sent, "reason": "she asked"}, 201)["reason"] == "own_request"
    assert [one["status"] for one in agency.get(address(two[0]))["items"]] == ["ended", "refused", "attached"]


def test_a_customer_of_nobody_or_for_a_stranger_is_refused(agency: Program, two: list[Participation]):
    agency.post(address(two[0]), {"participant": two[0].public_id}, 422)
    agency.post(address(two[0]), {"participant": "nobody", "email": DANA}, 422)


def test_brands_and_influencers_have_no_such_list(
    program: Callable[..., Program], session: Session, two: list[Participation]
):
    for who in (
        factories.user(session, brand=two[0].campaign.brand),
        factories.user(session, influencer=two[0].influencer),
    ):
        program(who).get(address(two[0]), 404)
