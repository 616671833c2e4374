"""Every token and every piece that pages are built from, with its states, in both directions: for who builds pages."""

import re
from functools import cache

from flask import render_template
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from campaigns.blueprints import labels
from campaigns.blueprints.assets import FOLDER
from campaigns.blueprints.errors import WORDS
from campaigns.blueprints.forms import Form
from campaigns.i18n import N_

TOKEN = re.compile(r"--([\w-]+):")
CHOICES = [SelectChoice("first", N_("First")), SelectChoice("second", N_("Second"))]
SHOWN_ERRORS = (404, 413, 429, 500, 503)


class SampleForm(Form):
    """One field of each kind."""

    name = StringField(N_("Name"), [InputRequired()])
    email = EmailField(N_("E-mail"))
    on = DateField(N_("Day"))
    kind = SelectField(N_("Kind"), choices=CHOICES)
    one = RadioField(N_("One of them"), choices=CHOICES)
    agreed = BooleanField(N_("Agreed"))
    file = FileField(N_("File"))
    words = TextAreaField(N_("Words"))


def styleguide() -> str:
    """The page; the second form has what a refused one has."""
    forms = {way: (_form(way), _refused(way)) for way in ("ltr", "rtl")}
    return render_template(
        "styleguide.html",
        forms=forms,
        colours=tokens("light"),
        sizes=tokens("sizes"),
        statuses=list(labels.STATUSES),
        wrong={status: WORDS[status] for status in SHOWN_ERRORS},
    )


@cache
def tokens(name: str) -> list[str]:
    """The names a sheet of tokens gives, in its order."""
    return list(dict.fromkeys(TOKEN.findall((FOLDER / "style" / f"{name}.css").read_text(encoding="utf-8"))))


def _form(way: str) -> SampleForm:
    return SampleForm(formdata=None, prefix=f"{way}-", meta={"csrf": False})


def _refused(way: str) -> SampleForm:
    form = SampleForm(formdata=None, prefix=f"{way}-refused-", meta={"csrf": False})
    form.name.errors = [N_("This field is required.")]
    form.form_errors.append(N_("This was not accepted."))
    return form
