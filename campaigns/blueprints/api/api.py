"""The JSON API's frame: bearer tokens, bodies checked by their schema, idempotent POSTs, one commit.

A view is declared with `operation`: method, path, the schema of its body and of its answer. From the same
declaration comes the OpenAPI document, so the two can't disagree.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from campaigns.blueprints.audiences import ANYONE, AUDIENCES
from campaigns.blueprints.context import now, session
from campaigns.errors import Conflict, Invalid, NotFound, Unreadable
from campaigns.models import IdempotentAnswer, User
from campaigns.people.tokens import find_user_by_token
from campaigns.tracking.json_body import clean_text, read_json

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True)
class Operation:
    """One operation as declared: what OpenAPI tells of it."""

    method: str
    path: str
    name: str
    summary: str
    body: type[BaseModel] | None
    answer: type[BaseModel] | None
    status: int
    query: tuple[str, ...]
    body_types: tuple[str, ...]


OPERATIONS: list[Operation] = []
JSON_ONLY = ("application/json",)
View = Callable[..., Any]


def caller() -> User:
    """Whose token this request carries."""
    user: User = g.api_user
    return user


@blueprint.before_request
def authenticate() -> ResponseReturnValue | None:
    """401 without a valid token; 404 where the route is not for the caller's role."""
    audience = AUDIENCES[request.endpoint or ""]
    if audience is ANYONE:
        return None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    user = find_user_by_token(session(), token.strip()) if scheme.lower() == "bearer" else None
    if user is None or not user.active:
        return _unauthorized()
    if user.role not in audience:
        raise NotFound("no such route")
    g.api_user = user
    return None


def operation(
    method: str,
    path: str,
    body: type[BaseModel] | None = None,
    answer: type[BaseModel] | None = None,
    status: int = 200,
    query: tuple[str, ...] = (),
    body_types: tuple[str, ...] = JSON_ONLY,
) -> Callable[[View], View]:
    """Declare a view: it gets the path's values and, where there is a schema, the checked `body`."""

    def declare(view: View) -> View:
        summary = (view.__doc__ or "").strip().splitlines()[0]
        OPERATIONS.append(Operation(method, path, view.__name__, summary, body, answer, status, query, body_types))

        @wraps(view)
        def respond(**values: Any) -> ResponseReturnValue:
            if body is not None:
                values["body"] = read_body(body)
            if method == "GET":
                return _as_response(view(**values), status)
            return _once(lambda: view(**values), status)

        flask_path = path.replace("{", "<").replace("}", ">")
        blueprint.add_url_rule(flask_path, view.__name__, respond, methods=[method])
        return respond

    return declare


def read_body(schema: type[BaseModel]) -> BaseModel:
    """The request's JSON as `schema`; an empty body is an empty object. Raises Unreadable or Invalid."""
    raw = request.get_data(cache=True)
    sent = read_json(raw) if raw.strip() else {}
    try:
        return schema.model_validate(_storable(sent))
    except ValidationError as error:
        fields: dict[str, list[str]] = {}
        for part in error.errors(include_url=False, include_input=False, include_context=False):
            fields.setdefault(".".join(str(step) for step in part["loc"]) or "body", []).append(part["msg"])
        raise Invalid(fields) from error


def page_of(query: Any, key: Any, show: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """One page of a list, oldest first: `{items, next}`; `next` is the cursor of the following page or null."""
    limit = _small_number("limit", 500, 500)
    after = _small_number("cursor", 0, 2**62)
    rows = list(session().scalars(query.where(key > after).order_by(key).limit(limit + 1)))
    following = str(getattr(rows[limit - 1], key.key)) if len(rows) > limit else None
    return {"items": [show(row) for row in rows[:limit]], "next": following}


def _small_number(name: str, otherwise: int, most: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return otherwise
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:20]) <= most:
        raise Invalid({name: [f"must be a whole number from 1 to {most}"]})
    return int(text)


def _once(act: Callable[[], Any], status: int) -> ResponseReturnValue:
    """Act and commit; with an Idempotency-Key the answer is kept in the same transaction and given again.

    The key row is written first: of two at once the second waits for the first, then finds its answer.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        answered = _as_response(act(), status)
        session().commit()
        return answered
    if len(key) > 255:
        raise Invalid({"Idempotency-Key": ["must have at most 255 characters"]})
    digest = hashlib.sha256(
        b"\n".join((request.method.encode(), request.full_path.encode(), request.get_data()))
    ).hexdigest()
    user_id = caller().id
    kept = _kept(user_id, key)
    if kept is None:
        try:
            session().add(IdempotentAnswer(user_id=user_id, key=key, request_hash=digest, created_at=now()))
            session().flush()
        except IntegrityError:
            session().rollback()
            kept = _kept(user_id, key)
            if kept is None:
                raise Conflict("the same Idempotency-Key is being answered right now") from None
    if kept is not None:
        return _again(kept, digest)
    answered = _as_response(act(), status)
    row = _kept(user_id, key)
    assert row is not None
    row.status, row.body = answered.status_code, answered.get_data(as_text=True)
    session().commit()
    return answered


def _again(kept: IdempotentAnswer, digest: str) -> Response:
    if kept.request_hash != digest:
        raise Invalid({"Idempotency-Key": ["was used for another request"]})
    return Response(kept.body, kept.status or 200, mimetype="application/json", headers={"Idempotent-Replay": "true"})


def _kept(user_id: int, key: str) -> IdempotentAnswer | None:
    return session().scalar(select(IdempotentAnswer).filter_by(user_id=user_id, key=key))


def _as_response(answer: Any, status: int) -> Response:
    if isinstance(answer, Response):
        return answer
    return Response(json.dumps(answer, ensure_ascii=False), status, mimetype="application/json")


def _storable(sent: Any) -> Any:
    """The body, if it is an object and every text in it is one that both databases hold."""
    if not isinstance(sent, dict):
        raise Unreadable("the body must be a JSON object")
    waiting: list[Any] = [sent]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            clean_text(value, "the body")
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
    return sent


def _unauthorized() -> Response:
    body = {"type": "about:blank", "title": "Unauthorized", "status": 401, "detail": "a valid bearer token is needed"}
    return Response(
        json.dumps(body), 401, mimetype="application/problem+json", headers={"WWW-Authenticate": 'Bearer realm="api"'}
    )
