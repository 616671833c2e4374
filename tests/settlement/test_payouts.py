"""A batch from its preparation to the bank's answer, line by line. Mina is due 30.00, Noa 143.59 after her payslip."""

from datetime import date, timedelta

import pytest
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Leg, balance, post
from campaigns.documents.issue import contents_of
from campaigns.errors import Conflict, Invalid
from campaigns.models import Document, PayoutBatch, PayoutLine, PayoutStatement
from campaigns.settlement import earnings
from campaigns.settlement.books.check import breaches
from campaigns.settlement.follow_up import follow_up
from campaigns.settlement.paying.dues import dues
from campaigns.settlement.paying.payments import mark_failed, mark_paid, payments_of
from campaigns.settlement.paying.payouts import DETAILS_CHANGED, LESS_IS_DUE, cancel, changed_since, prepare, release
from campaigns.settlement.paying.routes import override_route
from tests import factories, paying, whole_campaign
from tests.settlement.owed import AFTER, end, mina_at, sell, state
from tests.whole_campaign import CLOSED_AT, CLOSED_ON, Cast

LATER = CLOSED_AT + timedelta(days=3)


def agency() -> dict[str, str]:
    """The issuer of papers, from the settings."""
    named: dict[str, str] = current_app.extensions["settings"].agency()
    return named


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign closed with statements for Mina and Noa."""
    made = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, made.campaign)
    return made


def prepared(session: Session, user_id: int | None = None) -> PayoutBatch:
    return prepare(session, "ILS", agency(), CLOSED_ON, CLOSED_AT, user_id)


def at_the_bank(session: Session) -> tuple[PayoutBatch, PayoutLine, PayoutLine]:
    """A released batch, Mina's line and Noa's."""
    batch = paying.released(session, "ILS", agency(), CLOSED_ON, CLOSED_AT)
    mina, noa = batch.lines
    return batch, mina, noa


def paid(session: Session, line: PayoutLine) -> Document:
    return mark_paid(session, line, "REF 7", date(2026, 6, 12), agency(), LATER, None)


def bank(session: Session) -> int:
    return balance(session, "bank_clearing", 0, "ILS")


def states(session: Session, cast: Cast) -> list[str]:
    return [state for _, state in earnings.statements_of(session, cast.mina.influencer_id)]


def test_a_batch_takes_what_everyone_is_due_and_pays_nobody_yet(session: Session, cast: Cast):
    batch = prepared(session)
    assert [line.amount_minor for line in batch.lines] == [3_000, 14_359]
    assert contents_of(batch.document)["total_minor"] == 17_359
    assert (bank(session), states(session, cast)) == (0, ["due"])
    assert session.scalars(select(PayoutStatement)).all() == []


def test_whoever_prepared_a_batch_cant_release_it(session: Session, cast: Cast):
    omar, dana = factories.user(session), factories.user(session)
    batch = prepared(session, omar.id)
    with pytest.raises(Conflict, match="somebody else"):
        release(session, batch, omar.id, True, CLOSED_AT)
    release(session, batch, dana.id, True, CLOSED_AT)
    assert (batch.status, batch.released_by_user_id) == ("released", dana.id)


def test_an_agency_of_one_may_release_its_own(session: Session, cast: Cast):
    omar = factories.user(session)
    batch = prepared(session, omar.id)
    release(session, batch, omar.id, False, CLOSED_AT)
    assert batch.status == "released"


def test_a_line_is_paid_only_when_the_bank_paid_it(session: Session, cast: Cast):
    batch, mina, _ = at_the_bank(session)
    assert states(session, cast) == ["in_payment"]
    assert earnings.credited(session, cast.campaign.id, LATER, cast.mina.id)[0].state == "in_statement"
    paid(session, mina)
    assert (states(session, cast), bank(session), batch.status) == (["paid"], -3_000, "released")
    assert earnings.credited(session, cast.campaign.id, LATER, cast.mina.id)[0].state == "paid"
    assert breaches(session) == []


def test_a_batch_is_done_when_no_line_is_under_way(session: Session, cast: Cast):
    batch, mina, noa = at_the_bank(session)
    paid(session, mina)
    mark_failed(session, noa, "account closed", LATER, None)
    assert (batch.status, mina.status, noa.status) == ("done", "paid", "failed")
    assert (mina.bank_reference, noa.failure_reason) == ("REF 7", "account closed")
    assert breaches(session) == []


def test_a_failed_payment_is_due_again_and_the_others_are_not(session: Session, cast: Cast):
    _, mina, noa = at_the_bank(session)
    paid(session, mina)
    mark_failed(session, noa, "account closed", LATER, None)
    again = prepared(session)
    assert [(line.influencer_id, line.amount_minor) for line in again.lines] == [(cast.noa.influencer_id, 14_359)]


def test_money_that_came_back_is_booked_back_and_paid_once_more(session: Session, cast: Cast):
    _, mina, noa = at_the_bank(session)
    paid(session, noa)
    paid(session, mina)
    assert mark_failed(session, mina, "account unknown", LATER, None) == "returned"
    assert (bank(session), states(session, cast)) == (-14_359, ["returned"])
    assert earnings.sums(session, cast.mina.influencer_id) == [earnings.Sums("ILS", 0, 3_000, 0)]
    (line,) = paying.released(session, "ILS", agency(), CLOSED_ON, LATER).lines
    paid(session, line)
    assert (bank(session), states(session, cast), line.statement_ids) == (-17_359, ["paid"], mina.statement_ids)
    assert breaches(session) == []


@pytest.mark.parametrize("status", ["prepared", "paid", "failed", "returned", "cancelled"])
def test_only_a_line_at_the_bank_can_be_marked_as_paid(session: Session, cast: Cast, status: str):
    _, mina, _ = at_the_bank(session)
    mina.status = status
    session.flush()
    with pytest.raises(Conflict):
        paid(session, mina)
    assert bank(session) == 0


@pytest.mark.parametrize("status", ["prepared", "failed", "returned", "cancelled"])
def test_only_a_line_at_the_bank_or_paid_can_fail(session: Session, cast: Cast, status: str):
    _, mina, _ = at_the_bank(session)
    mina.status = status
    session.flush()
    with pytest.raises(Conflict):
        mark_failed(session, mina, "no", LATER, None)


def test_a_failure_needs_a_reason(session: Session, cast: Cast):
    _, mina, _ = at_the_bank(session)
    with pytest.raises(Invalid):
        mark_failed(session, mina, "  ", LATER, None)
    assert mina.status == "released"


def test_a_batch_called_off_leaves_everything_due(session: Session, cast: Cast):
    batch = prepared(session)
    cancel(session, batch)
    assert {line.status for line in batch.lines} == {"cancelled"}
    assert [line.amount_minor for line in prepared(session).lines] == [3_000, 14_359]


@pytest.mark.parametrize("step", [lambda s, b: release(s, b, None, False, CLOSED_AT), cancel])
def test_a_released_batch_is_neither_released_nor_called_off(session: Session, cast: Cast, step):
    batch, _, _ = at_the_bank(session)
    with pytest.raises(Conflict, match="released"):
        step(session, batch)


def test_nobody_is_in_two_batches(session: Session, cast: Cast):
    prepared(session)
    with pytest.raises(Conflict, match="nothing is due"):
        prepared(session)


def test_bank_details_changed_after_the_preparation_leave_the_line_out(session: Session, cast: Cast):
    batch = prepared(session)
    cast.mina.influencer.bank_account = "999999"
    release(session, batch, None, False, CLOSED_AT)
    mina, noa = batch.lines
    assert (mina.status, mina.failure_reason, noa.status) == ("cancelled", DETAILS_CHANGED, "released")
    assert [line.payee["account"] for line in prepared(session).lines] == ["999999"]


def test_less_due_than_prepared_leaves_the_line_out(session: Session, cast: Cast):
    batch = prepared(session)
    due = Leg("influencer_due", cast.mina.influencer_id, "ILS", cast.campaign.id)
    post(session, "offset", {due: 1, Leg("agency_income", 0, "ILS"): -1}, CLOSED_AT)
    release(session, batch, None, False, CLOSED_AT)
    assert [line.failure_reason for line in batch.lines] == [LESS_IS_DUE, ""]


def test_a_batch_of_which_nothing_is_left_is_not_released(session: Session, cast: Cast):
    batch = prepared(session)
    for person in (cast.mina, cast.noa):
        person.influencer.bank_account = "999999"
    with pytest.raises(Conflict, match="every payment"):
        release(session, batch, None, False, CLOSED_AT)


def test_a_negative_balance_is_shown_and_waits(session: Session, cast: Cast):
    """Mina's 30.00 are paid; a late refund of 10.00 leaves her owing 1.50."""
    paying.pay_out(session, "ILS", agency(), CLOSED_ON, CLOSED_AT)
    due = Leg("influencer_due", cast.mina.influencer_id, "ILS", cast.campaign.id)
    post(session, "statement", {due: 150, Leg("agency_income", 0, "ILS"): -150}, LATER)
    assert [(row.payable_minor, row.owed_minor) for row in dues(session, "ILS")] == [(0, 150)]
    with pytest.raises(Conflict, match="nothing is due"):
        prepared(session)


