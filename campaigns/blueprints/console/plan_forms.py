"""The forms of a campaign's plan and steps; those of its terms are in terms_forms.py."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField, URLField
from wtforms.validators import InputRequired, Length, NumberRange

from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.forms import Form
from campaigns.blueprints.labels import said
from campaigns.errors import Invalid
from campaigns.i18n import LANGUAGES, N_
from campaigns.models import Campaign
from campaigns.planning.plans import Plan

NUMERIC = {"inputmode": "decimal", "class": "ltr", "autocomplete": "off"}
MOMENT = "%Y-%m-%dT%H:%M"


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
    }
