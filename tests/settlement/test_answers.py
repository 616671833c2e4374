"""Answers for any moment: what the books knew by then, and nothing that came later.

Mina sells for 200.00 and Noa for 1,000.00 on 10 May; 15 % are 30.00 and 150.00, the agency's 3 % 6.00 and 30.00. All
is stated at the closing on 10 June; Mina's order is given back on 20 June.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import balance
from campaigns.documents.issue import contents_of
from campaigns.errors import Invalid, NotFound
from campaigns.models import LedgerAccount, LedgerTransaction, Order, Posting
from campaigns.planning.crediting import credit_by_hand
from campaigns.settlement.answering.answers import answer, answered
from campaigns.settlement.answering.questions import Question, Reader, Subject
from campaigns.settlement.as_of import moment_of, statement_as_of
from tests import factories, whole_campaign
from tests.settlement.owed import agency
from tests.whole_campaign import CLOSED_AT, MINAS, Cast

SOLD = factories.NOW + timedelta(days=1)
LATE = CLOSED_AT + timedelta(days=10)
PAST = LATE + timedelta(days=30)


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign closed and paid, one of whose orders was given back after."""
    made = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, made.campaign)
    whole_campaign.pay(session)
    assert made.mina.codes
    factories.order(
        session,
        shop=made.campaign.shop,
        code=made.mina.codes[0].code,
        external_id=f"{MINAS}-{made.campaign.id}",
        net_minor=20_000,
        refunded_minor=20_000,
        version=LATE,
        taken_at=LATE,
    )
    return made


def asked(session: Session, subject: Subject, reader: Reader = None, as_of: datetime = PAST) -> dict[str, Any]:
    return answered(session, Question(subject, reader, as_of, "en", "Asia/Jerusalem"))


def account(found: dict[str, Any], kind: str, owner: str = "") -> dict[str, Any]:
    return next(one for one in found["accounts"] if one["account"] == kind and owner in one["owner"])


def in_ledger(session: Session, kind: str, owner: int, as_of: datetime) -> int:
    """What the ledger says of an account at a moment, by a query of the test's own."""
    total = session.scalar(
        select(func.sum(Posting.amount_minor))
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(LedgerAccount.kind == kind, LedgerAccount.owner_id == owner, LedgerTransaction.recorded_at <= as_of)
    )
    return int(total or 0)


@pytest.mark.parametrize("as_of", [SOLD, CLOSED_AT, LATE - timedelta(days=1), PAST])
def test_the_lines_sum_to_the_ledgers_balance_at_any_moment(session: Session, cast: Cast, as_of: datetime):
    for subject in (cast.mina.influencer, cast.noa.influencer, cast.campaign.brand):
        for one in asked(session, subject, as_of=as_of)["accounts"]:
            debit = 1 if one["account"] == "brand_receivable" else -1
            assert sum(line["amount_minor"] for line in one["lines"]) == one["balance_minor"]
            assert one["balance_minor"] == debit * in_ledger(session, one["account"], subject.id, as_of)


def test_today_the_lines_sum_to_the_balance_that_is(session: Session, cast: Cast):
    mina = cast.mina.influencer
    owed = account(asked(session, mina), "influencer_pending")["balance_minor"]
    assert owed == -balance(session, "influencer_pending", mina.id, "ILS") == -3_000


def test_an_answer_for_a_past_day_knows_of_no_later_refund(session: Session, cast: Cast):
    before = asked(session, cast.mina.influencer, as_of=LATE - timedelta(days=1))["summary"][0]
    after = asked(session, cast.mina.influencer)["summary"][0]
    told = ("orders", "sold_minor", "given_back_minor", "earned_minor", "stated_minor", "paid_minor")
    assert [before[name] for name in told] == [1, 20_000, 0, 3_000, 3_000, 3_000]
    assert [after[name] for name in told] == [0, 20_000, 20_000, 0, 3_000, 3_000]


def test_before_the_closing_nothing_is_stated_and_nothing_paid(session: Session, cast: Cast):
    sold = asked(session, cast.noa.influencer, as_of=SOLD)
    assert sold["summary"][0] == {
        "currency": "ILS", "orders": 1, "sold_minor": 100_000, "given_back_minor": 0, "earned_minor": 15_000,
        "stated_minor": 0, "settled_minor": 0, "withheld_minor": 0, "vat_minor": 0, "paid_minor": 0,
    }  # fmt: skip
    assert [one["account"] for one in sold["accounts"]] == ["influencer_pending"]


def test_a_line_says_why_by_which_terms_and_which_posting(session: Session, cast: Cast):
    line = account(asked(session, cast.campaign, as_of=SOLD), "brand_receivable")["lines"][0]
    assert (line["kind"], line["reason"], line["terms_version"], line["base_minor"]) == ("accrual", "coupon", 1, 20_000)
    assert line["rates_bps"] == [1_500] and line["amount_minor"] == 3_600
    assert session.get_one(Posting, line["posting"]).amount_minor == 3_600


