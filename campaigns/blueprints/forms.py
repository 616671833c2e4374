"""The base of every form: our translations, and room for what the domain refuses.

Labels and messages are marked with N_ and translated where they are shown, by the macros of templates/macros.html.
"""

from typing import Any

from flask import g
from flask_wtf import FlaskForm

from campaigns import i18n
from campaigns.errors import Invalid


class Catalogue:
    """Our message catalogue as WTForms asks for it."""

    def gettext(self, message: str) -> str:
        """WTForms' own messages, in the visitor's language."""
        return i18n.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The plural form; WTForms fills in the number."""
        return str(i18n.translations(i18n.current_language()).ngettext(singular, plural, n))


class Form(FlaskForm):
    """A form with its CSRF token; refusals of the domain go beside their fields with take_errors()."""

    class Meta(FlaskForm.Meta):
        """Translations from our catalogue instead of WTForms'."""

        def get_translations(self, form: Any) -> Catalogue:
            return Catalogue()

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        if self.is_submitted():
            submitted_forms().append(self)

    def take_errors(self, refused: Invalid) -> None:
        """Put the reasons beside their fields (`payee.id_number` is `id_number` here), the rest above the form."""
        for name, reasons in refused.errors.items():
            field = self._fields.get(name.rpartition(".")[2])
            if field is None:
                self.form_errors.extend(reasons)
            else:
                field.errors = [*field.errors, *reasons]


def submitted_forms() -> list[Form]:
    """The forms this request was read into, should it be refused as a whole."""
    if "submitted_forms" not in g:
        g.submitted_forms = []
    found: list[Form] = g.submitted_forms
    return found
