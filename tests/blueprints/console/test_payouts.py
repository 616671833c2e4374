"""The pages of payments: prepared by Omar, released by Dana, marked by either."""

from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Participation, PayoutBatch, PayoutLine, RouteRule
from tests import factories, whole_campaign
from tests.factories import sign_in, submit, visit
from tests.whole_campaign import Cast


@pytest.fixture
def cast(session: Session) -> Cast:
    """Mina is due 30.00, Noa 143.59."""
    made = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, made.campaign)
    return made


@pytest.fixture
def dana(staff: FlaskClient, session: Session) -> FlaskClient:
    """A colleague of Omar's, in a browser of her own."""
    return sign_in(staff.application.test_client(), factories.user(session, email="dana@example.com"))


def prepared(staff: FlaskClient, session: Session) -> tuple[PayoutBatch, str]:
    """A batch Omar prepared, and the address of its page."""
    submit(staff, "/console/payouts", {"currency": "ILS"})
    batch = session.scalars(select(PayoutBatch)).one()
    return batch, f"/console/payouts/{batch.document.public_id}"


def released(staff: FlaskClient, dana: FlaskClient, session: Session) -> tuple[list[PayoutLine], str]:
    """The lines of a batch at the bank, and the address of its page."""
    batch, page = prepared(staff, session)
    submit(dana, f"{page}/release")
    session.expire_all()
    return batch.lines, page


def test_what_is_due_is_prepared_once(staff: FlaskClient, session: Session, cast: Cast) -> None:
    page = visit(staff, "/console/payouts").text
    assert "₪30.00" in page and "₪143.59" in page
    for _ in range(2):
        submit(staff, "/console/payouts", {"currency": "ILS"})
    assert len(session.scalars(select(PayoutBatch)).all()) == 1
    assert "In a batch that is not through yet" in visit(staff, "/console/payouts").text


def test_the_one_who_prepared_it_is_told_to_ask_somebody_else(
    staff: FlaskClient, dana: FlaskClient, session: Session, cast: Cast
) -> None:
    batch, page = prepared(staff, session)
    assert "somebody else of the agency must release it" in visit(staff, page).text
    submit(staff, f"{page}/release")
    session.expire_all()
    assert batch.status == "prepared"
    submit(dana, f"{page}/release")
    session.expire_all()
    assert batch.status == "released" and "dana@example.com" in visit(staff, page).text


def test_the_page_says_which_settings_a_file_waits_for(
    staff: FlaskClient, dana: FlaskClient, session: Session, cast: Cast
) -> None:
    person = cast.noa.influencer
    person.bank_code, person.bank_branch, person.bank_account = "12", "345", "4123456"
    _, page = released(staff, dana, session)
    words = visit(staff, page).text
    assert "MASAV_INSTITUTION, MASAV_SENDER" in words
    answer = visit(staff, f"{page}/files/csv")
    assert "Mina" in answer.text and "PB-2026-000001.csv" in answer.headers["Content-Disposition"]


def test_changed_bank_details_are_pointed_out_before_the_release(
    staff: FlaskClient, dana: FlaskClient, session: Session, cast: Cast
) -> None:
    batch, page = prepared(staff, session)
    cast.mina.influencer.bank_account = "999"
    assert "bank details were changed after the batch was prepared" in visit(dana, page).text
    submit(dana, f"{page}/release")
    session.expire_all()
    assert [line.status for line in batch.lines] == ["cancelled", "released"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "missing or no longer accepted"),
        ("he", "כבר לא מאושר"),
        ("ar", "لم يعد مقبول"),
        ("ru", "больше не принят"),
    ],
)
def test_a_payment_without_its_paper_is_pointed_out_and_not_released(
    staff: FlaskClient, dana: FlaskClient, session: Session, cast: Cast, language: str, words: str
) -> None:
    """Omar prepared Mina's 30.00 while papers could come later; Noa's payslip wants none."""
    batch, page = prepared(staff, session)
    application = staff.application
    application.extensions["settings"] = replace(application.extensions["settings"], payout_needs_papers=True)
    assert words in visit(dana, f"{page}?lang={language}").text
    submit(dana, f"{page}/release")
    session.expire_all()
    assert [(line.status, line.amount_minor) for line in batch.lines] == [("cancelled", 3_000), ("released", 14_359)]
    assert words in visit(dana, page).text


