"""Masav: the file of credits in shekels that every Israeli bank takes.

Records of 128 bytes: the header (K), one credit each (1), the total (5), and one of nines. Amounts are whole agorot,
and the total is their sum. Banks differ in how they want Hebrew and in whether a line end follows the last record:
these are settings, to be tried with a test file of the bank's. Positions after the technical specification of Masav
(https://www.masav.co.il/) as three independent writers read it.
"""

import re
from datetime import date

from campaigns.errors import Unreadable
from campaigns.settlement.paying.bank_files.payer import Payer
from campaigns.settlement.paying.bank_files.payment import Payment, israeli_account, total

RECORD = 128
HEBREW = "אבגדהוזחטיךכלםמןנסעףפץצקרשת"
CODE_A = {letter: code for letter, code in zip(HEBREW, "&ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=True)}
MIRRORED = str.maketrans("()[]{}<>", ")(][}{><")
_HEBREW_LETTER = re.compile(f"[{HEBREW}]")
# What reads from left to right also inside reversed Hebrew.
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,:/-]*[A-Za-z0-9]|[A-Za-z0-9]")


def masav_bytes(payments: list[Payment], payer: Payer, pay_date: date, created: date) -> bytes:
    """The whole file; raises Unreadable for a payment that can't be in it."""
    if payer_missing(payer):
        raise Unreadable("the agency's numbers at Masav are not set")
    institution = payer.masav_institution.zfill(8)
    sum_minor = total(payments)
    header = (
        "K" + institution + "00" + f"{pay_date:%y%m%d}" + "0" + "001" + "0" + f"{created:%y%m%d}"
        + payer.masav_sender.zfill(5) + "0" * 6
    )  # fmt: skip
    footer = (
        "5" + institution + "00" + f"{pay_date:%y%m%d}" + "0" + "001" + _digits(sum_minor, 15) + "0" * 15
        + _digits(len(payments), 7) + "0" * 7 + " " * 63
    )  # fmt: skip
    records = [
        header.encode("ascii") + name_bytes(payer.name, 30, payer) + b" " * 56 + b"KOT",
        *(_credit(payment, institution, payer) for payment in payments),
        footer.encode("ascii"),
        b"9" * RECORD,
    ]
    if any(len(record) != RECORD for record in records):
        raise Unreadable("a record of the Masav file has a wrong length")
    return b"\r\n".join(records) + (b"\r\n" if payer.masav_last_crlf else b"")


def payer_missing(payer: Payer) -> list[str]:
    """The settings without which there is no Masav file."""
    wanted = {"MASAV_INSTITUTION": (payer.masav_institution, 8), "MASAV_SENDER": (payer.masav_sender, 5)}
    return [
        name
        for name, (text, longest) in wanted.items()
        if not (text.isascii() and text.isdigit() and len(text) <= longest)
    ]


def name_bytes(name: str, width: int, payer: Payer) -> bytes:
    """A name in the bank's Hebrew, cut to `width` and set to the right.

    What the code has no sign for is left out: the bank pays by account and identity number.
    """
    known = (lambda sign: sign in CODE_A or sign in " .-'0123456789") if payer.masav_code_a else _in_code_b
    kept = " ".join("".join(sign if known(sign) else " " for sign in name).split())[:width]
    if payer.masav_reversed and _HEBREW_LETTER.search(kept):
        kept = visual(kept)
    coded = "".join(CODE_A.get(sign, sign) for sign in kept).encode("ascii") if payer.masav_code_a else None
    return (kept.encode("cp862") if coded is None else coded).rjust(width)


def visual(text: str) -> str:
    """Hebrew as it looks on paper, read from the left: its letters reversed, Latin words and numbers as they were.

    >>> visual("נועה Levi") == "Levi " + "נועה"[::-1]
    True
    """
    turned = text.translate(MIRRORED)[::-1]
    return _LEFT_TO_RIGHT.sub(lambda found: found.group()[::-1], turned)


def _in_code_b(sign: str) -> bool:
    return sign in HEBREW or " " <= sign <= "~"


def _credit(payment: Payment, institution: str, payer: Payer) -> bytes:
    account = israeli_account(payment.payee)
    if account is None or payment.currency != "ILS":
        raise Unreadable("a payment of the Masav file has no Israeli account")
    identity = str(payment.payee.get("id_number") or "")
    before = "1" + institution + "00" + "0" * 6 + "".join(account[:2]) + "0000" + account[2] + "0" + identity.zfill(9)
    after = _digits(payment.amount_minor, 13) + _digits(payment.number, 20) + "0" * 8 + "000" + "006" + "0" * 18 + "  "
    return before.encode("ascii") + name_bytes(str(payment.payee["name"]), 16, payer) + after.encode("ascii")


def _digits(number: int, width: int) -> str:
    text = str(number).zfill(width)
    if len(text) > width:
        raise Unreadable("an amount is too large for the Masav file")
    return text
