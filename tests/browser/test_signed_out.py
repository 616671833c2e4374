"""Somebody writes for longer than their session lasts: after signing in again their words are in the form."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from campaigns.db import db
from tests import factories
from tests.browser.axe import barriers
from tests.browser.visitor import Taste, visitor
from tests.faults.server import Server, serving
from tests.furnished import furnishing

OMAR = "omar@agency.test"
FORM = "/console/influencers/new"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A server with somebody of the agency, and its database."""
    home = tmp_path_factory.mktemp("signed-out")
    url = f"sqlite:///{home}/signed-out.db"
    with furnishing(url, home):
        factories.user(db.session(), email=OMAR, password=factories.PASSWORD)
        db.session.commit()
    with serving(url, home) as server:
        yield server, home / "signed-out.db"


@pytest.mark.parametrize("taste", [Taste("he", 390), Taste("en", 1280)], ids=str)
def test_what_was_typed_waits_in_the_form(
    chromium: Browser, house: tuple[Server, Path], tmp_path: Path, taste: Taste
) -> None:
    server, database = house
    address = f"http://127.0.0.1:{server.port}"
    omar = visitor(chromium, address, taste, tmp_path)
    omar.come_in("/sign-in", email=OMAR, password=factories.PASSWORD)
    omar.open(FORM)
    with sqlite3.connect(database) as records:
        records.execute("UPDATE sign_in_session SET seen_at = '2020-01-01 00:00:00.000000'")
    omar.send("main form.form button[type=submit]", name="Mina <Levi>", language="ar")
    assert omar.page.url.startswith(f"{address}/sign-in")
    omar.send(email=OMAR, password=factories.PASSWORD)
    assert omar.page.url == address + FORM
    typed = {name: omar.page.input_value(f"main [name={name}]") for name in ("name", "language")}
    assert typed == {"name": "Mina <Levi>", "language": "ar"}
    assert barriers(omar.page) == []
    assert omar.problems == []
    omar.page.screenshot(path=tmp_path / "again.png")
