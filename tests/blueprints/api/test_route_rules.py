"""Route rules over the API: what the console's page does, for programs."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry
from tests import factories
from tests.blueprints.api.calls import Program

RULE = {
    "currency": "ILS", "from_date": "2026-06-01", "above_minor": 500_000, "preferred": "receipt", "route": "invoice",
    "source": "the tax authority's order",
}  # fmt: skip


def test_a_rule_is_added_listed_and_ended(agency: Program, session: Session) -> None:
    made = agency.post("/route-rules", RULE, 201)
    assert {name: made[name] for name in RULE} == RULE and made["to_date"] is None
    ended = agency.post(f"/route-rules/{made['id']}/end", {"to_date": "2026-12-31"})
    assert ended == made | {"to_date": "2026-12-31"}
    assert agency.get("/route-rules")["items"] == [ended]
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("route_rule.")))
    assert list(actions) == ["route_rule.added", "route_rule.ended"]


def test_a_rule_that_says_nothing_is_refused_by_its_field(agency: Program, session: Session) -> None:
    for field, wrong in (
        ("currency", "XYZ"), ("above_minor", -1), ("route", "receipt"), ("preferred", "cash"), ("source", " "),
    ):  # fmt: skip
        assert list(agency.post("/route-rules", RULE | {field: wrong}, 422)["errors"]) == [field]
    assert agency.get("/route-rules")["items"] == []


def test_a_rule_ends_on_or_after_the_day_it_begins(agency: Program, session: Session) -> None:
    made = agency.post("/route-rules", RULE, 201)
    assert list(agency.post(f"/route-rules/{made['id']}/end", {"to_date": "2026-05-31"}, 422)["errors"]) == ["to_date"]
    agency.post("/route-rules/none/end", {"to_date": "2026-12-31"}, 404)


def test_rules_are_the_agencys_alone(app: Flask, session: Session) -> None:
    for user in (factories.user(session, brand=factories.brand(session)),
                 factories.user(session, influencer=factories.influencer(session))):  # fmt: skip
        program = Program(app, user)
        program.get("/route-rules", 404)
        program.post("/route-rules", RULE, 404)
