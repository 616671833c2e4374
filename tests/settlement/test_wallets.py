"""What one brand takes back is never set against another's; credit is offset and never paid out."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import balance
from campaigns.documents.issue import contents_of
from campaigns.errors import Conflict, Invalid
from campaigns.models import Bill, Brand, Influencer, Participation, Statement
from campaigns.settlement.books.check import breaches
from campaigns.settlement.wallets import wallets
from campaigns.settlement.wallets.history import brand_history, influencer_history
from campaigns.settlement.wallets.offsets import grant_credit, offset
from tests import factories
from tests.paying import pay_out
from tests.settlement.owed import AFTER, LATER, agency, end, in_campaign, mina_at, sell, state, statements


def paid_then_refunded(session: Session) -> tuple[Participation, Participation]:
    """Mina was paid 15.00 by Amber, whose order then came back; Cobalt owes her 30.00."""
    mina = factories.influencer(session, name="Mina")
    amber = in_campaign(session, mina, factories.brand(session, name="Amber"), "Amber serum")
    cobalt = in_campaign(session, mina, factories.brand(session, name="Cobalt"), "Cobalt cream")
    sell(session, amber, 10_000)
    end(session, amber.campaign)
    pay_out(session, "ILS", agency(), AFTER.date(), AFTER)
    sell(session, amber, 10_000, refunded_minor=10_000)
    sell(session, cobalt, 20_000)
    end(session, cobalt.campaign)
    return amber, cobalt


def test_a_refund_of_one_brand_lowers_nothing_that_another_owes(session: Session) -> None:
    """Minus 15.00 at Amber, 30.00 at Cobalt: 30.00 are paid, and Amber's 15.00 stay owed."""
    amber, cobalt = paid_then_refunded(session)
    assert statements(session, cobalt)[-1]["due_minor"] == 3_000
    assert state(session, amber).amount_minor == -1_500
    due = {amber.campaign.brand_id: -1_500, cobalt.campaign.brand_id: 3_000}
    assert wallets.due_by_brand(session, amber.influencer_id, "ILS") == due
    batch = pay_out(session, "ILS", agency(), LATER.date(), LATER)
    assert contents_of(batch)["total_minor"] == 3_000
    assert wallets.due_by_brand(session, amber.influencer_id, "ILS") == {amber.campaign.brand_id: -1_500}
    assert breaches(session) == []


def test_whoever_owes_is_shown_to_staff_with_the_brand(session: Session) -> None:
    amber, _ = paid_then_refunded(session)
    assert wallets.in_debt(session) == []
    state(session, amber)
    assert wallets.in_debt(session) == [(amber.influencer_id, "ILS", amber.campaign.brand_id, 1_500)]
    (wallet,) = wallets.influencer_wallets(session, amber.influencer_id)
    assert (wallet.withdrawable_minor, wallet.owed_minor, wallet.pending_minor) == (3_000, 1_500, 0)


def test_a_debt_is_carried_forward_to_the_same_brands_next_statement(session: Session) -> None:
    """Carried forward minus 15.00, this statement 45.00: 30.00 are due."""
    amber, _ = paid_then_refunded(session)
    state(session, amber)
    again = in_campaign(session, amber.influencer, amber.campaign.brand, "Again serum")
    sell(session, again, 30_000)
    end(session, again.campaign)
    paper = statements(session, again)[-1]
    assert (paper["opening_minor"], paper["due_minor"], paper["closing_minor"]) == (-1_500, 4_500, 3_000)
    assert wallets.payable(session, amber.influencer_id, "ILS")[amber.campaign.brand_id] == 3_000


def test_a_payment_is_booked_on_campaigns_of_the_brand_it_is_for(session: Session) -> None:
    amber, cobalt = paid_then_refunded(session)
    legs = wallets.payout_legs(session, amber.influencer_id, "ILS", {cobalt.campaign.brand_id: 3_000})
    assert [(leg.campaign_id, amount) for leg, amount in legs.items()] == [(cobalt.campaign_id, 3_000)]


def test_credit_is_the_agencys_expense_and_moves_no_brands_charge(session: Session) -> None:
    mina = mina_at(session)
    sell(session, mina)
    charged = balance(session, "brand_receivable", mina.campaign.brand_id, "ILS")
    grant_credit(session, mina.influencer, "ILS", 500, "a late parcel", AFTER)
    grant_credit(session, mina.campaign.brand, "ILS", 700, "a late report", AFTER)
    assert balance(session, "compensation_expense", 0, "ILS") == 1_200
    assert balance(session, "brand_receivable", mina.campaign.brand_id, "ILS") == charged == 1_800
    assert wallets.payable(session, mina.influencer_id, "ILS") == {}
    assert breaches(session) == []


