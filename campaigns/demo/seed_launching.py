"""What is checked and agreed before a launch, for the demo data: vetting, material, and what the brand decided.

Of the two launched campaigns the brand approved plan and people; of the one that is being filled it was asked to.
"""

import struct
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from campaigns.commissions.terms import fingerprint
from campaigns.demo.people import BRAND_EMAIL
from campaigns.demo.seed_house import House
from campaigns.models import Campaign, CampaignAsset
from campaigns.people.records import find_user
from campaigns.planning.audit import note
from campaigns.planning.launching import decisions, letters, material, vetting
from campaigns.planning.launching.agreed import plan_contents, proposed, roster_contents
from campaigns.planning.launching.vetting import Seen

BUSINESS = Seen(
    "business", "public_reviews", "fit", "https://reviews.example/glow", 412, 23,
    "שירות מהיר, החזר כספי בלי ויכוח. שתי תלונות על משלוח, שתיהן נענו.",
)  # fmt: skip
PRODUCT = Seen("product", "test_order", "fit", note="הזמנו ושילמנו כמו כל לקוחה. הגיע תוך יומיים, ארוז היטב.")
UNDECIDED = Seen("product", "survey", "open", good_ratings=9, bad_ratings=2, note="ממתינים לעוד תשובות מהמנסות.")
CAPTION = (
    "ערב, אור רך, שלוש טיפות על כף היד. שבועיים אני עם סרום הלילה של Glow והעור שלי פשוט נרגע.\n\n"
    "עם הקוד שלי יש 10% הנחה עד סוף הקמפיין."
)
FILM = "https://glow.example/press/night-serum"
PIXELS = 240


def vetted(session: Session, house: House, campaign: Campaign, at: datetime, *found: Seen) -> None:
    """What somebody found out, each with its verdict."""
    for seen in found:
        made = vetting.review(session, campaign, seen, house.staff.id, at)
        facts = {"about": made.subject, "verdict": made.verdict, "source": made.source}
        note(session, house.staff.id, "campaign.vetted", f"campaign:{campaign.public_id}", at, **facts)


def given_material(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    """A picture, a text to lean on and a link to a film."""
    by = (at, house.staff.id)
    picture = material.add_file(session, campaign, "סרום הלילה: תמונת מוצר", "לסטורי", _picture(), "image/png", *by)
    text = material.add_text(session, campaign, "כיתוב לדוגמה", CAPTION, *by)
    film = material.add_link(session, campaign, "סרטון המותג", "אפשר לקחת ממנו עד עשר שניות.", FILM, *by)
    for made in (picture, text, film):
        _noted(session, house, campaign, made, at)


def approved(session: Session, campaign: Campaign, at: datetime, base_url: str) -> None:
    """The brand read plan and people, and approved both."""
    user = find_user(session, BRAND_EMAIL)
    assert user is not None  # the brand signs in
    subjects: Mapping[str, dict[str, Any]] = {
        "plan": plan_contents(campaign),
        "roster": roster_contents(proposed(session, campaign)),
    }
    for subject, contents in subjects.items():
        words = "מצוין, אפשר לצאת לדרך." if subject == "plan" else ""
        asked = (subject, "approved", contents, fingerprint(contents), words, user.id, at)
        made, _ = decisions.decide(session, campaign, *asked)
        letters.brand_decided(session, made, base_url, at)
        facts = {"about": subject, "decision": made.decision, "note": made.note}
        note(session, user.id, "brand.decided", f"campaign:{campaign.public_id}", at, **facts)


def asked(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    """The brand was asked to read the plan, and has not answered yet."""
    people = letters.approval_asked(session, campaign, house.public_url, at + timedelta(minutes=10))
    note(session, house.staff.id, "brand.asked", f"campaign:{campaign.public_id}", at, people=people)


def _noted(session: Session, house: House, campaign: Campaign, made: CampaignAsset, at: datetime) -> None:
    facts = {"asset": made.public_id, "title": made.title}
    note(session, house.staff.id, "material.added", f"campaign:{campaign.public_id}", at, **facts)


def _picture() -> bytes:
    """A square PNG that goes from rose to night blue: https://www.w3.org/TR/png-3/#5DataRep."""
    shades = [(230 - row // 2, 190 - row // 2, 200 - row // 4) for row in range(PIXELS)]
    rows = b"".join(b"\0" + bytes(shade) * PIXELS for shade in shades)
    head = struct.pack(">IIBBBBB", PIXELS, PIXELS, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
