"""Every route, asked by everyone, for what is theirs, what is somebody else's and what does not exist.

ROUTES says how to ask for each; a route that is not in it fails. Whose a thing is not, for them it does not exist: the
same status and the same words.
"""

import hashlib
import re
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from campaigns.blueprints import access
from campaigns.blueprints.api.api import OPERATIONS
from campaigns.blueprints.audiences import ANYONE, AUDIENCES
from campaigns.db import db
from campaigns.fonts import address
from campaigns.models import Campaign, Dispute, Document, Influencer, Participation, Shop, Talk
from campaigns.people.tokens import create_token
from tests.blueprints.api.bodies import good
from tests.blueprints.two_sides import MISSING, TODAY, Actor, two_sides
from tests.factories import sign_in

CAMPAIGN, PARTICIPANT = {"campaign_id": "campaign"}, {"participation_id": "participation"}
SHOP, BRAND, INFLUENCER = {"shop_id": "shop"}, {"brand_id": "brand"}, {"influencer_id": "influencer"}
# endpoint: what kind of thing each value of its address names ("=" begins a fixed text; "?" a value of the query)
ROUTES: dict[str, dict[str, str]] = {
    "static": {"filename": "=style.css"},
    "pages.font": {"name": "=" + address("hebrew").removeprefix("/fonts/")},
    "tracking.follow_link": {"slug": "slug"},
    "tracking.receive_delivery": {"platform": "=standard", "shop_id": "shop"},
    "tracking.shake_hands": {"platform": "=standard", "shop_id": "shop"},
    **dict.fromkeys(("health.healthz", "health.readyz", "health.metrics", "home.index"), {}),
    **dict.fromkeys(("auth.sign_in", "auth.sign_out", "auth.forgot_password", "auth.set_language"), {}),
    **dict.fromkeys(("auth.set_theme", "pages.styleguide"), {}),
    "auth.set_password": {"token": "invitation"},
    "auth.ask_for_link": {},
    "auth.use_link": {"?token": "invitation"},  # a way to a password is no way in
    **dict.fromkeys(("account.show", "account.change_password", "account.sign_out_elsewhere"), {}),
    "account.create_token": {},
    "account.revoke_token": {"name": "token"},
    **dict.fromkeys(("notices.index", "notices.mark_all_read", "notices.choices"), {}),
    **dict.fromkeys(("written.again", "written.forget"), {}),
    **dict.fromkeys(("notices.open_one", "notices.mark_read"), {"notice_id": "notice"}),
    **dict.fromkeys(("me.home", "me.earnings", "me.documents", "me.payee", "me.profile"), {}),
    **dict.fromkeys(("me.invitation", "me.accept", "me.decline", "me.campaign", "me.leave"), PARTICIPANT),
    **dict.fromkeys(("me.customers", "me.material", "me.orders", "me.leaderboard"), PARTICIPANT),
    **dict.fromkeys(("console.preparation", "console.ask_brand", "console.vetting", "console.material"), CAMPAIGN),
    **dict.fromkeys(("me.training", "console.training"), {}),
    "material.file": {"asset_id": "asset"},
    "console.withdraw_asset": {"asset_id": "asset_to_end"},
    "console.training_page": {"page_id": "training_page"},
    "console.withdraw_training": {"page_id": "training_to_end"},
    "agreeing.plan": CAMPAIGN,
    "agreeing.decide": {**CAMPAIGN, "subject": "=plan"},
    **dict.fromkeys(("console.registrations", "api.list_registrations", "api.register_customer"), CAMPAIGN),
    **dict.fromkeys(
        ("console.registration", "console.end_registration", "console.attach_customer"),
        {"registration_id": "registration"},
    ),
    **dict.fromkeys(("brand.campaigns", "brand.shops"), {}),
    "brand.campaign": CAMPAIGN,
    **dict.fromkeys(("codes.index", "codes.file", "codes.act"), CAMPAIGN),
    **dict.fromkeys(("console.share_kit", "console.share_qr", "me.share", "me.share_qr"), PARTICIPANT),
    **dict.fromkeys(("me.links", "me.withdraw_link"), PARTICIPANT),
    "me.studio": PARTICIPANT,
    **dict.fromkeys(("me.book_studio", "me.give_back_studio"), PARTICIPANT | {"slot_id": "slot"}),
    "console.studios": {},
    **dict.fromkeys(("console.studio", "console.close_studio"), {"studio_id": "studio"}),
    "console.call_off_slot": {"slot_id": "slot"},
    "brand.order": {"order_id": "order"},
    "me.order": {"order_id": "my_order"},
    "me.contact": {"contact_id": "my_contact"},
    "brand.contact": {"contact_id": "contact"},
    **dict.fromkeys(("setup.shop", "setup.save_secret", "setup.codes_csv"), SHOP),
    "documents.file": {"file_id": "paper"},
    **dict.fromkeys(("papers.index", "papers.by_link", "papers.snapshot_by_link"), {}),
    **dict.fromkeys(("papers.one", "papers.snapshot", "papers.accept", "papers.doubt"), {"document_id": "document"}),
    "papers.file_by_link": {"file_id": "paper"},
    "api.list_papers": {},
    **dict.fromkeys(("api.get_paper", "api.acknowledge_paper", "api.dispute_paper"), {"document_id": "document"}),
    **dict.fromkeys(("console.home", "console.board", "console.search", "console.held", "console.suspicions"), {}),
    "console.close_suspicion": {"suspicion_id": "suspicion"},
    **dict.fromkeys(("console.campaigns", "console.new_campaign", "console.unattributed", "console.deliveries"), {}),
    **dict.fromkeys(("console.documents", "console.payouts", "console.team", "console.rates"), {}),
    **dict.fromkeys(("console.bills", "api.list_bills", "api.create_bill"), CAMPAIGN),
    "console.bill": {"bill_id": "bill"},
    "api.note_bill_payment": {"bill_id": "bill"},
    **dict.fromkeys(("console.rate", "console.withdraw_rate"), {"rate_id": "rate"}),
    **dict.fromkeys(("api.list_rates", "api.enter_rate"), {}),
    **dict.fromkeys(("console.tables", "api.list_tables", "api.enter_table_row"), {}),
    "console.table": {"name": "=IL.vat"},
    **dict.fromkeys(("console.corrections", "console.issue_corrections", "api.list_corrections"), {}),
    "api.correct_payslip": {"payslip_id": "payslip"},
    **dict.fromkeys(("console.verify_table_row", "console.withdraw_table_row"), {"row_id": "table_row"}),
    **dict.fromkeys(("api.verify_table_row", "api.withdraw_table_row"), {"row_id": "table_row"}),
    **dict.fromkeys(("console.certificates", "api.list_certificates", "api.add_certificate"), INFLUENCER),
    **dict.fromkeys(("console.withdraw_certificate", "api.withdraw_certificate"), {"certificate_id": "certificate"}),
    **dict.fromkeys(("console.brands", "console.new_brand", "console.shops", "console.new_shop"), {}),
    **dict.fromkeys(("console.influencers", "console.new_influencer", "console.imports"), {}),
    "console.import_template": {"ending": "=csv"},
    **dict.fromkeys(("console.import_run", "console.import_problems"), {"run_id": "import_run"}),
    **dict.fromkeys(("console.take_import", "console.discard_import"), {"run_id": "import_run"}),
    **dict.fromkeys(("console.campaign", "console.edit_campaign", "console.offer_terms", "console.launch"), CAMPAIGN),
    **dict.fromkeys(("console.invite", "console.orders", "console.cancel", "console.close"), CAMPAIGN),
    **dict.fromkeys(("console.participation", "console.replace_code", "console.resend_invitation"), PARTICIPANT),
    "console.remove": PARTICIPANT,
    "console.order": {"order_id": "order"},
    **dict.fromkeys(("console.contacts", "brand.contacts", "api.list_contacts", "api.create_contact"), CAMPAIGN),
    **dict.fromkeys(("console.contact", "console.reject_contact", "console.accept_contact"), {"contact_id": "contact"}),
    **dict.fromkeys(("console.delivery", "console.replay", "console.show_everything"), {"delivery_id": "delivery"}),
    **dict.fromkeys(("console.replays", "console.start_replay"), {}),
    **dict.fromkeys(("console.replay_run", "console.cancel_replay"), {"run_id": "replay_run"}),
    **dict.fromkeys(("console.brand", "console.offer_brand_sign_in", "console.set_link_domain"), BRAND),
    **dict.fromkeys(("console.shop", "console.rotate_secret"), SHOP),
    **dict.fromkeys(("console.connect_api", "console.disconnect_api", "console.test_api", "console.pull_now"), SHOP),
    "console.influencer": INFLUENCER,
    "console.invite_with_terms": {**CAMPAIGN, **INFLUENCER},
    **dict.fromkeys(("console.matching", "console.invite_proposed", "console.invite_next"), CAMPAIGN),
    **dict.fromkeys(("console.drop_candidate", "console.replace_candidate"), {"candidate_id": "candidate"}),
    **dict.fromkeys(("console.extend_invitation", "console.invite_again"), PARTICIPANT),
    "console.calendar": {},
    **dict.fromkeys(("api.openapi", "api.create_brand", "api.list_brands", "api.create_shop"), {}),
    **dict.fromkeys(("api.create_influencer", "api.list_influencers", "api.create_campaign"), {}),
    **dict.fromkeys(("api.list_campaigns", "api.preview_payslip", "api.create_payout"), {}),
    **dict.fromkeys(("api.get_influencer", "api.update_influencer"), INFLUENCER),
    **dict.fromkeys(("api.get_campaign", "api.offer_terms", "api.invite_participant"), CAMPAIGN),
    **dict.fromkeys(("api.list_participants", "api.launch_campaign", "api.campaign_stats"), CAMPAIGN),
    **dict.fromkeys(("api.campaign_orders", "api.close_campaign", "api.campaign_report"), CAMPAIGN),
    "api.campaign_statement": {**CAMPAIGN, "?participant": "participation"},
    **dict.fromkeys(
        ("api.accept_participation", "api.decline_participation", "api.replace_code"),
        {"participant_id": "participation"},
    ),
    "api.assign_order": {"order_id": "order"},
    **dict.fromkeys(("api.reconcile_campaign", "api.campaign_reconciliation", "console.reconciliation"), CAMPAIGN),
    **dict.fromkeys(("console.pull_campaign", "console.settle_agreed", "console.decide_kind"), CAMPAIGN),
    **dict.fromkeys(("api.accept_finding", "api.waive_finding", "api.dispute_finding"), {"finding_id": "finding"}),
    "console.decide_finding": {"finding_id": "finding"},
    "api.get_document": {"document_id": "paper"},
    **dict.fromkeys(("api.get_payout", "api.release_payout", "api.cancel_payout"), {"payout_id": "batch"}),
    **dict.fromkeys(("console.payout", "console.payout_results"), {"payout_id": "batch"}),
    **dict.fromkeys(("console.release_payout", "console.cancel_payout"), {"payout_id": "batch"}),
    **dict.fromkeys(("api.payout_file", "console.payout_file"), {"payout_id": "batch", "kind": "=csv"}),
    **dict.fromkeys(("api.mark_line_paid", "api.mark_line_failed"), {"payout_id": "batch", "line_id": "line"}),
    **dict.fromkeys(("console.mark_line_paid", "console.mark_line_failed"), {"payout_id": "batch", "line_id": "line"}),
    **dict.fromkeys(("wallets.mine", "wallets.of_my_brand", "wallets.index", "disputes.index"), {}),
    "wallets.influencer": INFLUENCER,
    "wallets.brand": BRAND,
    **dict.fromkeys(("wallets.grant", "wallets.offset"), {"kind": "=influencer", "party_id": "influencer"}),
    "disputes.new": {"?order": "my_order"},
    **dict.fromkeys(("disputes.one", "disputes.say", "disputes.resolve"), {"dispute_id": "dispute"}),
    **dict.fromkeys(("talks.index", "talks.incidents"), {}),
    **dict.fromkeys(("talks.new", "talks.report"), {"?campaign": "campaign"}),
    **dict.fromkeys(("talks.one", "talks.say", "talks.mediate", "talks.close"), {"talk_id": "talk"}),
    **dict.fromkeys(("talks.pass_on", "talks.keep"), {"talk_id": "talk", "message_id": "talk_message"}),
    **dict.fromkeys(("talks.handle", "talks.end"), {"incident_id": "incident"}),
    **dict.fromkeys(("console.hold", "console.release"), {"order_id": "order"}),
    "console.follow_up": CAMPAIGN,
    **dict.fromkeys(("api.hold_order", "api.release_order"), {"order_id": "order"}),
    **dict.fromkeys(("console.hold_contact", "console.release_contact"), {"contact_id": "contact"}),
    **dict.fromkeys(("api.hold_contact", "api.release_contact"), {"contact_id": "contact"}),
    "api.influencer_wallet": INFLUENCER,
    "api.brand_wallet": BRAND,
    "api.follow_up": CAMPAIGN,
    **dict.fromkeys(("api.grant_credit", "api.offset_credit", "api.open_dispute", "api.list_disputes"), {}),
    **dict.fromkeys(("api.get_dispute", "api.answer_dispute", "api.resolve_dispute"), {"dispute_id": "dispute"}),
    "console.exports": {},
    "exports.file": {"name": "=orders", "ending": "=csv", "?campaign": "campaign"},
    "api.export_file": {"name": "=orders", "format": "=csv", "?campaign": "campaign"},
    "console.route_rules": {},
    **dict.fromkeys(("api.list_route_rules", "api.add_route_rule"), {}),
    "api.end_route_rule": {"rule_id": "route_rule"},
    "api.take_payout_results": {"payout_id": "batch"},
    **dict.fromkeys(("answers.index", "api.create_answer", "me.certificate"), {}),
    **dict.fromkeys(("console.yearly_papers", "api.list_yearly_papers", "api.make_yearly_papers"), {}),
    **dict.fromkeys(("console.payroll_orders", "api.list_payroll_orders", "api.create_payroll_order"), {}),
    "api.get_answer": {"answer_id": "answer"},
    "api.certify_partner": INFLUENCER,
    "console.received_papers": {},
    **dict.fromkeys(("console.received_paper", "received.file"), {"paper_id": "received"}),
    **dict.fromkeys(("console.accept_received", "console.refuse_received"), {"paper_id": "received"}),
    **dict.fromkeys(("api.accept_received", "api.refuse_received"), {"paper_id": "received"}),
    **dict.fromkeys(("api.list_received", "api.send_received", "me.paper"), {"statement_id": "statement"}),
    "me.answer_invoice": {"document_id": "self_billed"},
    **dict.fromkeys(("me.self_billing", "me.end_self_billing"), {}),
    "console.end_route_rule": {"rule_id": "route_rule"},
    "console.override_route": PARTICIPANT,
}
# These end something; asked for last, so that the others still find it.
ENDINGS = ("console.remove", "console.cancel", "console.close", "me.leave", "auth.sign_out")


