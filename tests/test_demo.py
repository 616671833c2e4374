"""`make demo` and the demo data: what they promise on the README's front page."""

import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.demo import by_hand
from campaigns.demo.people import AGENCY_EMAIL, PASSWORD, logins
from campaigns.demo.seed import seed
from campaigns.models import Brand, Campaign, Dispute, Finding, Hold, Order, Participation, PayoutLine, User
from campaigns.people.passwords import password_errors, verify_password
from campaigns.settlement.books.check import breaches
from campaigns.settlement.wallets.wallets import brand_wallets
from tests.factories import sign_in, visit

ROOT = Path(__file__).resolve().parents[1]
HEAD = "number,influencer,by,lines,given_back,what\n"


def test_the_table_by_hand_takes_what_was_given_back_off_each_order() -> None:
    orders = HEAD + "#1,noa,code,180.00 + 90.00,90.00,refunded\n#2,noa,code,33.30,,rounded\n"
    table = by_hand.table(orders, {"noa": 4}, {"noa": Decimal(15)}, Decimal(3))
    # 15 % of 180.00 is 27.00, of 33.30 it is 4.995; 3 % are 5.40 and 0.999.
    assert table["noa"] == by_hand.Row(4, 2, Decimal("303.30"), Decimal("90.00"), Decimal("32.00"), Decimal("6.40"))


def test_the_table_by_hand_leaves_out_orders_that_are_nobodys() -> None:
    orders = HEAD + "#1,,code,180.00,,never paid\n#2,maya,code,100.00,,fine\n"
    table = by_hand.table(orders, {}, {"noa": Decimal(15), "maya": Decimal(20)}, Decimal(3))
    assert table["noa"] == by_hand.Row()
    assert by_hand.total(table.values()).commission == Decimal("20.00")


def test_the_demo_leaves_every_paper_and_ends_well(database_url: str, tmp_path: Path) -> None:
    data, stage = tmp_path / "data", tmp_path / "stage"
    stage.mkdir()
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY")}
    env = {**kept, "DEMO_DATABASE_URL": database_url, "DATA_DIR": str(data), "TMPDIR": str(stage)}
    env["CAMPAIGNS_ENV"] = "development"
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    papers = Counter((path.name.split("-")[0], path.suffix) for path in (data / "demo").iterdir())
    assert papers == {
        ("final_report", ".pdf"): 1,
        ("final_report", ".csv"): 1,
        ("final_report", ".xlsx"): 1,
        ("brand_bill", ".pdf"): 1,
        ("brand_bill", ".csv"): 1,
        ("brand_bill", ".xlsx"): 1,
        ("commission_statement", ".pdf"): 12,
        ("commission_statement", ".csv"): 12,
        ("payslip", ".pdf"): 4,
        ("payee_request", ".pdf"): 7,
        ("orders.csv", ".csv"): 1,
    }
    assert not list(stage.iterdir()), "what was made for the run is still there"


def test_demo_data_is_made_once_and_its_books_balance(app: Flask, session: Session) -> None:
    settings = app.extensions["settings"]
    assert seed(session, settings, utc_now())
    counts = [session.scalar(select(func.count()).select_from(model)) for model in (User, Campaign, Order)]
    assert not seed(session, settings, utc_now())
    assert counts == [session.scalar(select(func.count()).select_from(model)) for model in (User, Campaign, Order)]
    assert sorted(session.scalars(select(Campaign.status))) == ["closed", "live", "recruiting"]
    assert breaches(session) == []


PAGES = (
    "campaigns", "unattributed", "deliveries", "documents", "payouts", "route-rules", "rates", "brands", "shops",
    "influencers", "team",
)  # fmt: skip


def test_the_first_start_has_money_on_its_way_and_questions_asked(app: Flask, session: Session) -> None:
    seed(session, app.extensions["settings"], utc_now())
    lines = Counter(session.scalars(select(PayoutLine.status)))
    assert (lines["failed"], lines["prepared"]) == (1, 1) and lines["paid"] >= 9
    assert sorted(session.scalars(select(Dispute.status))) == ["answered", "resolved"]
    assert session.scalars(select(Dispute.compensation_minor).filter_by(status="resolved")).one() == 5_000
    holds = session.scalars(select(Hold).filter_by(released_at=None)).all()
    assert sorted((one.order_id is None, one.contact_id is None) for one in holds) == [(False, True), (True, False)]
    assert Counter(session.scalars(select(Finding.status))) == {"open": 2, "waived": 1}
    assert sum(one.credit_minor for one in brand_wallets(session, session.scalars(select(Brand.id)).one())) == 4_000


def test_no_page_of_the_console_is_empty_at_the_first_start(app: Flask, session: Session) -> None:
    seed(session, app.extensions["settings"], utc_now())
    staff = session.scalars(select(User).filter_by(email=AGENCY_EMAIL)).one()
    client = sign_in(app.test_client(), staff)
    live = session.scalars(select(Campaign.public_id).filter_by(status="live")).one()
    pages = [f"/console/{name}" for name in PAGES]
    pages += [f"/console/campaigns/{live}/{name}" for name in ("orders", "contacts", "reconciliation")]
    closed = session.scalars(select(Campaign.public_id).filter_by(status="closed")).one()
    pages += [f"/console/campaigns/{closed}/{name}" for name in ("bills", "follow-up", "close")]
    pages += ["/disputes", "/console/wallets"]
    answers = {page: visit(client, page) for page in pages}
    assert {page: answer.status_code for page, answer in answers.items() if answer.status_code != 200} == {}
    assert [page for page, answer in answers.items() if 'class="empty"' in answer.text] == []


def test_the_demo_influencer_has_an_invitation_to_decide(app: Flask, session: Session) -> None:
    seed(session, app.extensions["settings"], utc_now())
    noa = session.scalars(select(User).filter_by(email="noa@demo.test")).one()
    mine = session.scalars(select(Participation).filter_by(influencer_id=noa.influencer_id)).all()
    assert sorted(each.status for each in mine) == ["active", "completed", "invited"]


def test_the_demo_password_that_is_shown_lets_everyone_in(app: Flask, session: Session) -> None:
    seed(session, app.extensions["settings"], utc_now())
    assert password_errors(PASSWORD) == []
    for _, email, _ in logins(session):
        user = session.scalars(select(User).filter_by(email=email)).one()
        assert verify_password(user.password_hash, PASSWORD)


def test_the_pages_that_are_shown_first_are_there_for_all_four_audiences(app: Flask, session: Session) -> None:
    assert logins(session) == [], "nothing is shown on a database that is somebody's own"
    seed(session, app.extensions["settings"], utc_now())
    shown = logins(session)
    assert [who for who, _, _ in shown] == ["Agency", "Brand", "Influencer", "Shop owner"]
    for _, email, page in shown:
        user = session.scalars(select(User).filter_by(email=email)).one()
        assert visit(sign_in(app.test_client(), user), page).status_code == 200, page
