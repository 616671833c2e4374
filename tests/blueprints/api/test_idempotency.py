"""An Idempotency-Key makes a POST happen once: the same key and body get the same answer."""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.models import Brand
from tests import factories
from tests.blueprints.api.calls import Program

AMBER = {"name": "Amber", "email": "amber@example.com"}
KEY = {"Idempotency-Key": "first-try"}


def test_the_same_key_and_body_answer_the_same_once(agency: Program, session: Session):
    first = agency.call("POST", "/brands", 201, AMBER, KEY)
    again = agency.call("POST", "/brands", 201, AMBER, KEY)
    assert again.data == first.data and again.headers["Idempotent-Replay"] == "true"
    assert session.scalar(select(func.count()).select_from(Brand)) == 1


def test_the_same_key_with_another_body_or_path_is_refused(agency: Program):
    agency.post("/brands", AMBER, status=201, headers=KEY)
    other = {"name": "Other", "email": "other@example.com"}
    for path, body in (("/brands", other), ("/payouts", AMBER | {"currency": "ILS"})):
        refused = agency.post(path, body, status=422, headers=KEY)
        assert refused["errors"]
    assert len(agency.get("/brands")["items"]) == 1


def test_what_was_refused_may_be_tried_again_with_the_same_key(agency: Program, session: Session):
    invited = factories.participation(session, accepted=False)
    path = f"/participants/{invited.public_id}/accept"
    agency.post(path, {"terms_version": 7}, status=409, headers=KEY)
    assert agency.post(path, {"terms_version": 1}, headers=KEY)["status"] == "accepted"


def test_a_key_belongs_to_who_sent_it(agency: Program, program: Callable[..., Program], session: Session):
    agency.post("/brands", AMBER, status=201, headers=KEY)
    colleague = program(factories.user(session))
    assert colleague.post("/brands", {**AMBER, "email": "b@example.com"}, status=201, headers=KEY)["email"][0] == "b"


def test_without_a_key_every_post_is_a_new_one(agency: Program):
    agency.post("/brands", AMBER, status=201)
    agency.post("/brands", {**AMBER, "email": "second@example.com"}, status=201)
    assert len(agency.get("/brands")["items"]) == 2


def test_an_answer_without_a_body_sent_is_kept_too(agency: Program, session: Session):
    campaign = factories.campaign(session)
    factories.participation(session, campaign=campaign)
    path, body = f"/campaigns/{campaign.public_id}/launch", {"override_reason": "one is enough"}
    assert agency.post(path, body, headers=KEY) == agency.post(path, body, headers=KEY)
    agency.post(path, body, status=409)


def test_a_key_too_long_to_keep_is_refused(agency: Program):
    refused = agency.post("/brands", AMBER, status=422, headers={"Idempotency-Key": "k" * 256})
    assert list(refused["errors"]) == ["Idempotency-Key"]
