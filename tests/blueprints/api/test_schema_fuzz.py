"""Whatever is sent, the API refuses in order: never a fault of ours, never an answer that its own document forbids.

Requests are made up from the document, half of them as it says and half against it, by everybody who may call and by
nobody; for a made-up id ends at 404, many are then set on real things. FAULT_ROUNDS is how many each operation gets.
"""

import re
from collections.abc import Callable
from contextvars import Context
from random import Random
from typing import Any

import pytest
import schemathesis
from flask import Flask, Response
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.blueprints.api.api import OPERATIONS
from campaigns.db import db, reading
from campaigns.models import Campaign, Document, Order, Participation, PayoutLine, User
from campaigns.settlement.answering.answers import answer
from campaigns.settlement.answering.questions import Question
from campaigns.settlement.books.check import breaches
from campaigns.settlement.disputing.disputable import about_order
from campaigns.settlement.disputing.disputes import open_dispute
from campaigns.settlement.paying.routes import add_rule
from tests import factories, whole_campaign
from tests.blueprints.api.bodies import good
from tests.blueprints.api.calls import Program
from tests.blueprints.api.odd_bodies import odd_bodies
from tests.faults.sizes import rounds, seeded, told
from tests.settlement.owed import agency as issuer

ROLES = ("agency", "brand", "influencer", "nobody")
Ids = dict[str, list[str]]


@pytest.fixture
def ids(session: Session) -> Ids:
    """Real things, by the names that paths and bodies have for them; first those to be acted on."""
    closed = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, closed.campaign)
    payout = whole_campaign.pay(session)
    cast = whole_campaign.a_live_campaign(session)
    start = factories.NOW.replace(day=11)
    draft = factories.campaign(session, shop=cast.campaign.shop, starts_at=start, ends_at=start.replace(day=30))
    invited = factories.participation(session, campaign=draft, influencer=cast.mina.influencer, accepted=False)
    order = factories.order(session, shop=cast.campaign.shop)
    return {
        "brand": [cast.campaign.brand.public_id],
        "brand_id": [cast.campaign.brand.public_id],
        "shop": [cast.campaign.shop.public_id],
        "campaign_id": [draft.public_id, cast.campaign.public_id, closed.campaign.public_id],
        "participant_id": [invited.public_id, cast.tal.public_id],
        "influencer_id": [cast.noa.influencer.public_id, cast.mina.influencer.public_id],
        "order_id": [order.public_id],
        "finding_id": [factories.finding(session, campaign=cast.campaign).public_id],
        "participant": [cast.tal.public_id],
        "influencer": [cast.tal.influencer.public_id],
        "document_id": [document.public_id for document in session.scalars(select(Document))],
        "payout_id": [payout.public_id],
        "dispute_id": [_dispute(session, cast.mina)],
        "line_id": list(session.scalars(select(PayoutLine.public_id))),
        "row_id": [factories.table_row(session).public_id, factories.table_row(session, verified=True).public_id],
        "certificate_id": [factories.certificate(session, influencer=cast.mina.influencer).public_id],
        "payslip_id": list(session.scalars(select(Document.public_id).filter_by(kind="payslip"))),
        "kind": ["csv", "masav"],
        "name": ["orders", "ledger", "statement_lines"],
        "format": ["csv", "xlsx", "json"],
        "campaign": [cast.campaign.public_id],
        "answer_id": [_answer(session, cast.campaign)],
        "contact_id": [factories.contact(session, shop=cast.campaign.shop).public_id],
        "rule_id": [_rule(session)],
        "statement_id": list(session.scalars(select(Document.public_id).filter_by(kind="commission_statement"))),
        "paper_id": [factories.received_paper(session, influencer=closed.mina.influencer).public_id],
        "bill_id": list(session.scalars(select(Document.public_id).filter_by(kind="brand_bill"))),
    }


def _answer(session: Session, campaign: Campaign) -> str:
    now = factories.NOW
    return answer(session, Question(campaign, None, now, "en", "UTC"), issuer(), now).public_id


def _rule(session: Session) -> str:
    day, now = factories.NOW.date(), factories.NOW
    return add_rule(session, "ILS", day, 500_000, "receipt", "invoice", "a test", now, None).public_id


def _dispute(session: Session, mina: Participation) -> str:
    user = factories.user(session, influencer=mina.influencer)
    number = f"{whole_campaign.MINAS}-{mina.campaign_id}"
    order = session.scalars(select(Order).where(Order.external_id == number)).one()
    subject = about_order(session, user, order.public_id)
    return open_dispute(session, user, subject, "Why so little?", factories.NOW).public_id


