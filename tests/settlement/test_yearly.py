"""Yearly papers: from payslips and ledger, made once, and made anew only where the figures have changed.

Noa has a payslip of 150.00 in June: national insurance 1.56, health 4.85, none of it income tax, so 143.59 net; Mina is
paid 30.00 against an invoice.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Leg, post
from campaigns.documents.issue import contents_of
from campaigns.errors import Invalid
from campaigns.models import Document, Influencer, LedgerAccount, LedgerTransaction, Payslip, Posting, Statement
from campaigns.settlement.yearly.figures import CONFIRMATION, SUMMARY, figures_of
from campaigns.settlement.yearly.papers import being_made, make, papers_of_year, years
from tests import whole_campaign
from tests.settlement.owed import agency
from tests.whole_campaign import Cast

JANUARY = datetime(2027, 1, 20, 9, tzinfo=UTC)


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign closed and paid."""
    made = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, made.campaign)
    whole_campaign.pay(session)
    return made


def made_for(session: Session, *payees: Influencer) -> Sequence[Document]:
    return make(session, 2026, agency(), JANUARY, payees or None)


def withhold(session: Session, payee: Influencer, amount_minor: int, rate_bps: int = 1000) -> None:
    """Tax withheld of a supplier, as an accepted paper books it."""
    statement = session.scalars(select(Statement).filter_by(influencer_id=payee.id)).one()
    legs = {Leg("influencer_due", payee.id, "ILS"): amount_minor, Leg("withheld_tax", 0, "ILS"): -amount_minor}
    basis = {
        "vat_minor": 0, "withheld_minor": amount_minor, "withholding_bps": rate_bps, "certificate": "C-77",
        "pay_on": "2026-07-02",
    }  # fmt: skip
    post(session, "payee_paper", legs, JANUARY, document_id=statement.document_id, basis=basis)


def confirmed(session: Session, payee: Influencer) -> dict[str, Any]:
    found: dict[str, Any] = figures_of(session, payee, 2026)[CONFIRMATION]["currencies"][0]
    return found


def test_everyone_who_was_paid_has_the_paper_of_their_route(session: Session, cast: Cast):
    found = papers_of_year(session, 2026)
    assert [(one.payee.name, one.kind, one.state) for one in found] == [
        ("Mina", CONFIRMATION, "missing"), ("Noa", SUMMARY, "missing"),
    ]  # fmt: skip


def test_wages_are_the_payslips_month_by_month(session: Session, cast: Cast):
    wages = figures_of(session, cast.noa.influencer, 2026)[SUMMARY]["wages"][0]
    assert (wages["gross_minor"], wages["net_minor"], wages["months_worked"]) == (15_000, 14_359, 1)
    assert wages["months"][0]["month"] == "2026-06"
    taken = {code: wages["totals"][code] for code in ("income_tax", "national_insurance", "health_insurance")}
    assert taken == {"income_tax": 0, "national_insurance": 156, "health_insurance": 485}


def test_what_the_summary_says_was_taken_is_what_the_ledger_withheld(session: Session, cast: Cast):
    wages = figures_of(session, cast.noa.influencer, 2026)[SUMMARY]["wages"][0]
    withheld = session.scalar(
        select(func.sum(Posting.amount_minor))
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(LedgerTransaction.kind == "payslip", LedgerAccount.kind == "influencer_due")
    )
    employee = [code for code, named in wages["names"].items() if named["side"] == "employee"]
    assert sum(wages["totals"][code] for code in employee) == withheld == 641


