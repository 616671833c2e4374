"""The lines of papers as rows: statements' for staff and their influencer, bills' for staff and their brand.

They are read from the frozen contents, so a row says what the paper says, whatever has changed since. Only the whole
numbers of orders, which a statement doesn't tell its influencer, are looked up for staff. One paper is held at a time.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.documents.labels import LABELS
from campaigns.i18n import N_
from campaigns.models import Campaign, Contact, Document, Order
from campaigns.settlement.exporting.asked import SLICE, Asked
from campaigns.settlement.statement_facts import reference
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
        yield from _lines(contents["lines"], paper, keys, _told(session, asked, contents["lines"]))


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
        yield from _lines(contents["lines"], paper, keys, [line["order_number"] for line in contents["lines"]])


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


def _told(session: Session, asked: Asked, lines: Sequence[dict[str, Any]]) -> list[str]:
    """The name of each line's order: staff read the whole number, its influencer what the paper tells."""
    if asked.role != "agency":
        return [reference(line) for line in lines]
    whole = _by_id(session, Order, Order.number, [line["order"] for line in lines if line.get("order")])
    whole |= _by_id(session, Contact, Contact.external_id, [line["contact"] for line in lines if line.get("contact")])
    named = [line.get("order") or line.get("contact") or line.get("dispute") or "" for line in lines]
    return [line.get("order_number") or whole.get(one, one) for line, one in zip(lines, named, strict=True)]


def _by_id(session: Session, kind: type[Order] | type[Contact], number: Any, ids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for begin in range(0, len(ids), SLICE):
        asked_for = kind.public_id.in_(ids[begin : begin + SLICE])
        rows = session.execute(select(kind.public_id, number).where(asked_for))
        found |= {public_id: name for public_id, name in rows}
    return found


def _lines(
    lines: Sequence[dict[str, Any]], paper: dict[str, Any], keys: Sequence[str], names: Sequence[str]
) -> Iterator[Row]:
    for line, name in zip(lines, names, strict=True):
        values = {
            **line,
            **({"campaign": line.get("campaign", "")} | paper),
            "order": name,
            "credited_by": line["reason"],
            "placed_at": datetime.fromisoformat(line["placed_at"]) if line["placed_at"] else None,
        }
        yield [values[key] for key in keys]
