"""Asking the books on pages: influencers and brands about what is theirs, staff about anything and for anybody."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.models import AuditEntry, Document, User
from tests import factories, whole_campaign
from tests.factories import sign_in, submit, visit
from tests.whole_campaign import Cast


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign that is closed."""
    made = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, made.campaign)
    return made


def answers(session: Session) -> Sequence[Document]:
    return session.scalars(select(Document).filter_by(kind="itemised_answer").order_by(Document.id)).all()


def asking(client: FlaskClient, user: User, about: str, **data: str) -> Any:
    sign_in(client, user)
    return submit(client, "/answers", {"about": about, "language": "en", **data})


def test_an_influencer_asks_for_a_day_and_gets_a_paper_of_their_own(client: FlaskClient, session: Session, cast: Cast):
    mina = cast.mina.influencer
    answer = asking(client, factories.user(session, influencer=mina), f"influencer:{mina.public_id}", on="2026-05-20")
    (paper,) = answers(session)
    assert (answer.status_code, paper.influencer_id) == (302, mina.id)
    assert contents_of(paper)["as_of"] == "2026-05-20T20:59:59Z"
    assert paper.number in visit(client, "/answers").text


def test_a_time_of_day_is_read_by_the_clock_of_the_campaign(client: FlaskClient, session: Session, cast: Cast):
    staff = factories.user(session)
    asking(client, staff, f"campaign:{cast.campaign.public_id}", on="2026-05-20", at="12:00")
    assert contents_of(answers(session)[0])["as_of"] == "2026-05-20T09:00:00Z"


def test_staff_answer_for_a_brand_and_the_brand_finds_it(client: FlaskClient, session: Session, cast: Cast):
    asking(client, factories.user(session), f"campaign:{cast.campaign.public_id}", reader="party")
    (paper,) = answers(session)
    sign_in(client, factories.user(session, brand=cast.campaign.brand))
    assert paper.number in visit(client, "/answers").text
    assert session.scalars(select(AuditEntry).filter_by(action="answer.issued")).one().details["reader"] == "brand"


def test_staff_answer_an_influencer_about_one_campaign(client: FlaskClient, session: Session, cast: Cast):
    sign_in(client, factories.user(session))
    mina, campaign = cast.mina.influencer, cast.campaign.public_id
    address = f"/answers?about=campaign&of={campaign}&reader={mina.public_id}"
    submit(client, address, {"about": f"campaign:{campaign}", "language": "ru", "reader": mina.public_id})
    (paper,) = answers(session)
    assert (paper.influencer_id, paper.language) == (mina.id, "ru")


def test_a_day_that_lies_ahead_is_refused_beside_its_field(client: FlaskClient, session: Session, cast: Cast):
    staff = factories.user(session)
    answer = asking(client, staff, f"campaign:{cast.campaign.public_id}", on="2999-01-01")
    assert answer.status_code == 422 and "must not lie ahead" in answer.text
    assert answers(session) == []


def test_what_isnt_offered_cant_be_asked(client: FlaskClient, session: Session, cast: Cast):
    noa = cast.noa.influencer
    eve = factories.user(session, influencer=cast.mina.influencer)
    assert asking(client, eve, f"influencer:{noa.public_id}").status_code == 422
    assert asking(client, eve, f"brand:{cast.campaign.brand.public_id}").status_code == 422
    assert answers(session) == []
