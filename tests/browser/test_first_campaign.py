"""docs/first-campaign.md, played: from an empty database to a live campaign with a connected shop, by its words alone.

A step begins where the last one of the same person ended; what the page names and isn't there fails, and so does a page
of the agency that doesn't say what comes next.
"""

import json
import shlex
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import planning
from tests.browser.house import House, running
from tests.browser.newcomer import Newcomer
from tests.browser.planning import ZONE
from tests.browser.play import Play
from tests.browser.visitor import Taste, visitor
from tests.browser.written import PAGE, Deed, Step, command, spoken, steps


@pytest.fixture(params=[Taste("en", 1280), Taste("he", 390)], ids=["en", "he"])
def play(request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path) -> Iterator[Play]:
    """A house whose database is made as `make serve` makes it, and nothing in it but the sign-in of the page."""
    url = f"sqlite:///{tmp_path}/first.db"
    House(url, tmp_path).command("db", "upgrade")
    with running(url, tmp_path) as house:
        house.command(*shlex.split(command().replace("--language en", f"--language {request.param.language}")))
        yield Play(house, chromium, request.param, tmp_path, "")


class Walk:
    """Everyone who takes steps, and what they do outside the pages."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.people: dict[str, Newcomer] = {}

    def take(self, step: Step) -> None:
        """Everything a step says, as whoever takes it."""
        if step.who not in self.people:
            self.people[step.who] = Newcomer(self.play.somebody())
        somebody = self.people[step.who]
        for deed in step.deeds:
            if deed.kind == "outside":
                self.outside(somebody, deed.words)
            else:
                somebody.do(Deed(deed.kind, deed.words, typed(deed.typed)))

    def outside(self, somebody: Newcomer, words: str) -> None:
        """What the page says is done elsewhere."""
        if words.startswith("the letter to "):
            somebody.go(self.play.house.link_in_letter(words.removeprefix("the letter to "), "/set-password/"))
        elif words == "Reload":
            somebody.reload()
        elif words == "the sign-in page":
            somebody.go("/sign-in")
        elif words == "the piece under “Try it now”":
            run_the_piece(somebody)
        else:
            assert words == "the other nine do the same", f"nobody knows how to do “{words}”"
            self.accept_the_others()

    def accept_the_others(self) -> None:
        """Nine more pairs of eyes would tell nothing new: they say yes over the API."""
        email = shlex.split(command())[3]
        token = self.play.house.command("token", "create", "--email", email)
        headers = {"Authorization": f"Bearer {token}"}
        found = json.loads(self.play.house.server.request("GET", "/api/v1/campaigns", headers=headers).body)
        self.play.campaign = found["items"][0]["id"]
        planning.others_accept(self.play, token)


def typed(words: str) -> str:
    """What goes into a field: a day told by its distance, a file of this repository, or the words themselves."""
    days = {"an hour ago": -timedelta(hours=1), "in three weeks": timedelta(weeks=3)}
    if words in days:
        return f"{datetime.now(ZONE) + days[words]:%Y-%m-%dT%H:%M}"
    return str(PAGE.parents[1] / words) if words.startswith("docs/") else words


def run_the_piece(somebody: Newcomer) -> None:
    """The commands of the set-up page in a terminal, with its secret in their first line."""
    page = somebody.visitor.page
    secret = page.locator("section[aria-labelledby=secret] details code").first.text_content() or ""
    piece = page.locator("section[aria-labelledby=try] code").first.text_content() or ""
    assert "SECRET='whsec_…'" in piece
    done = subprocess.run(
        ["bash", "-c", piece.replace("SECRET='whsec_…'", f"SECRET='{secret.strip()}'")], capture_output=True, check=True
    )
    assert b" 200 " in done.stdout.splitlines()[0], done.stdout


def test_the_page_has_fewer_than_fifteen_steps_numbered_in_order() -> None:
    assert [step.number for step in steps()] == list(range(1, len(steps()) + 1))
    assert 10 < len(steps()) < 15


def test_words_that_cannot_be_seen_on_a_page_are_found_missing(chromium: Browser, tmp_path: Path) -> None:
    somebody = Newcomer(visitor(chromium, "http://nowhere.test", Taste("en", 1280), tmp_path))
    somebody.visitor.page.set_content(
        "<main><button hidden>Launch</button><label for=a>Name</label><input id=a></main>"
    )
    somebody.do(Deed("fill", "Name", "Noa"))
    for deed in (Deed("press", "Launch"), Deed("fill", "E-mail", "noa@example.com")):
        with pytest.raises(AssertionError, match=deed.words):
            somebody.do(deed)
    somebody.visitor.page.context.close()


def test_a_newcomer_gets_to_a_live_campaign_by_the_words_of_the_page(play: Play) -> None:
    walk = Walk(play)
    for step in steps():
        walk.take(step)
        if step.who == "you":
            assert walk.people["you"].leads_on(), f"after step {step.number} nothing says what comes next"
        walk.people[step.who].visitor.page.screenshot(path=play.shots / f"step-{step.number}.png", full_page=True)
    you = walk.people["you"].visitor
    you.press("a.back")
    assert you.page.locator(".page-head .pill").first.inner_text() == spoken("Live", play.taste.language)
    problems = play.problems()
    assert not problems, problems
