"""An answer to an invitation whose time is over, over the API."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from campaigns.planning import participation as planning
from tests import factories
from tests.blueprints.api.calls import Program


@pytest.fixture
def invitation(session: Session) -> str:
    """An invitation given now, that stands for two days."""
    campaign = factories.campaign(session, invitation_days=2)
    return planning.invite(session, campaign, factories.influencer(session), factories.NOW).public_id


@pytest.mark.parametrize(("deed", "body"), [("accept", {"terms_version": 1}), ("decline", {"reason": "no time"})])
def test_an_answer_after_the_end_is_a_conflict_that_says_why(
    agency: Program, invitation: str, clock: time_machine.Traveller, deed: str, body: dict[str, object]
):
    clock.move_to(factories.NOW + timedelta(days=2))
    refused = agency.post(f"/participants/{invitation}/{deed}", body, status=409)
    assert refused["detail"] == "the time of this invitation is over: ask the agency to invite you again"


def test_an_answer_in_time_is_taken(agency: Program, invitation: str, clock: time_machine.Traveller):
    clock.move_to(factories.NOW + timedelta(days=2, seconds=-1))
    assert agency.post(f"/participants/{invitation}/accept", {"terms_version": 1})["status"] == "accepted"
