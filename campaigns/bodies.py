"""Bodies of requests: too long is told as 413 however the body comes, and whoever sends one can read the answer.

A body sent in chunks announces no length, and Werkzeug then cuts it off at the limit in silence: a delivery cut short
would be refused as forged. And a server that answers before it has read the body resets the connection, so a client
that is still sending never sees the answer; what is left is therefore read, up to a bound, while the answer is out.
https://werkzeug.palletsprojects.com/en/stable/request_data/#limiting-request-data
"""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wsgi import ClosingIterator, get_content_length

PIECE = 65536
PATIENCE = 16 * 1024 * 1024  # bytes read of a body nobody wants; beyond that the connection is cut


class Body(io.RawIOBase):
    """One request's body; `longest` is the limit where no length was announced, None where one was."""

    def __init__(self, stream: Any, announced: int | None, longest: int) -> None:
        self._stream = stream
        self._longest = longest if announced is None else None
        self._announced = announced
        self._read = 0
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`; raises RequestEntityTooLarge where an unannounced body goes on beyond the limit."""
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self._read += len(piece)
        self._ended = not piece
        if self._longest is not None and self._read >= self._longest and self._stream.read(1):
            raise RequestEntityTooLarge
        return len(piece)

    def left(self) -> bool:
        """Whether the client may still be sending."""
        return not self._ended and self._read != self._announced

    def drain(self) -> None:
        """Read what is left and forget it."""
        wanted = PATIENCE
        while wanted > 0 and (piece := self._stream.read(min(PIECE, wanted))):
            wanted -= len(piece)


class WholeBodies:
    """WSGI middleware around an application whose bodies have at most `longest` bytes."""

    def __init__(self, application: Any, longest: int) -> None:
        self._application = application
        self._longest = longest

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        announced = get_content_length(environ)
        if announced is None and "HTTP_TRANSFER_ENCODING" not in environ:
            announced = 0
        body = environ["wsgi.input"] = Body(environ["wsgi.input"], announced, self._longest)
        answer: Iterable[bytes] = self._application(environ, start_response)
        return ClosingIterator(_and_drain(answer, body), getattr(answer, "close", None)) if body.left() else answer


def _and_drain(answer: Iterable[bytes], body: Body) -> Iterator[bytes]:
    yield from answer
    try:
        body.drain()
    except (OSError, ClientDisconnected):
        return  # the client has gone: nobody is left to read the answer
