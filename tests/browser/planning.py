"""What staff do before anything is sold: brand, shop, influencers, campaign, invitations."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.browser.play import BRAND, NOA, Play
from tests.browser.visitor import Visitor

OTHERS = 9
ZONE = ZoneInfo("Asia/Jerusalem")
ID_NUMBER = "039337423"


def add_brand_and_shop(play: Play, staff: Visitor) -> None:
    """A brand, and its Shopify shop."""
    staff.press("a[href='/console/brands']")
    staff.press("a[href='/console/brands/new']")
    staff.send(name="Amber Skin", email=BRAND, legal_name="Amber Skin Ltd", registration_number="516179157")
    staff.press("a[href^='/console/shops/new?brand=']")
    staff.send(name="Amber shop", domain="localhost", platform="shopify", currency="ILS", timezone=str(ZONE))
    play.shop = staff.page.url.split("/")[-2]


def add_noa(play: Play, staff: Visitor) -> None:
    """One influencer in full, who is paid by payslip."""
    staff.press("a[href='/console/influencers']")
    staff.press("a[href='/console/influencers/new']")
    account = {"accounts-0-network": "instagram", "accounts-0-handle": "@noa.amber", "accounts-0-followers": "18400"}
    payee = {"route": "payslip", "id_number": ID_NUMBER, "address": "1 Herzl, Haifa", "credit_points": "2.25"}
    bank = {"bank_code": "99", "bank_branch": "100", "bank_account": "4123456"}
    staff.page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
    who = {"name": "Noa Levi", "email": NOA, "language": play.taste.language, "niches": "skin care, food"}
    staff.send(**who, **account, **payee, **bank)


def make_token(staff: Visitor) -> str:
    """A token of the JSON API, from the page of one's account."""
    staff.open("/account")
    staff.press("form[action$='/tokens'] button")
    return staff.code("section[aria-labelledby=new-token]")


def api(play: Play, token: str, path: str, **body: object) -> dict[str, object]:
    """POST to the JSON API; its answer."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = play.house.server.request("POST", f"/api/v1{path}", json.dumps(body).encode(), headers)
    assert answer.status in (200, 201), answer.body
    found: dict[str, object] = json.loads(answer.body)
    return found


def add_the_others(play: Play, token: str) -> None:
    """Nine more, from a program."""
    for number in range(1, OTHERS + 1):
        account = {"network": "tiktok", "handle": f"@ben{number}", "followers": 8_000 + number}
        facts = {"language": "en", "niches": ["travel"], "accounts": [account], "payee": {"route": "invoice"}}
        api(play, token, "/influencers", name=f"Ben {number}", email=f"ben{number}@example.com", **facts)


def plan_campaign(play: Play, staff: Visitor) -> None:
    """A campaign that began an hour ago, with 15 % and 3 %."""
    staff.open("/console/campaigns")
    staff.press("a[href='/console/campaigns/new']")
    start = datetime.now(ZONE) - timedelta(hours=1)
    dates = {"starts_at": f"{start:%Y-%m-%dT%H:%M}", "ends_at": f"{start + timedelta(days=20):%Y-%m-%dT%H:%M}"}
    facts = {"name": "Spring serum", "landing_url": play.landing, "brief": "Your own morning.", "percent_off": "10"}
    staff.send(shop=play.shop, **dates, **facts, influencer_rate_bps="15", agency_rate_bps="3")
    play.campaign = staff.page.url.rsplit("/", 1)[1]


def invite_everyone(play: Play, staff: Visitor) -> None:
    """All ten at once."""
    staff.press("a[href$='/invite']")
    boxes = staff.page.locator("input[name=influencer]").all()
    assert len(boxes) == OTHERS + 1
    for box in boxes:
        box.check()
    staff.press()


def others_accept(play: Play, token: str) -> None:
    """Nine say yes on the telephone, and staff put it down."""
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/api/v1/campaigns/{play.campaign}/participants?limit=50"
    items = json.loads(play.house.server.request("GET", path, headers=headers).body)["items"]
    undecided = [one["id"] for one in items if one["terms_version"] is None]
    assert len(undecided) == OTHERS
    for participation in undecided:
        api(play, token, f"/participants/{participation}/accept", terms_version=1)


def launch(play: Play, staff: Visitor) -> None:
    """Everyone gets their code and link."""
    staff.open(f"/console/campaigns/{play.campaign}")
    staff.press("a[href$='/launch']")
    staff.send(reason="Vetting and material follow tomorrow.")
