"""A certificate asked for on one's own page, or over the API."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.models import Document
from campaigns.people.tokens import create_token
from tests import factories, whole_campaign
from tests.factories import sign_in, submit, visit
from tests.whole_campaign import CLOSED_AT, Cast


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign that is over."""
    made = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, made.campaign)
    return made


def mina(client: FlaskClient, session: Session, cast: Cast) -> FlaskClient:
    return sign_in(client, factories.user(session, influencer=cast.mina.influencer))


def test_somebody_chooses_and_has_it(client: FlaskClient, session: Session, cast: Cast):
    mina(client, session, cast)
    chosen = {"campaigns": cast.mina.public_id, "language": "ru", "show_results": "y"}
    assert submit(client, "/me/certificate", chosen).status_code == 302
    made = session.scalars(select(Document).filter_by(kind="partner_certificate")).one()
    assert (made.language, contents_of(made)["campaigns"][0]["results"]["orders"]) == ("ru", 1)
    assert made.number in visit(client, "/me/certificate").text and made.number in visit(client, "/me/documents").text


def test_nothing_chosen_is_refused(client: FlaskClient, session: Session, cast: Cast):
    mina(client, session, cast)
    answer = submit(client, "/me/certificate", {"language": "en"})
    assert answer.status_code == 422 and "choose at least one campaign" in answer.text


def test_whoever_completed_none_is_told_when(client: FlaskClient, session: Session):
    cast = whole_campaign.a_live_campaign(session)
    mina(client, session, cast)
    assert "No completed campaign yet" in visit(client, "/me/certificate").text


def test_the_api_certifies_ones_own_only(client: FlaskClient, session: Session, cast: Cast):
    token = create_token(session, factories.user(session, influencer=cast.mina.influencer), CLOSED_AT)
    session.commit()
    answers = [
        client.post(
            f"/api/v1/influencers/{person.influencer.public_id}/certificate",
            json={"participations": [person.public_id]},
            headers={"Authorization": f"Bearer {token}"},
        )
        for person in (cast.mina, cast.noa)
    ]
    assert [one.status_code for one in answers] == [201, 404]
    assert answers[0].get_json()["contents"]["campaigns"][0]["name"] == "Spring serum"