@dataclass(frozen=True, eq=False)
class Ask:
    """One request, and of whom it asks: `own`, `foreign` or `missing`."""

    actor: Actor
    endpoint: str
    method: str
    path: str
    of: str
    query: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.actor.name} {self.method} {self.path} ({self.endpoint}, {self.of})"


class Asker:
    """Sends requests as different people; browsers for pages, tokens for the API."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.clients: dict[str, FlaskClient] = {}
        self.tokens: dict[str, str] = {}
        self.bodies = {f"api.{operation.name}": operation for operation in OPERATIONS}
        signer = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
        self.csrf = str(signer.dumps("0" * 40))

    def sign_in(self, actor: Actor) -> None:
        """A browser of the actor's own, and a token."""
        client = self.clients[actor.name] = self.app.test_client()
        if actor.user is not None:
            sign_in(client, actor.user)
            self.tokens[actor.name] = create_token(self.session, actor.user, TODAY)
        with client.session_transaction() as cookie:
            cookie.update({"csrf_token": "0" * 40, "language": "en"})
        self.session.commit()

    def answer(self, ask: Ask, csrf: bool = True, **headers: str) -> TestResponse:
        """The answer, in a context of its own."""
        self.session.commit()
        token = self.tokens.get(ask.actor.name) if ask.endpoint.startswith("api.") else None
        sent: dict[str, Any] = {"headers": {**headers, **({"Authorization": f"Bearer {token}"} if token else {})}}
        operation = self.bodies.get(ask.endpoint)
        if operation is not None and operation.body:
            sent["json"] = good(operation, ids(ask.actor))
        elif ask.method != "GET" and csrf:
            sent["data"] = {"csrf_token": self.csrf}
        client = self.clients[ask.actor.name]
        answer: TestResponse = Context().run(
            client.open, ask.path, method=ask.method, query_string=dict(ask.query), **sent
        )
        answer.get_data()
        answer.close()  # a file that was sent
        return answer


