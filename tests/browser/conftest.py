"""One Chromium, the machine's own, for all tests of the pages; and one house with the data of the first start."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import missing
from tests.faults.server import Server, serving
from tests.furnished import furnish

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


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the first start."""
    home = tmp_path_factory.mktemp("furnished")
    furnish(f"sqlite:///{home}/demo.db", home)
    return home / "demo.db"


@pytest.fixture(scope="package")
def demo(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a copy of it."""
    home = tmp_path_factory.mktemp("demo")
    shutil.copy(furnished, home)
    with serving(f"sqlite:///{home}/demo.db", home) as server:
        yield server
