"""Accepting takes the one path of every delivery; what an export doesn't tell is never made up; closing waits."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.errors import Conflict, Invalid
from campaigns.models import Campaign, Delivery, Finding, LedgerAccount, Order, Posting
from campaigns.settlement.books.check import breaches
from campaigns.settlement.close import close, close_findings
from campaigns.settlement.reconciling.deciding import AT_ONCE, accept, decide_all, dispute, settle_agreed, waive
from campaigns.settlement.reconciling.reconciliation import newest
from campaigns.tracking import inbox
from campaigns.tracking.events import ShopEvent
from campaigns.tracking.orders import find_order, take
from tests import factories
from tests.factories import END, NOW
from tests.settlement.exports import shopify, shopify_csv, standard, table
from tests.settlement.test_reconciliation import held, held_to_table

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def campaign(session: Session) -> Campaign:
    return factories.live_campaign(session, accepted=1)


def code_of(session: Session, campaign: Campaign) -> str:
    return factories.participants(session, campaign)[0].code.code


def take_word(session: Session, finding: Finding) -> Finding:
    return accept(session, finding, factories.identity_key(), None, LATER)


def earned(session: Session) -> int:
    """What the brand owes for all orders, in books that are clean: 18 % of what is left of them."""
    session.commit()
    assert breaches(session) == []
    charged = select(func.coalesce(func.sum(Posting.amount_minor), 0)).join(LedgerAccount)
    return int(session.scalar(charged.where(LedgerAccount.kind == "brand_receivable")) or 0)


def order_of(session: Session, campaign: Campaign, external_id: str) -> Order:
    found = find_order(session, campaign.shop_id, external_id)
    assert found is not None
    return found


def test_an_order_missing_here_is_taken_in_as_a_delivery_and_credited(session: Session, campaign: Campaign):
    made = held(session, campaign, standard(1, coupon_codes=[code_of(session, campaign)]))
    finding = take_word(session, made.findings[0])
    delivery = session.scalars(select(Delivery)).one()
    assert (delivery.origin, delivery.status, delivery.order_external_id) == ("reconciliation", "processed", "1")
    assert (finding.status, finding.order_id) == ("accepted", order_of(session, campaign, "1").id)
    assert "dana@example.com" not in str(finding.theirs)
    assert earned(session) == 1_800


def test_an_accepted_delivery_can_be_read_again_and_changes_nothing(session: Session, campaign: Campaign):
    made = held(session, campaign, standard(1, coupon_codes=[code_of(session, campaign)]))
    take_word(session, made.findings[0])
    delivery = session.scalars(select(Delivery)).one()
    inbox.replay(session, delivery, factories.identity_key(), LATER)
    assert (delivery.status, delivery.attempts) == ("processed", 2)
    assert earned(session) == 1_800


def test_an_order_missing_in_the_shop_is_cancelled_here(session: Session, campaign: Campaign):
    factories.order(session, shop=campaign.shop, external_id="1", code=code_of(session, campaign))
    made = held(session, campaign, standard(2))
    finding = next(one for one in made.findings if one.kind == "missing_there")
    take_word(session, finding)
    assert order_of(session, campaign, "1").state == "cancelled"
    assert earned(session) == 0


def test_a_cancellation_in_shopifys_table_is_taken_and_the_buyer_stays(session: Session, campaign: Campaign):
    placed = factories.order(session, shop=campaign.shop, external_id="5001001", code=code_of(session, campaign))
    buyer = placed.customer_key
    rows = shopify(1001, cancelled_at="2026-05-12 10:00:00 +0300", email="")
    made = held_to_table(session, campaign, shopify_csv(rows))
    take_word(session, made.findings[0])
    order = order_of(session, campaign, "5001001")
    assert (order.state, order.customer_key, bool(buyer)) == ("cancelled", buyer, True)
    assert earned(session) == 0


def test_a_sum_given_back_is_taken_in_proportion_until_the_shop_tells_itself(session: Session, campaign: Campaign):
    code = code_of(session, campaign)
    factories.order(session, shop=campaign.shop, external_id="5001001", code=code)
    made = held_to_table(session, campaign, shopify_csv(shopify(1001, refunded_amount="40.00")))
    take_word(session, made.findings[0])
    assert order_of(session, campaign, "5001001").refunded_minor == 4_000
    assert earned(session) == 1_080  # 18 % of the 60.00 left
    again = {"external_id": "5001001", "version": LATER, "refunded_minor": 4_000}
    factories.order(session, shop=campaign.shop, code=code, **again)  # the shop's own word, with the items
    assert order_of(session, campaign, "5001001").refunded_minor == 4_000
    assert earned(session) == 1_080


def test_an_order_missing_here_is_made_of_the_rows_of_shopifys_table(session: Session, campaign: Campaign):
    rows = shopify(
        1001, {"Lineitem price": "50.00"}, subtotal="150.00", total="150.00", discount_code=code_of(session, campaign)
    )
    made = held_to_table(session, campaign, shopify_csv(rows))
    take_word(session, made.findings[0])
    assert order_of(session, campaign, "5001001").net_minor == 15_000
    assert earned(session) == 2_700


def test_another_total_in_shopifys_table_is_taken_with_its_lines(session: Session, campaign: Campaign):
    factories.order(session, shop=campaign.shop, external_id="5001001", code=code_of(session, campaign))
    rows = shopify(1001, {"Lineitem price": "50.00", "Lineitem sku": "SOAP"}, subtotal="150.00", total="150.00")
    made = held_to_table(session, campaign, shopify_csv(rows))
    take_word(session, made.findings[0])
    order = order_of(session, campaign, "5001001")
    assert (order.total_minor, [line["category"] for line in order.lines]) == (15_000, ["skin care", ""])
    assert earned(session) == 2_700


def test_what_a_table_does_not_tell_is_refused_and_stays_open(session: Session, campaign: Campaign):
    titles = ["Order ID", "Status", "Date", "Total"]
    rows = [dict(zip(titles, ("7", "completed", "2026-05-10 12:00", "100.00"), strict=True))]
    made = held_to_table(session, campaign, table(rows, titles))
    with pytest.raises(Conflict, match="doesn't tell the items") as refused:
        take_word(session, made.findings[0])
    assert len(refused.value.findings) == 2 and made.findings[0].status == "open"
    assert session.scalar(select(func.count()).select_from(Delivery)) == 0


def test_an_export_older_than_what_the_shop_told_since_is_refused(session: Session, campaign: Campaign):
    factories.order(session, shop=campaign.shop, external_id="1", status="cancelled", version=LATER)
    made = held(session, campaign, standard(1))
    with pytest.raises(Conflict, match="told of the order after"):
        take_word(session, made.findings[0])


def test_where_the_shop_has_told_meanwhile_there_is_nothing_left_to_post(session: Session, campaign: Campaign):
    made = held(session, campaign, standard(1), standard(2))
    factories.order(session, shop=campaign.shop, external_id="1")
    assert take_word(session, made.findings[0]).status == "accepted"
    assert session.scalar(select(func.count()).select_from(Delivery)) == 0


def test_looking_again_closes_what_agrees_now_and_leaves_the_rest(session: Session, campaign: Campaign):
    made = held(session, campaign, standard(1), standard(2))
    factories.order(session, shop=campaign.shop, external_id="2")
    assert settle_agreed(session, campaign, LATER) == 1
    assert [finding.status for finding in made.findings] == ["open", "accepted"]


def test_a_later_word_of_the_shop_stands_over_an_accepted_table(session: Session, campaign: Campaign):
    factories.order(session, shop=campaign.shop, external_id="5001001")
    made = held_to_table(session, campaign, shopify_csv(shopify(1001, cancelled_at="2026-05-12 10:00:00 +0300")))
    take_word(session, made.findings[0])
    factories.order(session, shop=campaign.shop, external_id="5001001", version=NOW + timedelta(seconds=1))
    assert order_of(session, campaign, "5001001").state == "paid"


def test_waiving_and_disputing_want_a_reason_and_are_done_once(session: Session, campaign: Campaign):
    finding = held(session, campaign, standard(1)).findings[0]
    with pytest.raises(Invalid):
        waive(session, finding, " ", None, LATER)
    dispute(session, finding, "the shop's test", None, LATER)
    waive(session, finding, "the shop's test", None, LATER)
    with pytest.raises(Conflict, match="decided already"):
        take_word(session, finding)


def test_a_finding_of_a_former_comparison_can_not_be_decided(session: Session, campaign: Campaign):
    former = held(session, campaign, standard(1)).findings[0]
    held(session, campaign, standard(1))
    with pytest.raises(Conflict, match="newer export"):
        take_word(session, former)


def test_all_of_a_kind_are_decided_and_those_that_can_not_be_say_why(session: Session, campaign: Campaign):
    rows = shopify(1001), shopify(1002, total="105.00"), shopify(1003)
    made = held_to_table(session, campaign, shopify_csv(*rows))
    key = factories.identity_key()
    decided = decide_all(session, made, "missing_here", "accept", "", key, None, LATER)
    assert (decided.done, len(decided.refused)) == (2, 1)
    assert [finding.status for finding in made.findings] == ["accepted", "open", "accepted"]


def test_many_are_decided_some_at_a_time(session: Session, campaign: Campaign):
    made = held(session, campaign, *(standard(number) for number in range(1, AT_ONCE + 3)))
    key = factories.identity_key()
    first, then = (decide_all(session, made, "missing_here", "waive", "gifts", key, None, LATER) for _ in range(2))
    assert [(first.done, first.more), (then.done, then.more)] == [(AT_ONCE, True), (2, False)]


def closed(session: Session, campaign: Campaign, reason: str = "") -> dict[str, Any]:
    after = END + timedelta(days=20)
    agency = current_app.extensions["settings"].agency()
    return contents_of(close(session, campaign, agency, after.date(), after, None, reason))


def test_closing_waits_for_every_finding_and_lists_what_was_waived(session: Session, campaign: Campaign):
    made = held(session, campaign, standard(1), standard(2))
    with pytest.raises(Conflict, match="to be decided: 2"):
        closed(session, campaign)
    waive(session, made.findings[0], "a gift to staff", None, LATER)
    dispute(session, made.findings[1], "never paid", None, LATER)
    with pytest.raises(Conflict, match="disputed differences from the shop's export: 1"):
        closed(session, campaign)
    waive(session, made.findings[1], "never paid", None, LATER)
    listed = [finding["facts"]["reason"] for finding in closed(session, campaign)["findings"]]
    assert listed == ["a gift to staff", "never paid"]


def test_a_reason_closes_over_open_findings_and_the_buyers_are_forgotten(session: Session, campaign: Campaign):
    held(session, campaign, standard(1))
    findings = closed(session, campaign, "the shop is gone")["findings"]
    assert [finding["facts"] for finding in findings] == [{"count": 1}]
    made = newest(session, campaign.id)
    assert made is not None and "dana@example.com" not in json.dumps(made.findings[0].theirs)


def test_a_campaign_never_compared_closes_as_before(session: Session, campaign: Campaign):
    assert close_findings(session, campaign, END + timedelta(days=20)) == []


def test_a_deletion_of_an_order_is_no_last_word(session: Session, campaign: Campaign):
    factories.order(session, shop=campaign.shop, external_id="1")
    gone = ShopEvent("orders/delete", order_id="1", deleted=True, occurred_at=LATER)
    take(session, campaign.shop, gone, factories.identity_key(), LATER)
    rows = {**standard(1), "version": "2026-05-10T14:00:00Z"}
    made = held(session, campaign, rows)
    take_word(session, made.findings[0])
    assert order_of(session, campaign, "1").state == "paid"


def test_a_reason_too_long_to_keep_is_refused_and_never_cut(session: Session, campaign: Campaign):
    finding = held(session, campaign, standard(1)).findings[0]
    for decide in (waive, dispute):
        with pytest.raises(Invalid) as refused:
            decide(session, finding, "x" * 1001, None, LATER)
        assert list(refused.value.errors) == ["reason"]
    assert waive(session, finding, " " + "x" * 1000, None, LATER).reason == "x" * 1000