def ids(actor: Actor) -> dict[str, str]:
    """What bodies speak of."""
    assert actor.own is not None
    things = actor.own.things
    others = actor.own.others
    return {
        "brand": things["brand"][0],
        "shop": things["shop"][0],
        "influencer": others["influencer"][0],
        "participant": things["participation"][0],
        "order": things["my_order"][0],
    }


def asks(app: Flask, actor: Actor, rules: list[Rule], method: str) -> Iterator[Ask]:
    """Everything an actor can ask of the routes that are theirs; of those that are not, one thing each."""
    for rule in rules:
        if method not in (rule.methods or ()):
            continue
        kinds = ROUTES[rule.endpoint]
        theirs = actor.role in AUDIENCES[rule.endpoint] or AUDIENCES[rule.endpoint] is ANYONE
        for of, values in fillings(actor, kinds):
            if of != "own" and not theirs or of == "foreign" and AUDIENCES[rule.endpoint] is ANYONE:
                continue
            build = {name: value for name, value in values.items() if not name.startswith("?")}
            query = tuple((name[1:], value) for name, value in values.items() if name.startswith("?"))
            with app.test_request_context():
                path = app.url_map.bind("localhost").build(rule.endpoint, build, method)
            yield Ask(actor, rule.endpoint, method, path, of, query)


