"""The rows of the terms' form: steps, bonuses and named rates, with some empty ones always left to fill in.

So rows can be added without a script: whoever needs more saves, or asks for the example, and has more. A row nobody
filled in is no row. Amounts stay text until the currency is known, so that what was typed is kept.
"""

from typing import Any

from wtforms import Field, FieldList, FormField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import Length

from campaigns.blueprints.console.fields import PercentField, choices
from campaigns.blueprints.forms import Catalogue
from campaigns.i18n import N_, gettext

SPARE = 2
NUMERIC = {"inputmode": "decimal", "class": "ltr", "autocomplete": "off"}


def filled(field: Field) -> bool:
    """Whether something stands in a field, be it readable or not; 0 is something."""
    typed = any(str(text).strip() for text in field.raw_data or ())
    return typed or not (field.data is None or field.data is False or field.data == "")


class Row(PlainForm):
    """One row; the token of the form around it covers it."""

    class Meta(PlainForm.Meta):
        """Translations from our catalogue."""

        def get_translations(self, form: Any) -> Catalogue:
            return Catalogue()

    @property
    def used(self) -> bool:
        """Whether anything was typed into it."""
        return any(filled(field) for field in self if not isinstance(field, SelectField))


class TierRow(Row):
    """A step: beyond so many sales, this rate."""

    from_sales_minor = StringField(N_("From sales of"), [Length(max=30)], render_kw=NUMERIC)
    rate_bps = PercentField(N_("Share, %"), render_kw=NUMERIC)


class NamedRow(Row):
    """A category or SKU with a rate of its own."""

    name = StringField(N_("Name in the shop"), [Length(max=200)])
    rate_bps = PercentField(N_("Share, %"), render_kw=NUMERIC)


class BonusRow(Row):
    """A bonus at a number of orders, or at an amount of sales."""

    counts = SelectField(N_("Counted in"))
    target = StringField(N_("Target"), [Length(max=30)], render_kw=NUMERIC)
    amount_minor = StringField(N_("Bonus"), [Length(max=30)], render_kw=NUMERIC)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.counts.choices = choices([("at_orders", gettext("orders")), ("at_sales_minor", gettext("sales"))])
        if self.counts.data not in ("at_orders", "at_sales_minor"):
            self.counts.data = "at_orders"


class RowsField(FieldList):
    """Rows of one kind. `refusals` are what is wrong with all of them together."""

    def __init__(self, row: type[Row], **named: Any) -> None:
        super().__init__(FormField(row), **named)
        self.refusals: list[str] = []

    def leave_spare(self) -> None:
        """Have some empty rows at the end."""
        for _ in range(SPARE - sum(not entry.form.used for entry in self.entries)):
            self.append_entry()

    def used(self) -> list[Any]:
        """The rows that were filled in, in the order they stand."""
        return [entry.form for entry in self.entries if entry.form.used]

    def refuse(self, reasons: list[str]) -> None:
        """Note what is wrong with the rows together."""
        self.refusals += reasons
