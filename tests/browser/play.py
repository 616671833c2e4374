"""The stage of the story: the house, who is at a browser, and what is known about the campaign on the way."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.browser.house import House
from tests.browser.visitor import Taste, Visitor, visitor
from tests.factories import PASSWORD

STAFF, BRAND, NOA = "staff@agency.test", "owner@amber.test", "noa@example.com"


class Play:
    """Everyone who came in, and the addresses of what was made."""

    def __init__(self, house: House, chromium: Browser, taste: Taste, shots: Path, landing: str) -> None:
        self.house, self.taste, self.landing = house, taste, landing
        self._chromium, self.shots = chromium, shots
        self.everyone: list[Visitor] = []
        self.shop = self.campaign = ""  # public ids

    def somebody(self, **options: Any) -> Visitor:
        """A new visitor with a browser of their own."""
        made = visitor(self._chromium, self.house.address, self.taste, self.shots, **options)
        self.everyone.append(made)
        return made

    def staff(self) -> Visitor:
        """One of the agency's people, made as the README says, at the sign-in."""
        self.house.command("user", "create", "--email", STAFF, "--role", "agency", "--password", PASSWORD)
        made = self.somebody()
        made.come_in("/sign-in", email=STAFF, password=PASSWORD)
        return made

    def invited(self, address: str) -> Visitor:
        """Somebody who sets a password through the link in their letter."""
        made = self.somebody()
        made.come_in(self.house.link_in_letter(address, "/set-password/"), password=PASSWORD)
        return made

    def problems(self) -> str:
        """Everything that was wrong on any page, one a line; ends everyone's visit."""
        for one in self.everyone:
            one.page.context.close()
        return "\n".join(problem for one in self.everyone for problem in one.problems)


class Page(BaseHTTPRequestHandler):
    """The shop's own page, where links lead."""

    def do_GET(self) -> None:
        """The same for every address."""
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"A serum")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is said."""


@contextmanager
def landing_page() -> Iterator[str]:
    """The address of a page outside the house."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}/serum"
        server.shutdown()
