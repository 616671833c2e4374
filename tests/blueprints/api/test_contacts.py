"""Leads and calls over the API: posted as a webhook would bring them, listed without anything of the person."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Contact, Delivery, Participation
from campaigns.tracking.inbox import replay
from tests import factories
from tests.blueprints.api.calls import Program
from tests.tracking.test_contacts import LEADS, code_of

Programs = Callable[..., Program]


@pytest.fixture
def mina(session: Session) -> Participation:
    """In a campaign of a shop that knows no leads of its own."""
    shop = factories.shop(session, platform="woocommerce")
    campaign = factories.live_campaign(session, shop=shop, accepted=2, terms={**factories.TERMS, "leads": LEADS})
    return factories.participants(session, campaign)[0]


def message(mina: Participation, kind: str = "lead.created", **data: Any) -> dict[str, Any]:
    told = {"id": "c1", "version": "2026-05-10T11:00:00Z", "happened_at": "2026-05-10T11:00:00Z", "seconds": 20}
    person = {"email": "dana@example.com", "phone": "050-1112223"}
    return {"type": kind, "data": {**told, "coupon_codes": [code_of(mina)], "customer": person, **data}}


def address(mina: Participation) -> str:
    return f"/campaigns/{mina.campaign.public_id}/contacts"


def test_a_brand_posts_its_own_contacts_whatever_its_platform(session: Session, program: Programs, mina):
    brand = program(factories.user(session, brand=mina.campaign.brand))
    told = brand.post(address(mina), message(mina, "lead.qualified"), 201)
    assert (told["status"], told["attribution"]["participant"]) == ("qualified", mina.public_id)
    assert (told["commission_minor"], told["agency_fee_minor"], told["currency"]) == (600, 50, "ILS")
    kept = session.scalars(select(Delivery)).one()
    assert (kept.topic, kept.origin, kept.status) == ("lead.qualified", "api", "processed")


def test_a_brand_can_not_post_to_another_s_campaign(session: Session, program: Programs, mina: Participation):
    eve = program(factories.user(session, brand=factories.brand(session, name="Cobalt")))
    eve.post(address(mina), message(mina), 404)
    eve.get(address(mina), 404)
    assert session.scalars(select(Contact)).all() == []


def test_the_same_message_again_changes_nothing(session: Session, agency: Program, mina: Participation):
    first = agency.post(address(mina), message(mina), 201)
    assert agency.post(address(mina), message(mina), 201) == first
    assert len(session.scalars(select(Delivery)).all()) == 1


def test_a_contact_comes_further_by_a_newer_message(agency: Program, mina: Participation):
    agency.post(address(mina), message(mina), 201)
    closed = message(mina, "lead.closed", version="2026-05-10T11:30:00Z")
    assert agency.post(address(mina), closed, 201)["commission_minor"] == 2600


def test_a_posted_contact_is_read_again_by_its_own_format(session: Session, agency: Program, mina: Participation):
    agency.post(address(mina), message(mina), 201)
    session.expire_all()
    kept = session.scalars(select(Delivery)).one()
    replay(session, kept, factories.identity_key(), factories.NOW)
    assert (kept.status, kept.attempts) == ("processed", 2)


@pytest.mark.parametrize("wrong", [{"seconds": "20"}, {"seconds": 90_000}, {"happened_at": "today"}, {"colour": "red"}])
def test_what_is_no_contact_is_refused_and_nothing_kept(session: Session, agency: Program, mina, wrong):
    answer = agency.post(address(mina), message(mina, **wrong), 422)
    assert f"data.{next(iter(wrong))}" in answer["errors"]
    assert session.scalars(select(Delivery)).all() == []


def test_a_message_without_any_version_is_refused(agency: Program, mina: Participation):
    assert "version" in agency.post(address(mina), message(mina, version=None), 400)["detail"]


def test_the_list_says_nothing_of_the_person(agency: Program, mina: Participation):
    agency.post(address(mina), message(mina), 201)
    (row,) = agency.get(address(mina))["items"]
    assert (row["external_id"], row["seconds"]) == ("c1", 20)
    assert "dana" not in str(row) and "1112223" not in str(row)


def test_a_brand_sees_what_is_credited_and_staff_all(session: Session, program: Programs, agency: Program, mina):
    agency.post(address(mina), message(mina, id="c1"), 201)
    agency.post(address(mina), message(mina, id="c2", happened_at="2026-05-10T11:30:00Z"), 201)
    brand = program(factories.user(session, brand=mina.campaign.brand))
    assert [row["external_id"] for row in brand.get(address(mina))["items"]] == ["c1"]
    repeated = agency.get(address(mina), reason="refused_repeated")["items"]
    assert [row["external_id"] for row in repeated] == ["c2"]


def test_an_influencer_posts_and_lists_no_contacts(session: Session, program: Programs, mina: Participation):
    own = program(factories.user(session, influencer=mina.influencer))
    own.post(address(mina), message(mina), 404)
    own.get(address(mina), 404)


def test_a_statement_at_any_moment_has_the_contacts_too(agency: Program, mina: Participation):
    agency.post(address(mina), message(mina), 201)
    told = agency.get(f"/campaigns/{mina.campaign.public_id}/statement", participant=mina.public_id)
    assert [line["contact_number"] for line in told["lines"]] == ["c1"]
    assert told["totals"] == {"orders": 0, "commission_minor": 600}
