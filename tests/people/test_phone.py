"""An influencer's telephone: read as people write it, kept as it was sent, refused where it can be none."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Influencer
from campaigns.people.fields import Refused, read_phone
from tests import factories
from tests.blueprints.api.calls import Program
from tests.factories import submit, visit


@pytest.mark.parametrize("number", ["", "050-123 4567", "+972 (50) 123.45.67", "03/1234567"])
def test_a_number_is_kept_as_it_is_written(number: str):
    assert read_phone(f" {number} ") == number


@pytest.mark.parametrize(
    "number", ["123456", "1" * 16, "call me", "050-1234567 ext", "٠٥٠١٢٣٤٥٦٧", "1\n2345678", 7, None]
)
def test_what_is_no_number_is_refused(number: object):
    with pytest.raises(Refused):
        read_phone(number)


def test_the_api_answers_the_number_that_was_sent(app, session: Session):
    agency = Program(app, factories.user(session))
    made = agency.post(
        "/influencers", {"name": "Mina", "email": "mina@example.com", "phone": "050-123 4567"}, status=201
    )
    assert made["phone"] == "050-123 4567"
    path = f"/influencers/{made['id']}"
    assert agency.patch(path, {"name": "Mina A."})["phone"] == "050-123 4567"
    assert list(agency.patch(path, {"phone": "none"}, status=422)["errors"]) == ["phone"]
    assert agency.patch(path, {"phone": ""})["phone"] == ""


def test_staff_enter_it_on_the_record(client: FlaskClient, session: Session):
    factories.sign_in(client, factories.user(session))
    sent = {"name": "Mina", "email": "mina@example.com", "language": "ar", "route": "invoice", "phone": "050-123 4567"}
    assert submit(client, "/console/influencers/new", {**sent, "phone": "12"}).status_code == 422
    submit(client, "/console/influencers/new", sent)
    mina = session.scalars(select(Influencer)).one()
    assert mina.phone == "050-123 4567"
    assert 'value="050-123 4567"' in visit(client, f"/console/influencers/{mina.public_id}").text


def test_influencers_enter_their_own(client: FlaskClient, session: Session):
    mina = factories.influencer(session)
    factories.sign_in(client, factories.user(session, influencer=mina))
    refused = submit(client, "/me/payment-details", {"route": "invoice", "phone": "x"})
    assert refused.status_code == 422 and 'id="phone-error1"' in refused.text
    submit(client, "/me/payment-details", {"route": "invoice", "phone": "050-123 4567"})
    session.expire_all()
    assert mina.phone == "050-123 4567"
