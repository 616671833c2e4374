"""Orders, those that are nobody's, and crediting by hand."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry
from campaigns.settlement.figures import figures_of
from campaigns.tracking.decisions import current_decision
from tests import factories as make
from tests.factories import submit, visit


def test_orders_are_filtered_by_reason(staff: FlaskClient, session: Session) -> None:
    campaign = make.live_campaign(session, accepted=1)
    code = make.participants(session, campaign)[0].code.code
    make.order(session, shop=campaign.shop, code=code, external_id="777001")
    make.order(session, shop=campaign.shop, code=code, external_id="777002", test=True)
    page = visit(staff, f"/console/campaigns/{campaign.public_id}/orders?reason=refused_test").text
    assert "#777002" in page
    assert "#777001" not in page


def test_a_mistyped_code_is_worth_a_look_and_a_plain_customer_is_not(staff: FlaskClient, session: Session) -> None:
    campaign = make.live_campaign(session, accepted=1)
    make.order(session, shop=campaign.shop, code="MINAA1O", external_id="777003")
    make.order(session, shop=campaign.shop, external_id="777004")
    page = visit(staff, f"/console/unattributed?campaign={campaign.public_id}").text
    assert "#777003" in page
    assert "MINAA1O" in page
    assert "#777004" not in page


def test_an_order_credited_by_hand_pays_and_keeps_the_reason(staff: FlaskClient, session: Session) -> None:
    campaign = make.live_campaign(session, accepted=1)
    mina = make.participants(session, campaign)[0]
    order = make.order(session, shop=campaign.shop, code="MINAA1O", net_minor=10_000)
    fields = {"participation": mina.public_id, "reason": "she showed the chat"}
    submit(staff, f"/console/orders/{order.public_id}", fields)
    session.expire_all()
    decision = current_decision(session, order.id)
    assert decision is not None
    assert (decision.reason, decision.evidence["assigned_because"]) == ("manual", "she showed the chat")
    assert figures_of(session, campaign.id)[mina.id].commission_minor == 1500
    assert session.scalars(select(AuditEntry).filter_by(action="order.assigned")).one().user_id is not None


def test_nothing_is_credited_without_a_reason(staff: FlaskClient, session: Session) -> None:
    campaign = make.live_campaign(session, accepted=1)
    order = make.order(session, shop=campaign.shop)
    fields = {"participation": make.participants(session, campaign)[0].public_id, "reason": ""}
    assert submit(staff, f"/console/orders/{order.public_id}", fields).status_code == 422
    session.expire_all()
    assert [one.reason for one in order.decisions] == ["none"]


def test_an_influencer_of_another_shop_can_not_be_credited(staff: FlaskClient, session: Session) -> None:
    order = make.order(session, shop=make.live_campaign(session, accepted=1).shop)
    stranger = make.participants(session, make.live_campaign(session, accepted=1))[0]
    fields = {"participation": stranger.public_id, "reason": "why not"}
    assert submit(staff, f"/console/orders/{order.public_id}", fields).status_code == 422


def test_the_page_of_an_order_shows_its_books_and_superseded_decisions(staff: FlaskClient, session: Session) -> None:
    campaign = make.live_campaign(session, accepted=1)
    mina = make.participants(session, campaign)[0]
    order = make.order(session, shop=campaign.shop, net_minor=10_000)
    submit(staff, f"/console/orders/{order.public_id}", {"participation": mina.public_id, "reason": "chat"})
    page = visit(staff, f"/console/orders/{order.public_id}").text
    assert "Superseded" in page
    assert "-₪15.00" in page
