"""The form of an influencer: who they are, what matching asks of them, and how they are paid."""

from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TelField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from campaigns.blueprints.console.fields import PercentField, ShekelsField, choices
from campaigns.blueprints.console.plan_forms import NUMERIC, SpokenForm
from campaigns.blueprints.forms import Form
from campaigns.blueprints.payees import countries, dealers, schemes_offered
from campaigns.blueprints.profile_fields import DIGITS, ROWS, ProfileFields, written_profile
from campaigns.documents.labels import LABELS
from campaigns.i18n import LANGUAGES, N_
from campaigns.models import Influencer
from campaigns.models.accounts import ROUTES


class StepForm(Form):
    """One bracket of a tax coordination; the last one may be without an upper end."""

    class Meta(Form.Meta):
        """Part of a form that has its token."""

        csrf = False

    upto_minor = ShekelsField(N_("Up to, a month (₪)"), render_kw=NUMERIC)
    rate_bps = PercentField(N_("Rate, %"), render_kw=NUMERIC)


class InfluencerForm(ProfileFields, SpokenForm):
    """Everything on record about an influencer."""

    name = StringField(N_("Name"), [InputRequired(), Length(max=200)])
    email = EmailField(N_("E-mail"), [InputRequired(), Length(max=254)])
    phone = TelField(N_("Telephone"), [Length(max=40)], render_kw={"class": "ltr"})
    language = SelectField(N_("Language"), [InputRequired()], choices=choices(LANGUAGES.items()), default="he")
    route = RadioField(
        N_("Paid against"),
        [InputRequired()],
        choices=choices((code, LABELS[code]) for code in ROUTES),
        default="invoice",
    )
    id_number = StringField(N_("Identity or company number"), [Length(max=20)], render_kw=DIGITS)
    address = StringField(N_("Address"), [Length(max=300)])
    country = SelectField(N_("Taxed in"), [DataRequired()], default="IL")
    dealer_status = SelectField(N_("Registered for VAT"), default="")
    deduction_scheme = SelectField(N_("Deductions by"), default="")
    bilingual = BooleanField(N_("Papers in their language and English"))
    withholding_rate_bps = PercentField(N_("Tax withheld at source, %"), render_kw=NUMERIC)
    credit_points = StringField(N_("Tax credit points"), [Length(max=6)], render_kw=NUMERIC)
    second_employer = BooleanField(N_("Has another employer"))
    cumulative = BooleanField(N_("Income tax on the year so far, not on the month alone"))
    coordination = FieldList(FormField(StepForm), min_entries=ROWS)
    employment_start = DateField(N_("Employed since"), [Optional()])
    bank_code = StringField(N_("Bank"), [Length(max=3)], render_kw=DIGITS)
    bank_branch = StringField(N_("Branch"), [Length(max=4)], render_kw=DIGITS)
    bank_account = StringField(N_("Account"), [Length(max=34)], render_kw=DIGITS)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.country.choices, self.dealer_status.choices = choices(countries()), choices(dealers())
        self.offer_spoken()
        kept = str(self.deduction_scheme.object_data or "")
        self.deduction_scheme.choices = choices(schemes_offered(kept))

    def record(self) -> dict[str, Any]:
        """The fields as people.records takes them, without the address mail goes to."""
        return {
            "name": self.name.data,
            "phone": self.phone.data or "",
            "language": self.language.data,
            "payee": self.payee(),
        } | self.profile()

    def payee(self) -> dict[str, Any]:
        """How they are paid; what the chosen route does not need is kept all the same."""
        plain = (
            "route", "withholding_rate_bps", "second_employer", "cumulative", "employment_start", "bilingual",
            "country",
        )  # fmt: skip
        texts = (
            "id_number", "address", "credit_points", "bank_code", "bank_branch", "bank_account", "dealer_status",
            "deduction_scheme",
        )  # fmt: skip
        steps = [row for row in self.coordination.data if row["upto_minor"] is not None or row["rate_bps"] is not None]
        brackets = [{"upto_minor": row["upto_minor"], "rate_bps": row["rate_bps"]} for row in steps]
        written = {name: self[name].data or "" for name in texts}
        return {name: self[name].data for name in plain} | written | {"coordination": brackets}


def written_influencer(influencer: Influencer) -> dict[str, Any]:
    """What is on record, as the form's first values."""
    same = (
        "name", "email", "phone", "language", "id_number", "address", "withholding_rate_bps", "second_employer",
        "employment_start", "bank_code", "bank_branch", "bank_account", "country", "dealer_status", "bilingual",
        "deduction_scheme", "cumulative",
    )  # fmt: skip
    return (
        {name: getattr(influencer, name) for name in same}
        | written_profile(influencer)
        | {
            "coordination": influencer.coordination,
            "route": influencer.payee_route,
            "credit_points": influencer.credit_points or "",
        }
    )
