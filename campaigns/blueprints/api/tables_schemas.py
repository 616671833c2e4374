"""The shapes of deduction tables and certificates in the JSON API."""

from datetime import date
from typing import Any

from pydantic import Field

from campaigns.blueprints.api.schemas import Answer, Body, Coordination, Day


class TableRowIn(Body):
    table: str = Field(description="As listed, such as IL.income_tax.")
    from_date: Day
    to_date: Day | None = Field(default=None, description="The last day; null: until something newer is entered.")
    figures: dict[str, Any] = Field(
        description="As the table's other rows have them: minor units, and rates as decimal strings from 0 to 1."
    )
    source: str
    published_on: Day | None = None
    note: str = ""


class TableRowOut(Answer):
    id: str | None = Field(description="Null for a shipped row, which nobody can change.")
    table: str
    from_date: date
    to_date: date | None
    figures: dict[str, Any]
    source: str
    note: str
    published_on: date | None
    confidence: str | None = Field(description="Of a shipped row; rows of low confidence are not used.")
    status: str = Field(description="shipped, unverified, in_force or withdrawn.")
    entered_at: str | None
    verified_at: str | None
    withdrawn_at: str | None
    withdrawn_reason: str
    papers: list[str] = Field(default=[], description="Of a withdrawn row: the numbers of papers made with it.")


class TableOut(Answer):
    table: str
    missing_from: date | None = Field(description="The first day from today that no row covers; null: none.")
    rows: list[TableRowOut]


class TableList(Answer):
    items: list[TableOut]


class CertificateIn(Body):
    kind: str = Field(description="withholding, coordination or insurance_coordination.")
    number: str
    from_date: Day
    to_date: Day
    rate_bps: int | None = Field(default=None, description="Of a withholding certificate.")
    steps: list[Coordination] = Field(default=[], description="Of a coordination.")


class CertificateOut(Answer):
    id: str
    influencer: str
    kind: str
    number: str
    from_date: date
    to_date: date
    rate_bps: int | None
    steps: list[dict[str, Any]]
    entered_at: str
    withdrawn_at: str | None


class CertificateList(Answer):
    items: list[CertificateOut]
