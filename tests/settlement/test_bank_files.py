"""Files for banks: Masav's records byte by byte, pain.001 as its schema has it, and a list for everything else."""

from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.errors import Unreadable
from campaigns.settlement.paying.bank_files.masav import masav_bytes, name_bytes, payer_missing
from campaigns.settlement.paying.bank_files.payer import Payer
from campaigns.settlement.paying.bank_files.payment import Payment, in_sepa, israeli_account
from campaigns.settlement.paying.bank_files.sepa import sepa_bytes

PAYER = Payer("סוכנות הצלחה", "12345678", "54321", sepa_iban="DE89370400440532013000")
ON, MADE = date(2026, 6, 11), datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
NOA = {"name": "נועה לוי", "id_number": "039337423", "bank": "12", "branch": "345", "account": "67890"}
LENA = {"name": "Léna Müller", "id_number": "", "bank": "", "branch": "", "account": "FR1420041010050500013M02606"}


def payment(amount_minor: int = 14_359, number: int = 7, currency: str = "ILS", **payee: str) -> Payment:
    return Payment(number, f"line{number}", {**NOA, **payee}, amount_minor, currency, "PB-2026-000001")


def masav(*payments: Payment, payer: Payer = PAYER) -> list[bytes]:
    """The records of a file of these payments."""
    return masav_bytes(list(payments), payer, ON, MADE.date()).split(b"\r\n")


def sepa(*payments: Payment) -> ElementTree.Element:
    return ElementTree.fromstring(sepa_bytes(list(payments), PAYER, "PB-2026-000001", ON, MADE))


def texts(message: ElementTree.Element, tag: str) -> list[str | None]:
    return [found.text for found in message.iter(f"{{urn:iso:std:iso:20022:tech:xsd:pain.001.001.03}}{tag}")]


def test_the_header_names_the_agency_and_the_days():
    header = masav(payment())[0]
    assert header[:39] == b"K1234567800260611000102606105432" + b"1000000"
    assert header[39:69] == " סוכנות הצלחה".strip()[::-1].encode("cp862").rjust(30)
    assert header[69:] == b" " * 56 + b"KOT"


def test_a_credit_stands_where_the_bank_reads_it():
    """143.59 to account 67890 of branch 345 at bank 12."""
    credit = masav(payment())[1]
    assert (
        credit[:45] == b"1" + b"12345678" + b"00" + b"000000" + b"12" + b"345" + b"0000" + b"000067890" + b"0039337423"
    )
    assert credit[45:61] == "נועה לוי"[::-1].encode("cp862").rjust(16)
    assert credit[61:94] == b"0000000014359" + b"00000000000000000007"
    assert credit[94:] == b"00000000" + b"000" + b"006" + b"0" * 18 + b"  "


def test_the_total_is_the_sum_of_the_credits():
    total = masav(payment(10_999), payment(1, number=8))[3]
    assert total[:51] == b"5" + b"12345678" + b"00" + b"260611" + b"0" + b"001" + b"000000000011000" + b"0" * 15
    assert total[51:] == b"0000002" + b"0" * 7 + b" " * 63


def test_the_file_ends_with_nines_and_with_a_line_end_only_if_the_bank_wants_it():
    assert masav(payment())[-2:] == [b"9" * 128, b""]
    assert masav(payment(), payer=replace(PAYER, masav_last_crlf=False))[-1] == b"9" * 128


@given(st.lists(st.tuples(st.integers(1, 10**12), st.text(max_size=40)), min_size=1, max_size=20), st.booleans())
def test_whatever_a_payee_is_called_every_record_has_its_length_and_the_sum_holds(people, code_a: bool):
    payments = [payment(amount, number, name=name) for number, (amount, name) in enumerate(people)]
    *credits, total, _ = masav(*payments, payer=replace(PAYER, masav_code_a=code_a, masav_last_crlf=False))[1:]
    assert {len(record) for record in (*credits, total)} == {128}
    assert sum(int(credit[61:74]) for credit in credits) == int(total[21:36]) == sum(amount for amount, _ in people)


