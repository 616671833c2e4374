"""The form of a new row, fitted to its table: steps, rates and amounts as people write them, percent and shekels."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from wtforms import DateField, FieldList, FormField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from campaigns.blueprints.console.plan_forms import NUMERIC, SpokenForm
from campaigns.blueprints.console.table_words import figure_name
from campaigns.blueprints.forms import Form
from campaigns.blueprints.labels import said
from campaigns.deductions.entering import LONGEST_NOTE, LONGEST_SOURCE, Asked
from campaigns.deductions.shapes import MOST_STEPS, Figure, shape_of
from campaigns.errors import Invalid, Unreadable
from campaigns.i18n import N_
from campaigns.money import format_minor, parse_minor

ROWS_MORE = 2
NOT_A_RATE = N_("A percentage is a number such as 15 or 12.5.")
NOT_AN_AMOUNT = N_("An amount is a number such as 5000 or 5000.50.")


class StepForm(Form):
    """One step; the last one has no upper bound, and an empty row is none."""

    class Meta(Form.Meta):
        """Part of a form that has its token."""

        csrf = False

    upto = StringField(N_("Up to"), [Length(max=30)], render_kw=NUMERIC)
    rate = StringField(N_("Rate, %"), [Length(max=12)], render_kw=NUMERIC)


class RowForm(SpokenForm):
    """The days, the source and the note of a row; its figures are added by row_form()."""

    from_date = DateField(N_("First day"), [InputRequired()])
    to_date = DateField(N_("Last day"), [Optional()])
    published_on = DateField(N_("Published on"), [Optional()])
    source = StringField(N_("Source"), [InputRequired(), Length(max=LONGEST_SOURCE)])
    note = TextAreaField(N_("Note"), [Length(max=LONGEST_NOTE)])

    shape: tuple[Figure, ...] = ()
    currency = "ILS"

    def asked(self, table: str) -> Asked:
        """The row as asked for; raises Invalid for what can't be read as a number."""
        errors: dict[str, list[str]] = {}
        figures: dict[str, Any] = {}
        for figure in self.shape:
            try:
                figures[figure.name] = self._figure(figure)
            except Unreadable as error:
                errors[figure.name] = [error.sentence]
        if errors:
            raise Invalid(errors)
        return Asked(
            table=table,
            from_date=self.from_date.data,
            to_date=self.to_date.data,
            source=self.source.data or "",
            figures=figures,
            published_on=self.published_on.data,
            note=self.note.data or "",
        )

    def figures(self) -> list[Any]:
        """The fields of the figures, in their order."""
        return [self[figure.name] for figure in self.shape]

    def _figure(self, figure: Figure) -> Any:
        data = self[figure.name].data
        if figure.kind == "amount":
            return read_amount(data, self.currency)
        if figure.kind == "rate":
            return read_percent(data)
        filled = [row for row in data if (row["upto"] or "").strip() or (row["rate"] or "").strip()]
        return [
            {"upto_minor": read_amount(row["upto"], self.currency), "rate": read_percent(row["rate"])} for row in filled
        ]

    def take_errors(self, refused: Invalid) -> None:
        """Beside their fields; those of steps above the steps."""
        steps = {figure.name for figure in self.shape if figure.kind == "steps"}
        super().take_errors(Invalid({name: found for name, found in refused.errors.items() if name not in steps}))
        for name in steps & refused.errors.keys():
            self[name].errors = [*self[name].errors, *(said(one) for one in refused.errors[name])]


def row_form(values: Mapping[str, Any], currency: str) -> RowForm:
    """A form for one more row like the one with `values`, which it begins with."""
    shape = shape_of(values)
    fields = {figure.name: _field(figure, values[figure.name], currency) for figure in shape}
    made = type("FittedRowForm", (RowForm,), {**fields, "shape": shape, "currency": currency})
    form: RowForm = made()
    return form


def _field(figure: Figure, value: Any, currency: str) -> Any:
    label = figure_name(figure.name)
    if figure.kind == "amount":
        return StringField(label, [Length(max=30)], default=format_minor(value, currency), render_kw=NUMERIC)
    if figure.kind == "rate":
        return StringField(label, [Length(max=12)], default=percent(value), render_kw=NUMERIC)
    steps = [{"upto": _bound(step["upto_minor"], currency), "rate": percent(step["rate"])} for step in value]
    rows = min(MOST_STEPS, len(steps) + ROWS_MORE)
    return FieldList(FormField(StepForm), label, min_entries=rows, max_entries=MOST_STEPS, default=steps)


def percent(rate: str) -> str:
    """A rate as a percentage without its sign.

    >>> percent("0.10"), percent("0.0517"), percent("0")
    ('10', '5.17', '0')
    """
    return f"{(Decimal(rate) * 100).normalize():f}"


def read_percent(text: str | None) -> str | None:
    """A typed percentage as a rate; None where nothing was typed. Raises Unreadable.

    >>> read_percent("5.17 %"), read_percent("47"), read_percent("")
    ('0.0517', '0.47', None)
    """
    typed = (text or "").replace("%", "").replace(",", ".").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.replace(".", "", 1).isdigit()) or len(typed) > 12:
        raise Unreadable(NOT_A_RATE)
    return f"{Decimal(typed).scaleb(-2).normalize():f}"


def read_amount(text: str | None, currency: str) -> int | None:
    """A typed amount in minor units; None where nothing was typed. Raises Unreadable."""
    typed = (text or "").replace(",", "").strip()
    try:
        return parse_minor(typed, currency) if typed else None
    except Unreadable as error:
        raise Unreadable(NOT_AN_AMOUNT) from error


def _bound(upto_minor: int | None, currency: str) -> str:
    return "" if upto_minor is None else format_minor(upto_minor, currency)
