"""Rows written as CSV, a piece at a time: UTF-8, CRLF at the end of each row, a byte order mark where it is wanted.

With the mark Excel reads Hebrew and Arabic as they are; other programs do without it. Nothing is held but one piece.
https://www.rfc-editor.org/rfc/rfc4180
"""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from campaigns.sheets.cells import Cell, plain

PIECE = 64 * 1024  # characters, about


def csv_pieces(rows: Iterable[Sequence[Cell]], mark: bool = True) -> Iterator[bytes]:
    """The bytes of a CSV file, in pieces."""
    written = StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    if mark:
        yield BOM_UTF8
    for row in rows:
        writer.writerow([plain(cell) for cell in row])
        if written.tell() >= PIECE:
            yield _taken(written)
    yield _taken(written)


def _taken(written: StringIO) -> bytes:
    """What is written so far, which is then forgotten."""
    piece = written.getvalue().encode()
    written.seek(0)
    written.truncate()
    return piece
