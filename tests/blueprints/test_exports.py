"""Exports over HTTP: to each their own rows, noted, whole, under a name that is safe, in a format that is sane."""

import csv
import json
from io import BytesIO, StringIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaigns.blueprints import exports
from campaigns.models import AuditEntry, Participation, User
from campaigns.people.tokens import create_token
from campaigns.settlement.exporting.exports import table_of
from tests import factories, whole_campaign
from tests.factories import sign_in
from tests.whole_campaign import CLOSED_AT, Cast

NAMES = ("orders", "statement_lines", "bill_lines", "ledger", "payouts", "roster")


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign that was closed and paid; Mina's 200.00 earned 30.00, Noa's 1,000.00 earned 150.00."""
    cast = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, cast.campaign)
    whole_campaign.pay(session)
    session.commit()
    return cast


def visit(client: FlaskClient, url: str, **options: Any) -> TestResponse:
    """A visit whose file has been taken and closed, as a server closes it."""
    answer = factories.visit(client, url, **options)
    answer.get_data()
    answer.close()
    return answer


def staff(client: FlaskClient, session: Session) -> FlaskClient:
    return sign_in(client, factories.user(session))


def brand_of(client: FlaskClient, session: Session, cast: Cast) -> FlaskClient:
    return sign_in(client, factories.user(session, brand=cast.campaign.brand))


def influencer(client: FlaskClient, session: Session, one: Participation) -> FlaskClient:
    return sign_in(client, factories.user(session, influencer=one.influencer))


def rows(answer: TestResponse) -> list[dict[str, str]]:
    """The rows of a CSV."""
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def told(answer: TestResponse) -> Any:
    """A JSON export."""
    assert answer.status_code == 200
    return json.loads(answer.get_data())


def test_staff_get_every_order_with_what_it_earned(client: FlaskClient, session: Session, cast: Cast):
    found = told(visit(staff(client, session), "/exports/orders.json"))
    assert [(row["influencer"], row["net_minor"], row["commission_minor"]) for row in found["rows"]] == [
        ("Mina", 20_000, 3_000),
        ("Noa", 100_000, 15_000),
    ]
    (total,) = found["totals"]
    assert (total["currency"], total["agency_fee_minor"], total["brand_pays_minor"]) == ("ILS", 3_600, 21_600)


@pytest.mark.parametrize("name", NAMES)
def test_staff_get_every_export_in_every_format(client: FlaskClient, session: Session, cast: Cast, name: str):
    staff(client, session)
    found = told(visit(client, f"/exports/{name}.json"))["rows"]
    (sheet, *_) = load_workbook(BytesIO(visit(client, f"/exports/{name}.xlsx").get_data())).worksheets
    assert len(found) > 0
    assert len(rows(visit(client, f"/exports/{name}.csv"))) == sheet.max_row - 1 == len(found)


def test_the_ledger_as_rows_balances(client: FlaskClient, session: Session, cast: Cast):
    (total,) = told(visit(staff(client, session), "/exports/ledger.json"))["totals"]
    assert total["debit_minor"] == total["credit_minor"] > 0


def test_payments_say_where_to_by_the_last_digits(client: FlaskClient, session: Session, cast: Cast):
    cast.mina.influencer.bank_account = "123456"
    found = told(visit(staff(client, session), "/exports/payouts.json"))["rows"]
    assert {len(row["account_ending"]) for row in found} <= {0, 3}
    assert "account" not in found[0]


def test_a_brand_gets_its_credited_orders_and_nothing_of_others(client: FlaskClient, session: Session, cast: Cast):
    whole_campaign.a_live_campaign(session)  # another brand's
    found = rows(visit(brand_of(client, session, cast), "/exports/orders.csv?language=en"))
    assert [row["Net sale"] for row in found] == ["200.00", "1000.00"]
    assert {row["Campaign"] for row in found} == {cast.campaign.name}


def test_an_influencer_gets_their_own_orders_masked_and_no_fee(client: FlaskClient, session: Session, cast: Cast):
    (row,) = rows(visit(influencer(client, session, cast.mina), "/exports/orders.csv?language=en"))
    assert row["Order"].startswith("•••")
    assert (row["Commission"], row["Currency"]) == ("30.00", "ILS")
    assert not {"Influencer", "Agency fee", "Brand pays", "The shop's id"} & row.keys()


def test_an_influencer_gets_the_lines_of_their_statements(client: FlaskClient, session: Session, cast: Cast):
    (row,) = told(visit(influencer(client, session, cast.noa), "/exports/statement_lines.json"))["rows"]
    assert (row["commission_minor"], row["rate_bps"]) == (15_000, 1_500)


def test_a_brand_gets_the_lines_of_its_bills(client: FlaskClient, session: Session, cast: Cast):
    found = told(visit(brand_of(client, session, cast), "/exports/bill_lines.json"))["rows"]
    assert sum(row["charge_minor"] for row in found) == 21_600


@pytest.mark.parametrize("name", ["statement_lines", "ledger", "payouts", "roster"])
def test_what_is_not_for_a_brand_is_not_there(client: FlaskClient, session: Session, cast: Cast, name: str):
    assert visit(brand_of(client, session, cast), f"/exports/{name}.csv").status_code == 404


@pytest.mark.parametrize("name", ["bill_lines", "ledger", "payouts", "roster"])
def test_what_is_not_for_an_influencer_is_not_there(client: FlaskClient, session: Session, cast: Cast, name: str):
    assert visit(influencer(client, session, cast.mina), f"/exports/{name}.csv").status_code == 404


@pytest.mark.parametrize("role", ["brand", "influencer"])
def test_who_has_nothing_of_their_own_gets_nothing(client: FlaskClient, session: Session, cast: Cast, role: str):
    nobody = User(email="n@example.com", role=role, created_at=factories.NOW)
    session.add(nobody)
    session.flush()
    assert visit(sign_in(client, nobody), "/exports/orders.csv").status_code == 404


@pytest.mark.parametrize("address", ["orders.pdf", "secrets.csv", "orders.csv?campaign=NoSuchThing234"])
def test_what_there_is_not_is_not_found(client: FlaskClient, session: Session, cast: Cast, address: str):
    assert visit(staff(client, session), f"/exports/{address}").status_code == 404


def test_days_are_the_campaigns_own(client: FlaskClient, session: Session, cast: Cast):
    staff(client, session)
    day = factories.NOW.date().isoformat()
    assert len(rows(visit(client, f"/exports/orders.csv?since={day}&until={day}"))) == 2
    assert rows(visit(client, "/exports/orders.csv?until=2026-05-01")) == []


def test_a_campaign_and_a_brand_narrow_the_rows(client: FlaskClient, session: Session, cast: Cast):
    other = whole_campaign.a_live_campaign(session).campaign
    staff(client, session)
    for name in ("orders", "ledger", "roster"):
        every = len(rows(visit(client, f"/exports/{name}.csv")))
        one = len(rows(visit(client, f"/exports/{name}.csv?campaign={other.public_id}")))
        assert 0 < len(rows(visit(client, f"/exports/{name}.csv?brand={other.brand.public_id}"))) == one < every


@pytest.mark.parametrize(("query", "field"), [("since=yesterday", "since"), ("language=xx", "language")])
def test_a_query_that_is_wrong_is_named(app: Flask, session: Session, cast: Cast, query: str, field: str):
    token = create_token(session, factories.user(session), factories.NOW)
    headers = {"Authorization": f"Bearer {token}"}
    answer = visit(app.test_client(), f"/api/v1/exports/orders.csv?{query}", headers=headers)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]


def test_the_api_gives_the_same_file(app: Flask, client: FlaskClient, session: Session, cast: Cast):
    token = create_token(session, factories.user(session), factories.NOW)
    over_api = visit(
        app.test_client(), "/api/v1/exports/orders.csv", headers={"Authorization": f"Bearer {token}"}
    ).get_data()
    assert over_api == visit(staff(client, session), "/exports/orders.csv?language=en").get_data()


def test_who_exported_what_is_noted_before_it_is_read(client: FlaskClient, session: Session, cast: Cast):
    user = factories.user(session)
    visit(sign_in(client, user), f"/exports/ledger.xlsx?campaign={cast.campaign.public_id}&language=he")
    entry = session.scalars(select(AuditEntry).filter_by(action="export.made")).one()
    assert (entry.user_id, entry.subject) == (user.id, "export:ledger")
    assert entry.details == {"campaign": cast.campaign.public_id, "format": "xlsx", "language": "he"}


def test_a_file_has_a_dated_name_that_nobody_typed(client: FlaskClient, session: Session, cast: Cast):
    cast.campaign.name = '../"x"\r\n'
    with time_machine.travel(CLOSED_AT, tick=False):
        answer = visit(staff(client, session), f"/exports/statement_lines.csv?campaign={cast.campaign.public_id}")
    expected = f'attachment; filename="statement-lines-{cast.campaign.public_id}-2026-06-10.csv"'
    assert answer.headers["Content-Disposition"] == expected
    assert answer.content_length == len(answer.get_data())


def test_too_many_exports_in_an_hour_wait(
    client: FlaskClient, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exports, "MOST_AN_HOUR", 2)
    staff(client, session)
    statuses = [visit(client, "/exports/roster.json").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_more_rows_than_a_file_takes_is_a_refusal_and_no_torn_file(
    client: FlaskClient, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exports, "table_of", lambda *asked: table_of(*asked, most=3))
    answer = visit(staff(client, session), "/exports/ledger.csv")
    assert answer.status_code == 409
    assert "rows: choose fewer days, or one campaign" in answer.get_data(as_text=True)


def test_a_workbook_reads_in_the_languages_direction(client: FlaskClient, session: Session, cast: Cast):
    answer = visit(staff(client, session), "/exports/orders.xlsx?language=he")
    (sheet, totals) = load_workbook(BytesIO(answer.get_data())).worksheets
    assert (sheet.sheet_view.rightToLeft, totals.sheet_view.rightToLeft) == (True, True)
    assert sheet["A1"].value == "הזמנה"


def test_the_consoles_page_offers_every_export_in_every_format(client: FlaskClient, session: Session, cast: Cast):
    page = visit(staff(client, session), f"/console/exports?campaign={cast.campaign.public_id}").get_data(as_text=True)
    assert [page.count(f'formaction="/exports/{name}.') for name in NAMES] == [3] * 6
    assert f'selected value="{cast.campaign.public_id}"' in page


def test_pages_link_to_what_their_reader_may_export(app: Flask, session: Session, cast: Cast):
    brand = brand_of(app.test_client(), session, cast)
    mina = influencer(app.test_client(), session, cast.mina)
    brands = visit(brand, f"/brand/campaigns/{cast.campaign.public_id}").get_data(as_text=True)
    minas = visit(mina, "/me/earnings").get_data(as_text=True)
    assert f"/exports/orders.csv?campaign={cast.campaign.public_id}" in brands
    assert "/exports/bill_lines.xlsx" in brands and "/exports/statement_lines.json" in minas
