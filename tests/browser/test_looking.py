"""What is looked for is found: each fault alone on an otherwise whole page."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import LOOK, Taste, visitor, wrong
from tests.faults.server import free_port

WHOLE = '<html lang="he" dir="rtl"><h1>שלום</h1>{}'
# A browser's own margin is 8 px: 508 - 390 is 118.
FAULTS = [
    ("<div style='width: 500px'>רחב</div>", "is 118 px too wide"),
    ("<h1>עוד</h1>", "has 2 first headings"),
    ("<input name='a' style='height: 50px'>", "unlabelled <input"),
    ("<p id='a'></p><p id='a'></p>", "doubled a"),
    ("<button style='height: 30px; width: 50px'>כן</button>", "small <button"),
    ("<p><a href='/' style='font-size: 10px'>כן</a></p>", "small <a"),
    ("<img src='data:,' alt=''>", "broken <img"),
    ("<button style='height: 50px; width: 90px'>Sign in</button>", "untranslated: Sign in"),
    ("<table><td data-label='Orders'>7</table>", "untranslated: Orders"),
]


@pytest.mark.parametrize(("fault", "sentence"), FAULTS, ids=[sentence for _, sentence in FAULTS])
def test_a_fault_on_a_page_is_found(chromium: Browser, tmp_path: Path, fault: str, sentence: str) -> None:
    taste = Taste("he", 390)
    someone = visitor(chromium, f"http://127.0.0.1:{free_port()}", taste, tmp_path)
    someone.page.set_content(WHOLE.format(fault))
    found = [one for one in wrong(someone.page.evaluate(LOOK), taste) if "style or its font" not in one]
    someone.page.context.close()
    assert len(found) == 1
    assert found[0].startswith(sentence)


def test_a_page_in_another_language_is_found(chromium: Browser, tmp_path: Path) -> None:
    taste = Taste("en", 390)
    someone = visitor(chromium, f"http://127.0.0.1:{free_port()}", taste, tmp_path)
    someone.page.set_content(WHOLE.format(""))
    found = wrong(someone.page.evaluate(LOOK), taste)
    someone.page.context.close()
    assert found == ["is in he rtl", "came without its style or its font"]


def test_what_the_console_says_and_what_does_not_come_is_noted(chromium: Browser, tmp_path: Path) -> None:
    someone = visitor(chromium, "http://127.0.0.1:1", Taste("he", 390), tmp_path)
    someone.page.set_content("<script>console.error('no')</script><img src='http://127.0.0.1:1/a.png'>")
    someone.page.wait_for_load_state()
    someone.page.context.close()
    assert any("console: no" in problem for problem in someone.problems)
    assert any("a.png failed" in problem for problem in someone.problems)
