"""Payments over the API: a batch prepared, released by somebody else, and what the bank did with each of its lines."""

from typing import Any

from flask import Response, request, url_for
from werkzeug.exceptions import UnsupportedMediaType

from campaigns.blueprints import access, paying
from campaigns.blueprints.api import payouts_schemas as schemas
from campaigns.blueprints.api.api import caller, operation
from campaigns.blueprints.api.settlement import show_file
from campaigns.blueprints.context import now, session
from campaigns.documents.issue import contents_of
from campaigns.models import PayoutBatch, PayoutLine
from campaigns.settlement.paying.bank_files.files import MEDIA_TYPES, bank_files, file_bytes, kind_of

LIST_TYPE = "text/csv"


@operation("POST", "/payouts", schemas.PayoutIn, schemas.PayoutOut, status=201)
def create_payout(body: schemas.PayoutIn) -> dict[str, Any]:
    """Prepare a batch of everything that is due in a currency; nothing is paid before it is released."""
    return show_payout(paying.prepare(caller(), body.currency, body.on or now().date()))


@operation("GET", "/payouts/{payout_id}", answer=schemas.PayoutOut)
def get_payout(payout_id: str) -> dict[str, Any]:
    """One batch, with how far each payment is."""
    return show_payout(_batch(payout_id))


@operation("POST", "/payouts/{payout_id}/release", answer=schemas.PayoutOut)
def release_payout(payout_id: str) -> dict[str, Any]:
    """Let a prepared batch go to the bank; 409 for whoever prepared it, unless the agency is one person."""
    batch = _batch(payout_id)
    paying.release(caller(), batch)
    return show_payout(batch)


@operation("POST", "/payouts/{payout_id}/cancel", answer=schemas.PayoutOut)
def cancel_payout(payout_id: str) -> dict[str, Any]:
    """Call a batch off before its release: everything in it is due again."""
    batch = _batch(payout_id)
    paying.cancel(caller(), batch)
    return show_payout(batch)


@operation("POST", "/payouts/{payout_id}/lines/{line_id}/paid", schemas.PaidIn, schemas.PayoutOut)
def mark_line_paid(payout_id: str, line_id: str, body: schemas.PaidIn) -> dict[str, Any]:
    """The bank made this payment: it is booked, and the payee gets the advice."""
    line = access.payout_line_for(session(), caller(), payout_id, line_id)
    paying.paid(caller(), line, body.reference, body.on)
    return show_payout(line.batch)


@operation("POST", "/payouts/{payout_id}/lines/{line_id}/failed", schemas.FailedIn, schemas.PayoutOut)
def mark_line_failed(payout_id: str, line_id: str, body: schemas.FailedIn) -> dict[str, Any]:
    """The bank did not make this payment, or sent it back after it was booked: it is due again."""
    line = access.payout_line_for(session(), caller(), payout_id, line_id)
    paying.failed(caller(), line, body.reason)
    return show_payout(line.batch)


@operation("POST", "/payouts/{payout_id}/results", answer=schemas.PayoutOut, body_types=(LIST_TYPE,))
def take_payout_results(payout_id: str) -> dict[str, Any]:
    """Take the bank's list of what became of the lines, all of it or, where a row can't be read, nothing."""
    batch = _batch(payout_id)
    if request.mimetype != LIST_TYPE:
        raise UnsupportedMediaType(f"the bank's list is sent as {LIST_TYPE}")
    paying.take_results(caller(), batch, request.get_data())
    return show_payout(batch)


@operation("GET", "/payouts/{payout_id}/files/{kind}")
def payout_file(payout_id: str, kind: str) -> Response:
    """A released batch's file for the bank: `masav`, `sepa` or `csv`; 409 names the settings that are missing."""
    body = file_bytes(_batch(payout_id), kind, paying.payer())
    return Response(body, content_type=MEDIA_TYPES[kind], headers={"Cache-Control": "private, no-store"})


def show_payout(batch: PayoutBatch) -> dict[str, Any]:
    """A batch as answered: what was frozen when it was prepared, and how it stands."""
    document, contents = batch.document, contents_of(batch.document)
    return {
        "id": document.public_id,
        "number": document.number,
        "currency": batch.currency,
        "status": batch.status,
        "pay_date": batch.pay_date.isoformat(),
        "total_minor": contents["total_minor"],
        "rows": contents["rows"],
        "left_out": contents.get("left_out", []),
        "lines": [_show_line(line) for line in batch.lines],
        "files": [
            {
                "kind": file.kind,
                "name": file.name,
                "count": file.count,
                "total_minor": file.total_minor,
                "missing": list(file.missing),
                "url": url_for("api.payout_file", payout_id=document.public_id, kind=file.kind),
            }
            for file in bank_files(batch, paying.payer())
        ],
        "documents": [show_file(file) for file in document.files],
    }


def _show_line(line: PayoutLine) -> dict[str, Any]:
    return {
        "id": line.public_id,
        "influencer": line.influencer.public_id,
        "name": line.payee["name"],
        "amount_minor": line.amount_minor,
        "currency": line.currency,
        "status": line.status,
        "file": kind_of(line),
        "bank_reference": line.bank_reference,
        "reason": paying.changed_since(line) if line.status == "prepared" else line.failure_reason,
    }


def _batch(payout_id: str) -> PayoutBatch:
    return access.payout_for(session(), caller(), payout_id)
