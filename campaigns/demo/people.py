"""The cast of the demonstrations: fourteen influencers in four languages, on three ways of being paid.

The same people play in `make demo` and are there at the first `make run`. Their identity numbers have valid check
digits and belong to nobody; their addresses end in .test, where no mail can go.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Shop
from campaigns.people.records import find_user

PASSWORD = "demo-campaign-2026"
AGENCY_EMAIL, BRAND_EMAIL, INFLUENCER_EMAIL = "agency@demo.test", "brand@demo.test", "noa@demo.test"
COLLEAGUE_EMAIL = "second@demo.test"  # of the agency: what one of them prepares the other releases

# Who signs in as whom, and the page to look at first; the shop owner is the brand, at the set-up page of its shop.
LOGINS = [
    ("Agency", AGENCY_EMAIL, "/console"),
    ("Brand", BRAND_EMAIL, "/brand"),
    ("Influencer", INFLUENCER_EMAIL, "/me"),
    ("Shop owner", BRAND_EMAIL, "/shops/{shop}/setup"),
]

STYLES_OF = {
    "skin care": ["reviews", "before_after"],
    "make-up": ["lessons", "looks"],
    "hair": ["lessons", "before_after"],
    "sport": ["lessons", "daily_life"],
    "food": ["humour", "recipes"],
    "family": ["daily_life", "stories"],
    "travel": ["stories", "photos"],
}


@dataclass(frozen=True)
class Person:
    """One influencer. `handle` is how tables and file names call them, in letters every terminal has."""

    handle: str
    name: str
    language: str
    route: str
    id_number: str
    niche: str
    followers: int
    tax: dict[str, Any] = field(default_factory=dict)

    @property
    def email(self) -> str:
        """Where they would be written to."""
        return f"{self.handle}@demo.test"

    @property
    def accounts(self) -> list[dict[str, Any]]:
        """Their one account."""
        return [{"network": "instagram", "handle": f"@{self.handle}.glow", "followers": self.followers}]

    @property
    def matching(self) -> dict[str, Any]:
        """What campaigns are matched by."""
        audience = {"countries": ["IL"], "interests": [self.niche]}
        return {"styles": STYLES_OF[self.niche], "content_languages": [self.language], "audience": audience}

    @property
    def payee(self) -> dict[str, Any]:
        """How they are paid; there is no bank of that number."""
        bank = {"bank_code": "99", "bank_branch": "100", "bank_account": f"4{self.id_number[3:]}"}
        return {"route": self.route, "id_number": self.id_number, **bank, **self.tax}


# Form 101 in its four cases: with credit points of two sizes, none given, and a second employer with a certificate.
CAST = (
    Person("noa", "נועה לוי", "he", "invoice", "000000018", "skin care", 18_400),
    Person("maya", "Maya Stern", "en", "receipt", "000000026", "make-up", 24_100),
    Person("dasha", "Даша Волкова", "ru", "payslip", "000000034", "skin care", 31_500, {"credit_points": "2.25"}),
    Person("layla", "ليلى حداد", "ar", "invoice", "000000042", "hair", 9_800),
    Person("yoav", "יואב כהן", "he", "receipt", "000000059", "sport", 12_700),
    Person("amir", "Amir Katz", "en", "payslip", "000000067", "sport", 7_300, {"credit_points": "2.75"}),
    Person("olga", "Ольга Мельник", "ru", "invoice", "000000075", "make-up", 15_900),
    Person("samer", "سامر خوري", "ar", "receipt", "000000083", "food", 5_600),
    Person("tamar", "תמר מזרחי", "he", "payslip", "000000091", "family", 21_000, {"credit_points": None}),
    Person("ben", "Ben Adler", "en", "invoice", "000000109", "travel", 4_200),
    Person("irina", "Ирина Коган", "ru", "receipt", "000000117", "family", 11_300),
    Person(
        "rima", "ريما منصور", "ar", "payslip", "000000125", "hair", 6_900,
        {"second_employer": True, "coordination": [{"upto_minor": 500_000, "rate_bps": 1000}]},
    ),
    Person("gal", "גל שפירא", "he", "invoice", "000000133", "food", 8_800),
    Person("lena", "Лена Гурвич", "ru", "receipt", "000000141", "travel", 13_600),
)  # fmt: skip
CAMPAIGN_CAST = CAST[:12]


def logins(session: Session) -> list[tuple[str, str, str]]:
    """LOGINS with the page of the brand's own shop; none where this is not the demonstration's database."""
    brand_user = find_user(session, BRAND_EMAIL)
    if brand_user is None or find_user(session, AGENCY_EMAIL) is None:
        return []
    first_shop = select(Shop.public_id).where(Shop.brand_id == brand_user.brand_id).order_by(Shop.id).limit(1)
    shop = session.scalar(first_shop)
    return [(who, email, page.format(shop=shop)) for who, email, page in LOGINS]
