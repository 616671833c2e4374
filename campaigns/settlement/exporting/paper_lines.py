"""The lines of papers as rows: statements' for staff and their influencer, bills' for staff and their brand.

They are read from the frozen contents, so a row says what the paper says, whatever has changed since. One paper is
held at a time.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.documents.labels import LABELS
from campaigns.i18n import N_
from campaigns.models import Campaign, Document
from campaigns.settlement.exporting.asked import Asked
from campaigns.sheets.columns import Column, Row

SALE = (
    Column("placed_at", N_("Placed"), "moment"),
    Column("credited_by", N_("Credited by"), words=LABELS),
    Column("net_minor", N_("Net sale"), "money"),
    Column("refunded_minor", N_("Refunded"), "money"),
)
STATEMENT = (
    Column("statement", N_("Statement")),
    Column("issued_at", N_("Issued"), "moment"),
    Column("influencer", N_("Influencer")),
    Column("kind", N_("Kind"), words=LABELS),
    Column("campaign", N_("Campaign")),
    Column("order", N_("Order")),
    *SALE,
    Column("rate_bps", N_("Rate, %"), "rate"),
    Column("commission_minor", N_("Commission"), "money"),
    Column("currency", N_("Currency")),
)
BILL = (
    Column("bill", N_("Bill")),
    Column("on", N_("Date"), "day"),
    Column("brand", N_("Brand")),
    Column("campaign", N_("Campaign")),
    Column("kind", N_("Kind"), words=LABELS),
    Column("order", N_("Order")),
    Column("influencer", N_("Influencer")),
    *SALE,
    Column("commission_minor", N_("Commission"), "money"),
    Column("agency_fee_minor", N_("Agency fee"), "money"),
    Column("charge_minor", N_("Brand pays"), "money"),
    Column("collected_minor", N_("Collected by the influencer"), "money"),
    Column("currency", N_("Currency")),
)


def statement_columns(asked: Asked) -> tuple[Column, ...]:
    """An influencer need not be told who they are."""
    return asked.sees(STATEMENT, *(("influencer",) if asked.role == "influencer" else ()))


def statement_rows(session: Session, asked: Asked) -> Iterator[Row]:
    """Every line of the statements issued in the days asked for, in the sequence of issue."""
    keys = [column.key for column in statement_columns(asked)]
    for document, contents in _papers(session, asked, "commission_statement"):
        paper = {
            "statement": document.number,
            "issued_at": document.issued_at,
            "influencer": contents["influencer"]["name"],
            "currency": contents["currency"],
        }
        yield from _lines(contents, paper, keys)


def bill_columns(asked: Asked) -> tuple[Column, ...]:
    """A brand need not be told who it is."""
    return asked.sees(BILL, *(("brand",) if asked.role == "brand" else ()))


def bill_rows(session: Session, asked: Asked) -> Iterator[Row]:
    """Every line of the bills issued in the days asked for, in the sequence of issue."""
    keys = [column.key for column in bill_columns(asked)]
    for document, contents in _papers(session, asked, "brand_bill"):
        paper = {
            "bill": document.number,
            "on": date.fromisoformat(contents["date"]),
            "brand": contents["brand"]["name"],
            "campaign": contents["campaign"]["name"],
            "currency": contents["currency"],
        }
        yield from _lines(contents, paper, keys)


def _papers(session: Session, asked: Asked, kind: str) -> Iterator[tuple[Document, dict[str, Any]]]:
    query = (
        select(Document)
        .outerjoin(Campaign, Campaign.id == Document.campaign_id)
        .where(Document.kind == kind, *asked.within(Document.issued_at))
        .where(*asked.among(campaign_id=Document.campaign_id, brand_id=Campaign.brand_id))
        .where(*asked.among(influencer_id=Document.influencer_id))
    )
    after = 0
    while document := session.scalar(query.where(Document.id > after).order_by(Document.id).limit(1)):
        yield document, contents_of(document)
        after = document.id
        session.expunge(document)


def _lines(contents: dict[str, Any], paper: dict[str, Any], keys: Sequence[str]) -> Iterator[Row]:
    for line in contents["lines"]:
        values = {
            **line,
            **({"campaign": line.get("campaign", "")} | paper),
            "order": line["order_number"],
            "credited_by": line["reason"],
            "placed_at": datetime.fromisoformat(line["placed_at"]) if line["placed_at"] else None,
        }
        yield [values[key] for key in keys]
