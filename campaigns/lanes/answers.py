"""What a lane answers, and what it reads of a request without a framework."""

from typing import Any, NamedTuple


class Answer(NamedTuple):
    """A status line, headers of its own, a body."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


_OF_VISITS = tuple(
    ("HTTP_" + name.replace("-", "_").upper(), name)
    for name in ("user-agent", "referer", "sec-fetch-dest", "sec-fetch-mode", "sec-purpose", "purpose", "x-moz")
)


def headers_of(environ: dict[str, Any]) -> dict[str, str]:
    """The request's headers by lower-case names, as PEP 3333 hands them over."""
    found = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    if content_type := environ.get("CONTENT_TYPE"):
        found["content-type"] = content_type
    return found


def visit_headers(environ: dict[str, Any]) -> dict[str, str]:
    """The few headers that tell a person's visit from a program's, by lower-case names."""
    return {name: environ[key] for key, name in _OF_VISITS if key in environ}


def host_of(environ: dict[str, Any]) -> str:
    """The host a request names, without its port."""
    host: str = environ.get("HTTP_HOST", "").lower()
    return host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() and ":" in host else host
