"""The worker asks shops by itself, the command when told to, and a process killed at it leaves nothing half done."""

import dataclasses
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.jobs import TIMERS, Timer, run_slot
from campaigns.models import JobRun, Order, Shop
from campaigns.settlement.books.check import breaches
from campaigns.supervise import ROOT, flask_command
from config import Settings
from tests import factories
from tests.factories import NOW
from tests.fakes.bigcommerce_v2 import BigCommerce
from tests.fakes.shop_server import serving_shop
from tests.fakes.shopify_admin import ShopifyAdmin
from tests.faults.server import environment
from tests.tracking.asking import joined_shop
from tests.tracking.platforms.read_back_payloads import bigcommerce


@pytest.fixture
def settings(app: Flask) -> Settings:
    """Settings that let the application ask this machine."""
    changed = dataclasses.replace(app.extensions["settings"], private_apis=True)
    app.extensions["settings"] = changed
    return changed


@pytest.fixture
def fake() -> Iterator[ShopifyAdmin]:
    with serving_shop(ShopifyAdmin(most=2)) as serving:
        for number in range(101, 106):
            serving.add(number)
        yield serving


def timer(name: str) -> Timer:
    return next(one for one in TIMERS if one.name == name)


def known(session: Session) -> list[str]:
    session.rollback()
    return sorted(session.scalars(select(Order.external_id)))


def test_every_quarter_of_an_hour_shops_are_pulled(session: Session, settings: Settings, fake: ShopifyAdmin):
    pulls = timer("pull-shops")
    assert pulls.every == timedelta(minutes=15) and not run_slot(session, pulls, settings, "a", NOW)
    shop = joined_shop(session, fake, "shopify")
    assert run_slot(session, pulls, settings, "a", NOW) and len(known(session)) == 5
    assert not run_slot(session, pulls, settings, "b", NOW + timedelta(minutes=14))
    assert shop.pulled_to == NOW


def test_once_a_day_the_week_is_pulled_again_however_late_the_worker_wakes(
    session: Session, settings: Settings, fake: ShopifyAdmin
):
    shop, week = joined_shop(session, fake, "shopify"), timer("pull-week")
    shop.pulled_to = NOW - timedelta(minutes=10)
    session.commit()
    midnight = NOW.replace(hour=0)
    runs = [run_slot(session, week, settings, "a", midnight + timedelta(minutes=30 * half)) for half in range(96)]
    assert [half for half, ran in enumerate(runs) if ran] == [2, 50]  # at one o'clock, and a day later
    assert "updated_at_min=2026-05-03T01" in fake.asked[0]


def test_waiting_deliveries_are_read_back_within_seconds(session: Session, settings: Settings):
    reads = timer("read-back")
    with serving_shop(BigCommerce(orders={"218": bigcommerce()})) as fake:
        shop = joined_shop(session, fake, "bigcommerce")
        assert reads.every == timedelta(seconds=2) and not run_slot(session, reads, settings, "a", NOW)
        body = {"scope": "store/order/created", "data": {"type": "order", "id": 218}, "hash": "h"}
        factories.delivery(session, shop=shop, topic="store/order/created", body=body)
        session.commit()
        assert run_slot(session, reads, settings, "a", NOW) and known(session) == ["218"]
        assert not run_slot(session, reads, settings, "a", NOW + timedelta(seconds=2))
    assert session.query(JobRun).filter_by(name="read-back").count() == 1


def test_the_command_pulls_and_tells(app: Flask, session: Session, settings: Settings, fake: ShopifyAdmin):
    shop = joined_shop(session, fake, "shopify")
    told = app.test_cli_runner().invoke(args=["pull", "--shop", shop.public_id, "--since", "2026-05-01"])
    assert (told.exit_code, told.output.strip()) == (0, "5 orders, 5 of them new to us")
    assert "updated_at_min=2026-05-01T00%3A00%3A00Z" in fake.asked[0]


def test_the_command_says_what_is_wrong(app: Flask, session: Session, settings: Settings, fake: ShopifyAdmin):
    shop = joined_shop(session, fake, "shopify")
    fake.faults = [401]
    runner = app.test_cli_runner()
    assert "refuses the credentials" in runner.invoke(args=["pull", "--shop", shop.public_id]).output
    assert runner.invoke(args=["pull", "--shop", "nobody"]).exit_code == 1


def test_a_process_killed_in_the_second_page_leaves_whole_books_and_the_next_ends_the_work(
    session: Session, database_url: str, tmp_path: Path, fake: ShopifyAdmin
):
    shop = joined_shop(session, fake, "shopify")
    env = environment(database_url, tmp_path) | {"PRIVATE_APIS": "yes"}
    command = flask_command("pull", "--shop", shop.public_id, "--since", "2026-05-01")
    session.rollback()
    killed = subprocess.run(command, cwd=ROOT, env=env | {"CRASH_AT": "inbox.kept:2"}, capture_output=True, check=False)
    assert killed.returncode == 137 and known(session) == ["101", "102"]
    assert session.scalars(select(Shop.pulled_to)).one() is None and breaches(session) == []
    session.rollback()
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert ended.stdout.strip() == "5 orders, 3 of them new to us" and len(known(session)) == 5
