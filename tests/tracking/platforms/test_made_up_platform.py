"""A platform nobody has heard of, added by docs/adding-a-platform.md as it stands: its blocks are run, not retold."""

import hmac
import json
import re
import sys
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AttributionDecision, Order
from campaigns.settlement.books.check import breaches
from campaigns.settlement.figures import figures_of
from campaigns.tracking.platforms.registry import PLATFORMS, Platform
from tests import factories
from tests.tracking.platforms.cases import Case, case_of, tale

PAGE = (Path(__file__).parents[3] / "docs" / "adding-a-platform.md").read_text()
FILE, ROW = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
DELIVERY, EXPECTED = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
SECRET = "acme's secret for this shop"


@pytest.fixture(autouse=True)
def acme(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The page's file as a module, and its row among the others."""
    name = "campaigns.tracking.platforms.acme"
    module = ModuleType(name)
    monkeypatch.setitem(sys.modules, name, module)
    exec(FILE, module.__dict__)  # noqa: S102 - our own page
    row = eval(ROW, {"Platform": Platform, "acme": module})  # noqa: S307 - our own page
    monkeypatch.setitem(PLATFORMS, row.code, row)
    yield


def signed(case: Case) -> dict[str, str]:
    signature = hmac.new(SECRET.encode(), case.body, "sha256").hexdigest()
    return {**case.facts["headers"], "X-Acme-Signature": signature}


def delivery(**fields: Any) -> Case:
    facts = json.loads(DELIVERY)
    facts["body"] |= fields
    return case_of("acme", "order-paid", json.dumps(facts), EXPECTED)


def test_the_pages_fixture_is_read_as_it_says() -> None:
    case = delivery()
    found = tale(case)
    assert {name: found[name] for name in case.expected} == case.expected
    PLATFORMS["acme"].verify([case.facts["secret"]], case.headers, case.body, case.now)


def test_a_version_the_file_does_not_know_is_refused_and_an_unknown_topic_ignored() -> None:
    case = delivery()
    later = {**case.facts, "headers": {**case.facts["headers"], "X-Acme-Version": "9"}}
    assert tale(Case("acme", "later", later, {}))["unreadable"] == "version 9 is not known yet"
    other = {**case.facts, "headers": {**case.facts["headers"], "X-Acme-Topic": "stock-changed"}}
    assert tale(Case("acme", "other", other, {}))["ignored"] == "unknown topic"


def test_its_order_comes_in_by_http_and_is_credited(session: Session, client: FlaskClient) -> None:
    shop = factories.shop(session, platform="acme", secret=SECRET)
    campaign = factories.live_campaign(session, shop=shop)
    noa = factories.participants(session, campaign)[0]
    assert noa.code
    case, path = delivery(coupon=noa.code.code, visit=""), f"/webhooks/acme/{shop.public_id}"
    session.commit()
    for became in ("processed", "duplicate"):
        answer = Context().run(client.post, path, data=case.body, headers=signed(case))
        assert (answer.status_code, answer.json) == (200, {"status": became})
    session.expire_all()
    decision = session.scalars(select(AttributionDecision).join(Order)).one()
    assert (decision.reason, decision.participation_id) == ("coupon", noa.id)
    # 180.00 less the 90.00 given back: 15 % of 90.00 are 13.50, 3 % are 2.70.
    earned = figures_of(session, campaign.id)[noa.id]
    assert (earned.commission_minor, earned.agency_fee_minor) == (1350, 270)
    assert breaches(session) == []


def test_what_acme_did_not_sign_is_refused(session: Session, client: FlaskClient) -> None:
    shop = factories.shop(session, platform="acme", secret="another secret")
    case, path = delivery(), f"/webhooks/acme/{shop.public_id}"
    session.commit()
    assert Context().run(client.post, path, data=case.body, headers=signed(case)).status_code == 401


def test_its_set_up_page_is_told_in_words_that_fit_any_platform(session: Session, client: FlaskClient) -> None:
    shop = factories.shop(session, platform="acme")
    factories.sign_in(client, factories.user(session, brand=shop.brand))
    page = factories.visit(client, f"/shops/{shop.public_id}/setup").text
    assert "Webhooks in <bdi>Acme</bdi>" in page
    assert f"http://localhost/webhooks/acme/{shop.public_id}" in page and "Change the secret" in page
