"""What papers say beside their sums: the report's products and sources, the statement's year, the advice's parts.

Of Mina's 200.00 and Noa's 1,000.00 the shares are 30.00 and 150.00; Noa's payslip withholds 6.41.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Leg, post
from campaigns.documents.issue import contents_of
from campaigns.models import Document, Order, Statement
from campaigns.settlement.paying.remittance import issue_advice
from campaigns.settlement.report_facts import LISTED, products, report_facts
from tests import factories, paying, whole_campaign
from tests.settlement.owed import agency
from tests.whole_campaign import CLOSED_AT, CLOSED_ON, Cast


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign that is closed."""
    made = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, made.campaign)
    return made


def contents(session: Session, kind: str, influencer_id: int | None = None) -> dict[str, Any]:
    wanted = select(Document).filter_by(kind=kind).order_by(Document.id.desc())
    mine = wanted.filter_by(influencer_id=influencer_id) if influencer_id else wanted
    paper = session.scalars(mine).first()
    assert paper is not None
    return contents_of(paper)


def test_a_report_lists_products_with_units_and_sales(session: Session, cast: Cast):
    (serum,) = contents(session, "final_report")["products"]
    assert serum == {"sku": "SERUM", "title": "Serum", "units": "2", "lines": 2, "net_minor": 120_000}


def test_a_report_with_many_products_sums_up_the_last_ones():
    lines = [
        {"sku": f"S{number:02}", "title": "", "quantity": "1.5", "net_minor": 100 - number, "gift_card": False}
        for number in range(LISTED + 2)
    ]
    listed = products([SimpleNamespace(lines=lines, currency="ILS")], "ILS")
    assert (len(listed), listed[0]["sku"]) == (LISTED + 1, "S00")
    assert listed[-1] == {"sku": "", "title": "", "units": "3", "lines": 2, "net_minor": 60 + 59}


def test_a_report_says_until_when_codes_earned_and_where_it_is_from(session: Session, cast: Cast):
    told = contents(session, "final_report")
    assert told["cut_off"] == "2026-05-22T18:00:00Z"
    assert told["sources"]["reconciliation"] is None and told["sources"]["platform"] == "standard"
    assert told["pending"] == {"returnable": 0, "held": 0}


def test_a_report_counts_what_was_sold_in_orders_that_are_nobodys(session: Session):
    cast = whole_campaign.a_live_campaign(session)
    assert cast.mina.code
    factories.order(session, shop=cast.campaign.shop, code=cast.mina.code.code, net_minor=7_000, test=True)
    (row,) = report_facts(session, cast.campaign, CLOSED_AT)["rejected"]
    assert row == {"reason": "refused_test", "orders": 1, "net_minor": 7_000}


def test_a_statement_says_masked_numbers_and_by_its_id_which_order_is_meant(session: Session, cast: Cast):
    (line,) = contents(session, "commission_statement", cast.mina.influencer_id)["lines"]
    assert line["order_ref"].startswith("•••") and len(line["order_ref"]) == 5
    meant = session.scalars(select(Order).filter_by(public_id=line["order"])).one()
    assert meant.number.startswith("#order-of-mina") and "order_number" not in line


def test_a_statement_says_the_year_so_far_and_how_it_is_paid(session: Session, cast: Cast):
    mina = contents(session, "commission_statement", cast.mina.influencer_id)
    assert mina["year_to_date"] == {"year": 2026, "statements": 1, "stated_minor": 3_000, "paid_minor": 0}
    assert mina["subtotals"] == [{"campaign": "Spring serum", "lines": 1, "commission_minor": 3_000}]
    assert mina["payment"]["planned_on"] is None
    noa = contents(session, "commission_statement", cast.noa.influencer_id)
    assert noa["payment"]["planned_on"] == "2026-07-09"


def test_an_advice_says_what_payslips_withheld(session: Session, cast: Cast):
    whole_campaign.pay(session)
    told = contents(session, "remittance_advice", cast.noa.influencer_id)
    names = ("stated_minor", "vat_minor", "withheld_minor", "carried_minor", "amount_minor")
    assert [told[name] for name in names] == [15_000, 0, 641, 0, 14_359]


def test_an_advice_says_what_papers_added_and_withheld(session: Session, cast: Cast):
    mina = cast.mina.influencer
    statement = session.scalars(select(Statement).filter_by(influencer_id=mina.id)).one()
    place = ("ILS", statement.campaign_id, statement.participation_id)
    legs = {
        Leg("influencer_due", mina.id, *place): 150 - 540,
        Leg("withheld_tax", 0, "ILS"): -150,
        Leg("input_vat", 0, "ILS"): 540,
    }
    basis = {"vat_minor": 540, "withheld_minor": 150}
    post(session, "payee_paper", legs, CLOSED_AT, document_id=statement.document_id, basis=basis)
    batch = paying.released(session, "ILS", agency(), CLOSED_ON, CLOSED_AT)
    told = contents_of(issue_advice(session, batch.lines[0], CLOSED_ON, agency(), CLOSED_AT))
    names = ("stated_minor", "vat_minor", "withheld_minor", "carried_minor", "amount_minor")
    assert [told[name] for name in names] == [3_000, 540, 150, 0, 3_390]
