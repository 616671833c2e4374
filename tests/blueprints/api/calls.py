"""A program that talks to the API: each answer it gets is held against what the OpenAPI document declares."""

import json
from contextvars import Context
from functools import cache
from typing import Any

from flask import Flask, Response
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

from campaigns.blueprints.api.openapi import document
from campaigns.db import db
from campaigns.models import User
from campaigns.people.tokens import create_token
from tests.factories import NOW

Headers = dict[str, str] | None


class Program:
    """Calls the API as `user`, or without a token."""

    def __init__(self, app: Flask, user: User | None = None) -> None:
        self.app = app
        self.token = create_token(db.session(), user, NOW) if user else ""

    def get(self, path: str, status: int = 200, **options: Any) -> Any:
        """The JSON answered to a GET."""
        return self.call("GET", path, status, **options).json

    def post(self, path: str, body: object = None, status: int = 200, **options: Any) -> Any:
        """The JSON answered to a POST."""
        return self.call("POST", path, status, body, **options).json

    def patch(self, path: str, body: object = None, status: int = 200) -> Any:
        """The JSON answered to a PATCH."""
        return self.call("PATCH", path, status, body).json

    def call(
        self,
        method: str,
        path: str,
        status: int,
        body: object = None,
        headers: Headers = None,
        **query: Any,
    ) -> TestResponse:
        """One call, in a context of its own, as a server answers it; its status and shape are checked."""
        answer = self.send(method, path, None if body is None else json.dumps(body).encode(), headers, **query)
        assert answer.status_code == status, answer.text
        return answer

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Headers = None, **query: Any
    ) -> TestResponse:
        """As call, with the bytes of a body and whatever status."""
        db.session.commit()
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer: TestResponse = Context().run(
            self.app.test_client().open,
            "/api/v1" + path,
            method=method,
            data=body,
            headers={**sent, **(headers or {})},
            query_string=query,
        )
        conforms(self.app, method, path, answer)
        return answer


def conforms(app: Flask, method: str, path: str, answer: Response | TestResponse) -> None:
    """Fail unless the answer is one the document announces for this operation."""
    rule, _ = app.url_map.bind("localhost").match("/api/v1" + path, method, return_rule=True)
    declared = declaration()["paths"][rule.rule.replace("<", "{").replace(">", "}")][method.lower()]["responses"]
    response = declared.get(str(answer.status_code))
    if response is None:
        assert answer.status_code >= 400, f"{method} {path} answers {answer.status_code}, which it doesn't declare"
        response = declared["default"]
    content = response["content"]
    assert answer.mimetype in content or "*/*" in content, f"{method} {path} answers {answer.mimetype}"
    schema = content.get(answer.mimetype, {}).get("schema")
    if schema:
        _validator(json.dumps(schema)).validate(json.loads(answer.data))


@cache
def declaration() -> dict[str, Any]:
    """The OpenAPI document."""
    return json.loads(json.dumps(document("http://localhost")))


@cache
def _validator(schema: str) -> Draft202012Validator:
    whole = {**json.loads(schema), "components": declaration()["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())
