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
from campaigns.demo.people import logins
from campaigns.demo.seed import seed
from campaigns.models import Campaign, Order, User
from campaigns.settlement.books.check import breaches

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


def test_nobody_s_pages_are_shown_on_a_database_that_is_somebody_s_own(session: Session) -> None:
    assert logins(session) == []
