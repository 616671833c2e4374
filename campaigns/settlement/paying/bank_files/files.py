"""The files of a released batch, one of each kind that its payments need.

They are made anew whenever they are asked for, from the frozen lines and the settings, and are the same bytes as long
as the settings are. A kind whose settings are missing has no file, and says what to set.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from campaigns.documents.tables import bank_list_table, written_csv
from campaigns.errors import Conflict, NotFound, Said
from campaigns.models import PayoutBatch, PayoutLine
from campaigns.settlement.paying.bank_files import masav, sepa
from campaigns.settlement.paying.bank_files.payer import Payer
from campaigns.settlement.paying.bank_files.payment import KINDS, Payment

MEDIA_TYPES = {"masav": "text/plain; charset=us-ascii", "sepa": "application/xml", "csv": "text/csv; charset=utf-8"}
ENDINGS = {"masav": "msv", "sepa": "xml", "csv": "csv"}
# A line that was taken out before the release was never in a file; one that failed was.
SENT = ("released", "paid", "failed", "returned")


@dataclass(frozen=True)
class BankFile:
    """One file: how many payments of how much, and the settings it waits for, if any."""

    kind: str
    name: str
    count: int
    total_minor: int
    missing: tuple[str, ...]


def bank_files(batch: PayoutBatch, payer: Payer) -> list[BankFile]:
    """What a released batch has files of; none of one that wasn't released."""
    payments = _payments(batch)
    found = []
    for kind in KINDS:
        mine = [payment for payment in payments if payment.kind == kind]
        if mine:
            name = f"{batch.document.number}.{ENDINGS[kind]}"
            found.append(BankFile(kind, name, len(mine), sum(one.amount_minor for one in mine), _missing(kind, payer)))
    return found


def file_bytes(batch: PayoutBatch, kind: str, payer: Payer) -> bytes:
    """The bytes of one file; raises NotFound where there is none of the kind, Conflict where settings are missing."""
    payments = [payment for payment in _payments(batch) if payment.kind == kind]
    if not payments or batch.released_at is None:
        raise NotFound("no such file")
    if missing := _missing(kind, payer):
        raise Conflict(Said("the file is not made: set %(names)s first", names=", ".join(missing)))
    created = batch.released_at
    writers: dict[str, Callable[[], bytes]] = {
        "masav": partial(masav.masav_bytes, payments, payer, batch.pay_date, created.date()),
        "sepa": partial(sepa.sepa_bytes, payments, payer, batch.document.number, batch.pay_date, created),
        "csv": partial(_list, payments, batch.pay_date),
    }
    return writers[kind]()


def kind_of(line: PayoutLine) -> str:
    """Which file a line goes into."""
    return _payment(line, "").kind


def _list(payments: list[Payment], pay_date: date) -> bytes:
    rows = [
        {"line": payment.line, **payment.payee, "amount_minor": payment.amount_minor, "note": payment.note}
        for payment in payments
    ]
    return written_csv(bank_list_table({"rows": rows, "currency": payments[0].currency, "pay_date": pay_date}))


def _missing(kind: str, payer: Payer) -> tuple[str, ...]:
    if kind == "masav":
        return tuple(masav.payer_missing(payer))
    return tuple(sepa.payer_missing(payer)) if kind == "sepa" else ()


def _payments(batch: PayoutBatch) -> list[Payment]:
    if batch.released_at is None:
        return []
    return [_payment(line, batch.document.number) for line in batch.lines if line.status in SENT]


def _payment(line: PayoutLine, note: str) -> Payment:
    return Payment(line.id, line.public_id, line.payee, line.amount_minor, line.currency, note)
