"""axe-core over a page as it stands: what keeps people out of it, in sentences.

The engine comes with the package axe-playwright-python, so its version is locked like every other's. What it calls
serious or critical counts. https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md

Its dearest rule, contrast, doesn't depend on the language, and the others don't depend on the theme: `barriers` asks
for all rules in the light and for contrast in the dark, `structure` for all but contrast.
"""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

COUNTS = ("serious", "critical")
CONTRAST = "color-contrast"
LOOK = """async (options) => {
  const found = await axe.run(document, {resultTypes: ["violations"], ...options});
  const told = (node) => `${node.target.join(" ")}: ${node.any.map((one) => one.message).join("; ")}`;
  return found.violations.map(({id, impact, nodes}) => ({id, impact, where: nodes.map(told)}));
}"""


@cache
def engine() -> str:
    """The script, as it is pasted into a page: through the debugger, past the page's own policy."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def barriers(page: Page) -> list[str]:
    """What is wrong with the page in the light and in the dark; it is left in the light."""
    found = _violations(page, {})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += [f"dark: {one}" for one in _violations(page, {"runOnly": [CONTRAST]})]
    page.emulate_media(color_scheme="light")
    return found


def structure(page: Page) -> list[str]:
    """What is wrong with it whatever its colours."""
    return _violations(page, {"rules": {CONTRAST: {"enabled": False}}})


def _violations(page: Page, options: dict[str, Any]) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):  # half a megabyte takes its time to come in
        page.evaluate(f"() => {{ {engine()} }}")
    return [
        f"{rule['id']} ({rule['impact']}) {where[:200]}"
        for rule in page.evaluate(LOOK, options)
        if rule["impact"] in COUNTS
        for where in rule["where"]
    ]
