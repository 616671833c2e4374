"""The forms of a campaign: its plan, its terms, and both at once when it is made."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField, URLField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from campaigns.blueprints.console.fields import PercentField, choices
from campaigns.blueprints.forms import Form
from campaigns.blueprints.labels import said
from campaigns.errors import Invalid
from campaigns.i18n import LANGUAGES, N_, gettext
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


class TermsForm(SpokenForm):
    """What a sale earns, and how it is told whose sale it is."""

    influencer_rate_bps = PercentField(N_("The influencer's share, %"), [InputRequired()], render_kw=NUMERIC)
    agency_rate_bps = PercentField(N_("The agency's share, %"), [InputRequired()], render_kw=NUMERIC)
    base = SelectField(N_("Shares of"), [InputRequired()])
    precedence = SelectField(N_("If a code and a link disagree"), [InputRequired()])
    link_window_days = IntegerField(N_("Days a click counts"), [InputRequired(), NumberRange(0, 365)], default=30)
    customer_lock_days = IntegerField(N_("Days a buyer stays with an influencer"), [Optional(), NumberRange(0, 365)])
    return_window_days = IntegerField(N_("Days to return goods"), [InputRequired(), NumberRange(0, 365)], default=14)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        net = gettext("what was paid for goods, without tax and shipping")
        gross = gettext("what was paid for goods with tax, without shipping")
        self.base.choices = choices([("net", net), ("gross", gross)])
        winners = [("coupon", gettext("the code wins")), ("link", gettext("the link wins"))]
        self.precedence.choices = choices(winners)

    def terms(self) -> dict[str, Any]:
        """The terms as the domain takes them."""
        window = {"precedence": self.precedence.data, "link_window_days": self.link_window_days.data}
        if self.customer_lock_days.data:
            window["customer_lock_days"] = self.customer_lock_days.data
        facts = ("influencer_rate_bps", "agency_rate_bps", "base", "return_window_days")
        return {name: self[name].data for name in facts} | {"attribution": window}


class CampaignForm(PlanForm, TermsForm):
    """A whole new campaign of one shop."""

    shop = SelectField(N_("Shop"), [InputRequired()])


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


def written_terms(campaign: Campaign) -> dict[str, Any]:
    """The newest terms as the form's first values."""
    return {**campaign.terms.body, **campaign.terms.body["attribution"]}
