"""The fields of what matching asks, for every form that has them: staff's, a person's own, a campaign's.

What was chosen is read by people/profile.py; here nothing is refused that it would take.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from babel import Locale
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from campaigns.blueprints.forms import Form
from campaigns.blueprints.payees import countries
from campaigns.i18n import N_, current_language, gettext, ltr
from campaigns.models import Influencer
from campaigns.money import LARGEST_MINOR
from campaigns.people.profile import AGES, STYLES, several_of

DIGITS = {"inputmode": "numeric", "class": "ltr", "autocomplete": "off"}
ROWS = 3
OFFERED_LANGUAGES = ("he", "ar", "ru", "en", "am", "fr", "es", "uk")


def style_name(code: str) -> str:
    """A style in the visitor's language; a code we no longer know shows as it is."""
    return gettext(STYLES.get(code, code))


def language_name(code: str) -> str:
    """A language in the visitor's."""
    return str(Locale(current_language()).languages.get(code, code))


def ticked(label: str, offered: Iterable[tuple[str, str]]) -> SelectMultipleField:
    """Several of some, as boxes to tick; what else is sent, the record refuses."""
    return SelectMultipleField(
        label,
        choices=[SelectChoice(*pair) for pair in offered],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )


def _country_choices() -> list[SelectChoice]:
    return [SelectChoice("", "–"), *(SelectChoice(*pair) for pair in countries())]


class AudienceFields:
    """Whom somebody reaches, or a campaign wants to: a part of a form."""

    countries = FieldList(SelectField(N_("Country"), choices=_country_choices, validate_choice=False), min_entries=ROWS)
    ages = ticked(N_("Ages"), [(band, ltr(band)) for band in AGES])
    women_percent = IntegerField(N_("Women, %"), [Optional(), NumberRange(0, 100)], render_kw=DIGITS)
    interests = StringField(N_("Interests"), [Length(max=1000)])

    def audience(self) -> dict[str, Any]:
        """As people/profile.py reads it."""
        return {
            "countries": [code for code in self.countries.data if code],
            "ages": self.ages.data or [],
            "women_percent": self.women_percent.data,
            "interests": several_of(self.interests.data or ""),
        }

    def tells_audience(self) -> bool:
        """Whether there is anything to show of it: something told, or refused."""
        refused = any(field.errors for field in (self.countries, self.ages, self.women_percent, self.interests))
        return refused or any(told not in (None, []) for told in self.audience().values())


class AccountForm(Form):
    """One account on one network; an empty row is none."""

    class Meta(Form.Meta):
        """Part of a form that has its token."""

        csrf = False

    network = StringField(N_("Network"), [Length(max=40)], render_kw={"list": "networks"})
    handle = StringField(N_("Handle"), [Length(max=100)], render_kw={"class": "ltr", "autocapitalize": "none"})
    followers = IntegerField(N_("Followers"), [Optional(), NumberRange(0, LARGEST_MINOR)], render_kw=DIGITS)


class AwayForm(Form):
    """Days not to be asked for; an empty row is none."""

    class Meta(Form.Meta):
        """Part of a form that has its token."""

        csrf = False

    first = DateField(N_("From"), [Optional()], render_kw={"class": "ltr"})
    last = DateField(N_("To"), [Optional()], render_kw={"class": "ltr"})


class ProfileFields(AudienceFields):
    """Everything matching asks of a person: a part of a form."""

    niches = StringField(N_("Fields"), [Length(max=1000)])
    accounts = FieldList(FormField(AccountForm), min_entries=ROWS)
    styles = ticked(N_("Styles"), STYLES.items())
    content_languages = SelectMultipleField(
        N_("Languages of their posts"),
        choices=lambda: [SelectChoice(code, language_name(code)) for code in OFFERED_LANGUAGES],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    away = FieldList(FormField(AwayForm), min_entries=ROWS)
    leaderboard = BooleanField(N_("Wishes to be seen on the leaderboard"))

    def offer_spoken(self) -> None:
        """Offer also the languages on record that are not among the usual ones."""
        kept = [code for code in self.content_languages.object_data or () if code not in OFFERED_LANGUAGES]
        self.content_languages.choices += [SelectChoice(code, language_name(code)) for code in kept]

    def profile(self) -> dict[str, Any]:
        """The fields as people.records takes them."""
        away = [(row["first"], row["last"]) for row in self.away.data]
        return {
            "niches": several_of(self.niches.data or ""),
            "accounts": [_account(row) for row in self.accounts.data if row["network"] or row["handle"]],
            "styles": self.styles.data or [],
            "content_languages": self.content_languages.data or [],
            "audience": self.audience(),
            "away": [{"from": first, "to": last} for first, last in away if first or last],
            "leaderboard": self.leaderboard.data,
        }


def written_audience(audience: Mapping[str, Any]) -> dict[str, Any]:
    """An audience on record, as the form's first values."""
    return {
        "countries": [*audience.get("countries", ()), ""],
        "ages": audience.get("ages", []),
        "women_percent": audience.get("women_percent"),
        "interests": ", ".join(audience.get("interests", ())),
    }


def written_profile(influencer: Influencer) -> dict[str, Any]:
    """What is on record, as the form's first values."""
    away = [{"first": _day(span["from"]), "last": _day(span["to"])} for span in influencer.away]
    return written_audience(influencer.audience) | {
        "niches": ", ".join(influencer.niches),
        "accounts": [*influencer.accounts, {}],
        "styles": influencer.styles,
        "content_languages": influencer.content_languages,
        "away": [*away, {}],
        "leaderboard": influencer.leaderboard,
    }


def _account(row: dict[str, Any]) -> dict[str, Any]:
    return {"network": row["network"], "handle": row["handle"], "followers": row["followers"] or 0}


def _day(told: str) -> date:
    return date.fromisoformat(told)
