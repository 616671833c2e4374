"""What is agreed before a launch: the brand reads and approves, the influencer reads and says yes."""

from tests.browser.play import BRAND, NOA, Play
from tests.browser.visitor import Visitor

APPROVED = "section[aria-labelledby={}] .card-head .pill.good"


def brand_approves(play: Play, staff: Visitor, brand: Visitor) -> None:
    """Asked by a letter, it reads plan and people, and approves both."""
    staff.open(f"/console/campaigns/{play.campaign}/preparation")
    staff.press("form[action$='/ask-brand'] button")
    brand.open(play.house.link_in_letter(BRAND, "/brand/campaigns/"))
    for subject in ("plan", "roster"):
        brand.press(f"form[action$='/plan/{subject}'] button[value=approved]")
        assert brand.page.locator(APPROVED.format(subject)).is_visible()
    staff.open(f"/console/campaigns/{play.campaign}/preparation")
    assert staff.page.locator("section[aria-labelledby=agreed] > ul .pill.good").count() == 2


def noa_joins(play: Play) -> Visitor:
    """Noa comes in by her letter, reads until when she may decide and what she would earn, and says yes."""
    noa = play.invited(NOA)
    noa.press("a[href^='/me/invitations/']")
    assert noa.page.locator("main > .alert.info").is_visible()  # until when it stands
    assert noa.figure("ol.sum li.total > bdi") == "27.00"  # 15 % of 180.00
    headings = noa.page.locator("#range, #example, #choice").evaluate_all("all => all.map(one => one.id)")
    assert headings == ["range", "example", "choice"]
    noa.press("form[action$='/accept'] button")
    return noa
