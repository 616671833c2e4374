"""Somebody who does what a page of the documentation says, by its words alone, and goes nowhere by themselves."""

import re
import time
from dataclasses import dataclass

from tests.browser.house import WAIT_SECONDS
from tests.browser.visitor import Visitor
from tests.browser.written import Deed, spoken

# Marks what carries these very words and can be seen; says what it is, or null.
FIND = """([places, words]) => {
  const plain = (text) => text.replace(/[\\u2066-\\u2069]/g, "").replace(/\\s+/g, " ").trim();
  const own = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(".visually-hidden, .hint").forEach((part) => part.remove());
    return plain(copy.textContent);
  };
  const found = [...document.querySelectorAll(places)].find((one) => one.checkVisibility() && own(one) === words);
  if (!found) return null;
  const meant = found.control || found;
  document.querySelectorAll("[data-meant]").forEach((one) => one.removeAttribute("data-meant"));
  meant.setAttribute("data-meant", "");
  return meant.type || meant.localName;
}"""
PRESSED = "main a[href], main button, main summary, .site-nav a"
MEANT = "[data-meant]"


@dataclass
class Newcomer:
    """A visitor who reads the page of steps."""

    visitor: Visitor

    @property
    def language(self) -> str:
        """What they read."""
        return self.visitor.taste.language

    def do(self, deed: Deed) -> None:
        """Press, fill in, or read."""
        {"press": self._press, "fill": self._fill, "says": self._read}[deed.kind](deed)

    def go(self, address: str) -> None:
        """Open an address, and read it in one's own language."""
        before = len(self.visitor.problems)
        self.visitor.open(address)
        self._speak(before)

    def reload(self) -> None:
        """The page one is on, as it is now."""
        self.go(self.visitor.page.url.split("#")[0])

    def leads_on(self) -> bool:
        """Whether the page says what comes next: on its own line, or in what it says of the last deed."""
        return self.visitor.page.locator(".next-step, .flashes").count() > 0

    def _press(self, deed: Deed) -> None:
        kind, before = self._find(PRESSED, deed.words), len(self.visitor.problems)
        assert kind, f"nothing says “{deed.words}” on {self.visitor.page.url}"
        if kind == "summary":
            self.visitor.page.locator(MEANT).click()
        else:
            self.visitor.press(MEANT)
            self._speak(before)

    def _fill(self, deed: Deed) -> None:
        kind = self._find("main label", deed.words)
        assert kind, f"no field is called “{deed.words}” on {self.visitor.page.url}"
        if kind == "file":
            self.visitor.page.locator(MEANT).set_input_files(deed.typed)
        elif kind.startswith("select"):
            self.visitor.page.locator(MEANT).select_option(label=spoken(deed.typed, self.language))
        else:
            self.visitor.page.locator(MEANT).fill(deed.typed)

    def _read(self, deed: Deed) -> None:
        wanted, end = spoken(deed.words, self.language), time.monotonic() + WAIT_SECONDS
        while wanted not in (said := self._said()):
            assert time.monotonic() < end, f"“{deed.words}” ({wanted}) isn't said on {self.visitor.page.url}: {said}"
            time.sleep(0.2)

    def _said(self) -> str:
        return re.sub("[\u2066-\u2069]", "", " ".join(self.visitor.page.locator("main").inner_text().split()))

    def _find(self, places: str, words: str) -> str:
        return str(self.visitor.page.evaluate(FIND, [places, spoken(words, self.language)]) or "")

    def _speak(self, before: int) -> None:
        """Who comes in by a letter may meet another language first, and changes it."""
        if not self.visitor.page.locator(f"html[lang={self.language}]").count():
            del self.visitor.problems[before:]
            self.visitor.page.locator(".site-tools summary").first.click()
            self.visitor.press(f"button[name=language][value={self.language}]")
