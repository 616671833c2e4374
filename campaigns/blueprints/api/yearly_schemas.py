"""The shapes of yearly papers, orders to a payroll provider, and certificates."""

from typing import Any

from pydantic import Field

from campaigns.blueprints.api.schemas import Answer, Body, DocumentRef


class YearlyIn(Body):
    year: int
    influencer: str = Field(default="", description="Of one payee; left out, of everybody.")


class PaperOut(Answer):
    id: str
    kind: str
    number: str
    influencer: str | None
    corrects: str | None = Field(description="The number of the paper that this one follows.")
    contents: dict[str, Any]
    documents: list[DocumentRef]


class YearlyPaperOut(Answer):
    influencer: str
    name: str
    kind: str = Field(description="withholding_confirmation or annual_summary.")
    state: str = Field(description="missing, current, or changed: its figures are no longer those of the books.")
    figures: dict[str, Any] = Field(description="As the books have them now.")
    paper: str | None = Field(description="The id of the paper made last.")
    number: str | None


class YearlyList(Answer):
    year: int
    items: list[YearlyPaperOut]


class PaperList(Answer):
    items: list[PaperOut]


class PayrollOrderIn(Body):
    period: str = Field(description="The month of the wages, such as 2026-05.")
    currency: str = "ILS"
    language: str = "he"


class PartnerCertificateIn(Body):
    participations: list[str] = Field(description="Completed ones, at most 10.")
    show_results: bool = Field(default=False, description="Clicks, orders, leads and calls; never a sum of money.")
    language: str = Field(default="", description="he, ar, ru or en; left out, the influencer's.")
