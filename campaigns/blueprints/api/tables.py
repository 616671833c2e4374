"""Deduction tables and payees' certificates over the API, for staff."""

from typing import Any

from campaigns.blueprints import access, table_deeds
from campaigns.blueprints.api import tables_schemas as schemas
from campaigns.blueprints.api.api import caller, operation
from campaigns.blueprints.api.wallets_schemas import ReasonIn
from campaigns.blueprints.context import now, session
from campaigns.clock import iso
from campaigns.deductions import entering, running_out
from campaigns.deductions.entered import tables as known_tables
from campaigns.deductions.tables import Row, shipped
from campaigns.models import Certificate, TableRow
from campaigns.people.certificates import certificates_of


@operation("GET", "/tables", answer=schemas.TableList)
def list_tables() -> dict[str, Any]:
    """Every deduction table with all of its rows, shipped and entered, and from when on it has none."""
    known, today = known_tables(session()), now().date()
    entered = entering.entered_rows(session())
    return {
        "items": [
            {
                "table": name,
                "missing_from": _day(running_out.first_gap(known.rows(name), today)),
                "rows": [_shipped(row) for row in shipped().rows(name)]
                + [show_row(row) for row in entered if row.table_name == name],
            }
            for name in known.names()
        ]
    }


@operation("POST", "/tables", schemas.TableRowIn, schemas.TableRowOut, status=201)
def enter_table_row(body: schemas.TableRowIn) -> dict[str, Any]:
    """Enter a row; it counts once somebody else has verified it."""
    return show_row(table_deeds.enter(caller(), entering.Asked(**body.model_dump())))


@operation("POST", "/tables/{row_id}/verify", answer=schemas.TableRowOut)
def verify_table_row(row_id: str) -> dict[str, Any]:
    """Let a row count; 409 for whoever entered it, unless the agency is one person."""
    row = access.table_row_for(session(), caller(), row_id)
    table_deeds.verify(caller(), row)
    return show_row(row)


@operation("POST", "/tables/{row_id}/withdraw", ReasonIn, schemas.TableRowOut)
def withdraw_table_row(row_id: str, body: ReasonIn) -> dict[str, Any]:
    """End a row; papers made with it stay as they are, and are listed."""
    row = access.table_row_for(session(), caller(), row_id)
    table_deeds.withdraw(caller(), row, body.reason)
    return show_row(row)


@operation("GET", "/influencers/{influencer_id}/certificates", answer=schemas.CertificateList)
def list_certificates(influencer_id: str) -> dict[str, Any]:
    """The certificates of one influencer, withdrawn ones too."""
    influencer = access.influencer_for(session(), caller(), influencer_id)
    return {"items": [show_certificate(one) for one in certificates_of(session(), influencer)]}


@operation("POST", "/influencers/{influencer_id}/certificates", schemas.CertificateIn, schemas.CertificateOut, 201)
def add_certificate(influencer_id: str, body: schemas.CertificateIn) -> dict[str, Any]:
    """Enter a certificate from the paper: it counts for payments on its days."""
    influencer = access.influencer_for(session(), caller(), influencer_id)
    return show_certificate(table_deeds.add_certificate(caller(), influencer, body.model_dump()))


@operation("POST", "/certificates/{certificate_id}/withdraw", answer=schemas.CertificateOut)
def withdraw_certificate(certificate_id: str) -> dict[str, Any]:
    """Let a certificate no longer count."""
    found = access.certificate_for(session(), caller(), certificate_id)
    table_deeds.withdraw_certificate(caller(), found)
    return show_certificate(found)


def show_row(row: TableRow) -> dict[str, Any]:
    """An entered row as answered."""
    status = entering.status_of(row)
    papers = entering.papers_made_with(session(), row) if status == "withdrawn" else []
    return {
        "id": row.public_id,
        "table": row.table_name,
        "from_date": _day(row.from_date),
        "to_date": _day(row.to_date),
        "figures": row.figures,
        "source": row.source,
        "note": row.note,
        "published_on": _day(row.published_on),
        "confidence": None,
        "status": status,
        "entered_at": iso(row.entered_at),
        "verified_at": iso(row.verified_at) if row.verified_at else None,
        "withdrawn_at": iso(row.withdrawn_at) if row.withdrawn_at else None,
        "withdrawn_reason": row.withdrawn_reason,
        "papers": [paper.number for paper in papers],
    }


def _shipped(row: Row) -> dict[str, Any]:
    never = dict.fromkeys(("id", "entered_at", "verified_at", "withdrawn_at"))
    return never | {
        "table": row.table,
        "from_date": _day(row.starts),
        "to_date": _day(row.ends),
        "figures": dict(row.values),
        "source": row.source,
        "note": row.note,
        "published_on": _day(row.published_on),
        "confidence": row.confidence,
        "status": "shipped",
        "withdrawn_reason": "",
        "papers": [],
    }


def show_certificate(one: Certificate) -> dict[str, Any]:
    """A certificate as answered."""
    return {
        "id": one.public_id,
        "influencer": one.influencer.public_id,
        "kind": one.kind,
        "number": one.number,
        "from_date": _day(one.from_date),
        "to_date": _day(one.to_date),
        "rate_bps": one.rate_bps,
        "steps": one.steps,
        "entered_at": iso(one.entered_at),
        "withdrawn_at": iso(one.withdrawn_at) if one.withdrawn_at else None,
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
