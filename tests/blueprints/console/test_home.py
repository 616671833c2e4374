"""The agency's first page: what needs somebody stands there, with where it is done; done, it is gone."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.blueprints.console.home import PLACES
from campaigns.models import CodeSuspicion
from campaigns.planning import life
from campaigns.planning.today import invitations, money, running, shops
from campaigns.planning.today.today import QUESTIONS, needed
from campaigns.planning.today.waiting import MOST
from campaigns.settlement.disputing.holds import hold, release
from campaigns.tracking.alarms import clear_alarm, raise_alarm
from tests import factories
from tests.factories import END, NOW, START, sign_in, user, visit

HOME = "/console"


@pytest.fixture
def staff(client: FlaskClient, session: Session) -> FlaskClient:
    return sign_in(client, user(session))


def subjects(session: Session, now: datetime = NOW) -> dict[str, int]:
    return {waiting.subject: waiting.count for waiting in needed(session, now)}


def test_where_nothing_waits_the_page_says_so_calmly(staff: FlaskClient, session: Session) -> None:
    later = timedelta(days=3650)
    factories.campaign(session, starts_at=START + later, ends_at=END + later)
    assert "Nothing needs you right now" in visit(staff, HOME).text


def test_the_first_page_of_staff_is_what_needs_them(staff: FlaskClient) -> None:
    assert visit(staff, "/").headers["Location"] == HOME


def test_a_brand_has_no_such_page(client: FlaskClient, session: Session) -> None:
    brand = factories.brand(session)
    sign_in(client, user(session, brand=brand))
    for page in (HOME, "/console/board", "/console/search?q=amber", "/console/held", "/console/codes-to-look-at"):
        assert visit(client, page).status_code == 404


def test_invitations_without_an_answer_wait_and_soon_run_out(session: Session) -> None:
    campaign = factories.campaign(session)
    mina = factories.participation(session, campaign=campaign, accepted=False)
    mina.expires_at = NOW + timedelta(days=5)
    session.flush()
    assert subjects(session)["invitations_unanswered"] == 1
    soon = invitations.expiring(session, NOW + timedelta(days=4))
    assert soon is not None and (soon.name, soon.key) == ("Noa Levi", campaign.public_id)
    assert invitations.unanswered(session, NOW + timedelta(days=4)) is None


def test_an_answered_invitation_waits_for_nobody(session: Session) -> None:
    factories.participation(session, accepted=True)
    assert "invitations_unanswered" not in subjects(session)


def test_a_shop_that_fell_silent_waits_until_the_alarm_is_cleared(session: Session) -> None:
    shop = factories.shop(session)
    raise_alarm(session, shop.id, "silent", NOW)
    session.flush()
    assert subjects(session) == {"shop_alarms": 1}
    clear_alarm(session, shop.id, "silent", NOW)
    assert subjects(session) == {}


def test_a_failed_delivery_waits(session: Session) -> None:
    delivery = factories.delivery(session, shop=factories.shop(session), now=NOW)
    delivery.status = "failed"
    session.flush()
    waiting = shops.failed_deliveries(session, NOW)
    assert waiting is not None and (waiting.count, waiting.key) == (1, delivery.public_id)


def test_a_held_commission_waits_until_it_is_let_go(session: Session) -> None:
    campaign = factories.live_campaign(session, accepted=1)
    code = factories.participants(session, campaign)[0].codes[0].code
    order = factories.order(session, shop=campaign.shop, code=code)
    hold(session, order, "looks odd", None, NOW)
    waiting = money.held_commissions(session, NOW)
    assert waiting is not None and waiting.name == order.number
    release(session, order, "it is fine", None, NOW)
    assert money.held_commissions(session, NOW) is None


def test_a_campaign_is_to_be_launched_when_its_start_is_near(session: Session) -> None:
    factories.campaign(session)
    assert running.to_launch(session, START - timedelta(days=4)) is None
    soon = running.to_launch(session, START - timedelta(days=2))
    assert soon is not None and (soon.name, soon.at) == ("Spring serum", START)


def test_a_campaign_about_to_end_is_shown_and_then_waits_to_be_closed(session: Session) -> None:
    campaign = factories.live_campaign(session, accepted=1)
    assert running.ending(session, NOW) is None
    assert running.ending(session, END - timedelta(days=2)) is not None
    life.advance(session, campaign, END + timedelta(minutes=1))
    assert (running.ending(session, END), running.to_close(session, END) is not None) == (None, True)


def test_an_order_with_a_code_of_nobody_may_be_somebodys_for_a_week(session: Session) -> None:
    campaign = factories.live_campaign(session, accepted=1)
    order = factories.order(session, shop=campaign.shop, code="NOBODYS")
    factories.order(session, shop=campaign.shop)
    waiting = shops.nobodys_orders(session, NOW)
    assert waiting is not None and (waiting.count, waiting.key) == (1, order.public_id)
    assert shops.nobodys_orders(session, NOW + timedelta(days=8)) is None


def test_a_row_of_a_table_waits_for_a_second_person(session: Session) -> None:
    factories.table_row(session)
    waiting = money.tables_to_verify(session, NOW)
    assert waiting is not None and waiting.name == "IL.credit_point"


def test_more_than_a_hundred_are_counted_no_further(session: Session) -> None:
    campaign = factories.campaign(session)
    for _ in range(MOST + 3):
        factories.participation(session, campaign=campaign, accepted=False)
    waiting = invitations.unanswered(session, NOW)
    assert waiting is not None and (waiting.count, waiting.keys) == (MOST + 1, 1)


def test_every_question_has_a_name_and_a_place(staff: FlaskClient, session: Session) -> None:
    """Each subject is named once in the room; the page knows them all, and no other."""
    told = {constant for question in QUESTIONS for constant in question.__code__.co_consts if constant in PLACES}
    assert told == PLACES.keys()


def test_the_page_leads_to_where_a_thing_is_done(staff: FlaskClient, session: Session) -> None:
    campaign = factories.live_campaign(session, accepted=1)
    with time_machine.travel(END - timedelta(days=1)):
        page = visit(sign_in(staff, user(session)), HOME).text
    assert "Campaigns about to end" in page
    assert f'href="/console/campaigns/{campaign.public_id}"' in page


def test_a_suspicion_waits_until_somebody_has_looked(staff: FlaskClient, session: Session) -> None:
    mina = factories.participation(session)
    figures = {"orders": 30, "buyers": 29, "observed_bps": 9000, "baseline_bps": 3000, "limit_bps": 5000}
    session.add(CodeSuspicion(participation_id=mina.id, kind="no_clicks", raised_at=NOW, seen_at=NOW, **figures))
    session.flush()
    assert subjects(session)["codes_leaking"] == 1
    page = visit(staff, "/console/codes-to-look-at").text
    assert "90%" in page and "30%" in page and "50%" in page
