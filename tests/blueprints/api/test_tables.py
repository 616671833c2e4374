"""Deduction tables and certificates over the API: entered, verified by a second person, withdrawn."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from campaigns.models import User
from tests import factories
from tests.blueprints.api.calls import Program

PERSON = Callable[[User | None], Program]
ROW = {"table": "IL.credit_point", "from_date": "2028-01-01", "source": "the law", "figures": {"value_minor": 25_000}}


def listed(agency: Program) -> list[str]:
    (table,) = [one for one in agency.get("/tables")["items"] if one["table"] == "IL.credit_point"]
    return [row["status"] for row in table["rows"]]


def test_a_row_is_verified_by_somebody_else(agency: Program, program: PERSON, session: Session):
    made = agency.post("/tables", ROW, status=201)
    assert listed(agency) == ["shipped", "unverified"]
    agency.post(f"/tables/{made['id']}/verify", status=409)
    assert program(factories.user(session)).post(f"/tables/{made['id']}/verify")["status"] == "in_force"


def test_a_row_is_withdrawn_with_a_reason(agency: Program):
    made = agency.post("/tables", ROW, status=201)
    assert list(agency.post(f"/tables/{made['id']}/withdraw", {"reason": " "}, status=422)["errors"]) == ["reason"]
    agency.post(f"/tables/{made['id']}/withdraw", {"reason": "twice"})
    assert listed(agency) == ["shipped", "withdrawn"]


def test_what_is_wrong_is_named(agency: Program):
    for changes, field in (
        ({"table": "IL.none"}, "table"),
        ({"figures": {"value_minor": "25"}}, "value_minor"),
        ({"figures": {}}, "value_minor"),
        ({"to_date": "2027-01-01"}, "to_date"),
        ({"source": ""}, "source"),
    ):
        assert list(agency.post("/tables", ROW | changes, status=422)["errors"]) == [field]


def test_a_certificate_is_entered_listed_and_withdrawn(agency: Program, session: Session):
    address = f"/influencers/{factories.influencer(session).public_id}/certificates"
    days = {"from_date": "2026-01-01", "to_date": "2026-12-31"}
    made = agency.post(address, {"kind": "withholding", "number": "4711", "rate_bps": 500, **days}, status=201)
    assert agency.get(address)["items"] == [made]
    assert agency.post(f"/certificates/{made['id']}/withdraw")["withdrawn_at"] is not None


def test_a_payee_can_not_write_what_is_taken_from_a_certificate(program: PERSON, session: Session):
    mina = factories.influencer(session, payee={"withholding_rate_bps": 3_000})
    own = program(factories.user(session, influencer=mina))
    refused = own.patch(f"/influencers/{mina.public_id}", {"payee": {"withholding_rate_bps": 0}}, status=422)
    assert list(refused["errors"]) == ["payee.withholding_rate_bps"]
    assert mina.withholding_rate_bps == 3_000
    own.post(f"/influencers/{mina.public_id}/certificates", {}, status=404)
