"""Where links live and may lead, on the console: a brand's own host, and the further hosts of a shop."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Brand, Mail, Shop
from campaigns.people.tokens import create_token
from campaigns.planning.notices import code_given
from tests import factories as make
from tests.factories import NOW, submit, visit


@pytest.fixture
def brand(session: Session) -> Brand:
    return make.brand(session)


def page(brand: Brand) -> str:
    return f"/console/brands/{brand.public_id}"


def test_a_link_domain_is_entered_noted_and_taken_away_again(staff: FlaskClient, session: Session, brand: Brand):
    for typed in ("https://GO.amber.example/", ""):
        answer = submit(staff, f"{page(brand)}/link-domain", {"link_domain": typed})
        assert answer.status_code == 302
    session.rollback()
    assert session.get_one(Brand, brand.id).link_domain == ""
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["brand.link_domain_changed"] * 2
    assert [entry.details["after"] for entry in entries] == ["go.amber.example", ""]


def test_the_page_says_what_must_be_done_in_dns_and_at_the_proxy(staff: FlaskClient, brand: Brand):
    shown = visit(staff, page(brand)).text
    assert "CNAME record" in shown and "to <bdi>localhost</bdi>" in shown
    assert "TLS certificate" in shown and "Host header" in shown


@pytest.mark.parametrize("typed", ["localhost", "go.amber.example:443", "no host", "x" * 300])
def test_what_can_not_be_is_refused_beside_its_field(staff: FlaskClient, session: Session, brand: Brand, typed: str):
    answer = submit(staff, f"{page(brand)}/link-domain", {"link_domain": typed})
    assert answer.status_code == 422
    assert 'id="link_domain-error1"' in answer.text and typed in answer.text
    session.rollback()
    assert session.scalars(select(AuditEntry)).all() == []


def test_everyone_is_shown_the_link_on_the_brands_own_host(staff: FlaskClient, session: Session, brand: Brand):
    brand.link_domain = "go.amber.example"
    campaign = make.live_campaign(session, accepted=1, shop=make.shop(session, brand=brand))
    person = make.participants(session, campaign)[0]
    link = f"go.amber.example/r/{person.link.slug}"
    code_given(session, person, "http://localhost", NOW)
    token = create_token(session, make.user(session), NOW)
    assert f"https://{link}" in session.scalars(select(Mail).order_by(Mail.id.desc())).first().body
    assert link in visit(staff, f"/console/campaigns/{campaign.public_id}").text
    assert link in visit(staff, f"/console/participations/{person.public_id}").text
    bearer = {"Authorization": f"Bearer {token}"}
    told = visit(staff, f"/api/v1/campaigns/{campaign.public_id}/participants", headers=bearer).json
    assert told["items"][0]["link"] == f"https://{link}"


def test_further_hosts_of_a_shop_are_entered_a_line_each_and_shown_so(staff: FlaskClient, session: Session):
    shop = make.shop(session)
    fields = {"name": shop.name, "domain": shop.domain, "timezone": shop.timezone}
    fields["hosts"] = "blog.example.com\r\n\r\nm.example.com"
    answer = submit(staff, f"/console/shops/{shop.public_id}", fields)
    assert answer.status_code == 302
    session.rollback()
    assert session.scalars(select(Shop.hosts)).one() == ["blog.example.com", "m.example.com"]
    assert "blog.example.com\nm.example.com</textarea>" in visit(staff, f"/console/shops/{shop.public_id}").text


def test_a_line_that_is_no_host_is_shown_again_with_the_reason(staff: FlaskClient, session: Session, brand: Brand):
    fields = {"brand": brand.public_id, "platform": "standard", "name": "Amber", "domain": "amber.example"}
    rest = {"currency": "ILS", "timezone": "Asia/Jerusalem", "hosts": "100%d no host"}
    answer = submit(staff, "/console/shops/new", {**fields, **rest})
    assert answer.status_code == 422
    assert "is no host name such as" in answer.text and "100%d no host</textarea>" in answer.text