@pytest.fixture
def caller(app: Flask, session: Session, ids: Ids, role: str) -> dict[str, str]:
    """The headers by which one of a role, whose things these are, calls the API."""
    if role == "nobody":
        return {}
    of_role = select(User).where(User.role == role).order_by(User.id.desc())
    user = factories.user(session) if role == "agency" else session.scalars(of_role).first()
    return {"Authorization": f"Bearer {Program(app, user).token}"}


def declared_success(ctx: CheckContext, response: Any, case: Case) -> None:
    """`default` stands for every refusal, and for nothing that went well."""
    announced = {int(status) for status in case.operation.definition.raw["responses"] if status != "default"}
    assert response.status_code >= 400 or response.status_code in announced, f"{response.status_code} is not declared"


CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    declared_success,
]


def operations(app: Flask) -> list[APIOperation]:
    """The operations as the application's own document has them."""
    plain = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    document = Context().run(schemathesis.openapi.from_wsgi, "/api/v1/openapi.json", app, config=plain)
    return [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)]


def made_real(case: Case, ids: Ids, chance: Random) -> None:
    """Set a request on things that there are, with some of the made-up fields in a body that is fine otherwise."""
    case.path_parameters = {name: chance.choice(ids[name]) for name in case.path_parameters}
    case.query = {name: chance.choice(ids.get(name, [value])) for name, value in case.query.items()}
    declared = next(one for one in OPERATIONS if one.name == case.operation.definition.raw["operationId"])
    if declared.body and isinstance(case.body, dict):
        fine = good(declared, {name: choice[0] for name, choice in ids.items()})
        case.body = fine | {name: value for name, value in case.body.items() if chance.random() < 0.4}


def fuzz(operation: APIOperation, caller: dict[str, str], ids: Ids, number: int, many: int) -> list[int]:
    """Make up requests for an operation and check each answer; their statuses."""
    statuses: list[int] = []
    made_up = st.one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode])

    @seed(number)
    @settings(
        max_examples=many,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=made_up, chance=st.randoms(use_true_random=False))
    def send(case: Case, chance: Random) -> None:
        if chance.random() < 0.6:
            made_real(case, ids, chance)
        db.session.commit()
        answer = Context().run(case.call, headers=caller)
        statuses.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    send()
    return statuses


@pytest.mark.parametrize("role", ROLES)
@rounds(suite=3, long=200)
def test_requests_made_up_from_the_document_break_nothing(
    app: Flask, session: Session, ids: Ids, caller: dict[str, str], role: str, rounds: int
) -> None:
    number = seeded().randrange(10**6)
    session.commit()
    answers = {found.label: fuzz(found, caller, ids, number, rounds) for found in operations(app)}
    statuses = [status for some in answers.values() for status in some]
    told("requests", len(statuses), role=role, statuses={one: statuses.count(one) for one in sorted({*statuses})})
    assert len(answers) == len(OPERATIONS) and all(answers.values())
    assert {*statuses} == {401} if role == "nobody" else {200, 404, 422} <= {*statuses}
    with reading():
        session.rollback()
        assert breaches(session) == []
        session.rollback()


def test_odd_bodies_are_refused_and_break_nothing(agency: Program, ids: Ids) -> None:
    named = {name: choice[0] for name, choice in ids.items()}
    wrong, statuses = [], []
    for operation in (operation for operation in OPERATIONS if operation.body):
        path = re.sub(r"{(\w+)}", lambda name: named[name[1]], operation.path)
        for body, must_refuse in odd_bodies(operation, named):
            status = agency.send(operation.method, path, body).status_code
            statuses.append(status)
            if status >= 500 or (must_refuse and status < 400):
                wrong.append((status, operation.name, body[:300]))
    assert wrong == []
    assert len(statuses) > 1_500 and {200, 201, 400, 409, 422} <= set(statuses)


@pytest.mark.parametrize(
    "planted",
    [
        lambda: 1 // 0,
        lambda: Response('{"items": 3, "next": null}', 200, mimetype="application/json"),
        lambda: Response("<p>brands</p>", 200),
        lambda: Response("", 204),
        lambda: Response('{"status": "late"}', 409, mimetype="application/problem+json"),
    ],
    ids=["a fault", "another shape", "another content type", "an undeclared status", "a refusal without its title"],
)
@pytest.mark.parametrize("role", ["agency"])
def test_a_planted_fault_is_found(
    app: Flask, ids: Ids, caller: dict[str, str], planted: Callable[[], Response]
) -> None:
    app.view_functions["api.list_brands"] = planted
    brands = next(found for found in operations(app) if found.label == "GET /api/v1/brands")
    with pytest.raises((FailureGroup, ZeroDivisionError)):  # what a view raises comes through to us
        fuzz(brands, caller, ids, 1, 5)