def test_a_correction_is_counted_in_and_makes_no_further_month(session: Session, cast: Cast):
    slip = session.scalars(select(Payslip)).one()
    paper = Document(
        kind="payslip_correction", series="PC-2026", serial=1, number="PC-2026-000001", language="he",
        contents="{}", contents_sha256="", issued_at=JANUARY,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    session.add(
        Payslip(
            document_id=paper.id, influencer_id=slip.influencer_id, pay_date=slip.pay_date, currency="ILS",
            gross_minor=0, income_tax_minor=0, national_insurance_minor=-56, health_insurance_minor=0,
            employer_national_insurance_minor=0, net_minor=56, corrects_id=slip.id,
        )
    )  # fmt: skip
    session.flush()
    wages = figures_of(session, cast.noa.influencer, 2026)[SUMMARY]["wages"][0]
    assert (wages["totals"]["national_insurance"], wages["net_minor"], wages["months_worked"]) == (100, 14_415, 1)


def test_payments_and_tax_of_a_supplier_are_told_by_month_and_certificate(session: Session, cast: Cast):
    withhold(session, cast.mina.influencer, 300)
    told = confirmed(session, cast.mina.influencer)
    assert [(one["month"], one["paid_minor"], one["withheld_minor"]) for one in told["months"]] == [
        ("2026-06", 3_000, 0), ("2026-07", 0, 300),
    ]  # fmt: skip
    assert (told["withheld"][0]["certificate"], told["withheld"][0]["rate_bps"]) == ("C-77", 1_000)
    assert (told["paid_minor"], told["base_minor"], told["withheld_minor"]) == (3_000, 3_000, 300)


def test_wages_are_no_suppliers_payments(session: Session, cast: Cast):
    assert CONFIRMATION not in figures_of(session, cast.noa.influencer, 2026)


def test_another_year_has_nothing(session: Session, cast: Cast):
    assert papers_of_year(session, 2025) == []


def test_making_them_twice_makes_them_once(session: Session, cast: Cast):
    first = made_for(session)
    assert [one.number for one in first] == ["WC-2026-000001", "AS-2026-000001"]
    assert made_for(session) == []
    assert [one.state for one in papers_of_year(session, 2026)] == ["current", "current"]


def test_changed_figures_make_a_paper_that_names_the_old_one(session: Session, cast: Cast):
    (old, _) = made_for(session)
    withhold(session, cast.mina.influencer, 300)
    assert [one.state for one in papers_of_year(session, 2026)] == ["changed", "current"]
    (new,) = made_for(session)
    assert (new.corrects_id, contents_of(new)["corrects"]) == (old.id, old.number)
    assert contents_of(old)["figures"]["currencies"][0]["withheld_minor"] == 0


def test_papers_can_be_made_for_one_payee(session: Session, cast: Cast):
    (made,) = made_for(session, cast.noa.influencer)
    assert (made.kind, made.influencer_id) == (SUMMARY, cast.noa.influencer_id)


def test_a_payee_taxed_in_the_states_is_told_the_threshold(session: Session, cast: Cast):
    cast.mina.influencer.country = "US"
    (paid,) = figures_of(session, cast.mina.influencer, 2026)[SUMMARY]["payments"]
    assert (paid["currency"], paid["paid_minor"], paid["threshold"]) == ("ILS", 3_000, None)
    assert CONFIRMATION not in figures_of(session, cast.mina.influencer, 2026)


@pytest.mark.parametrize(("amount", "reached"), [(199_999, False), (200_000, True)])
def test_dollars_are_held_against_the_threshold_of_their_year(session: Session, cast: Cast, amount: int, reached: bool):
    mina = cast.mina.influencer
    mina.country = "US"
    legs = {Leg("influencer_due", mina.id, "USD"): amount, Leg("bank_clearing", 0, "USD"): -amount}
    post(session, "payout", legs, datetime(2026, 8, 3, tzinfo=UTC))
    _, dollars = figures_of(session, mina, 2026)[SUMMARY]["payments"]
    assert (dollars["threshold"]["threshold_minor"], dollars["reached"]) == (200_000, reached)


def test_a_year_that_has_not_begun_is_refused(session: Session, cast: Cast):
    with pytest.raises(Invalid):
        make(session, 2028, agency(), JANUARY)


def test_progress_counts_papers_with_their_files(session: Session, cast: Cast):
    made_for(session)
    assert being_made(session, 2026) == (0, 2)
    whole_campaign.make_files(session)
    assert being_made(session, 2026) == (2, 2)


def test_the_years_offered_begin_with_the_first_payment(session: Session, cast: Cast):
    assert years(session, JANUARY) == [2027, 2026]
