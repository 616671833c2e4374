"""The shapes of the JSON API: what is taken, field by field, and what is answered.

Amounts are integers of minor units, rates basis points, times ISO 8601 with an offset, ids short opaque strings.
Unknown fields are refused: a mistyped term must not vanish in silence.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from campaigns.blueprints.api.terms_schemas import OwnTerms, Terms
from campaigns.errors import Unreadable
from campaigns.people.profile import AGES, STYLES
from campaigns.tracking.json_body import parse_moment

MinorUnits = int
STYLES_OFFERED = f"Of {', '.join(STYLES)}."
AUDIENCE_TOLD = (
    f"All optional: `countries` (two letters each), `ages` ({', '.join(AGES)}), `women_percent`, `interests`."
)


def _day(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise ValueError("must be a date such as 2026-05-31") from error


def read_moment(value: object) -> datetime:
    """A moment of our times with an offset; raises ValueError."""
    try:
        return parse_moment(value, "")
    except Unreadable as error:
        raise ValueError("must be an ISO 8601 time of our times with an offset, such as Z or +03:00") from error


Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[AwareDatetime, BeforeValidator(read_moment)]


class Body(BaseModel):
    """What a client sends, in the very types the OpenAPI document names: no number written as text, no 1 for true."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Answer(BaseModel):
    """What we answer; fields may be added."""

    model_config = ConfigDict(extra="allow")


class BrandIn(Body):
    name: str
    email: str
    legal_name: str = ""
    registration_number: str = ""
    link_domain: str = Field(default="", description="A host of the brand's own that its campaigns' links live on.")


class BrandOut(Answer):
    id: str
    name: str
    email: str
    legal_name: str
    registration_number: str
    link_domain: str


class ShopIn(Body):
    brand: str
    platform: str
    name: str
    domain: str
    currency: str
    timezone: str
    webhook_secret: str | None = None
    hosts: list[str] = Field(default=[], description="Where deep links may lead beside `domain`.")


class ShopOut(Answer):
    id: str
    brand: str
    platform: str
    name: str
    domain: str
    hosts: list[str]
    currency: str
    timezone: str
    webhook_url: str
    webhook_secret: str = Field(description="Shown this once.")


class InfluencerIn(Body):
    name: str
    email: str
    phone: str = Field(default="", description="An order bought with it is the influencer's own purchase.")
    language: str = "he"
    niches: list[str] = []
    accounts: list[dict[str, Any]] = []
    styles: list[str] = Field(default=[], description=STYLES_OFFERED)
    content_languages: list[str] = Field(default=[], description="Two letters of ISO 639-1 each.")
    audience: dict[str, Any] = Field(default={}, description=AUDIENCE_TOLD)
    away: list[dict[str, str]] = Field(default=[], description="Spans of days: `from` and `to`, both within.")
    leaderboard: bool = Field(default=False, description="Wishes to be seen on the leaderboard.")
    payee: dict[str, Any] = {}


class InfluencerPatch(Body):
    """What is left out stays as it is; nothing here can be null."""

    name: str = Field(default_factory=str)
    phone: str = Field(default_factory=str)
    language: str = Field(default_factory=str)
    niches: list[str] = Field(default_factory=list)
    accounts: list[dict[str, Any]] = Field(default_factory=list)
    styles: list[str] = Field(default_factory=list, description=STYLES_OFFERED)
    content_languages: list[str] = Field(default_factory=list, description="Two letters of ISO 639-1 each.")
    audience: dict[str, Any] = Field(default_factory=dict, description=AUDIENCE_TOLD)
    away: list[dict[str, str]] = Field(default_factory=list)
    leaderboard: bool = Field(default_factory=bool)
    payee: dict[str, Any] = Field(default_factory=dict)


class InfluencerOut(Answer):
    id: str
    name: str
    email: str
    phone: str
    language: str
    niches: list[str]
    accounts: list[dict[str, Any]]
    styles: list[str]
    content_languages: list[str]
    audience: dict[str, Any]
    away: list[dict[str, str]]
    leaderboard: bool
    payee: dict[str, Any]


class CouponIn(Body):
    percent_off: int = Field(default=0, ge=0, le=100)
    grace_days: int = Field(default=0, ge=0, le=60)
    apply_by_link: bool = Field(default=False, description="Shopify: links go through /discount/<code>.")


class AudienceIn(Body):
    countries: list[str] = Field(default=[], description="Two letters each, such as IL.")
    ages: list[str] = Field(default=[], description="18-24, or 65+.")
    women_percent: int | None = Field(default=None, ge=0, le=100)
    interests: list[str] = []


class CampaignIn(Body):
    brand: str
    shop: str
    name: str
    starts_at: Moment
    ends_at: Moment
    timezone: str = "Asia/Jerusalem"
    landing_url: str
    language: str = "he"
    brief: str = ""
    category: str = Field(default="", description="The product's field, as the influencers' niches name it.")
    product: str = ""
    goals: str = ""
    brand_values: str = ""
    audience: AudienceIn = Field(default=AudienceIn(), description="Who shall buy.")
    styles: list[str] = Field(default=[], description="How it shall be shown: reviews, humour, lessons.")
    hashtags: list[str] = []
    disclosure: str = Field(default="", description="The words that mark advertising; empty: the usual ones.")
    invitation_days: int = Field(default=7, ge=1, le=60, description="How long an invitation stands.")
    invite_reserves: bool = Field(default=False, description="The next in line is invited when somebody declines.")
    coupon: CouponIn = CouponIn()
    terms: Terms


