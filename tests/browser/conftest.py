"""One Chromium, the machine's own, for all tests of the pages; and one house with the data of the first start."""

import shutil
from collections.abc import Iterator

import pytest
from flask_migrate import upgrade
from playwright.sync_api import Browser, sync_playwright

from campaigns import create_app
from campaigns.clock import utc_now
from campaigns.db import begin_writing, db
from campaigns.demo.seed import seed
from tests.conftest import missing, settings_for
from tests.faults.server import Server, serving

SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the data of the first start."""
    home = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{home}/demo.db"
    settings = settings_for(url, home)
    app = create_app(settings)
    with app.app_context():
        begin_writing()
        upgrade()
        seed(db.session(), settings, utc_now())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    with serving(url, home) as server:
        yield server
