"""Holds, disputes, wallets, credit, offsets and follow-ups over the API. 15 % of Mina's 200.00 are 30.00."""

from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Order, User
from campaigns.settlement.books.check import breaches
from tests import factories, whole_campaign
from tests.blueprints.api.calls import Program
from tests.whole_campaign import CLOSED_AT, MINAS, Cast

WHY = {"reason": "the buyer is her sister"}


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign with two sales."""
    return whole_campaign.a_live_campaign(session)


@pytest.fixture
def order(session: Session, cast: Cast) -> str:
    """Mina's order of 200.00."""
    return session.scalars(select(Order.public_id).filter_by(external_id=f"{MINAS}-{cast.campaign.id}")).one()


@pytest.fixture
def mina(session: Session, cast: Cast, program: Callable[[User | None], Program]) -> Program:
    """A program of Mina's."""
    return program(factories.user(session, influencer=cast.mina.influencer))


def test_a_held_order_is_let_go_and_stated_on_demand(
    agency: Program, cast: Cast, order: str, clock: time_machine.Traveller, session: Session
) -> None:
    held = agency.post(f"/orders/{order}/hold", WHY, status=201)
    assert (held["reason"], held["released_at"]) == (WHY["reason"], None)
    agency.post(f"/orders/{order}/hold", WHY, status=409)
    clock.move_to(CLOSED_AT)
    agency.post(f"/campaigns/{cast.campaign.public_id}/close", {"on": "2026-06-10"})
    path, who = f"/campaigns/{cast.campaign.public_id}/follow-up", {"participant": cast.mina.public_id}
    assert agency.post(path, who, status=409)["detail"].startswith("nothing is open")
    assert agency.post(f"/orders/{order}/release", {"reason": "she has none"})["release_reason"] == "she has none"
    (issued,) = agency.post(path, who, status=201)["statements"]
    assert (issued["participant"], issued["amount_minor"]) == (cast.mina.public_id, 3_000)
    assert breaches(session) == []


def test_a_held_call_is_let_go_by_its_own_name(agency: Program, cast: Cast, session: Session) -> None:
    call = factories.contact(session, shop=cast.campaign.shop, code=cast.mina.codes[0].code).public_id
    held = agency.post(f"/contacts/{call}/hold", WHY, status=201)
    assert (held["order"], held["contact"], held["reason"]) == (None, call, WHY["reason"])
    agency.post(f"/contacts/{call}/hold", WHY, status=409)
    assert agency.post(f"/contacts/{call}/release", {"reason": "she has none"})["release_reason"] == "she has none"
    agency.post("/contacts/none/hold", WHY, status=404)


def test_a_dispute_goes_from_question_to_answer_to_resolution(
    agency: Program, mina: Program, order: str, session: Session
) -> None:
    asked = mina.post("/disputes", {"about": "order", "id": order, "message": "It was two."}, status=201)
    assert (asked["status"], asked["about"], asked["about_id"]) == ("open", "order", order)
    path = f"/disputes/{asked['id']}"
    assert agency.post(f"{path}/messages", {"message": "We look."}, status=201)["status"] == "answered"
    mina.post(f"{path}/resolve", {"outcome": "partner", "resolution": "Mine."}, status=404)
    end = {"outcome": "partner", "resolution": "It was two.", "compensation_minor": 500}
    assert agency.post(f"{path}/resolve", end)["compensation_minor"] == 500
    agency.post(f"{path}/resolve", end, status=409)
    told = mina.get(path)
    assert [one["by"] for one in told["messages"]] == ["influencer", "agency"]
    assert (told["outcome"], told["compensation_minor"]) == ("partner", 500)
    assert breaches(session) == []


def test_the_brand_reads_how_it_ended_and_not_what_the_agency_gave(
    agency: Program, mina: Program, cast: Cast, order: str, session: Session, program: Callable[[User | None], Program]
) -> None:
    asked = mina.post("/disputes", {"about": "order", "id": order, "message": "It was two."}, status=201)
    end = {"outcome": "partner", "resolution": "It was.", "compensation_minor": 500}
    agency.post(f"/disputes/{asked['id']}/resolve", end)
    brand = program(factories.user(session, brand=cast.campaign.brand))
    told = brand.get(f"/disputes/{asked['id']}")
    assert (told["outcome"], told["compensation_minor"]) == ("partner", None)
    assert brand.get("/disputes")["items"] == [told]


def test_disputes_of_effort_are_not_the_brands_to_read(
    session: Session, cast: Cast, program: Callable[[User | None], Program]
) -> None:
    tal = program(factories.user(session, influencer=cast.tal.influencer))
    body = {"about": "effort", "id": cast.tal.public_id, "message": "Nine stories."}
    asked = tal.post("/disputes", body, status=201)
    brand = program(factories.user(session, brand=cast.campaign.brand))
    assert brand.get("/disputes")["items"] == []
    brand.get(f"/disputes/{asked['id']}", status=404)


def test_what_is_not_theirs_is_not_found(mina: Program, session: Session, cast: Cast) -> None:
    noas = session.scalars(select(Order.public_id).filter_by(external_id=f"order-of-noa-{cast.campaign.id}")).one()
    mina.post("/disputes", {"about": "order", "id": noas, "message": "Mine!"}, status=404)
    mina.get(f"/influencers/{cast.noa.influencer.public_id}/wallet", status=404)
    mina.get(f"/brands/{cast.campaign.brand.public_id}/wallet", status=404)


def test_a_wallet_tells_what_it_holds_and_what_moved_it(agency: Program, mina: Program, cast: Cast, order: str) -> None:
    agency.post(
        "/credits",
        {"influencer": cast.mina.influencer.public_id, "currency": "ILS", "amount_minor": 700, "reason": "a wait"},
        status=201,
    )
    told = mina.get(f"/influencers/{cast.mina.influencer.public_id}/wallet")
    (wallet,) = told["wallets"]
    assert [wallet[f"{kind}_minor"] for kind in ("pending", "withdrawable", "credit")] == [3_000, 0, 700]
    assert [(one["kind"], one["reason"]) for one in told["history"]] == [("credit", "a wait"), ("accrual", "")]
    assert told["history"][1]["order_number"].startswith("•••")


def test_credit_is_refused_as_money(agency: Program, cast: Cast) -> None:
    who = {"influencer": cast.mina.influencer.public_id}
    agency.post("/credits", {**who, "currency": "ILS", "amount_minor": 700, "reason": "a wait"}, status=201)
    refused = agency.post("/offsets", {**who, "amount_minor": 700}, status=409)
    assert "never paid out" in refused["detail"]
    agency.post("/offsets", {"amount_minor": 700}, status=422)
