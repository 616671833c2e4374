"""The OpenAPI document is valid, and names what the API does: no less, no more."""

import re

import pytest
from flask import Flask, Response
from jsonschema import ValidationError
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

from campaigns.blueprints.api.api import OPERATIONS
from campaigns.models import User
from tests.blueprints.api.calls import Program, conforms, declaration
from tests.factories import visit

ITSELF = "/api/v1/openapi.json"


def test_the_document_is_valid_and_open_to_everyone(app: Flask):
    answer = visit(app.test_client(), ITSELF)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    OpenAPIV31SpecValidator(answer.json).validate()


def test_it_names_every_route_and_nothing_else(app: Flask):
    routes = {
        (method, rule.rule.replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.rule != ITSELF
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    named = {(method.upper(), path) for path, item in declaration()["paths"].items() for method in item}
    assert named == routes and len(routes) > 20


def test_every_value_in_a_path_is_a_parameter(app: Flask):
    for path, item in declaration()["paths"].items():
        for operation in item.values():
            told = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
            assert told == set(re.findall(r"{(\w+)}", path))


def test_every_post_takes_an_idempotency_key():
    posts = [item["post"] for item in declaration()["paths"].values() if "post" in item]
    assert all("Idempotency-Key" in {parameter["name"] for parameter in post["parameters"]} for post in posts)


def test_bodies_refuse_what_they_do_not_know():
    bodies: list[type[BaseModel]] = [operation.body for operation in OPERATIONS if operation.body]
    schemas = declaration()["components"]["schemas"]
    assert all(schemas[body.__name__]["additionalProperties"] is False for body in bodies)


def test_the_tests_notice_an_answer_that_was_not_declared(app: Flask):
    with pytest.raises(ValidationError):
        conforms(app, "GET", "/brands", Response('{"items": 3}', 200, mimetype="application/json"))
    with pytest.raises(AssertionError, match="doesn't declare"):
        conforms(app, "GET", "/brands", Response("", 204))


def test_without_a_valid_token_every_operation_is_401(app: Flask):
    nobody = Program(app)
    for operation in OPERATIONS:
        path = re.sub(r"{\w+}", "anything", operation.path)
        for sent in ({}, {"Authorization": "Bearer nobody's"}, {"Authorization": "Basic YTpi"}):
            answer = nobody.send(operation.method, path, b"{}" if operation.body else None, sent)
            assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_and_one_of_a_user_switched_off_are_401(app: Flask, agency: Program, session):
    assert agency.get("/brands") == {"items": [], "next": None}
    session.query(User).update({"active": False})
    agency.get("/brands", status=401)