def in_debt_with_credit(session: Session) -> tuple[Influencer, Statement]:
    """Mina owes Amber 15.00, and has credit of 20.00."""
    amber, _ = paid_then_refunded(session)
    grant_credit(session, amber.influencer, "ILS", 2_000, "a long wait", LATER)
    return amber.influencer, state(session, amber)


def test_credit_is_offset_against_what_is_owed_and_no_further(session: Session) -> None:
    """Of 20.00 credit 15.00 can be offset; 5.00 of it stay."""
    mina, owed = in_debt_with_credit(session)
    with pytest.raises(Conflict, match=r"at most 15\.00 ILS"):
        offset(session, mina, owed.document, 1_501, agency(), LATER.date(), LATER)
    note = offset(session, mina, owed.document, 1_500, agency(), LATER.date(), LATER)
    assert note.number == "ON-2026-000001"
    assert [contents_of(note)[f"{of}_after_minor"] for of in ("credit", "owed")] == [500, 0]
    assert balance(session, "influencer_credit", mina.id, "ILS") == -500
    assert wallets.in_debt(session) == [] and breaches(session) == []


def test_credit_is_never_paid_out_and_says_so(session: Session) -> None:
    mina, owed = in_debt_with_credit(session)
    with pytest.raises(Conflict, match="never paid out: name a document"):
        offset(session, mina, None, 100, agency(), LATER.date(), LATER)
    with pytest.raises(Invalid):
        offset(session, mina, owed.document, 0, agency(), LATER.date(), LATER)


def test_nobodys_credit_is_offset_against_somebody_elses_statement(session: Session) -> None:
    mina, owed = in_debt_with_credit(session)
    tal = factories.influencer(session, name="Tal")
    grant_credit(session, tal, "ILS", 2_000, "a reason", LATER)
    with pytest.raises(Conflict, match="a statement of their own"):
        offset(session, tal, owed.document, 100, agency(), LATER.date(), LATER)
    brand = session.scalars(select(Brand)).first()
    assert brand is not None
    with pytest.raises(Conflict, match="a bill of its own"):
        offset(session, brand, owed.document, 100, agency(), LATER.date(), LATER)


def test_a_brands_credit_is_offset_against_its_bill_until_nothing_is_open(session: Session) -> None:
    """100.00 sold: 15.00 and 3.00, and 18 % VAT on the 3.00 make 18.54; of 20.00 credit 18.54 can be offset."""
    mina = mina_at(session)
    sell(session, mina)
    end(session, mina.campaign)
    brand, bill = mina.campaign.brand, session.scalars(select(Bill)).one()
    grant_credit(session, brand, "ILS", 2_000, "a late report", LATER)
    offset(session, brand, bill.document, 1_000, agency(), LATER.date(), LATER)
    with pytest.raises(Conflict, match=r"at most 8\.54 ILS"):
        offset(session, brand, bill.document, 855, agency(), LATER.date(), LATER)
    offset(session, brand, bill.document, 854, agency(), LATER.date(), LATER)
    (wallet,) = wallets.brand_wallets(session, brand.id)
    assert (wallet.unbilled_minor, wallet.billed_minor, wallet.credit_minor) == (0, 0, 146)
    assert breaches(session) == []


def test_the_history_names_every_movement_and_its_cause_and_sums_to_the_balance(session: Session) -> None:
    mina, owed = in_debt_with_credit(session)
    offset(session, mina, owed.document, 1_500, agency(), LATER.date(), LATER)
    rows = influencer_history(session, mina.id)
    told = [(row.kind, row.order_number or row.document or row.reason) for row in rows]
    assert told[:3] == [("offset", "ON-2026-000001"), ("statement", owed.document.number), ("credit", "a long wait")]
    (wallet,) = wallets.influencer_wallets(session, mina.id)
    sums = [sum(row.amounts.get(kind, 0) for row in rows) for kind in wallets.INFLUENCER_KINDS]
    assert sums == [wallet.pending_minor, sum(wallet.due.values()), wallet.credit_minor] == [0, 3_000, 500]


def test_a_brands_history_is_what_its_sales_cost(session: Session) -> None:
    """18 % of 100.00."""
    mina = mina_at(session)
    sell(session, mina)
    (row,) = brand_history(session, mina.campaign.brand_id)
    assert (row.kind, row.amounts) == ("accrual", {"brand_receivable": 1_800})
    (wallet,) = wallets.brand_wallets(session, mina.campaign.brand_id)
    assert (wallet.unbilled_minor, wallet.billed_minor, wallet.credit_minor) == (1_800, 0, 0)
