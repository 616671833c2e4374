"""A campaign on paper: its dates, landing page, brief, coupon and terms, before anyone is invited."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from campaigns.clock import time_zones
from campaigns.commissions.terms import complete, fingerprint, with_overrides
from campaigns.errors import Conflict, Invalid, Said
from campaigns.i18n import LANGUAGES
from campaigns.models import Brand, Campaign, Participation, Shop, TermsVersion
from campaigns.money import format_bps
from campaigns.planning.launching import asked_of_plan

LONGEST_NAME = 200
YEARS = range(2000, 2200)  # beyond them is a slip of the hand, and the calendar's end is near
SHARE_LIMIT_BPS = 500  # the house's limit, unless its settings say otherwise
USUAL_LENGTH = (timedelta(days=14), timedelta(days=31))


@dataclass(frozen=True)
class Plan:
    """What is asked for when a campaign is made. Times are aware; `coupon_percent_off` is 0 to 100."""

    name: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    landing_url: str
    language: str = "he"
    brief: str = ""
    coupon_percent_off: int = 0
    grace_days: int = 0
    apply_coupon_by_link: bool = False
    category: str = ""
    product: str = ""
    goals: str = ""
    brand_values: str = ""
    audience: dict[str, Any] = field(default_factory=dict)
    styles: list[str] = field(default_factory=list)
    hashtags: list[str] = field(default_factory=list)
    disclosure: str = ""
    invitation_days: int = 7
    invite_reserves: bool = False
    terms: dict[str, Any] = field(default_factory=dict)


TEXTS = ("category", "product", "goals", "brand_values", "disclosure")


def create_campaign(session: Session, brand: Brand, shop: Shop, plan: Plan, now: datetime) -> Campaign:
    """A draft with its first terms; raises Invalid naming every field that is wrong."""
    terms = _checked(brand, shop, plan)
    campaign = Campaign(
        brand_id=brand.id,
        shop_id=shop.id,
        name=plan.name.strip(),
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        timezone=plan.timezone,
        language=plan.language,
        landing_url=plan.landing_url,
        brief=plan.brief,
        coupon_percent_off=plan.coupon_percent_off,
        grace_days=plan.grace_days,
        apply_coupon_by_link=plan.apply_coupon_by_link,
        currency=shop.currency,
        created_at=now,
        **_wishes(plan),
    )
    session.add(campaign)
    session.flush()
    _add_terms(session, campaign, 1, terms, now)
    return campaign


def change_campaign(session: Session, campaign: Campaign, plan: Plan) -> Campaign:
    """Another name, dates, page, brief or discount, before the launch; raises Invalid or Conflict. Terms stay."""
    if campaign.status not in ("draft", "recruiting"):
        raise Conflict(Said("the campaign is %(status)s: its plan stands", status=campaign.status))
    _checked(campaign.brand, campaign.shop, plan)
    for fact in (
        "starts_at", "ends_at", "timezone", "language", "landing_url", "brief",
        "coupon_percent_off", "grace_days", "apply_coupon_by_link",
    ):  # fmt: skip
        setattr(campaign, fact, getattr(plan, fact))
    for fact, value in _wishes(plan).items():
        setattr(campaign, fact, value)
    campaign.name = plan.name.strip()
    session.flush()
    return campaign


def offer_terms(session: Session, campaign: Campaign, offered: dict[str, Any], now: datetime) -> TermsVersion:
    """New terms as the next version. Whoever accepted earlier ones keeps them until they accept these."""
    if campaign.status in ("ended", "reconciling", "closed", "archived", "cancelled"):
        raise Conflict(Said("the campaign is %(status)s: its terms stand", status=campaign.status))
    terms = complete(offered)
    if fingerprint(terms) == campaign.terms.sha256:
        raise Conflict("these are the terms in force")
    _fit_everyone(session, campaign, terms)
    version = _add_terms(session, campaign, campaign.terms.version + 1, terms, now)
    session.expire(campaign, ["terms_versions"])
    return version


def agency_most_bps(campaign: Campaign, people: Iterable[Participation] = ()) -> int:
    """The agency's largest share of a sale, by the terms offered and by what was agreed with single participants."""
    agreed = [one.acceptances[-1].terms if one.acceptances else one.overrides for one in people]
    offered = campaign.terms.body["agency_rate_bps"]
    return max([offered, *(terms.get("agency_rate_bps", offered) for terms in agreed)])


def _fit_everyone(session: Session, campaign: Campaign, terms: dict[str, Any]) -> None:
    """Raise Invalid where somebody's own terms can't stand beside these: they could not accept them."""
    for participation in participants(session, campaign):
        if participation.overrides and participation.ended_at is None:
            try:
                with_overrides(terms, participation.overrides)
            except Invalid as error:
                said = Said("don't fit %(name)s's own terms", name=participation.influencer.name)
                raise Invalid({"terms": [said], **error.errors}) from error


