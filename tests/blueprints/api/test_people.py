"""Brands, shops and influencers over the API: answered as sent, refused field by field."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import FollowerCount
from campaigns.people.records import find_user
from tests import factories
from tests.blueprints.api.calls import Program

SHOP = {
    "platform": "standard",
    "name": "Amber shop",
    "domain": "shop.example.com",
    "currency": "ILS",
    "timezone": "Asia/Jerusalem",
}
NOA_POSTS = {"network": "instagram", "handle": "@noa", "followers": 12_000}
NOA = {
    "name": "Noa Levi",
    "email": "noa@example.com",
    "language": "he",
    "niches": ["skin care"],
    "accounts": [NOA_POSTS],
}


def test_a_brand_is_answered_as_sent_and_can_sign_in(agency: Program, session: Session):
    sent = {
        "name": "Amber",
        "email": "amber@example.com",
        "legal_name": "Amber Ltd",
        "registration_number": "516179157",
        "link_domain": "go.amber.example",
    }
    made = agency.post("/brands", sent, status=201)
    assert made == {"id": made["id"], **sent}
    user = find_user(session, "AMBER@example.com")
    assert user is not None and user.role == "brand" and user.password_hash is None


def test_a_shop_tells_its_secret_once_and_where_to_send(agency: Program, session: Session):
    brand = factories.brand(session)
    made = agency.post("/shops", {"brand": brand.public_id, **SHOP}, status=201)
    assert made["webhook_url"] == f"http://localhost/webhooks/standard/{made['id']}"
    assert made["webhook_secret"].startswith("whsec_") and made["brand"] == brand.public_id


def test_a_brand_can_not_have_its_links_on_a_host_that_is_taken(agency: Program):
    brand = {"name": "Amber", "email": "amber@example.com", "link_domain": "go.amber.example"}
    agency.post("/brands", brand, status=201)
    refused = agency.post("/brands", {**brand, "email": "cobalt@example.com"}, status=422)
    assert refused["errors"] == {"link_domain": ["is another brand's already"]}


def test_a_shop_may_have_further_hosts(agency: Program, session: Session):
    brand = {"brand": factories.brand(session).public_id}
    made = agency.post(
        "/shops", {**brand, **SHOP, "hosts": ["https://Blog.example.com/", "shop.example.com"]}, status=201
    )
    assert made["hosts"] == ["blog.example.com"]
    refused = agency.post("/shops", {**brand, **SHOP, "hosts": ["", "evil.com/x"]}, status=422)
    assert list(refused["errors"]) == ["hosts"]


def test_a_shop_may_bring_its_own_secret(agency: Program, session: Session):
    sent = {"brand": factories.brand(session).public_id, **SHOP, "platform": "shopify", "webhook_secret": "shpss_1"}
    assert agency.post("/shops", sent, status=201)["webhook_secret"] == "shpss_1"


def test_an_influencer_is_answered_with_payee_details(agency: Program):
    payee = {"route": "payslip", "id_number": "039337423", "credit_points": "2.25", "bank_account": "123456"}
    made = agency.post("/influencers", {**NOA, "payee": payee}, status=201)
    assert {field: made[field] for field in NOA} == NOA
    assert {field: made["payee"][field] for field in payee} == payee
    assert agency.get(f"/influencers/{made['id']}") == made


def test_a_patch_changes_what_was_sent_and_nothing_else(agency: Program):
    made = agency.post("/influencers", {**NOA, "payee": {"route": "receipt", "id_number": "039337423"}}, status=201)
    steps = [{"upto_minor": 500_000, "rate_bps": 1000}, {"upto_minor": None, "rate_bps": 4700}]
    changed = agency.patch(f"/influencers/{made['id']}", {"payee": {"coordination": steps, "second_employer": True}})
    expected = {**made["payee"], "coordination": steps, "second_employer": True}
    assert changed == {**made, "payee": expected}


def test_influencers_change_their_own_record_and_nobody_else_s(program: Callable[..., Program], session: Session):
    noa, eve = factories.influencer(session), factories.influencer(session, name="Eve")
    own = program(factories.user(session, influencer=noa))
    assert own.patch(f"/influencers/{noa.public_id}", {"name": "Noa L."})["name"] == "Noa L."
    refused = own.patch(f"/influencers/{eve.public_id}", {"name": "Mine"}, status=404)
    assert refused == own.patch("/influencers/nobody", {"name": "Mine"}, status=404)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("/brands", {"email": "a@example.com"}, "name"),
    ("/brands", {"name": "A", "email": "no address"}, "email"),
    ("/brands", {"name": "A", "email": "a@example.com", "owner": "me"}, "owner"),
    ("/brands", {"name": "A" * 201, "email": "a@example.com"}, "name"),
    ("/shops", {"brand": "none", **SHOP}, "brand"),
    ("/shops", {"brand": "B", **SHOP, "platform": "etsy"}, "platform"),
    ("/shops", {"brand": "B", **SHOP, "currency": "SHEKEL"}, "currency"),
    ("/shops", {"brand": "B", **SHOP, "timezone": "Jerusalem"}, "timezone"),
    ("/shops", {"brand": "B", **SHOP, "domain": "not a host"}, "domain"),
    ("/shops", {"brand": "B", **SHOP, "name": "A" * 201}, "name"),
    ("/influencers", {**NOA, "language": "fr"}, "language"),
    ("/influencers", {**NOA, "accounts": [{"network": "instagram"}]}, "accounts"),
    ("/influencers", {**NOA, "payee": {"route": "cash"}}, "payee.route"),
    ("/influencers", {**NOA, "payee": {"route": "payslip", "id_number": "039337424"}}, "payee.id_number"),
    ("/influencers", {**NOA, "payee": {"credit_points": "2.255"}}, "payee.credit_points"),
    ("/influencers", {**NOA, "payee": {"wallet": "x"}}, "payee.wallet"),
]


def test_a_wrong_field_is_named(agency: Program, session: Session):
    brand = factories.brand(session).public_id
    for path, body, field in WRONG:
        sent = {**body, "brand": brand} if body.get("brand") == "B" else body
        refused = agency.post(path, sent, status=422)
        assert list(refused["errors"]) == [field], (path, body)


def test_every_wrong_field_is_named_at_once(agency: Program):
    refused = agency.post("/influencers", {**NOA, "name": " ", "email": "x", "payee": {"route": "cash"}}, status=422)
    assert set(refused["errors"]) == {"name", "email", "payee.route"}


def test_an_address_signs_in_for_one_thing_only(agency: Program):
    agency.post("/brands", {"name": "Amber", "email": "both@example.com"}, status=201)
    refused = agency.post("/influencers", {**NOA, "email": "Both@Example.com"}, status=422)
    assert list(refused["errors"]) == ["email"]


def test_a_list_is_continued_by_its_cursor(agency: Program):
    names = [f"Brand {number}" for number in range(5)]
    for number, name in enumerate(names):
        agency.post("/brands", {"name": name, "email": f"b{number}@example.com"}, status=201)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = agency.get("/brands", limit=2, **cursor)
        seen += [brand["name"] for brand in page["items"]]
        if page["next"] is None:
            break
        assert len(page["items"]) == 2
        cursor = {"cursor": page["next"]}
    assert seen == names


def test_a_limit_or_cursor_that_is_none_is_named(agency: Program):
    for name, value in (("limit", "0"), ("limit", "501"), ("limit", "x"), ("cursor", "-1"), ("cursor", "²")):
        assert list(agency.get("/brands", status=422, **{name: value})["errors"]) == [name]


MATCHING = {
    "styles": ["humour"],
    "content_languages": ["ar", "he"],
    "audience": {"countries": ["IL"], "ages": ["18-24"], "women_percent": 70, "interests": ["travel"]},
    "away": [{"from": "2026-06-01", "to": "2026-06-14"}],
    "leaderboard": True,
}


def test_what_matching_asks_is_answered_as_sent_and_changed_alone(agency: Program):
    made = agency.post("/influencers", {**NOA, **MATCHING}, status=201)
    assert {name: made[name] for name in MATCHING} == MATCHING
    changed = agency.patch(f"/influencers/{made['id']}", {"away": []})
    assert (changed["away"], changed["styles"], changed["audience"]) == ([], ["humour"], MATCHING["audience"])


def test_what_matching_can_not_use_is_refused_by_name(agency: Program):
    wrong = {"styles": ["loud"], "audience": {"ages": ["30"]}, "away": [{"from": "2026-06-02", "to": "2026-06-01"}]}
    refused = agency.post("/influencers", {**NOA, **wrong}, status=422)
    assert sorted(refused["errors"]) == ["audience", "away", "styles"]


def test_a_number_an_influencer_sends_themselves_is_kept_as_theirs(agency: Program, session: Session):
    made = agency.post("/influencers", NOA, status=201)
    noa = Program(agency.app, find_user(session, "noa@example.com"))
    noa.patch(f"/influencers/{made['id']}", {"accounts": [{**NOA_POSTS, "followers": 13_000}]})
    kept = session.execute(select(FollowerCount.followers, FollowerCount.source).order_by(FollowerCount.id)).all()
    assert [tuple(row) for row in kept] == [(12_000, "typed"), (13_000, "own")]
