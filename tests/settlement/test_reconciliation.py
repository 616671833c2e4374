"""A campaign against the shop's own list: what differs is found, once each, and nothing else."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Reconciliation, Shop
from campaigns.settlement.reconciling.reconciliation import newest, reconcile, undecided
from campaigns.settlement.reconciling.shop_exports import JSON, TABLE, read_export
from tests import factories
from tests.factories import END, NOW, START
from tests.settlement.exports import shopify, shopify_csv, standard, table

A_DAY = timedelta(days=1)


@pytest.fixture
def campaign(session: Session) -> Campaign:
    return factories.live_campaign(session, accepted=1)


def held(session: Session, campaign: Campaign, *orders: dict[str, Any]) -> Reconciliation:
    """Against an export in JSON."""
    body = json.dumps(list(orders)).encode()
    return reconcile(session, campaign, read_export(body, JSON, "ILS", "UTC"), body, None, NOW)


def held_to_table(session: Session, campaign: Campaign, body: bytes) -> Reconciliation:
    return reconcile(session, campaign, read_export(body, TABLE, "ILS", "UTC"), body, None, NOW)


def found(made: Reconciliation) -> list[tuple[str, str]]:
    return [(finding.kind, finding.number) for finding in made.findings]


def sold(session: Session, shop: Shop, number: int, **facts: Any) -> None:
    factories.order(session, shop=shop, external_id=str(number), **facts)


def test_five_planted_differences_among_two_hundred_orders_are_the_five_found(session: Session, campaign: Campaign):
    for number in range(1001, 1201):
        sold(session, campaign.shop, number, refunded_minor=2_500 if number % 10 == 0 else 0)
    back = {"id": "r1", "lines": [{"line_id": "1", "quantity": 1, "total": "25.00"}]}
    theirs = {number: standard(number, refunds=[back] if number % 10 == 0 else []) for number in range(1001, 1201)}
    del theirs[1003]
    theirs[9001] = standard(9001)
    theirs[1005] = standard(1005, total="99.00")
    theirs[1006] = standard(1006, status="cancelled")
    theirs[1010] = standard(1010)
    made = held(session, campaign, *theirs.values())
    assert sorted(found(made)) == [
        ("amount_differs", "#1005"), ("amount_differs", "#1010"), ("missing_here", "#9001"),
        ("missing_there", "#1003"), ("status_differs", "#1006"),
    ]  # fmt: skip
    assert (made.matched_count, made.row_count) == (196, 200)


@pytest.mark.parametrize(
    ("placed_at", "counts"),
    [(START - A_DAY, 0), (START, 1), (END, 1), (END + A_DAY, 0), (END - timedelta(seconds=1), 1)],
)
def test_only_orders_of_the_campaigns_dates_are_compared(
    session: Session, campaign: Campaign, placed_at: datetime, counts: int
):
    sold(session, campaign.shop, 1, placed_at=placed_at, email=None)
    made = held(session, campaign, standard(2, placed_at=placed_at), standard(3, placed_at=START))
    assert len(found(made)) == 2 * counts + 1


def test_days_of_grace_belong_to_the_campaign(session: Session):
    campaign = factories.live_campaign(session, accepted=1, grace_days=3)
    made = held(session, campaign, standard(2, placed_at=END + 2 * A_DAY), standard(3, placed_at=END + 4 * A_DAY))
    assert found(made) == [("missing_here", "#2")]


def test_an_order_on_the_other_side_of_the_edge_is_still_found_there(session: Session, campaign: Campaign):
    sold(session, campaign.shop, 1, placed_at=START + timedelta(hours=1))
    made = held(session, campaign, standard(1, placed_at=START - timedelta(hours=1)))
    assert (found(made), made.matched_count) == ([], 1)


def test_orders_without_ids_are_found_by_their_number(session: Session, campaign: Campaign):
    sold(session, campaign.shop, 1001)
    titles = ["Order Number", "Status", "Date", "Total"]
    rows = [(number, "completed", "2026-05-10 12:00", "100.00") for number in ("1001", "#1002")]
    made = held_to_table(session, campaign, table([dict(zip(titles, row, strict=True)) for row in rows], titles))
    assert (found(made), made.matched_count) == ([("missing_here", "#1002")], 1)


def test_a_test_order_and_a_deleted_one_need_not_stand_in_the_shops_list(session: Session, campaign: Campaign):
    sold(session, campaign.shop, 1, test=True)
    sold(session, campaign.shop, 2)
    made = held(session, campaign, standard(3))
    assert sorted(found(made)) == [("missing_here", "#3"), ("missing_there", "#2")]


def test_another_currency_is_another_amount(session: Session, campaign: Campaign):
    sold(session, campaign.shop, 1)
    assert found(held(session, campaign, standard(1, currency="USD"))) == [("amount_differs", "#1")]


def test_money_given_back_is_compared_where_the_order_is_still_paid(session: Session, campaign: Campaign):
    factories.order(session, shop=campaign.shop, external_id="5001001", refunded_minor=4_000)
    factories.order(session, shop=campaign.shop, external_id="5001002", status="refunded")
    rows = shopify(1001, refunded_amount="40.00"), shopify(1002, financial_status="refunded", refunded_amount="99.00")
    made = held_to_table(session, campaign, shopify_csv(*rows))
    assert (found(made), made.matched_count) == ([], 2)


def test_of_two_comparisons_the_newer_counts_and_the_older_forgets_the_buyer(session: Session, campaign: Campaign):
    former = held(session, campaign, standard(1))
    assert "dana@example.com" in str(former.findings[0].theirs)
    later = held(session, campaign, standard(2), standard(3))
    assert newest(session, campaign.id) is later
    assert undecided(session, campaign.id) == {("missing_here", "open"): 2}
    assert "dana@example.com" not in str(former.findings[0].theirs)