def test_a_line_names_the_papers_it_was_on_by_then_and_no_later_one(session: Session, cast: Cast):
    def papers(as_of: datetime) -> list[str]:
        found = account(asked(session, cast.mina.influencer, as_of=as_of), "influencer_pending")["lines"][0]["papers"]
        return [number.split("-")[0] for number in found]

    assert papers(SOLD) == []
    assert papers(PAST) == ["CS", "PB"]


def test_of_a_campaign_the_brand_is_told_what_it_owes_and_nothing_of_the_influencers_accounts(
    session: Session, cast: Cast
):
    found = asked(session, cast.campaign, cast.campaign.brand, as_of=LATE - timedelta(days=1))
    assert {one["account"] for one in found["accounts"]} == {"brand_receivable"}
    assert found["summary"][0]["charged_minor"] == 21_600 == found["summary"][0]["billed_minor"]
    assert "earned_minor" not in found["summary"][0]


def test_an_influencer_reads_no_other_name_and_no_whole_order_number(session: Session, cast: Cast):
    told = str(asked(session, cast.campaign, cast.mina.influencer))
    assert "Noa" not in told and "Tal" not in told and MINAS not in told


def test_an_order_is_answered_by_its_own_postings(session: Session, cast: Cast):
    order = session.scalars(select(Order).where(Order.external_id.startswith(MINAS))).one()
    found = asked(session, order, as_of=LATE - timedelta(days=1))["summary"][0]
    assert (found["sold_minor"], found["earned_minor"], found["settled_minor"]) == (20_000, 3_000, 3_000)
    assert (found["charged_minor"], found["billed_minor"], found["received_minor"]) == (3_600, 3_600, 0)


def test_a_brand_may_not_ask_about_another_brands_campaign(session: Session, cast: Cast):
    other = factories.brand(session, name="Cobalt")
    for subject in (cast.campaign, cast.campaign.brand, cast.mina.influencer):
        with pytest.raises(NotFound):
            asked(session, subject, other)


def test_an_influencer_may_not_ask_about_another_or_about_a_brand(session: Session, cast: Cast):
    for subject in (cast.noa.influencer, cast.campaign.brand):
        with pytest.raises(NotFound):
            asked(session, subject, cast.mina.influencer)


def test_an_answer_is_a_numbered_paper_of_its_reader(session: Session, cast: Cast):
    question = Question(cast.mina.influencer, cast.mina.influencer, PAST, "ar", "Asia/Jerusalem")
    made = answer(session, question, agency(), PAST)
    assert (made.kind, made.number, made.influencer_id) == (
        "itemised_answer", "IA-2026-000001", cast.mina.influencer_id,
    )  # fmt: skip
    assert contents_of(made)["reader"] == {"role": "influencer", "name": "Mina"}


def test_the_agencys_own_answer_is_nobody_elses(session: Session, cast: Cast):
    made = answer(session, Question(cast.campaign, None, PAST, "en", "Asia/Jerusalem"), agency(), PAST)
    assert (made.influencer_id, made.brand_id, made.campaign_id) == (None, None, cast.campaign.id)


def test_an_order_credited_to_somebody_else_is_sold_once_for_the_brand_and_lost_for_the_first(session: Session):
    cast = whole_campaign.a_live_campaign(session)
    order = session.scalars(select(Order).where(Order.external_id.startswith(MINAS))).one()
    omar = factories.user(session)
    credit_by_hand(session, order, cast.noa, omar.id, "her story", "https://x.example", factories.identity_key(), SOLD)
    told = ("orders", "sold_minor", "given_back_minor")
    of_brand = asked(session, cast.campaign, cast.campaign.brand, SOLD)["summary"][0]
    of_mina = asked(session, cast.mina.influencer, as_of=SOLD)["summary"][0]
    assert [of_brand[name] for name in told] == [2, 120_000, 0]
    assert [of_mina[name] for name in told] == [0, 20_000, 20_000]


def test_a_participants_own_list_is_the_same_book(session: Session, cast: Cast):
    _, totals = statement_as_of(session, cast.mina, LATE - timedelta(days=1))
    assert totals == {"orders": 1, "commission_minor": 3_000}
    assert statement_as_of(session, cast.mina, PAST)[1] == {"orders": 1, "commission_minor": 0}


def test_a_date_is_the_end_of_its_local_day():
    meant = moment_of("2026-05-31", "Asia/Jerusalem", PAST)
    assert meant == datetime(2026, 5, 31, 20, 59, 59, 999999, tzinfo=UTC)


def test_today_is_answered_as_far_as_it_has_gone():
    assert moment_of(PAST.date().isoformat(), "Asia/Jerusalem", PAST) == PAST == moment_of("", "UTC", PAST)


def test_a_moment_without_an_offset_is_of_the_zone():
    assert moment_of("2026-05-31T12:00", "Asia/Jerusalem", PAST) == datetime(2026, 5, 31, 9, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "1999-05-01", "2031-01-01", "2026-05-31T99:00"])
def test_what_is_no_moment_of_the_past_is_refused(text: str):
    with pytest.raises(Invalid):
        moment_of(text, "Asia/Jerusalem", PAST)
