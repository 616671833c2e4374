"""The forms of terms: all that a campaign may promise, one participant's own terms, and a whole new campaign.

What is used stands open, the rest folded away. Nothing needs a script: rows that are left empty count for nothing.
"""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, Field, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from campaigns.blueprints.console.fields import PercentField, choices
from campaigns.blueprints.console.plan_forms import NUMERIC, PlanForm, SpokenForm
from campaigns.blueprints.console.terms_rows import BonusRow, NamedRow, RowsField, TierRow, filled
from campaigns.blueprints.console.terms_typed import typed_terms
from campaigns.blueprints.labels import said
from campaigns.commissions.terms import OVERRIDABLE
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext

GROUPS = {
    "growing": ("tiers", "bonus", "cap_minor"),
    "goods": ("category_rates", "sku_rates"),
    "buyers": ("customers", "returning_rate_bps", "recurring_months", "recurring_for_life", "recurring_rate_bps"),
    "contacts": (
        "leads_per_lead_minor", "leads_per_qualified_minor", "leads_per_closed_minor", "leads_qualified_seconds",
        "leads_plan_leads", "leads_plan_base_minor", "leads_agency_per_lead_minor",
    ),
    "collecting": ("collects", "partner_rate_bps"),
}  # fmt: skip
ORDINARY = ("", "all", "marginal")  # choices that say nothing of their own
AMOUNT = [Length(max=30)]


class WhatItEarns(SpokenForm):
    """What a sale or a contact earns; `places` are the fields by the names the domain refuses them by."""

    influencer_rate_bps = PercentField(N_("The influencer's share, %"), [InputRequired()], render_kw=NUMERIC)
    agency_rate_bps = PercentField(N_("The agency's share, %"), [InputRequired()], render_kw=NUMERIC)
    base = SelectField(N_("Shares of"), [InputRequired()])
    fixed_per_order_minor = StringField(N_("Fixed amount for every order"), AMOUNT, render_kw=NUMERIC)
    tiers = RowsField(TierRow, label=N_("Steps"))
    tiers_apply = SelectField(N_("A step's share is for"), [Optional()])
    bonus = RowsField(BonusRow, label=N_("Bonuses"))
    cap_minor = StringField(N_("Upper limit"), AMOUNT, render_kw=NUMERIC)
    category_rates = RowsField(NamedRow, label=N_("Categories"))
    sku_rates = RowsField(NamedRow, label=N_("Products, by SKU"))
    returning_rate_bps = PercentField(N_("Share of returning buyers' orders, %"), render_kw=NUMERIC)
    recurring_months = IntegerField(N_("Repeated orders earn for so many months"), [Optional(), NumberRange(1, 120)])
    recurring_for_life = BooleanField(N_("Repeated orders earn for life"))
    recurring_rate_bps = PercentField(N_("Share of repeated orders, %"), render_kw=NUMERIC)
    leads_per_lead_minor = StringField(N_("For every call or lead"), AMOUNT, render_kw=NUMERIC)
    leads_per_qualified_minor = StringField(N_("More for a qualified one"), AMOUNT, render_kw=NUMERIC)
    leads_per_closed_minor = StringField(N_("More for one that becomes a deal"), AMOUNT, render_kw=NUMERIC)
    leads_qualified_seconds = IntegerField(
        N_("Seconds from which a call is qualified"), [Optional(), NumberRange(0, 86_400)]
    )
    leads_plan_leads = IntegerField(N_("Calls or leads that fulfil the plan"), [Optional(), NumberRange(1, 10**6)])
    leads_plan_base_minor = StringField(N_("Base for fulfilling the plan"), AMOUNT, render_kw=NUMERIC)
    leads_agency_per_lead_minor = StringField(N_("The agency's, for every call or lead"), AMOUNT, render_kw=NUMERIC)
    collects = SelectField(N_("Who collects the buyers' money"), [Optional()])
    partner_rate_bps = PercentField(N_("Share where the influencer collects, %"), render_kw=NUMERIC)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.places: dict[str, Field] = {}
        net = gettext("what was paid for goods, without tax and shipping")
        gross = gettext("what was paid for goods with tax, without shipping")
        self.base.choices = choices([("net", net), ("gross", gross)])
        above, whole = gettext("what is sold above it"), gettext("all sales, once it is reached")
        self.tiers_apply.choices = choices([("marginal", above), ("whole", whole)])
        who = [
            ("", gettext("not said: the brand")),
            ("brand", gettext("the brand")),
            ("partner", gettext("the influencer")),
        ]
        self.collects.choices = choices(who)
        for name in ("tiers", "bonus", "category_rates", "sku_rates"):
            self[name].leave_spare()

    def terms(self, currency: str) -> dict[str, Any]:
        """The terms as the domain takes them; raises Invalid for what can't be read, by the domain's names."""
        typed = typed_terms(self, currency)
        self.places = typed.places
        if typed.errors:
            raise Invalid(typed.errors)
        return typed.terms

    def take_errors(self, refused: Invalid) -> None:
        """Each beside its field; what is wrong with rows together stands above them."""
        elsewhere = {}
        for name, reasons in refused.errors.items():
            field = self.places.get(name)
            if isinstance(field, RowsField):
                field.refuse([said(one) for one in reasons])
            elif field is not None:
                field.errors = [*field.errors, *(said(one) for one in reasons)]
            else:
                elsewhere[name] = reasons
        super().take_errors(Invalid(elsewhere))

    def in_use(self, group: str) -> bool:
        """Whether a group of fields says anything, or has something wrong: then it stands open."""
        return any(self._speaks(self[name]) for name in GROUPS[group] if name in self)

    def _speaks(self, field: Any) -> bool:
        if isinstance(field, RowsField):
            return bool(field.used() or field.refusals)
        ordinary = isinstance(field, SelectField) and (field.data or "") in ORDINARY
        return bool(field.errors) or (filled(field) and not ordinary)


class TermsForm(WhatItEarns):
    """A campaign's terms: also what is everybody's, and how it is told whose sale it is."""

    customers = SelectField(N_("Whose orders earn"), [Optional()])
    precedence = SelectField(N_("If a code and a link disagree"), [InputRequired()])
    link_window_days = IntegerField(N_("Days a click counts"), [InputRequired(), NumberRange(0, 365)], default=30)
    customer_lock_days = IntegerField(N_("Days a buyer stays with an influencer"), [Optional(), NumberRange(0, 365)])
    registered_customer_days = IntegerField(
        N_("Days a registered customer stays with an influencer"), [Optional(), NumberRange(0, 365)]
    )
    return_window_days = IntegerField(N_("Days to return goods"), [InputRequired(), NumberRange(0, 365)], default=14)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        buyers = [("all", gettext("all buyers'")), ("new", gettext("only those of buyers new to the shop"))]
        self.customers.choices = choices(buyers)
        winners = [("coupon", gettext("the code wins")), ("link", gettext("the link wins"))]
        self.precedence.choices = choices(winners)


class CampaignForm(PlanForm, TermsForm):
    """A whole new campaign of one shop."""

    shop = SelectField(N_("Shop"), [InputRequired()])


class OwnTermsForm(WhatItEarns):
    """What differs for one participant, written over the campaign's terms."""

    def overrides(self, shared: Mapping[str, Any], currency: str) -> dict[str, Any]:
        """Only what differs from the campaign's terms; None for what they promise and this participant isn't."""
        own = self.terms(currency)
        return {key: own.get(key) for key in sorted(OVERRIDABLE) if own.get(key) != shared.get(key)}
