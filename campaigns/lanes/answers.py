"""What a lane reads of a request and what it answers, without a framework."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from werkzeug.middleware.proxy_fix import ProxyFix


class Answer(NamedTuple):
    """A status line, headers of its own, a body."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Request(NamedTuple):
    """A request but for its body. `headers` has lower-case names, `host` no port, `length` is what was announced."""

    method: str
    path: str
    query: str
    host: str
    address: str
    length: int | None
    headers: Mapping[str, str]


class Taken(NamedTuple):
    """What a request leaves to be written with others, and what is answered once that stands."""

    item: Any
    answer: Callable[[Any], Answer]


def of_wsgi(environ: Mapping[str, Any]) -> Request:
    """As PEP 3333 hands it over."""
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    if content_type := environ.get("CONTENT_TYPE"):
        headers["content-type"] = content_type
    return Request(
        environ["REQUEST_METHOD"],
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        _host(headers),
        environ.get("REMOTE_ADDR") or "",
        _length(environ.get("CONTENT_LENGTH") or None),
        headers,
    )


def of_asgi(scope: Mapping[str, Any], proxy_hops: int) -> Request | None:
    """As ASGI does; None for a header that is there twice, for what WSGI makes of that is not ours to repeat.

    https://asgi.readthedocs.io/en/latest/specs/www.html
    """
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if len(headers) != len(scope["headers"]):
        return None
    address = scope["client"][0] if scope.get("client") else ""
    return Request(
        scope["method"],
        scope["path"],
        scope["query_string"].decode("latin-1"),
        _host(headers),
        _behind_proxies(address, headers, proxy_hops) if proxy_hops else address,
        _length(headers.get("content-length")),
        headers,
    )


def _host(headers: Mapping[str, str]) -> str:
    host = headers.get("host", "").lower()
    name, _, port = host.rpartition(":")
    return name if name and port.isdigit() else host


def _length(announced: str | None) -> int | None:
    return int(announced) if announced and announced.isdecimal() and announced.isascii() else None


def _behind_proxies(address: str, headers: Mapping[str, str], hops: int) -> str:
    """The visitor's address by the word of so many proxies, which Werkzeug reads for all other pages too."""
    environ = {"REMOTE_ADDR": address, "HTTP_X_FORWARDED_FOR": headers.get("x-forwarded-for", "")}
    ProxyFix(_nobody, x_for=hops, x_proto=0)(environ, _nobody)
    return environ["REMOTE_ADDR"]


def _nobody(*_asked: Any) -> Any:
    return ()
