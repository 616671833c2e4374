"""Somebody at a browser: goes to pages and presses what is there, and notes everything wrong with what comes back.

Every page is looked at as it arrives: its status and those of all it loads, the console (where violations of the
content security policy are reported), the width, the direction, headings, labels, the size of what is pressed, and
words of another language.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from playwright.sync_api import APIResponse, Browser, ConsoleMessage, Page, Request, Response

from campaigns.i18n import CATALOGUES, direction

LOOK = (Path(__file__).parent / "look.js").read_text()
HEIGHT = 844
DESK = 768  # from this width on things are pressed with a mouse
SUBMIT = "main form[method=post] button[type=submit]"
# Names and codes that are the same in every language, where they stand alone.
NAMES = {"Shopify", "WooCommerce", "Standard Webhooks", "SHA-256", "PDF", "CSV", "XLSX", "JSON", "Excel", "ILS"}


@dataclass(frozen=True)
class Taste:
    """The language somebody reads, and the width of their screen."""

    language: str
    width: int


@dataclass
class Visitor:
    """A browser of one's own: cookies, a page, and what was found wrong in it."""

    page: Page
    address: str
    taste: Taste
    shots: Path
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> Response:
        """Go to a page."""
        return self._arrived(self.page.goto(path if path.startswith("http") else self.address + path))

    def press(self, selector: str = SUBMIT) -> Response:
        """Press what leads to another page."""
        with self.page.expect_navigation() as arrival:
            self.page.locator(selector).first.click()
        return self._arrived(arrival.value)

    def send(self, selector: str = SUBMIT, **values: str | bool) -> Response:
        """Fill the fields of a form by their names, and press its button."""
        for name, value in values.items():
            self._fill(f"main [name='{name}']", value)
        return self.press(selector)

    def _fill(self, place: str, value: str | bool) -> None:
        found = self.page.locator(place)
        kind = found.first.evaluate("field => field.type || field.localName")
        if kind == "radio":
            self.page.locator(f"{place}[value='{value}']").check()
        elif kind == "checkbox":
            found.set_checked(bool(value))
        elif kind.startswith("select"):
            found.select_option(str(value))
        else:
            found.fill(str(value))

    def come_in(self, path: str, **values: str) -> None:
        """Through a door, by its form; and then choose one's language, unless it is spoken already."""
        self.open(path)
        for name, value in values.items():
            self._fill(f"main [name='{name}']", value)
        with self.page.expect_navigation():
            self.page.locator(SUBMIT).first.click()
        if self.page.locator(f"html[lang={self.taste.language}]").count():
            self.open(self.page.url)
        else:
            self.page.locator(".site-tools summary").first.click()
            self.press(f"button[name=language][value={self.taste.language}]")

    def fetch(self, path: str) -> APIResponse:
        """A file behind a link, with this browser's cookies; noted where it does not come."""
        answer = self.page.context.request.get(self.address + path)
        if not answer.ok:
            self.problems.append(f"{path} answered {answer.status}")
        return answer

    def code(self, place: str, number: int = 0) -> str:
        """The n-th code or address that is offered for copying there."""
        return self.page.locator(f"{place} .copy code").nth(number).inner_text().strip()

    def links(self) -> list[str]:
        """Where the page's links lead, within this house."""
        found = self.page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        return [link.split("#")[0] for link in found if link.startswith("/")]

    def figure(self, place: str) -> str:
        """A number there, without the currency's sign."""
        return re.sub(r"[^\d.,-]", "", self.page.locator(place).first.inner_text())

    def _arrived(self, answer: Response | None) -> Response:
        assert answer is not None
        self.page.wait_for_load_state()
        html = "text/html" in answer.headers.get("content-type", "")
        if html and self.page.url.startswith(self.address):
            before = len(self.problems)
            self.problems += [f"{self.page.url}: {what}" for what in wrong(self.page.evaluate(LOOK), self.taste)]
            if len(self.problems) > before:
                self.page.screenshot(path=self.shots / f"problem-{len(self.problems)}.png", full_page=True)
        return answer


def wrong(seen: dict[str, Any], taste: Taste) -> list[str]:
    """What is wrong with a page, in sentences."""
    pressed = ("small",) if taste.width < DESK else ()
    found = [f"{what} {each}" for what in ("unlabelled", "doubled", "broken", *pressed) for each in seen[what]]
    if (seen["lang"], seen["dir"]) != (taste.language, direction(taste.language)):
        found.append(f"is in {seen['lang']} {seen['dir']}")
    if seen["over"] > 0:
        found.append(f"is {seen['over']} px too wide")
    if seen["headings"] != 1:
        found.append(f"has {seen['headings']} first headings")
    if seen["unstyled"] or not seen["font"]:
        found.append("came without its style or its font")
    return found + [f"untranslated: {text}" for text in seen["words"] if foreign(text, taste.language)]


def foreign(text: str, language: str) -> bool:
    """Whether these words should have been translated: a known English message, or Latin letters standing alone."""
    text = re.sub("[\u2066\u2068][^\u2069]*\u2069", "", text)  # without names and amounts, which are isolated
    bare = re.sub(r"\S*\d\S*", "", text).strip(" ·:")  # without numbers of papers
    if language == "en" or NAMES & {bare, text.strip(" ·:")}:
        return False
    latin = re.search(r"[A-Za-z]{3}", text) and not re.search(r"[֐-׿؀-ۿЀ-ӿ]", text)
    return bool(latin) or text in translated(language)


@cache
def translated(language: str) -> frozenset[str]:
    """English messages that read otherwise in `language`."""
    with (CATALOGUES / f"{language}.po").open("rb") as source:
        return frozenset(
            one.id for one in read_po(source) if isinstance(one.id, str) and one.id not in ("", one.string)
        )


def visitor(chromium: Browser, address: str, taste: Taste, shots: Path, **options: Any) -> Visitor:
    """Somebody new, with an empty cookie jar."""
    size: Any = {"width": taste.width, "height": HEIGHT}
    context = chromium.new_context(viewport=size, locale={"he": "he-IL", "en": "en-GB"}[taste.language], **options)
    made = Visitor(context.new_page(), address, taste, shots)

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            made.problems.append(f"{made.page.url}: console: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            made.problems.append(f"{response.url} answered {response.status}")

    def failed(request: Request) -> None:
        if request.failure == "net::ERR_ABORTED":  # the browser itself gave up a picture: the visitor had gone on
            return
        made.problems.append(f"{request.url} failed: {request.failure}")

    made.page.on("console", said)
    made.page.on("pageerror", lambda error: made.problems.append(f"{made.page.url}: script: {error}"))
    made.page.on("response", answered)
    made.page.on("requestfailed", failed)
    return made
