"""Codes in a Shopify shop, through its Admin GraphQL API; the token needs read_discounts and write_discounts.

https://shopify.dev/docs/api/admin-graphql/2026-07/mutations/discountCodeBasicCreate, queries/codeDiscountNodeByCode,
mutations/discountCodeDeactivate. Errors come with status 200: of the request in `errors`, of what it says in
`userErrors`. A percentage is a fraction of one. `asyncUsageCount` runs a little behind.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from campaigns.addresses import Unreachable
from campaigns.clock import iso
from campaigns.errors import Said
from campaigns.outbound import Answer, Broken
from campaigns.planning.shop_codes.asking import (
    MISREAD,
    Call,
    Credentials,
    Found,
    Refused,
    Taken,
    Wanted,
    Way,
    document_of,
    not_its_api,
    refusal,
)
from campaigns.tracking.json_body import LONGEST_ID, parse_moment
from campaigns.tracking.json_text import write_json
from campaigns.tracking.pull_shopify import VERSION

PATH = f"/admin/api/{VERSION}/graphql.json"
CREATE = """mutation($code: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $code) {
  codeDiscountNode { id } userErrors { code message } } }"""
LOOK_UP = """query($code: String!) { codeDiscountNodeByCode(code: $code) { id codeDiscount { __typename
  ... on DiscountCodeBasic { status startsAt endsAt usageLimit appliesOncePerCustomer asyncUsageCount
    minimumRequirement { __typename } context { __typename }
    customerGets { items { __typename } value { __typename ... on DiscountPercentage { percentage } } } } } } }"""
END = """mutation($id: ID!) { discountCodeDeactivate(id: $id) {
  codeDiscountNode { id } userErrors { code message } } }"""

OCCUPIED = frozenset({"TAKEN", "DUPLICATE"})
OUT_OF_RANGE = "VALUE_OUTSIDE_RANGE"
EVERYBODY = "DiscountBuyerSelectionAll"


def look_up(credentials: Credentials, code: str) -> Call:
    """Ask for a code; capitals make no difference there."""
    return _call(credentials, LOOK_UP, {"code": code})


def found(answer: Answer, code: str) -> Found | None:
    """The code as it is in the shop; None where there is none."""
    node = _data(answer).get("codeDiscountNodeByCode")
    if node is None:
        return None
    try:
        return _found(node)
    except MISREAD as error:
        raise not_its_api() from error


def create(credentials: Credentials, wanted: Wanted) -> Call:
    """Ask for a new code: for all buyers and all items, as often as one likes."""
    gets = {"value": {"percentage": Decimal(wanted.percent_off).scaleb(-2)}, "items": {"all": True}}
    discount = {
        "title": wanted.code,
        "code": wanted.code,
        "startsAt": iso(wanted.begins),
        "endsAt": iso(wanted.ends),
        "context": {"all": "ALL"},
        "customerGets": gets,
        "appliesOncePerCustomer": False,
    }
    return _call(credentials, CREATE, {"code": discount})


def created(answer: Answer, wanted: Wanted) -> str:
    """The shop's id of the new code."""
    payload = _payload(answer, "discountCodeBasicCreate")
    errors = payload.get("userErrors") or []
    codes = {error.get("code") for error in errors}
    if codes & OCCUPIED:
        raise Taken(Said("the shop has this code already"))
    if OUT_OF_RANGE in codes and not wanted.percent_off:
        raise Refused(Said("Shopify takes no code without a discount: give the campaign one, or work with links alone"))
    if errors:
        raise refusal(errors[0].get("message"))
    node = payload.get("codeDiscountNode")
    if not isinstance(node, dict) or not isinstance(node.get("id"), str):
        raise not_its_api()
    return str(node["id"])[:LONGEST_ID]


def end(credentials: Credentials, code: Found, now: datetime) -> Call:
    """Ask that a code be switched off."""
    return _call(credentials, END, {"id": code.external_id})


def ended(answer: Answer) -> None:
    """Nothing where the code is off; raises Refused."""
    errors = _payload(answer, "discountCodeDeactivate").get("userErrors") or []
    if errors:
        raise refusal(errors[0].get("message"))


WAY = Way(look_up, found, create, created, end, ended, knows_beginning=True)


def _call(credentials: Credentials, query: str, variables: Mapping[str, Any]) -> Call:
    body = write_json({"query": query, "variables": dict(variables)})
    return Call("POST", PATH, {"X-Shopify-Access-Token": credentials["access_token"]}, body)


def _data(answer: Answer) -> dict[str, Any]:
    """What a query brought; raises Broken where the shop asks for patience, Unreachable for any other error."""
    document = document_of(answer, 200)
    if not isinstance(document, dict):
        raise not_its_api()
    errors = document.get("errors")
    if isinstance(errors, list) and errors:
        codes = {(error.get("extensions") or {}).get("code") for error in errors if isinstance(error, dict)}
        if "THROTTLED" in codes:
            raise Broken(Said("the shop's API asks us to wait: it was asked too much"))
        if "ACCESS_DENIED" in codes:
            raise Unreachable(Said("the shop's API refuses the credentials, or they may not write discounts"))
        raise Unreachable(Said("the shop's API does not understand what we ask"))
    data = document.get("data")
    if not isinstance(data, dict):
        raise not_its_api()
    return data


def _payload(answer: Answer, name: str) -> dict[str, Any]:
    payload = _data(answer).get(name)
    if not isinstance(payload, dict):
        raise not_its_api()
    return payload


def _found(node: Any) -> Found:
    """A discount of the kind we create; one of any other kind takes off no percentage of ours."""
    raw, external_id = node["codeDiscount"], str(node["id"])[:LONGEST_ID]
    if raw["__typename"] != "DiscountCodeBasic":
        return Found(external_id, None, None, None, True, 0, False)
    gets = raw["customerGets"]
    part = gets["value"].get("percentage")
    limited = raw["usageLimit"] is not None or raw["appliesOncePerCustomer"] or raw["minimumRequirement"] is not None
    others = gets["items"]["__typename"] != "AllDiscountItems" or raw["context"]["__typename"] != EVERYBODY
    return Found(
        external_id,
        None if part is None else Decimal(part) * 100,
        parse_moment(raw["startsAt"], "startsAt"),
        parse_moment(raw["endsAt"], "endsAt") if raw["endsAt"] else None,
        bool(limited or others),
        int(raw["asyncUsageCount"]),
        raw["status"] == "EXPIRED",
    )