def test_lines_are_marked_one_by_one(staff: FlaskClient, dana: FlaskClient, session: Session, cast: Cast) -> None:
    (mina, noa), page = released(staff, dana, session)
    submit(staff, f"{page}/lines/{mina.public_id}/paid", {"reference": "R1"})
    submit(staff, f"{page}/lines/{noa.public_id}/failed", {"reason": ""})
    session.expire_all()
    assert (mina.status, mina.bank_reference, noa.status) == ("paid", "R1", "released")
    submit(staff, f"{page}/lines/{noa.public_id}/failed", {"reason": "account closed"})
    assert "account closed" in visit(staff, page).text


def test_the_banks_list_marks_lines(staff: FlaskClient, dana: FlaskClient, session: Session, cast: Cast) -> None:
    (mina, noa), page = released(staff, dana, session)
    rows = f"line,outcome,reason\n{mina.id},paid,\n{noa.public_id},failed,account closed\n"
    for _ in range(2):
        submit(staff, f"{page}/results", {"results": (BytesIO(rows.encode()), "bank.csv")})
    session.expire_all()
    assert (mina.status, noa.status, noa.failure_reason) == ("paid", "failed", "account closed")


def test_a_list_with_a_wrong_row_marks_nothing(
    staff: FlaskClient, dana: FlaskClient, session: Session, cast: Cast
) -> None:
    (mina, _), page = released(staff, dana, session)
    rows = f"line,outcome\n{mina.id},paid\nnobody,paid\n"
    submit(staff, f"{page}/results", {"results": (BytesIO(rows.encode()), "bank.csv")}, headers={"Referer": page})
    session.expire_all()
    assert mina.status == "released"
    assert "names a line that is not in this batch." in visit(staff, page).text


def test_an_influencer_sees_how_far_a_payment_is(
    staff: FlaskClient, dana: FlaskClient, session: Session, cast: Cast
) -> None:
    mina = sign_in(staff.application.test_client(), factories.user(session, influencer=cast.mina.influencer))
    (line, _), page = released(staff, dana, session)
    assert "On its way" in visit(mina, "/me/earnings").text
    submit(staff, f"{page}/lines/{line.public_id}/failed", {"reason": "account closed"})
    words = visit(mina, "/me/earnings").text
    assert "account closed" in words and "The amount is due to you again." in words


def test_a_rule_of_payment_is_added_and_ended(staff: FlaskClient, session: Session) -> None:
    form = {"currency": "ils", "from_date": "2026-06-01", "above": "5,000.00", "preferred": "receipt"}
    assert submit(staff, "/console/route-rules", {**form, "route": "receipt", "source": "x"}).status_code == 422
    submit(staff, "/console/route-rules", {**form, "route": "invoice", "source": "the order of 2025"})
    rule = session.scalars(select(RouteRule)).one()
    assert (rule.currency, rule.above_minor, rule.route) == ("ILS", 500_000, "invoice")
    submit(staff, f"/console/route-rules/{rule.public_id}/end", {"to_date": "2026-12-31"})
    session.expire_all()
    assert rule.to_date is not None and "the order of 2025" in visit(staff, "/console/route-rules").text


def test_a_participants_route_is_overruled_with_a_reason(staff: FlaskClient, session: Session) -> None:
    found: Participation = factories.participation(session)
    page = f"/console/participations/{found.public_id}"
    submit(staff, f"{page}/route", {"route": "receipt", "reason": ""})
    submit(staff, f"{page}/route", {"route": "receipt", "reason": "agreed by phone"})
    session.expire_all()
    assert (found.route_override, found.route_override_reason) == ("receipt", "agreed by phone")
    assert session.scalars(select(AuditEntry.action)).all() == ["route.overridden"]
    assert "agreed by phone" in visit(staff, page).text
