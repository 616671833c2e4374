"""Papers over the API: everyone reads their own, and says yes to one or what is wrong with it."""

from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Document, Mail, User
from tests import factories
from tests.blueprints.api.calls import Program
from tests.whole_campaign import CLOSED_AT, Cast, a_live_campaign, end

Programs = Callable[[User | None], Program]


@pytest.fixture
def cast(session: Session, clock: time_machine.Traveller) -> Cast:
    """A campaign that was closed."""
    clock.move_to(CLOSED_AT)
    cast = a_live_campaign(session)
    end(session, cast.campaign)
    return cast


@pytest.fixture
def mina(session: Session, cast: Cast, program: Programs) -> Program:
    """Mina's own program."""
    return program(factories.user(session, influencer=cast.mina.influencer))


@pytest.fixture
def brand(session: Session, cast: Cast, program: Programs) -> Program:
    """The brand's own program."""
    return program(factories.user(session, brand=cast.campaign.brand))


def statement(mina: Program) -> str:
    """Mina's statement."""
    paper = next(paper for paper in mina.get("/papers")["items"] if paper["kind"] == "commission_statement")
    return f"/papers/{paper['id']}"


def test_everyone_lists_their_own_papers(agency: Program, mina: Program, brand: Program, session: Session):
    everything = agency.get("/papers")["items"]
    assert [paper["number"] for paper in everything] == list(
        session.scalars(select(Document.number).order_by(Document.id))
    )
    assert {paper["kind"] for paper in brand.get("/papers")["items"]} == {"final_report", "brand_bill"}
    mine = mina.get(statement(mina))
    assert mine["documents"][0]["number"] == mine["number"] and mine["answers"] == []


def test_a_paper_is_accepted_once_however_often_it_is_said(mina: Program, agency: Program):
    paper = statement(mina)
    first = mina.post(f"{paper}/acknowledge")
    assert first["answer"] == "acknowledged" and mina.post(f"{paper}/acknowledge") == first
    assert [one["answer"] for one in agency.get(paper)["answers"]] == ["acknowledged"]


def test_a_doubt_about_a_statement_is_a_dispute(mina: Program, agency: Program):
    opened = mina.post(f"{statement(mina)}/dispute", {"reason": "one order is missing"})
    assert agency.get(f"/disputes/{opened['dispute']}")["messages"][0]["message"] == "one order is missing"
    assert mina.get(statement(mina))["answers"][0]["reason"] == "one order is missing"


def test_a_doubt_is_told_once_and_with_its_reason(mina: Program):
    paper = statement(mina)
    mina.post(f"{paper}/dispute", {"reason": " "}, status=422)
    mina.post(f"{paper}/dispute", {"reason": "too little"})
    mina.post(f"{paper}/dispute", {"reason": "still too little"}, status=409)


def test_a_brands_doubt_about_its_report_goes_to_staff_by_mail(
    brand: Program, agency: Program, session: Session
) -> None:
    report = next(paper for paper in brand.get("/papers")["items"] if paper["kind"] == "final_report")
    answer = brand.post(f"/papers/{report['id']}/dispute", {"reason": "the returns of May"})
    assert answer["dispute"] is None
    assert any("the returns of May" in body for body in session.scalars(select(Mail.body)))


def test_what_one_side_says_is_not_read_by_another(mina: Program, brand: Program, agency: Program):
    paper = statement(mina)
    brand.get(paper, status=404)
    brand.post(f"{paper}/acknowledge", status=404)
    agency.post(f"{paper}/acknowledge", status=404)
