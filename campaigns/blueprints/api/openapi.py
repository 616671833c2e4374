"""The OpenAPI 3.1 document, made from the operations as they are declared."""

import re
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from pydantic.json_schema import models_json_schema

from campaigns.blueprints.api.api import JSON_ONLY, OPERATIONS, Operation, blueprint
from campaigns.blueprints.context import settings
from campaigns.commissions.terms import canonical

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "findings": {"type": "array", "items": {"type": "string"}},
    },
}


@blueprint.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """This API, exactly."""
    return Response(canonical(document(settings().public_url)), mimetype="application/json")


def document(server: str) -> dict[str, Any]:
    """The whole document, for a server at an address."""
    models = {model for operation in OPERATIONS for model in (operation.body, operation.answer) if model}
    _, definitions = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault("/api/v1" + operation.path, {})[operation.method.lower()] = _describe(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Campaigns", "version": "1", "description": __doc__},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": {**definitions.get("$defs", {}), "Problem": PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _describe(operation: Operation) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    parameters += [{"name": name, "in": "query", "schema": {"type": "string"}} for name in operation.query]
    if operation.method == "POST":
        parameters.append({"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 255}})
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": {
            str(operation.status): {"description": "Done.", "content": _content(operation)},
            "default": {
                "description": "Refused.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    }
    if operation.body:
        described["requestBody"] = {
            "content": {kind: {"schema": _reference(operation.body.__name__)} for kind in operation.body_types}
        }
    elif operation.body_types != JSON_ONLY:  # a file, taken as it is
        described["requestBody"] = {"required": True, "content": {kind: {} for kind in operation.body_types}}
    return described


def _content(operation: Operation) -> dict[str, Any]:
    if operation.answer is None:
        return {"*/*": {}}
    return {"application/json": {"schema": _reference(operation.answer.__name__)}}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