class CampaignOut(Answer):
    id: str
    brand: str
    shop: str
    name: str
    status: str
    starts_at: str
    ends_at: str
    timezone: str
    landing_url: str
    language: str
    currency: str
    brief: str
    category: str
    product: str
    goals: str = Field(description="Empty for influencers.")
    brand_values: str
    audience: dict[str, Any]
    styles: list[str]
    hashtags: list[str]
    disclosure: str
    invitation_days: int
    invite_reserves: bool
    coupon: dict[str, Any]
    terms_version: int
    terms: Terms


class TermsIn(Body):
    terms: Terms


class ParticipantIn(Body):
    influencer: str
    terms: OwnTerms = {}


class ParticipantOut(Answer):
    id: str
    campaign: str
    influencer: str
    status: str
    coupon_code: str | None
    link: str | None
    expires_at: str | None = Field(
        description="Until when the invitation stands, or stood; null where it had no end, in a campaign that was over."
    )
    terms_version: int | None = Field(description="The version accepted last.")
    terms: Terms


class AcceptIn(Body):
    terms_version: int
    language: str | None = None


class DeclineIn(Body):
    reason: str = ""


class ReplaceCodeIn(Body):
    reason: str = Field(min_length=1, max_length=1000)


class OverrideIn(Body):
    override_reason: str = ""


class CloseIn(Body):
    on: Day | None = Field(default=None, description="The date of the papers; today in the campaign's zone.")
    override_reason: str = ""


class FiguresOut(Answer):
    clicks: int
    orders: int
    contacts: int = Field(default=0, description="Leads and calls that were not rejected.")
    sales_minor: MinorUnits
    refunded_minor: MinorUnits
    commission_minor: MinorUnits
    agency_fee_minor: MinorUnits
    brand_charge_minor: MinorUnits


class ParticipantFiguresOut(FiguresOut):
    participant: str
    influencer: str
    coupon_code: str | None


class StatsOut(Answer):
    currency: str
    totals: FiguresOut
    participants: list[ParticipantFiguresOut]


class AttributionOut(Answer):
    participant: str | None
    reason: str
    evidence: dict[str, Any]


class OrderOut(Answer):
    id: str
    external_id: str
    number: str
    status: str
    platform_status: str
    placed_at: str
    currency: str
    net_minor: MinorUnits
    tax_minor: MinorUnits
    gift_card_minor: MinorUnits
    refunded_minor: MinorUnits
    shipping_minor: MinorUnits
    total_minor: MinorUnits
    attribution: AttributionOut
    commission_minor: MinorUnits
    agency_fee_minor: MinorUnits


class AssignIn(Body):
    participant: str
    reason: str = Field(min_length=1, max_length=1000, description="Both influencers concerned read it.")


class StatementOut(Answer):
    currency: str
    as_of: str
    participant: str
    lines: list[dict[str, Any]]
    totals: dict[str, Any]


class DocumentRef(Answer):
    id: str
    kind: str
    number: str
    participant: str | None
    media_type: str
    sha256: str
    url: str


class ReportOut(Answer):
    number: str
    issued_at: str
    sha256: str = Field(description="Of the frozen contents in canonical JSON.")
    currency: str
    totals: FiguresOut
    rows: list[dict[str, Any]]
    documents: list[DocumentRef]


class Coordination(Body):
    upto_minor: int | None = None
    rate_bps: int = Field(ge=0, le=10_000)


class PayslipIn(Body):
    country: Literal["IL"] = "IL"
    on: Day
    gross_minor: MinorUnits = Field(ge=0)
    credit_points: str | None = None
    second_employer: bool = False
    coordination: list[Coordination] = []
    reduced_part_minor: MinorUnits | None = Field(
        default=None, ge=0, description="How much of the reduced-rate step an insurance coordination leaves here."
    )
    cumulative: bool = Field(default=False, description="Withhold income tax on the year so far, not on the month.")
    year_to_date: dict[str, Any] | None = Field(
        default=None,
        description="With `cumulative`, the year's payslips before this one: `gross_minor` and `income_tax_minor`.",
    )


class PayslipOut(Answer):
    scheme: str
    scheme_version: int
    gross_minor: MinorUnits
    lines: list[dict[str, Any]]
    net_minor: MinorUnits
    employer_lines: list[dict[str, Any]]
    employer_cost_minor: MinorUnits


class BrandList(Answer):
    items: list[BrandOut]
    next: str | None


class InfluencerList(Answer):
    items: list[InfluencerOut]
    next: str | None


class CampaignList(Answer):
    items: list[CampaignOut]
    next: str | None


class ParticipantList(Answer):
    items: list[ParticipantOut]
    next: str | None


class OrderList(Answer):
    items: list[OrderOut]
    next: str | None
