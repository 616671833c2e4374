"""Fields that read as people write and hold what the domain counts in: basis points and minor units; and choices."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import SelectChoice, StringField, TextAreaField

from campaigns.errors import Unreadable
from campaigns.i18n import N_
from campaigns.money import format_bps, format_minor, parse_minor


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """What a select offers, from pairs of a value and its words."""
    return [SelectChoice(value, words) for value, words in pairs]


class LinesField(TextAreaField):
    """Several things, one a line, held in a list without the empty ones."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: Any = [line.strip() for text in valuelist for line in text.splitlines() if line.strip()]

    def _value(self) -> str:
        return "\n".join(self.data or [])


class WordsField(StringField):
    """Several words or phrases with commas between them, held in a list without the empty ones."""

    def process_formdata(self, valuelist: list[str]) -> None:
        parts = valuelist[0].replace("،", ",").split(",") if valuelist else []
        self.data: Any = [part.strip() for part in parts if part.strip()]

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ", ".join(self.data or [])


class PercentField(StringField):
    """A percentage of at most two decimals, held in basis points; empty is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip().rstrip("%").strip().replace(",", ".") if valuelist else ""
        try:
            bps = Decimal(text) * 100 if text else None
            if bps is not None and (not bps.is_finite() or bps != int(bps)):
                raise InvalidOperation
        except InvalidOperation as error:
            raise ValueError(N_("A percentage is a number such as 15 or 12.5.")) from error
        self.data = None if bps is None else int(bps)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return format_bps(self.data).removesuffix("%") if self.data is not None else ""


class ShekelsField(StringField):
    """An amount in shekels, held in agorot; empty is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip().replace(",", "") if valuelist else ""
        try:
            self.data: Any = parse_minor(text, "ILS") if text else None
        except Unreadable as error:
            raise ValueError(N_("An amount is a number such as 5000 or 5000.50.")) from error

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return format_minor(self.data, "ILS") if self.data is not None else ""
