"""The forms of a campaign's plan and steps; those of its terms are in terms_forms.py."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField, URLField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from campaigns.blueprints.console.fields import WordsField, choices
from campaigns.blueprints.forms import Form
from campaigns.blueprints.labels import said
from campaigns.errors import Invalid
from campaigns.i18n import LANGUAGES, N_
from campaigns.models import Campaign
from campaigns.planning.launching.asked_of_plan import AUDIENCE
from campaigns.planning.plans import Plan

NUMERIC = {"inputmode": "decimal", "class": "ltr", "autocomplete": "off"}
MOMENT = "%Y-%m-%dT%H:%M"
USUAL_INVITATION_DAYS = 7
WISHES = (
    "category", "product", "goals", "brand_values", "styles", "hashtags", "disclosure", "invitation_days",
    "invite_reserves",
)  # fmt: skip


class SpokenForm(Form):
    """A form whose refusals by the domain are shown in the visitor's language."""

    def take_errors(self, refused: Invalid) -> None:
        """Beside their fields, translated."""
        super().take_errors(Invalid({name: [said(one) for one in found] for name, found in refused.errors.items()}))


class PlanForm(SpokenForm):
    """What a campaign is, before anyone has agreed to anything."""

    name = StringField(N_("Name of the campaign"), [InputRequired(), Length(max=200)])
    starts_at = DateTimeLocalField(N_("Starts"), [InputRequired()], format=MOMENT)
    ends_at = DateTimeLocalField(N_("Ends"), [InputRequired()], format=MOMENT)
    landing_url = URLField(N_("Where links lead"), [InputRequired(), Length(max=2000)])
    language = SelectField(N_("Language of its papers"), [InputRequired()], choices=choices(LANGUAGES.items()))
    brief = TextAreaField(N_("Brief"), [Length(max=20_000)])
    percent_off = IntegerField(N_("Discount for buyers, %"), [InputRequired(), NumberRange(0, 100)], default=10)
    grace_days = IntegerField(
        N_("Days that codes go on earning after the end"), [InputRequired(), NumberRange(0, 60)], default=0
    )
    apply_coupon_by_link = BooleanField(N_("Links apply the coupon by themselves (Shopify)"))
    category = StringField(N_("Field of the product"), [Optional(), Length(max=60)])
    product = TextAreaField(N_("Product"), [Optional(), Length(max=5_000)])
    goals = TextAreaField(N_("Goals"), [Optional(), Length(max=5_000)])
    brand_values = TextAreaField(N_("Values of the brand"), [Optional(), Length(max=5_000)])
    countries = WordsField(N_("Countries of the buyers"), [Optional()])
    ages = WordsField(N_("Ages of the buyers"), [Optional()])
    women_percent = IntegerField(N_("Women among the buyers, %"), [Optional(), NumberRange(0, 100)])
    interests = WordsField(N_("Interests of the buyers"), [Optional()])
    styles = WordsField(N_("Styles wanted"), [Optional()])
    hashtags = WordsField(N_("Hashtags"), [Optional()])
    disclosure = StringField(N_("Words that mark advertising"), [Optional(), Length(max=200)])
    invitation_days = IntegerField(N_("Days to answer an invitation"), [Optional(), NumberRange(1, 60)], default=7)
    invite_reserves = BooleanField(N_("When somebody declines, the next in line is invited by itself"))

    def plan(self, timezone: str, terms: dict[str, Any]) -> Plan:
        """The plan the form asks for, its times read in `timezone`."""
        zone = ZoneInfo(timezone)
        return Plan(
            name=self.name.data,
            starts_at=self.starts_at.data.replace(tzinfo=zone),
            ends_at=self.ends_at.data.replace(tzinfo=zone),
            timezone=timezone,
            landing_url=self.landing_url.data.strip(),
            language=self.language.data,
            brief=self.brief.data or "",
            coupon_percent_off=self.percent_off.data,
            grace_days=self.grace_days.data,
            apply_coupon_by_link=self.apply_coupon_by_link.data,
            terms=terms,
            **{name: self[name].data or "" for name in ("category", "product", "goals", "brand_values", "disclosure")},
            audience={name: self[name].data for name in AUDIENCE},
            styles=self.styles.data or [],
            hashtags=self.hashtags.data or [],
            invitation_days=self.invitation_days.data or USUAL_INVITATION_DAYS,
            invite_reserves=self.invite_reserves.data,
        )


class ReasonForm(SpokenForm):
    """A written reason, where a step wants one."""

    reason = TextAreaField(N_("Reason"), [Length(max=1000)])


def written_plan(campaign: Campaign) -> dict[str, Any]:
    """A campaign's plan as the form's first values, times in its own zone."""
    zone = ZoneInfo(campaign.timezone)

    def local(moment: datetime) -> datetime:
        return moment.astimezone(zone).replace(tzinfo=None)

    return {
        "name": campaign.name,
        "starts_at": local(campaign.starts_at),
        "ends_at": local(campaign.ends_at),
        "landing_url": campaign.landing_url,
        "language": campaign.language,
        "brief": campaign.brief,
        "percent_off": campaign.coupon_percent_off,
        "grace_days": campaign.grace_days,
        "apply_coupon_by_link": campaign.apply_coupon_by_link,
        **{name: getattr(campaign, name) for name in WISHES},
        **{name: campaign.audience.get(name) for name in AUDIENCE},
    }
