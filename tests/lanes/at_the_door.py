"""The door in front of the threads, as a client knows it: each request in an event loop of its own."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client, TestResponse

from campaigns.lanes.door import Door, Message, Scope

GONE: Message = {"type": "http.disconnect"}


def knock(door: Door, scope: Scope, arriving: Sequence[Message]) -> list[Message]:
    """What the door answers to one request whose body arrives so."""
    return asyncio.run(heard(door, scope, arriving))


async def heard(door: Door, scope: Scope, arriving: Sequence[Message]) -> list[Message]:
    """The same, in a loop that is running."""
    left, said = list(arriving), []

    async def receive() -> Message:
        if not left:
            await asyncio.sleep(3600)  # as granian, which tells an end once
        return left.pop(0)

    async def send(message: Message) -> None:
        said.append(message)

    await door(scope, receive, send)
    return said


def asked(
    path: str, method: str = "GET", headers: Iterable[tuple[str, str]] = (), query: str = "", address: str = "192.0.2.7"
) -> Scope:
    """A request as an ASGI server tells it, but for its body."""
    told = [("host", "localhost"), *headers]
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "root_path": "",
        "method": method, "path": path, "query_string": query.encode("latin-1"), "client": (address, 4711),
        "server": ("localhost", 80), "headers": [(name.encode(), value.encode("latin-1")) for name, value in told],
    }  # fmt: skip


def body(content: bytes, more: bool = False) -> Message:
    """A piece of a body."""
    return {"type": "http.request", "body": content, "more_body": more}


class DoorClient(FlaskClient):
    """A client of the whole house through the door."""

    def __init__(self, app: Flask, door: Door) -> None:
        super().__init__(app)
        self._through = Client(_as_wsgi(door), TestResponse)

    def open(self, *asked: Any, **options: Any) -> Any:
        return self._through.open(*asked, **options)


def _as_wsgi(door: Door) -> Any:
    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        said = knock(door, _scope_of(environ), [body(environ["wsgi.input"].read())])
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in said[0]["headers"]]
        start_response(f"{said[0]['status']} said", headers)
        return [message["body"] for message in said[1:]]

    return application


def _scope_of(environ: dict[str, Any]) -> Scope:
    path = environ["PATH_INFO"].encode("latin-1").decode()
    scope = asked(
        path, environ["REQUEST_METHOD"], query=environ["QUERY_STRING"], address=environ.get("REMOTE_ADDR", "127.0.0.1")
    )
    names = {name: name[5:] for name in environ if name.startswith("HTTP_")}
    names |= {name: name for name in ("CONTENT_TYPE", "CONTENT_LENGTH") if environ.get(name)}
    told = [(new.replace("_", "-").lower(), environ[old]) for old, new in names.items()]
    scope["headers"] = [(name.encode(), value.encode("latin-1")) for name, value in told]
    return scope
