"""Everything that may move an account has its words: on wallets, in exports and in answers alike."""

from campaigns.documents.labels import ENTRIES
from campaigns.settlement.exchanging.booking import KINDS


def test_payees_papers_have_words_beside_all_other_entries() -> None:
    assert {*KINDS, "accrual", "statement", "payslip", "payslip_correction", "payout"} <= set(ENTRIES)