@pytest.mark.parametrize(
    ("name", "changes", "written"),
    [
        ("נועה", {}, b"\x84\x92\x85\x90"),
        ("נועה", {"masav_reversed": False}, b"\x90\x85\x92\x84"),
        ("אבת", {"masav_code_a": True}, b"ZA&"),
        ("אבת", {"masav_code_a": True, "masav_reversed": False}, b"&AZ"),
        ("Noa Levi", {}, b"Noa Levi"),
        ("נועה 27 Levi", {}, b"27 Levi \x84\x92\x85\x90"),
        ("Лена نور", {}, b""),
    ],
)
def test_a_name_is_written_as_the_bank_reads_it(name: str, changes: dict[str, bool], written: bytes):
    assert name_bytes(name, 16, replace(PAYER, **changes)) == written.rjust(16)


@pytest.mark.parametrize("amount_minor", [0, -1, 10**13])
def test_an_amount_no_bank_takes_makes_no_file(amount_minor: int):
    with pytest.raises(Unreadable):
        masav(payment(amount_minor))


def test_missing_numbers_of_the_agency_are_named():
    assert payer_missing(replace(PAYER, masav_institution="", masav_sender="12x")) == [
        "MASAV_INSTITUTION",
        "MASAV_SENDER",
    ]
    assert payer_missing(PAYER) == []


@pytest.mark.parametrize(
    ("payee", "account"),
    [
        ({"bank": "012", "branch": "45", "account": "12-3456"}, ("12", "045", "000123456")),
        ({"bank": "", "branch": "", "account": "IL620108000000099999999"}, ("10", "800", "099999999")),
        ({"account": "1234567890"}, None),
        ({"bank": "", "account": "4123456"}, None),
        ({"account": "Amber77"}, None),
        ({"branch": "٣٤٥"}, None),
    ],
)
def test_an_israeli_account_is_known_by_its_three_numbers_or_its_iban(payee: dict[str, str], account):
    assert israeli_account({**NOA, **payee}) == account


@pytest.mark.parametrize(
    ("currency", "payee", "kind"),
    [
        ("ILS", {}, "masav"),
        ("USD", {}, "csv"),
        ("EUR", LENA, "sepa"),
        ("EUR", {"account": "IL620108000000099999999"}, "csv"),
        ("EUR", {"account": "FR1420041010050500013M02607"}, "csv"),
        ("ILS", LENA, "csv"),
    ],
)
def test_account_and_currency_decide_the_file(currency: str, payee: dict[str, str], kind: str):
    assert payment(currency=currency, **payee).kind == kind


def test_a_transfer_in_euros_says_who_gets_how_much_where():
    message = sepa(payment(14_359, currency="EUR", **LENA), payment(1, number=8, currency="EUR", **LENA))
    assert texts(message, "InstdAmt") == ["143.59", "0.01"]
    assert texts(message, "CtrlSum") == ["143.60", "143.60"] and set(texts(message, "NbOfTxs")) == {"2"}
    assert texts(message, "IBAN") == [PAYER.sepa_iban, LENA["account"], LENA["account"]]
    assert texts(message, "EndToEndId") == ["line7", "line8"] and texts(message, "ReqdExctnDt") == ["2026-06-11"]


def test_the_same_batch_gives_the_same_message():
    first, second = (sepa_bytes([payment(currency="EUR", **LENA)], PAYER, "PB-1", ON, MADE) for _ in range(2))
    assert first == second
    assert texts(ElementTree.fromstring(first), "MsgId") == ["PB-1"]
    assert texts(ElementTree.fromstring(first), "CreDtTm") == ["2026-06-10T09:30:00"]


def test_an_iban_outside_of_sepa_makes_no_message():
    assert not in_sepa("IL620108000000099999999")
    with pytest.raises(Unreadable):
        sepa(payment(currency="EUR", account="IL620108000000099999999"))
