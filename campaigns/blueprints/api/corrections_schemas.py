"""The shapes of payslip corrections in the JSON API."""

from datetime import date

from campaigns.blueprints.api.schemas import Answer


class CorrectedLineOut(Answer):
    code: str
    was_minor: int
    is_minor: int
    difference_minor: int


class AffectedOut(Answer):
    payslip: str
    number: str
    influencer: str
    pay_date: date
    currency: str
    net_difference_minor: int
    lines: list[CorrectedLineOut]
    problem: str


class AffectedList(Answer):
    items: list[AffectedOut]


class CorrectionOut(Answer):
    number: str | None
    net_minor: int
    amounts: dict[str, int]
