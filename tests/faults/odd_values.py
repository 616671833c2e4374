"""What no shop should send: values by what is wrong with them, names of members, and what headers claim.

A value is bytes: some of them JSON has no word for, and others Python would write in another way.
"""

import json

from tests.faults.poison import DEEP

NUMBERS = tuple(number for power in (31, 32, 53, 63, 64, 128) for number in (2**power - 1, 2**power, -(2**power) - 1))
DATES = (
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "2199-12-31T23:59:59-14:00", "1990-01-01T00:00:00+14:00",
    "2026-02-30T00:00:00Z", "2026-05-01T24:00:00Z", "2026-05-01T12:00:60Z", "2026-05-01T12:00:00+99:99", "2026-05-01",
    "2026-05-01T12:00:00", "2026-W18-5T12:00:00Z", "2026-03-27T02:30:00", "today", "2026-05-01T12:00:00.123456789Z",
    "Fri, 32 May 2026 09:00:00 +0000", "Fri, 01 May 0000 09:00:00 +0000", "٢٠٢٦-٠٥-٠١T١٢:٠٠:٠٠Z",
)  # fmt: skip
TEXTS = (
    "\u202e\u2066", "\u200b\ufeff", "e\u0301" * 60, "\U0001f468\u200d\U0001f469", "\u2028", "\x7f\x1b[31m", "%s%n",
    "\ufffe\uffff", "'; DROP TABLE x; --", "{{7*7}}", "=1+1", "../../etc", "https://[", "http://a?click_id=%00",
    "İ" * 130, "a" * 256,
)  # fmt: skip
CURRENCIES = ("usd", "USD ", "XXX", "XAU", "JPY", "KWD", "CLF", "₪", "BTC", "", "ILSS")
OTHER_DIGITS = ("٣٤٫٥٠", "١٢", "１２", "१२.५", "𝟙𝟚", "²", "Ⅻ")
NINES = b"9" * 5_000


def _texts(*texts: str) -> tuple[bytes, ...]:
    return tuple(json.dumps(text).encode() for text in texts)


# What stands in the place of a value.
VALUES: dict[str, tuple[bytes, ...]] = {
    "NUL": (b'"a\\u0000b"', b'"\\u0000"', b'"a\0b"', b'{"\\u0000": 1}'),
    "half a character": (b'"\\ud800"', b'"a\\udfffb"', b'"\xed\xa0\x80"', b'{"\\udc00": 1}', b'"\\ude00\\ud83d"'),
    "no number": (b"NaN", b"Infinity", b"-Infinity", b'"NaN"', b'"Infinity"', b"1e999999", b"-1e999999", b"1e-999999"),
    "beyond 63 bits": tuple(str(number).encode() for number in NUMBERS),
    "5,000 digits": (NINES, b"-" + NINES, NINES[:4_300], b"0." + NINES, b'"' + NINES + b'"'),
    "100,000 deep": (DEEP, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b"[" * 900 + b"]" * 900),
    "another type": (b"null", b"true", b"false", b"0", b"1", b'""', b'"x"', b"[]", b"{}", b"[[]]", b"[null]", b"[{}]"),
    "amount": (
        b"-1", b'"-1.00"', b"0.001", b'"0.005"', b"-0", b"-0.0", b"99999999999999999999", b'"92233720368547758.08"',
        b'"1,000.00"', b'"1e9"', b"1e15", b"1E-7", b'"+5"', b'".5"', b'"5."', b'"0x10"', b'" 7 "', b'"7\\n"',
        b'"90071992547409.93"', b'"999999999999.99"', b"123456789.123456789", b'"1_000"',
    ),
    "digits of another script": (*_texts(*OTHER_DIGITS), *(f'"{digits}"'.encode() for digits in OTHER_DIGITS)),
    "date": (*_texts(*DATES), b"-1", b"8589934591", b"8589934592", b"1777626000000", b"-62135596801", b"1e12"),
    "currency": _texts(*CURRENCIES),
    "odd text": _texts(*TEXTS),
    "huge text": tuple(b'"' + many + b'"' for many in (b"x" * 70_000, "ש".encode() * 200_000, b"\\u05d0" * 100_000)),
}  # fmt: skip
# What a member is called, what a header says the topic is, and how it says the bytes are to be taken.
NAMES = ("", " ", "\0", "\ud800", "id", "__proto__", "a.b", "x" * 3_000, "total", "status", "order", "data")
TOPICS = (
    "", "read-back", "orders/\xf6rders", "x" * 300, "orders/delete", "order.deleted", "refunds/create", "a\tb", "{}",
)  # fmt: skip
TYPES = (
    "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml",
    "application/json; charset=utf-16", "application/json; charset=\xff", "image/png", "x" * 5_000,
)  # fmt: skip
ENCODINGS = ("gzip", "br", "deflate", "zstd", "identity", "gzip, gzip", "nonsense")
