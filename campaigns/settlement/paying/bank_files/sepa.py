"""SEPA: credit transfers in euros as pain.001.001.03, which banks in the SEPA countries take.

https://www.iso20022.org/message/pain.001.001.03. The `sepaxml` package builds and validates the message; its random
ids and its clock are replaced, so that the same batch gives the same bytes and a bank can tell a file sent twice.
"""

from datetime import date, datetime
from xml.etree import ElementTree

from campaigns.errors import Unreadable
from campaigns.settlement.paying.bank_files.payer import Payer
from campaigns.settlement.paying.bank_files.payment import Payment, in_sepa, read_iban, total

SCHEMA = "pain.001.001.03"
_SPACE = {"": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}


def sepa_bytes(payments: list[Payment], payer: Payer, number: str, pay_date: date, created: datetime) -> bytes:
    """The message of one batch, `number` its id; raises Unreadable for a payment that can't be in it."""
    from sepaxml import SepaTransfer
    from sepaxml.validation import try_valid_xml

    if payer_missing(payer) or any(not in_sepa(str(payment.payee["account"])) for payment in payments):
        raise Unreadable("a payment of the SEPA file has no IBAN of a SEPA country")
    total(payments)
    config = {"name": payer.name, "IBAN": read_iban(payer.sepa_iban), "batch": True, "currency": "EUR"}
    transfer = SepaTransfer(config | ({"BIC": payer.sepa_bic} if payer.sepa_bic else {}), schema=SCHEMA, clean=True)
    for payment in payments:
        transfer.add_payment(
            {
                "name": str(payment.payee["name"]),
                "IBAN": read_iban(str(payment.payee["account"])),
                "amount": payment.amount_minor,
                "execution_date": pay_date,
                "description": payment.note,
                "endtoend_id": payment.line,
            }
        )
    message = ElementTree.fromstring(transfer.export(validate=False))  # noqa: S314 - written by ourselves just now
    _replace(message, "CstmrCdtTrfInitn/GrpHdr/MsgId", number)
    _replace(message, "CstmrCdtTrfInitn/GrpHdr/CreDtTm", f"{created:%Y-%m-%dT%H:%M:%S}")
    _replace(message, "CstmrCdtTrfInitn/PmtInf/PmtInfId", f"{number}-1")
    ElementTree.register_namespace("", _SPACE[""])
    body = b'<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(message, "utf-8")
    try_valid_xml(body, SCHEMA)
    return body


def payer_missing(payer: Payer) -> list[str]:
    """The settings without which there is no SEPA file."""
    return [] if in_sepa(payer.sepa_iban) else ["SEPA_IBAN"]


def _replace(message: ElementTree.Element, path: str, text: str) -> None:
    for found in message.findall(path, _SPACE):
        found.text = text