def unusual(campaign: Campaign, share_limit_bps: int = SHARE_LIMIT_BPS, most_bps: int = 0) -> list[str]:
    """What a planner should look at twice, as messages: allowed, but not what campaigns are made of.

    `share_limit_bps` is the house's limit of the agency's share; `most_bps` the largest agreed with a participant.
    """
    length = campaign.ends_at - campaign.starts_at
    notes: list[str] = []
    if not USUAL_LENGTH[0] <= length <= USUAL_LENGTH[1]:
        notes.append(Said("Campaigns usually run two weeks to a month."))
    if campaign.terms.body["agency_rate_bps"] > campaign.terms.body["influencer_rate_bps"]:
        notes.append(Said("The agency's share is larger than the influencer's."))
    share_bps = max(most_bps, campaign.terms.body["agency_rate_bps"])
    if share_bps > share_limit_bps:
        shares = {"share": format_bps(share_bps), "limit": format_bps(share_limit_bps)}
        notes.append(
            Said("The agency's share, %(share)s of the sale, is above the house's limit of %(limit)s.", **shares)
        )
    return notes


def participants(session: Session, campaign: Campaign) -> list[Participation]:
    """Everyone ever invited, in that order."""
    return sorted(
        session.query(Participation).filter_by(campaign_id=campaign.id), key=lambda participation: participation.id
    )


def _add_terms(
    session: Session, campaign: Campaign, version: int, terms: dict[str, Any], now: datetime
) -> TermsVersion:
    row = TermsVersion(campaign_id=campaign.id, version=version, body=terms, sha256=fingerprint(terms), created_at=now)
    session.add(row)
    session.flush()
    return row


def _checked(brand: Brand, shop: Shop, plan: Plan) -> dict[str, Any]:
    errors: dict[str, list[str]] = {}
    if shop.brand_id != brand.id:
        errors["shop"] = [Said("is not a shop of this brand")]
    if not plan.name.strip():
        errors["name"] = [Said("is missing")]
    elif len(plan.name.strip()) > LONGEST_NAME:
        errors["name"] = [Said("has more than %(most)s characters", most=LONGEST_NAME)]
    errors |= _problems_of_time(plan)
    if plan.language not in LANGUAGES:
        errors["language"] = [Said("must be one of %(choices)s", choices=", ".join(LANGUAGES))]
    if not 0 <= plan.coupon_percent_off <= 100:
        errors["coupon.percent_off"] = [Said("must be from 0 to 100")]
    if not 0 <= plan.grace_days <= 60:
        errors["coupon.grace_days"] = [Said("must be from 0 to 60")]
    problem = _landing_problem(plan.landing_url, shop.domain)
    if problem:
        errors["landing_url"] = [problem]
    errors |= _problems_of_wishes(plan)
    terms: dict[str, Any] = {}
    try:
        terms = complete(plan.terms)
    except Invalid as invalid:
        errors.update(invalid.errors)
    if errors:
        raise Invalid(errors)
    return terms


def _wishes(plan: Plan) -> dict[str, Any]:
    """What a plan says of product, people and posts, tidied."""
    return {
        **{name: getattr(plan, name).strip() for name in TEXTS},
        "audience": asked_of_plan.tidy_audience(plan.audience),
        "styles": asked_of_plan.tidy_words(plan.styles),
        "hashtags": asked_of_plan.tidy_hashtags(plan.hashtags),
        "invitation_days": plan.invitation_days,
        "invite_reserves": plan.invite_reserves,
    }


def _problems_of_wishes(plan: Plan) -> dict[str, list[str]]:
    wishes = _wishes(plan)
    wrong = asked_of_plan.problems_of_texts({name: wishes[name] for name in TEXTS})
    wrong |= asked_of_plan.problems_of_words({name: wishes[name] for name in ("styles", "hashtags")})
    wrong |= asked_of_plan.problems_of_audience(wishes["audience"])
    days = asked_of_plan.INVITATION_DAYS
    if plan.invitation_days not in days:
        wrong["invitation_days"] = [Said("must be from %(least)s to %(most)s", least=days.start, most=days.stop - 1)]
    return wrong


def _problems_of_time(plan: Plan) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if plan.ends_at <= plan.starts_at:
        errors["ends_at"] = [Said("must be after the start")]
    for name, moment in (("starts_at", plan.starts_at), ("ends_at", plan.ends_at)):
        if moment.year not in YEARS:
            errors[name] = [Said("must be in the years %(first)s to %(last)s", first=YEARS.start, last=YEARS.stop - 1)]
    if plan.timezone not in time_zones():
        errors["timezone"] = [Said("must be an IANA time zone such as Asia/Jerusalem")]
    return errors


def _landing_problem(url: str, domain: str) -> str | None:
    """Why links may not lead there: only to pages of the shop's own host, or a subdomain or parent site of it."""
    try:
        parts = urlsplit(url if len(url) <= 2000 else "")
    except ValueError:  # such as brackets around no address
        parts = urlsplit("")
    host = (parts.hostname or "").lower()
    home = domain.split(":", maxsplit=1)[0].removeprefix("www.")
    if parts.scheme not in ("https", "http") or not host or any(character <= " " for character in url):
        return Said("must be a full address that starts with https://")
    if parts.username is not None or parts.password is not None:
        return Said("must not hold a user name or password")
    if host.removeprefix("www.") != home and not host.endswith("." + home):
        return Said("must lead to the shop's own site, %(domain)s", domain=domain)
    return None
