"""Payees' papers over the API, for staff: those of a statement, taking one in, accepting and refusing."""

import base64
import binascii
from typing import Any

from campaigns.blueprints import access
from campaigns.blueprints import received_deeds as deeds
from campaigns.blueprints.api import received_schemas as schemas
from campaigns.blueprints.api.api import caller, operation
from campaigns.blueprints.context import now, session
from campaigns.clock import iso
from campaigns.errors import Invalid, Said
from campaigns.models import ReceivedDocument
from campaigns.settlement.exchanging.received import Sent
from campaigns.settlement.exchanging.standing import papers_of


@operation("GET", "/statements/{statement_id}/received", answer=schemas.ReceivedList)
def list_received(statement_id: str) -> dict[str, Any]:
    """The papers a payee sent for a statement (named by its document), the newest first."""
    statement = access.statement_for(session(), caller(), statement_id)
    return {"items": [show_received(paper) for paper in papers_of(session(), [statement.id])[statement.id]]}


@operation("POST", "/statements/{statement_id}/received", schemas.ReceivedIn, schemas.ReceivedOut, status=201)
def send_received(statement_id: str, body: schemas.ReceivedIn) -> dict[str, Any]:
    """Take in a paper that came another way; one nobody has decided on gives way to it."""
    statement = access.statement_for(session(), caller(), statement_id)
    said = body.model_dump(exclude={"file_base64"})
    return show_received(deeds.take(caller(), statement, Sent(**said, body=_bytes(body.file_base64))))


@operation("POST", "/received/{paper_id}/accept", schemas.AcceptReceivedIn, schemas.ReceivedOut)
def accept_received(paper_id: str, body: schemas.AcceptReceivedIn) -> dict[str, Any]:
    """Accept a paper and book it; 409 where something about it is wrong, or it was decided on."""
    paper = access.received_for(session(), caller(), paper_id)
    deeds.accept(caller(), paper, body.pay_on or now().date())
    return show_received(paper)


@operation("POST", "/received/{paper_id}/refuse", schemas.RefuseReceivedIn, schemas.ReceivedOut)
def refuse_received(paper_id: str, body: schemas.RefuseReceivedIn) -> dict[str, Any]:
    """Refuse a paper, with a reason its payee is told."""
    paper = access.received_for(session(), caller(), paper_id)
    deeds.refuse(caller(), paper, body.reason)
    return show_received(paper)


def show_received(paper: ReceivedDocument) -> dict[str, Any]:
    """A paper as answered, without its bytes."""
    plain = ("kind", "number", "currency", "net_minor", "vat_minor", "allocation_number", "media_type", "sha256",
             "status", "reason")  # fmt: skip
    return {
        "id": paper.public_id,
        "statement": paper.statement.document.public_id,
        "influencer": paper.influencer.public_id,
        "issued_on": paper.issued_on.isoformat(),
        **{name: getattr(paper, name) for name in plain},
        "findings": [
            {"code": one["code"], "wrong": one["wrong"], "sentence": str(Said(one["sentence"], **one["facts"]))}
            for one in paper.findings
        ],
        "received_at": iso(paper.received_at),
        "decided_at": iso(paper.decided_at) if paper.decided_at else None,
    }


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid({"file_base64": ["must be base64"]}) from error
