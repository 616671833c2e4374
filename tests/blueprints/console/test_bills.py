"""A campaign's bills in the console and on the brand's page: issued by a button, paid by a note, seen by both."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Bill, Mail
from tests import factories
from tests.factories import sign_in, submit, visit
from tests.printed import mail_papers
from tests.whole_campaign import Cast, a_live_campaign

ON = {"on": "2026-05-20"}


@pytest.fixture
def cast(client: FlaskClient, session: Session) -> Cast:
    """A campaign that sold 1,200.00, and staff signed in."""
    sign_in(client, factories.user(session))
    return a_live_campaign(session)


def plain(page: str) -> str:
    """A page's words without tags and without the marks that isolate amounts."""
    return re.sub("<[^>]*>|[\u2066-\u2069]|&#39;", "'", page).replace("'", "")


def page_of(cast: Cast) -> str:
    return f"/console/campaigns/{cast.campaign.public_id}/bills"


def issued(client: FlaskClient, session: Session, cast: Cast) -> Bill:
    assert submit(client, page_of(cast), ON).status_code == 302
    return session.scalars(select(Bill)).one()


def test_a_bill_is_issued_by_the_button_noted_and_told_to_the_brand(client: FlaskClient, session: Session, cast: Cast):
    assert "₪216.00" in visit(client, page_of(cast)).text  # on no bill yet
    bill = issued(client, session, cast)
    page = visit(client, page_of(cast)).text
    assert bill.document.number in page and "₪222.48" in page and "nothing to bill" in page
    mail_papers(session)
    letter = session.scalars(select(Mail).where(Mail.recipient == cast.campaign.brand.email)).all()[-1]
    assert "222.48 ILS" in letter.body
    assert "bill.issued" in session.scalars(select(AuditEntry.action)).all()


def test_a_second_press_of_the_button_bills_nothing(client: FlaskClient, session: Session, cast: Cast):
    issued(client, session, cast)
    submit(client, page_of(cast), ON)
    assert session.query(Bill).count() == 1
    assert "There is nothing to bill" in visit(client, page_of(cast)).text


def test_a_day_without_a_rate_of_vat_is_refused_by_the_rows_name(client: FlaskClient, session: Session, cast: Cast):
    answer = submit(client, page_of(cast), {"on": "2015-09-30"}, follow_redirects=True)
    assert "IL.vat" in answer.text
    assert session.query(Bill).count() == 0


def test_a_payment_is_noted_with_the_banks_reference(client: FlaskClient, session: Session, cast: Cast):
    bill = issued(client, session, cast)
    address = f"/console/bills/{bill.document.public_id}"
    sent = {"amount_minor": "200.00", "received_on": "2026-05-21", "reference": "tx 1"}
    assert submit(client, address, sent).status_code == 302
    page = visit(client, address).text
    assert "tx 1" in page and "₪22.48" in page
    entry = session.scalars(select(AuditEntry).filter_by(action="bill.paid")).one()
    assert (entry.details["amount_minor"], entry.details["reference"]) == (20_000, "tx 1")


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("amount_minor", "222.49", "at most what is open, 222.48"),
        ("amount_minor", "much", "An amount is a number"),
        ("reference", "", "required"),
    ],
)
def test_a_payment_that_cant_be_stays_on_the_page(
    client: FlaskClient, session: Session, cast: Cast, field: str, value: str, reason: str
):
    address = f"/console/bills/{issued(client, session, cast).document.public_id}"
    sent = {"amount_minor": "200.00", "received_on": "2026-05-21", "reference": "tx 1"} | {field: value}
    answer = submit(client, address, sent)
    assert answer.status_code == 422 and reason in plain(answer.text)


def test_the_brand_reads_its_bills_and_what_is_open(client: FlaskClient, session: Session, cast: Cast):
    bill = issued(client, session, cast)
    sign_in(client, factories.user(session, brand=cast.campaign.brand))
    page = visit(client, f"/brand/campaigns/{cast.campaign.public_id}").text
    assert bill.document.number in page and "Open in all" in page and page.count("₪222.48") >= 3
    assert visit(client, f"/console/bills/{bill.document.public_id}").status_code == 404


def test_a_brand_without_a_bill_is_told_when_one_comes(client: FlaskClient, session: Session, cast: Cast):
    sign_in(client, factories.user(session, brand=cast.campaign.brand))
    assert "billed for actual sales only" in visit(client, f"/brand/campaigns/{cast.campaign.public_id}").text


def test_the_page_reads_from_right_to_left_in_arabic(client: FlaskClient, session: Session, cast: Cast):
    bill = issued(client, session, cast)
    sign_in(client, factories.user(session, language="ar"))
    for address in (page_of(cast), f"/console/bills/{bill.document.public_id}"):
        page = visit(client, address).text
        assert 'dir="rtl"' in page and f'<bdi dir="ltr">{bill.document.number}</bdi>' in page


@pytest.mark.parametrize(("share_bps", "warned"), [(500, False), (501, True)])
def test_a_share_above_the_houses_limit_is_told_to_staff_and_to_the_brand(
    client: FlaskClient, session: Session, share_bps: int, warned: bool
):
    terms = factories.TERMS | {"agency_rate_bps": share_bps}
    campaign = factories.campaign(session, terms=terms)
    sign_in(client, factories.user(session))
    told = "of the sale, is above the house"
    assert (told in visit(client, f"/console/campaigns/{campaign.public_id}").text) is warned
    sign_in(client, factories.user(session, brand=campaign.brand))
    assert (told in visit(client, f"/brand/campaigns/{campaign.public_id}").text) is warned


def test_a_share_agreed_with_one_participant_counts_too(client: FlaskClient, session: Session):
    campaign = factories.campaign(session)
    factories.participation(session, campaign=campaign, overrides={"agency_rate_bps": 600})
    sign_in(client, factories.user(session))
    page = plain(visit(client, f"/console/campaigns/{campaign.public_id}").text)
    assert "share, 6% of the sale, is above the house" in page


def test_the_influencer_reads_the_agencys_share_before_and_after_accepting(client: FlaskClient, session: Session):
    mina = factories.influencer(session)
    campaign = factories.campaign(session)
    asked = factories.participation(session, campaign=campaign, influencer=mina, accepted=False)
    taken = factories.participation(session, campaign=factories.campaign(session), influencer=mina)
    sign_in(client, factories.user(session, influencer=mina))
    for address in (f"/me/invitations/{asked.public_id}", f"/me/campaigns/{taken.public_id}"):
        assert re.search("agencys share[^.]*3%", plain(visit(client, address).text), re.IGNORECASE)
