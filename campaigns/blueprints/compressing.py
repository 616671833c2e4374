"""Pages, compressed for those who come from our own pages or by hand.

The length of a compressed page tells whether it says something twice, and with it, guess by guess, a token that stands
beside words of a stranger (https://www.breachattack.com). Guessing takes requests that another site makes for somebody
signed in here: those get plain pages. Browsers say in Sec-Fetch-Site where a request comes from, and no script can
change that (https://www.w3.org/TR/fetch-metadata/); who says nothing gets plain pages too. Up to a hundred random
bytes in each page's gzip header blur what is left (Heal the Breach, https://ieeexplore.ieee.org/document/9754554).
"""

import gzip
import secrets
from io import BytesIO

from flask import Flask, Response, request

FROM_HERE = frozenset({"same-origin", "none"})
LEAST = 1_000  # bytes; less is sent as it is
MOST_RANDOM = 100


def init_app(app: Flask) -> None:
    """Compress whatever may be."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """A page in gzip, if its reader may have it so."""
    if response.mimetype != "text/html" or response.is_streamed:
        return response
    response.vary.update(("Accept-Encoding", "Sec-Fetch-Site"))
    ours = request.headers.get("Sec-Fetch-Site") in FROM_HERE
    body = response.get_data()
    if ours and request.accept_encodings["gzip"] > 0 and len(body) >= LEAST:
        response.set_data(_gzip(body))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _gzip(body: bytes) -> bytes:
    """The body with a random name of random length in its header."""
    written = BytesIO()
    name = secrets.token_hex(MOST_RANDOM)[: secrets.randbelow(MOST_RANDOM + 1)]
    with gzip.GzipFile(filename=name, mode="wb", fileobj=written, compresslevel=6, mtime=0) as file:
        file.write(body)
    return written.getvalue()
