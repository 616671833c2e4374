"""Reconciliation over the API."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaigns.blueprints import uploads
from campaigns.models import Campaign, Delivery, Reconciliation, User
from campaigns.settlement.books.check import breaches
from tests import factories
from tests.blueprints.api.calls import Program
from tests.settlement.exports import shopify, shopify_csv, standard

JSON, CSV = {"Content-Type": "application/json"}, {"Content-Type": "text/csv; charset=utf-8"}


@pytest.fixture
def campaign(session: Session) -> Campaign:
    return factories.live_campaign(session, accepted=1)


def path(campaign: Campaign) -> str:
    return f"/campaigns/{campaign.public_id}/reconciliation"


def compare(agency: Program, campaign: Campaign, *orders: dict[str, Any]) -> Any:
    answer = agency.send("POST", path(campaign), json.dumps(list(orders)).encode(), JSON)
    assert answer.status_code == 200, answer.text
    return answer.json


def problem(agency: Program, campaign: Campaign, body: bytes, headers: dict[str, str]) -> TestResponse:
    return agency.send("POST", path(campaign), body, headers)


def test_an_export_is_answered_by_what_differs(agency: Program, session: Session, campaign: Campaign):
    factories.order(session, shop=campaign.shop, external_id="1")
    factories.order(session, shop=campaign.shop, external_id="2")
    answer = compare(agency, campaign, standard(1), standard(3))
    assert (answer["matched"], answer["orders"]) == (1, 2)
    assert [one["external_id"] for one in answer["missing_here"]] == ["3"]
    assert [one["ours"]["total_minor"] for one in answer["missing_there"]] == [10_000]
    assert "dana@example.com" not in json.dumps(answer)


def test_a_table_is_taken_as_well(agency: Program, campaign: Campaign):
    answer = agency.send("POST", path(campaign), shopify_csv(shopify(1001)), CSV).json
    assert (answer["source"], answer["missing_here"][0]["number"]) == ("shopify csv", "#1001")


def test_the_newest_comparison_is_read_as_it_stands_by_the_agency_and_the_brand(
    program: Callable[[User | None], Program], agency: Program, session: Session, campaign: Campaign
):
    agency.get(path(campaign), 404)
    finding = compare(agency, campaign, standard(1))["missing_here"][0]
    agency.post(f"/findings/{finding['id']}/waive", {"reason": "a gift"})
    brand = program(factories.user(session, brand=campaign.brand))
    for reader in (agency, brand):
        assert reader.get(path(campaign))["missing_here"][0]["status"] == "waived"
    assert brand.send("POST", path(campaign), b"[]", JSON).status_code == 404


def test_accepting_posts_and_is_answered(agency: Program, session: Session, campaign: Campaign):
    code = factories.participants(session, campaign)[0].code.code
    finding = compare(agency, campaign, standard(1, coupon_codes=[code]))["missing_here"][0]
    answer = agency.post(f"/findings/{finding['id']}/accept")
    assert (answer["status"], session.scalars(select(Delivery.origin)).one()) == ("accepted", "reconciliation")
    session.commit()
    assert breaches(session) == []
    agency.post(f"/findings/{finding['id']}/accept", status=409)


def test_disputing_wants_a_reason(agency: Program, campaign: Campaign):
    finding = compare(agency, campaign, standard(1))["missing_here"][0]
    agency.post(f"/findings/{finding['id']}/dispute", {}, 422)
    assert agency.post(f"/findings/{finding['id']}/dispute", {"reason": "no"})["status"] == "disputed"


def test_closing_is_refused_while_a_finding_is_open(agency: Program, campaign: Campaign):
    compare(agency, campaign, standard(1))
    refused = agency.post(f"/campaigns/{campaign.public_id}/close", {}, 409)
    assert "orders of the shop's export that are not here, to be decided: 1" in refused["findings"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"%PDF", {"Content-Type": "application/pdf"}, 415), (b"[]", {}, 415), (b"a,b\n1,2", CSV, 422),
        (b"[]", JSON, 422), (b"{", JSON, 422), (b"", CSV, 422),
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused(
    agency: Program, campaign: Campaign, body: bytes, headers: dict[str, str], status: int
):
    assert problem(agency, campaign, body, headers).status_code == status


def test_rows_that_can_not_be_read_are_named_and_nothing_is_kept(agency: Program, session: Session, campaign: Campaign):
    answer = problem(agency, campaign, shopify_csv(shopify(1001), shopify(1002, total="a lot")), CSV)
    assert (answer.status_code, answer.json["errors"]) == (422, {"row 3": ["Total: not an amount in ILS"]})
    assert session.scalar(select(func.count()).select_from(Reconciliation)) == 0


def test_an_export_may_be_longer_than_other_bodies_and_not_endless(
    agency: Program, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    large = shopify_csv(*(shopify(number, notes="x" * 20_000) for number in range(1001, 1151)))
    assert len(large) > 3_000_000
    assert problem(agency, campaign, large, CSV).status_code == 200
    monkeypatch.setattr(uploads, "LARGEST_EXPORT", 2_500_000)
    assert problem(agency, campaign, large, CSV).status_code == 413
    assert agency.send("POST", "/brands", b" " * 2_200_000, JSON).status_code == 413


def test_an_idempotency_key_compares_once(agency: Program, session: Session, campaign: Campaign):
    headers = {**JSON, "Idempotency-Key": "k1"}
    body = json.dumps([standard(1)]).encode()
    first, again = (agency.send("POST", path(campaign), body, headers).json for _ in range(2))
    assert first == again
    assert session.scalar(select(func.count()).select_from(Reconciliation)) == 1
