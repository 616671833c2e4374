"""Before anything has happened every page is there, and says what is not there yet or what comes next."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from campaigns.blueprints.audiences import AUDIENCES
from campaigns.models import Brand, Influencer, User
from tests import factories
from tests.factories import sign_in, visit

# What a page says where it has nothing to list; a form that is to be filled in says what comes next by being there.
SAYS = re.compile(r'class="(?:[^"]* )?(?:empty|muted|lead|hint)[ "]|<p>|<form class="form')
ELSEWHERE = ("api.", "tracking.", "health.", "static", "pages.")
NAMED_IN_QUERY = ("disputes.new",)  # what it is about stands in ?order=, ?contact= and so on


def people(session: Session) -> dict[str, User]:
    """One of each role, and nothing else but what they belong to."""
    brand, influencer = factories.brand(session), factories.influencer(session)
    return {
        "agency": factories.user(session),
        "brand": factories.user(session, brand=brand),
        "influencer": factories.user(session, influencer=influencer),
    }


def pages_of(app: Flask, role: str) -> list[Rule]:
    """The pages of a role that need no id."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and not rule.endpoint.startswith(ELSEWHERE)
        and rule.endpoint not in NAMED_IN_QUERY
        and role in (AUDIENCES[rule.endpoint] or ())
    ]


def silent(page: str) -> bool:
    """Whether the main part of a page holds nothing that speaks."""
    main = page.partition('<main id="content"')[2].partition("</main>")[0]
    return SAYS.search(main) is None or "<h1" not in main


@pytest.mark.parametrize("role", ["agency", "brand", "influencer"])
def test_every_page_speaks_before_anything_has_happened(app: Flask, client: FlaskClient, session: Session, role: str):
    sign_in(client, people(session)[role])
    answers = {rule.endpoint: visit(client, rule.rule) for rule in pages_of(app, role)}
    wrong = {name: answer.status_code for name, answer in answers.items() if answer.status_code not in (200, 302)}
    assert wrong == {}
    shown = {name: answer.text for name, answer in answers.items() if answer.mimetype == "text/html"}
    assert [name for name, page in shown.items() if answers[name].status_code == 200 and silent(page)] == []
    assert len(shown) > {"agency": 25, "brand": 8, "influencer": 8}[role]


def new_things(session: Session) -> dict[str, str]:
    """A brand, shop, influencer, campaign and somebody in it, with nothing else, as addresses name them."""
    brand, influencer = factories.brand(session), factories.influencer(session)
    campaign = factories.campaign(session, shop=factories.shop(session, brand=brand))
    joined = factories.participation(session, campaign=campaign, influencer=influencer)
    return {
        "brand_id": brand.public_id,
        "shop_id": campaign.shop.public_id,
        "campaign_id": campaign.public_id,
        "influencer_id": influencer.public_id,
        "participation_id": joined.public_id,
    }


# A picture of a link: there is none before the launch.
ONLY_FOR_TAKING_PART = ("console.share_qr", "me.share_qr")


@pytest.mark.parametrize("role", ["agency", "brand", "influencer"])
def test_every_page_of_something_new_speaks(app: Flask, client: FlaskClient, session: Session, role: str):
    named = new_things(session)
    belongs = {"brand": Brand, "influencer": Influencer}
    whose = {role: session.scalars(select(belongs[role])).one()} if role in belongs else {}
    sign_in(client, factories.user(session, **whose))
    addresses = app.url_map.bind("localhost")
    shown = {}
    for rule in app.url_map.iter_rules():
        mine = "GET" in (rule.methods or ()) and role in (AUDIENCES[rule.endpoint] or ())
        whole = not rule.endpoint.startswith(ELSEWHERE) and rule.endpoint not in ONLY_FOR_TAKING_PART
        if mine and whole and rule.arguments and rule.arguments <= named.keys():
            values = {one: named[one] for one in rule.arguments}
            shown[rule.endpoint] = visit(client, addresses.build(rule.endpoint, values))
    assert {name: page.status_code for name, page in shown.items() if page.status_code not in (200, 302)} == {}
    pages = {name: page for name, page in shown.items() if page.status_code == 200 and page.mimetype == "text/html"}
    assert [name for name, page in pages.items() if silent(page.text)] == []
    assert len(pages) > {"agency": 20, "brand": 4, "influencer": 4}[role]
