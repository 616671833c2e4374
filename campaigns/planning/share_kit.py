"""What an influencer copies into a post: texts with their code, link, dates, hashtags, and the word of advertising.

That a post is paid for must be said in it, where it can't be missed and in words its readers understand; so the word
stands first in every text. docs/codes-in-the-shop.md names the laws and what the agency has to verify itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import segno
from markupsafe import Markup

from campaigns.i18n import N_, gettext, show_date, speaking
from campaigns.models import Campaign, Participation

# The usual word of each language; a campaign may have one of its own.
DISCLOSURES = {"he": "#פרסומת", "ar": "#إعلان", "ru": "#реклама", "en": "#ad"}
# Isolates help a page to show a date inside other writing; in a text for pasting they would be odd characters.
_MARKS = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Kit:
    """One participant's material, as plain values."""

    language: str
    brand: str
    code: str
    address: str
    percent_off: int
    first: date
    last: date
    hashtags: Sequence[str]
    disclosure: str


@dataclass(frozen=True)
class Text:
    """A text to copy. `title` is a message still to be translated into the reader's language."""

    title: str
    body: str


def kit_of(participation: Participation, public_url: str) -> Kit | None:
    """The material of a participant; None before the launch, and where nothing is theirs to share any more."""
    code, address = participation.code, participation.link_address(public_url)
    if (
        code is None
        or not address
        or participation.ended_at is not None
        or participation.campaign.status == "cancelled"
    ):
        return None
    campaign, language = participation.campaign, participation.influencer.language
    return Kit(
        language=language,
        brand=campaign.brand.name,
        code=code.code,
        address=address,
        percent_off=campaign.coupon_percent_off,
        first=_day(campaign.starts_at, campaign),
        last=_day(campaign.ends_at, campaign),
        hashtags=tuple(f"#{tag.lstrip('#')}" for tag in campaign.hashtags),
        disclosure=campaign.disclosure.strip() or DISCLOSURES.get(language, DISCLOSURES["en"]),
    )


def texts_of(kit: Kit) -> list[Text]:
    """Texts for a post, a story and a message, in the influencer's own language."""
    with speaking(kit.language):
        dates = gettext("Valid from %(first)s to %(last)s.", first=_shown(kit.first), last=_shown(kit.last))
        named = {"percent": kit.percent_off, "brand": kit.brand, "code": kit.code}
        off = gettext("My code %(code)s: %(percent)s%% off at %(brand)s", **named)
        mine = gettext("My code at %(brand)s: %(code)s", brand=kit.brand, code=kit.code)
        offer = off if kit.percent_off else mine
        tags = " ".join(kit.hashtags)
        return [
            Text(N_("A post"), _lines(kit.disclosure, offer, dates, kit.address, tags)),
            Text(N_("A story"), _lines(kit.disclosure, offer, kit.address)),
            Text(N_("A message"), _lines(f"{kit.disclosure} {offer}", f"{dates} {kit.address}")),
        ]


def qr_picture(address: str) -> Markup:
    """The address as a QR code in SVG, to stand inside a page."""
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=6, border=4, light="#fff", svgclass="qr", lineclass=None))  # noqa: S704 - of ours


def qr_png(address: str) -> bytes:
    """The address as a QR code in PNG, large enough for print."""
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="png", scale=20, border=4)
    return drawn.getvalue()


def _day(moment: datetime, campaign: Campaign) -> date:
    return moment.astimezone(ZoneInfo(campaign.timezone)).date()


def _shown(day: date) -> str:
    return show_date(day).translate(_MARKS)


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