def fillings(actor: Actor, kinds: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """(whose, values): of the actor's own things each, then one foreign or missing thing at a time."""
    fixed = {name: kind[1:] for name, kind in kinds.items() if kind.startswith("=")}
    named = {name: kind for name, kind in kinds.items() if name not in fixed}
    depth = max((len(actor.things(kind)) for kind in named.values()), default=1)
    things = {name: actor.things(kind) for name, kind in named.items()}
    own = [{name: found[place % len(found)] for name, found in things.items()} for place in range(depth)]
    yield from (("own", {**fixed, **values}) for values in own)
    for name, kind in named.items():
        yield from (("foreign", {**fixed, **own[0], name: stranger}) for stranger in actor.strangers(kind))
        yield "missing", {**fixed, **own[0], name: MISSING}


def expected(ask: Ask, answer: TestResponse) -> bool:
    """Whether the status is one that this actor may get."""
    status, audience = answer.status_code, AUDIENCES[ask.endpoint]
    if audience is ANYONE:
        return status < 500 and (ask.of == "own" or status >= 400)
    if ask.actor.user is None:
        signs_in = status == 302 and "/sign-in" in answer.headers["Location"]
        return status == 401 if ask.endpoint.startswith("api.") else signs_in
    if ask.actor.role not in audience or ask.of != "own":
        return status == 404
    if ask.endpoint == "api.campaign_report":
        return status in {200, 404}  # one of the two campaigns is not closed
    return status < 500 and status not in {401, 403, 404}


def said(answer: TestResponse) -> str:
    """The answer as text, whatever it is."""
    return answer.get_data().decode(errors="replace")


def words(answer: TestResponse, ask: Ask) -> str:
    """What the answer says, without what is new in each: the token of its forms, the address that was asked for."""
    text = said(answer)
    text = re.sub(r'name="csrf_token" value="[^"]*"', "", text)
    text = re.sub(r'name="next" value="[^"]*"', "", text)
    text = re.sub(r'href="[^"]*[?]next=[^"]*"', "", text)
    return hashlib.sha256(text.replace(ask.path, "").encode()).hexdigest()


def rows(session: Session) -> dict[str, str]:
    """A hash of every table's rows."""
    session.commit()
    found = {}
    for table in db.metadata.sorted_tables:
        query = select(table)
        if table.name == "audit_entry":
            query = query.where(table.c.action != "export.made")  # the one thing that reading writes
        content = sorted(str(row) for row in session.execute(query))
        found[table.name] = hashlib.sha256("\n".join(content).encode(errors="replace")).hexdigest()
    session.commit()
    return found


@pytest.fixture
def actors(session: Session) -> Iterator[list[Actor]]:
    """Everyone who asks, ten days after the campaigns were closed."""
    with time_machine.travel(TODAY, tick=False):
        yield two_sides(session)


@pytest.fixture
def asker(app: Flask, session: Session, actors: list[Actor]) -> Asker:
    """Everyone signed in."""
    asker = Asker(app, session)
    for actor in actors:
        asker.sign_in(actor)
    return asker


def routes(app: Flask) -> list[Rule]:
    """The whole url map, what ends something last."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint in ENDINGS)


def told_apart(asked: list[tuple[Ask, TestResponse]]) -> list[str]:
    """Requests where a foreign thing was answered otherwise than a missing one."""
    seen: dict[tuple[str, str], set[tuple[int, str]]] = {}
    for ask, answer in asked:
        if ask.of != "own":
            told = (answer.status_code, words(answer, ask))
            seen.setdefault((ask.actor.name, f"{ask.method} {ask.endpoint}"), set()).add(told)
    return [f"{who} {what}" for (who, what), answers in seen.items() if len(answers) > 1]


def test_every_route_says_how_it_is_asked_for(app: Flask):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == ROUTES.keys()


def test_reading_shows_everyone_what_is_theirs_and_changes_nothing(
    app: Flask, session: Session, asker: Asker, actors: list[Actor]
):
    rules = [rule for rule in routes(app) if rule.endpoint != "tracking.follow_link"]
    before = rows(session)
    asked = [(ask, asker.answer(ask)) for actor in actors for ask in asks(app, actor, rules, "GET")]
    papers = [ask for ask, answer in asked if ask.endpoint == "api.get_document"]
    asked += [(ask, asker.answer(ask, Accept="application/json")) for ask in papers]
    assert [f"{answer.status_code} {ask}" for ask, answer in asked if not expected(ask, answer)] == []
    assert told_apart(asked) == []
    assert [f"{secret} in {ask}" for ask, answer in asked for secret in leaks(ask, answer)] == []
    assert {table for table, content in rows(session).items() if content != before[table]} == set()
    assert len(asked) > 300


def leaks(ask: Ask, answer: TestResponse) -> list[str]:
    """Words of others in an answer."""
    if ask.actor.user is None:
        return []  # a stranger is shown the sign-in, checked by status
    text = said(answer).replace(ask.path, "")
    return [secret for secret in ask.actor.secrets() if secret in text]


FILTERS = {
    "campaigns_for": Campaign,
    "shops_for": Shop,
    "participations_for": Participation,
    "influencers_for": Influencer,
    "documents_for": Document,
    "disputes_for": Dispute,
    "talks_for": Talk,
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is asked differs, not what answers
def test_a_filter_that_is_missing_is_noticed(
    app: Flask, asker: Asker, actors: list[Actor], monkeypatch: pytest.MonkeyPatch
):
    tenants = [actor for actor in actors if actor.name in {"brand", "influencer"}]
    # From anybody else's routes the role is turned away, before anything is looked for.
    ours = {actor.name: [rule for rule in routes(app) if actor.role in AUDIENCES[rule.endpoint]] for actor in tenants}
    theirs = [ask for actor in tenants for ask in asks(app, actor, ours[actor.name], "GET")]
    unnoticed = []
    for name, model in FILTERS.items():
        with monkeypatch.context() as broken:
            broken.setattr(access, name, lambda _user, everything=model: select(everything))
            asked = [(ask, asker.answer(ask)) for ask in theirs]
        wrong = [ask for ask, answer in asked if not expected(ask, answer)]
        leaking = [ask for ask, answer in asked if ask.of == "own" and leaks(ask, answer)]
        listed = model in (Campaign, Shop, Participation)  # on pages, by names; papers are listed by number
        if not wrong or (listed and not leaking):
            unnoticed.append(name)
    assert unnoticed == []


def test_a_link_leads_everyone_to_the_shop(app: Flask, asker: Asker, actors: list[Actor]):
    rules = [rule for rule in routes(app) if rule.endpoint == "tracking.follow_link"]
    asked = [(ask, asker.answer(ask)) for actor in actors for ask in asks(app, actor, rules, "GET")]
    found = {(ask.of, answer.status_code) for ask, answer in asked}
    assert found == {("own", 302), ("missing", 404)}


def test_writing_reaches_only_what_is_yours(app: Flask, session: Session, asker: Asker, actors: list[Actor]):
    methods, rules = ("POST", "PATCH"), routes(app)
    everything = [ask for actor in actors for method in methods for ask in asks(app, actor, rules, method)]
    before = rows(session)
    refused = [ask for ask in everything if AUDIENCES[ask.endpoint] is not ANYONE and not may(ask)]
    asked = [(ask, asker.answer(ask)) for ask in refused]
    assert [f"{answer.status_code} {ask}" for ask, answer in asked if not expected(ask, answer)] == []
    assert told_apart(asked) == []
    assert {table for table, content in rows(session).items() if content != before[table]} == set()
    asked = []
    for ask in everything:
        if ask not in refused:
            asker.sign_in(ask.actor)
            asked.append((ask, asker.answer(ask)))
    assert [f"{answer.status_code} {ask}" for ask, answer in asked if not expected(ask, answer)] == []
    assert len(refused) > 100 and len(asked) > 50


def may(ask: Ask) -> bool:
    """Whether the route and the thing are this actor's."""
    return ask.of == "own" and ask.actor.role in AUDIENCES[ask.endpoint]


def test_no_form_is_taken_without_its_token(app: Flask, session: Session, asker: Asker, actors: list[Actor]):
    pages = [rule for rule in routes(app) if rule.endpoint.split(".")[0] not in ("api", "tracking")]
    posts = [ask for actor in actors for ask in asks(app, actor, pages, "POST") if ask.of == "own"]
    before = rows(session)
    asked = [(ask, asker.answer(ask, csrf=False)) for ask in posts]
    assert [f"{answer.status_code} {ask}" for ask, answer in asked if answer.status_code != 400] == []
    assert rows(session) == before
    assert {ask.endpoint for ask in posts} == {rule.endpoint for rule in pages if "POST" in (rule.methods or ())}
