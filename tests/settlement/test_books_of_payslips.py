"""`books check` holds each payslip's row against its paper and its postings, and each correction against the slip."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from campaigns.settlement.books.check import breaches
from campaigns.settlement.correcting.corrections import issue_correction
from tests.settlement.slips import AFTER, NEW, OLD, agency, dan, income_tax_row, slip
from tests.settlement.test_books import without_triggers

SLIP = "(SELECT id FROM document WHERE kind = 'payslip')"
CORRECTION = "(SELECT id FROM document WHERE kind = 'payslip_correction')"


@pytest.fixture
def corrected(session: Session) -> Session:
    """A slip and its correction: 313.50 of income tax given back."""
    income_tax_row(session, OLD)
    one = slip(session, dan(session), 2_100_000, date(2026, 1, 31))
    income_tax_row(session, NEW)
    issue_correction(session, one, agency(), AFTER)
    session.commit()
    return session


def test_good_payslips_and_corrections_have_no_breach(corrected: Session):
    assert breaches(corrected) == []


@pytest.mark.parametrize(
    ("tampered", "told"),
    [
        ("UPDATE payslip SET net_minor = net_minor + 1 WHERE corrects_id IS NULL", "PS-2026-000001: net is"),
        ("UPDATE payslip SET amounts = '{\"income_tax\": 1}' WHERE corrects_id IS NULL", "its row has the lines"),
        (f"UPDATE ledger_transaction SET kind = 'payout' WHERE document_id = {SLIP}", "influencer_due is 0 in the"),
        (f"UPDATE document SET contents = replace(contents, '299150', '299151') WHERE id = {CORRECTION}",
         "income_tax was 330500, the paper says 330500 and 299151"),
        (f"UPDATE document SET contents = replace(contents, '330500', '330501') WHERE id = {CORRECTION}",
         "income_tax was 330500, the paper says 330501"),
        ("UPDATE payslip SET corrects_id = 4711 WHERE corrects_id IS NOT NULL", "corrects a payslip that is not"),
        (f"UPDATE document SET corrects_id = 4711 WHERE id = {CORRECTION}", "is not of the payee, the day and"),
        ("UPDATE payslip SET pay_date = '2026-02-28' WHERE corrects_id IS NOT NULL", "is not of the payee, the"),
        (f"UPDATE posting SET amount_minor = amount_minor + 1 WHERE transaction_id IN"
         f" (SELECT id FROM ledger_transaction WHERE document_id = {CORRECTION})", "withheld_tax is 31351 in the"),
    ],
)  # fmt: skip
def test_each_breach_is_told(corrected: Session, tampered: str, told: str):
    without_triggers(corrected)
    corrected.execute(text(tampered))
    corrected.expire_all()
    assert any(breach.startswith("I13") and told in breach for breach in breaches(corrected))