def test_an_advice_in_the_payees_language_says_what_was_paid_for(session: Session, cast: Cast):
    """Noa's 150.00 less 6.41 withheld."""
    cast.noa.influencer.bank_account = "4123456"
    cast.noa.influencer.language = "ar"
    _, _, noa = at_the_bank(session)
    advice = paid(session, noa)
    contents = contents_of(advice)
    assert (advice.kind, advice.language, advice.influencer_id) == ("remittance_advice", "ar", cast.noa.influencer_id)
    assert [row["amount_minor"] for row in contents["statements"]] == [15_000]
    assert (contents["difference_minor"], contents["amount_minor"]) == (-641, 14_359)
    assert (contents["account_ending"], contents["paid_on"]) == ("456", "2026-06-12")
    assert "4123456" not in advice.contents


def test_a_payee_sees_no_payment_that_is_only_prepared(session: Session, cast: Cast):
    batch = prepared(session)
    assert payments_of(session, cast.mina.influencer_id) == []
    release(session, batch, None, False, CLOSED_AT)
    assert [line.status for line in payments_of(session, cast.mina.influencer_id)] == ["released"]


def test_books_notice_a_payment_that_no_line_made(session: Session, cast: Cast):
    batch, mina, _ = at_the_bank(session)
    due = Leg("influencer_due", mina.influencer_id, "ILS", cast.campaign.id)
    post(session, "payout", {due: 1, Leg("bank_clearing", 0, "ILS"): -1}, LATER, document_id=batch.document_id)
    assert [found for found in breaches(session) if found.startswith("I11")] == [
        f"I11 payout document {batch.document_id}, influencer {mina.influencer_id}: "
        "its lines say 0, the books 1 minor units"
    ]


def test_books_notice_a_statement_that_nobody_paid(session: Session, cast: Cast):
    batch, mina, _ = at_the_bank(session)
    session.add(PayoutStatement(statement_id=mina.statement_ids[0], document_id=batch.document_id))
    session.flush()
    assert [found for found in breaches(session) if found.startswith("I11")] == [
        f"I11 statement {mina.statement_ids[0]}: settled, but no payment to its payee was made"
    ]


def test_what_waits_for_a_payslip_makes_up_for_nothing_that_was_taken_back(session: Session):
    """30.00 are in the batch, and come back; 45.00 of the same brand are earned, and wait for a provider's payslip."""
    mina = mina_at(session)
    sell(session, mina, 20_000)
    end(session, mina.campaign)
    batch = prepare(session, "ILS", agency(), AFTER.date(), AFTER, None)
    sell(session, mina, 20_000, refunded_minor=20_000)
    state(session, mina)
    override_route(session, mina, "payslip", "employed from June on")
    sell(session, mina, 30_000)
    provider = agency() | {"payroll_provider": "Slips Ltd"}
    follow_up(session, mina.campaign, [mina], provider, AFTER.date(), AFTER)
    assert changed_since(session, batch.lines[0]) == LESS_IS_DUE
