"""A question that goes through the agency and comes back answered, and an incident that is reported and handled."""

from tests.browser.helping import into_the_campaign
from tests.browser.visitor import Visitor

QUESTION, ANSWER = "Does it suit dry skin?", "Yes, it was made for it."
TALK = "td.title a[href^='/talks/']"


def ask(noa: Visitor) -> None:
    """Noa asks the brand; the agency reads it first."""
    into_the_campaign(noa)
    noa.press("section[aria-labelledby=brief] a[href*='/talks/new']")
    noa.send(to="brand", subject="Dry skin", message=QUESTION)


def pass_on(staff: Visitor) -> None:
    """Staff let the newest talk's other side read what waits, as it is."""
    staff.open("/talks?status=open")
    staff.press(TALK)
    staff.press("form[action$='/pass'] button")


def answer(brand: Visitor) -> None:
    """The brand reads the question, and answers her through the agency."""
    brand.open("/talks")
    brand.press(TALK)
    assert QUESTION in brand.page.locator("#said").inner_text()
    brand.send("form[action$='/messages'] button", message=ANSWER, to="influencer")


def read_the_answer(noa: Visitor) -> None:
    """It is there, under the question."""
    noa.open("/talks")
    noa.press(TALK)
    assert ANSWER in noa.page.locator("#said").inner_text()


def report(noa: Visitor) -> None:
    """A buyer of hers got a broken bottle."""
    into_the_campaign(noa)
    noa.press("section[aria-labelledby=brief] a[href*='/talks/incidents/new']")
    noa.page.locator("select[name=order]").select_option(index=1)
    words = {"subject": "A broken bottle", "message": "The buyer got it broken. A new one would put it right."}
    noa.send(kind="product", product="Serum 30 ml", **words)


def handle(staff: Visitor, brand: Visitor) -> None:
    """Staff take it to the brand, which takes it in hand."""
    staff.open("/talks/incidents")
    staff.press(TALK)
    staff.press("form[action$='/pass'] button")
    brand.open("/talks/incidents")
    brand.press(TALK)
    brand.press("form[action$='/handle'] button")
    assert brand.page.locator("section[aria-labelledby=history] li").count() == 2
