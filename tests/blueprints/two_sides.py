"""Two brands that must not know of each other, with everything the routes can be asked for on both sides.

Each side has a brand with a shop, an influencer the tests sign in as (Mina or Eve) and two more, a campaign that was
closed and paid, and one that is live. Everything that has a name carries the side's own word, Amber or Cobalt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import CodeSuspicion, Document, Influencer, Order, Participation, PayoutLine, User
from campaigns.people.invitations import create_invitation
from campaigns.people.notices import put_up
from campaigns.people.tokens import create_token, live_tokens, token_name
from campaigns.settlement.answering.answers import answer
from campaigns.settlement.answering.questions import Question
from campaigns.settlement.disputing.disputable import about_order
from campaigns.settlement.disputing.disputes import open_dispute
from campaigns.settlement.paying.routes import add_rule
from tests import factories, whole_campaign
from tests.blueprints.two_talks import everyone_has_read, talks_of
from tests.settlement.owed import agency
from tests.whole_campaign import CLOSED_AT, PAYSLIP, Cast

TODAY = CLOSED_AT + timedelta(days=10)
MISSING = "NoSuchThing234"


@dataclass(frozen=True)
class Side:
    """One brand's world. `things` are public ids by kind; the `hidden_` words are what a role may never read of it."""

    brand: User
    influencer: User
    things: dict[str, list[str]]
    others: dict[str, list[str]]  # of the same side, but of another influencer
    papers: dict[str, list[str]]  # role -> files it may read
    documents: dict[str, list[str]]  # the same, of the papers themselves
    answers: dict[str, list[str]]  # role -> itemised answers it may read
    words: list[str]  # that only this side's people may read
    hidden_from_brand: list[str]
    hidden_from_influencer: list[str]

    def held(self, kind: str) -> dict[str, list[str]]:
        """Papers or their files, by the role that may read them."""
        return {"paper": self.papers, "document": self.documents, "answer": self.answers}[kind]


def a_side(session: Session, word: str, person: str) -> Side:
    """A side whose names begin with `word`, and whose influencer is `person`."""
    brand = factories.brand(session, name=f"{word} Skin", email=f"office@{word.lower()}.example.com")
    shop = factories.shop(session, brand=brand, name=f"{word} shop", domain=f"{word.lower()}.example.com")
    payee = {**PAYSLIP, "bank_account": f"{word}77", "address": f"{word} street"}
    people = [
        factories.influencer(session, name=f"{name} {word}", email=f"{name}.{word}@example.com".lower(), payee=payee)
        for name in (person, "Noa", "Tal")
    ]
    done = whole_campaign.play(session, factories.campaign(session, shop=shop, name=f"{word} spring"), *people)
    whole_campaign.end(session, done.campaign)
    begin = {"starts_at": TODAY - timedelta(days=5), "ends_at": TODAY + timedelta(days=16)}
    summer = factories.campaign(session, shop=shop, name=f"{word} summer", brief=f"{word} brief", **begin)
    live = whole_campaign.play(session, summer, *people, TODAY - timedelta(days=1))
    factories.delivery(session, shop=shop, body={"type": "order.paid", "secret": f"{word} body"}, now=TODAY)
    me, others = people[0], people[1:]
    files, papers = files_by_role(session, done)
    mine = session.scalars(select(Order).filter_by(external_id=f"{whole_campaign.MINAS}-{live.campaign.id}")).one()
    noas = session.scalars(select(Order).filter_by(external_id=f"{whole_campaign.NOAS}-{live.campaign.id}")).one()
    call = a_contact(session, live.mina)
    asking = factories.user(session, influencer=me)
    said = talks_of(session, live, word, TODAY)
    doubt = open_dispute(session, asking, about_order(session, asking, mine.public_id), "Why so little?", TODAY)
    return Side(
        brand=factories.user(session, brand=brand),
        influencer=factories.user(session, influencer=me),
        things={
            "brand": [brand.public_id],
            "shop": [shop.public_id],
            "campaign": [live.campaign.public_id, done.campaign.public_id],
            "participation": [live.mina.public_id, done.mina.public_id],
            "influencer": [me.public_id],
            "finding": [
                factories.finding(session, campaign=place.campaign, now=TODAY).public_id for place in (done, live)
            ],
            "order": list(session.scalars(select(Order.public_id).filter_by(shop_id=shop.id))),
            "contact": [call],
            "registration": [factories.registered(session, live.mina, f"client@{word.lower()}.test", TODAY).public_id],
            "my_contact": [call],
            "suspicion": [a_suspicion(session, live.mina)],
            "delivery": [factories.delivery(session, shop=shop, now=TODAY).public_id],
            "import_run": [factories.import_run(session, now=TODAY).public_id],
            "replay_run": [factories.replay_run(session, shop=shop, now=TODAY).public_id],
            "slug": [live.mina.links[0].slug],
            "my_order": [mine.public_id],
            "dispute": [doubt.public_id],
            "talk": said.own,
            "talk_message": said.messages,
            "incident": said.incidents,
            "slot": [
                factories.studio_slot(session, booked=live.mina, starts_at=TODAY + timedelta(days=2)).public_id
            ],
            "studio": [factories.studio(session, name=f"{word} studio").public_id],
            "bill": list(
                session.scalars(select(Document.public_id).filter_by(campaign_id=done.campaign.id, kind="brand_bill"))
            ),
            "payslip": list(
                session.scalars(select(Document.public_id).filter_by(campaign_id=done.campaign.id, kind="payslip"))
            ),
            "candidate": [factories.candidate(session, campaign=live.campaign, influencer=people[2]).public_id],
            "table_row": [factories.table_row(session).public_id],
            "certificate": [factories.certificate(session, influencer=me).public_id],
            "statement": statements_of(session, me),
            "received": [factories.received_paper(session, influencer=me).public_id],
            "self_billed": [factories.self_billed(session, influencer=me).public_id],
            "asset": [factories.asset(session, campaign=live.campaign, title=f"{word} words").public_id],
            "asset_to_end": [factories.asset(session, campaign=live.campaign).public_id],
            "training_page": [factories.training_page(session, campaign=live.campaign).public_id],
            "training_to_end": [factories.training_page(session, campaign=live.campaign).public_id],
            "rate": [factories.rate(session, day=TODAY.date() + timedelta(days=brand.id)).public_id],
        },
        others={
            "participation": [live.tal.public_id],
            "influencer": [person.public_id for person in others],
            "statement": [one for person in others for one in statements_of(session, person)],
            "received": [factories.received_paper(session, influencer=person).public_id for person in others],
            "my_order": [noas.public_id],
            "my_contact": [a_contact(session, live.noa)],
            "talk": said.others,
        },
        papers=files,
        documents=papers,
        answers=answers_by_role(session, done),
        words=[word, word.lower(), *codes_and_links(live.mina, live.noa, live.tal, done.mina), shop.webhook_secret],
        hidden_from_brand=[
            *said.hidden_from_brand, f"{word}77", f"{word} street", f"{word} body", "039337423",
            *(person.email for person in people),
        ],
        hidden_from_influencer=[
            *said.hidden_from_influencer, shop.webhook_secret, f"{word} body", f"office@{word.lower()}.example.com",
            f"Tal {word}", f"Noa {word}", *codes_and_links(live.noa, live.tal), *(person.email for person in others),
        ],
    )  # fmt: skip


def a_suspicion(session: Session, whose: Participation) -> str:
    """A reason to look at somebody's code, by its public id."""
    figures = {"orders": 30, "buyers": 29, "observed_bps": 9000, "baseline_bps": 3000, "limit_bps": 5000}
    row = CodeSuspicion(participation_id=whose.id, kind="no_clicks", raised_at=TODAY, seen_at=TODAY, **figures)
    session.add(row)
    session.flush()
    return row.public_id


def statements_of(session: Session, person: Influencer) -> list[str]:
    """Their statements, by the public ids of the papers."""
    mine = select(Document.public_id).filter_by(kind="commission_statement", influencer_id=person.id)
    return list(session.scalars(mine))


def a_contact(session: Session, whose: Participation) -> str:
    """A call that is somebody's, by its public id."""
    code = whose.codes[0].code
    return factories.contact(session, shop=whose.campaign.shop, code=code, happened_at=TODAY).public_id


def codes_and_links(*people: Participation) -> list[str]:
    """What each says aloud and shares."""
    return [text for one in people for text in (one.codes[0].code, one.links[0].slug)]


def files_by_role(session: Session, done: Cast) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The files of a closed campaign, by who may read them; and the papers."""
    files: dict[str, list[str]] = {"brand": [], "influencer": [], "agency": []}
    papers: dict[str, list[str]] = {"brand": [], "influencer": [], "agency": []}
    for paper in session.scalars(select(Document).where(Document.campaign_id == done.campaign.id)):
        mine = paper.influencer_id == done.mina.influencer_id
        brands = paper.kind in ("final_report", "brand_bill")
        role = "brand" if brands else "influencer" if mine else "agency"
        papers[role].append(paper.public_id)
        files[role] += [file.public_id for file in paper.files]
    return files, papers


def answers_by_role(session: Session, done: Cast) -> dict[str, list[str]]:
    """Answers about a closed campaign, by whom they are for."""
    readers = {"brand": done.campaign.brand, "influencer": done.mina.influencer, "agency": None}
    made = {
        role: answer(session, Question(done.campaign, reader, TODAY, "en", "UTC"), agency(), TODAY)
        for role, reader in readers.items()
    }
    return {role: [paper.public_id] for role, paper in made.items()}


@dataclass(frozen=True)
class Actor:
    """Somebody who asks. `user` is None for one who never signed in."""

    name: str
    user: User | None
    own: Side | None
    foreign: Side | None
    personal: dict[str, dict[str, list[str]]]  # token or notice -> name of the actor -> what is nobody else's

    @property
    def role(self) -> str:
        """agency, brand, influencer or anonymous."""
        return self.user.role if self.user else "anonymous"

    def things(self, kind: str) -> list[str]:
        """Ids of a kind that are this actor's own."""
        assert self.own is not None
        if kind in ("token", "notice"):
            return self.personal[kind][self.name][:1]
        if kind in ("paper", "document", "answer"):
            all_are = self.role in ("agency", "anonymous")
            held = self.own.held(kind)
            return [paper for role, papers in held.items() if all_are or role == self.role for paper in papers]
        return self.own.things[kind]

    def strangers(self, kind: str) -> list[str]:
        """Ids of a kind that exist and are somebody else's; none for the agency, whose everything is."""
        if kind in ("token", "notice"):
            return [one for name, theirs in self.personal[kind].items() if name != self.name for one in theirs]
        if self.role in ("agency", "anonymous") or self.own is None or self.foreign is None:
            return []
        if kind in ("paper", "document", "answer"):
            theirs = [paper for papers in self.foreign.held(kind).values() for paper in papers]
            own = self.own.held(kind).items()
            return theirs + [paper for role, papers in own if role != self.role for paper in papers]
        return self.foreign.things[kind] + (self.own.others.get(kind, []) if self.role == "influencer" else [])

    def secrets(self) -> list[str]:
        """Words that may stand in no answer to this actor."""
        if self.role == "agency":
            return []
        if self.own is None or self.foreign is None:
            raise AssertionError("secrets are of somebody")
        return self.foreign.words + (
            self.own.hidden_from_brand if self.role == "brand" else self.own.hidden_from_influencer
        )


def two_sides(session: Session) -> list[Actor]:
    """Both sides and everyone who asks."""
    amber, cobalt = a_side(session, "Amber", "Mina"), a_side(session, "Cobalt", "Eve")
    batch = whole_campaign.pay(session).public_id
    amber.things["batch"] = cobalt.things["batch"] = [batch]
    amber.things["line"] = cobalt.things["line"] = [session.scalars(select(PayoutLine.public_id)).first() or MISSING]
    rule = add_rule(session, "ILS", TODAY.date(), 500_000, "receipt", "invoice", "a test", TODAY, None)
    amber.things["route_rule"] = cobalt.things["route_rule"] = [rule.public_id]
    omar = factories.user(session)
    for side in (amber, cobalt):
        side.things["invitation"] = [create_invitation(session, factories.user(session), TODAY)]
    who: list[tuple[str, User | None, Side, Side]] = [
        ("agency", omar, amber, cobalt),
        ("brand", amber.brand, amber, cobalt),
        ("influencer", amber.influencer, amber, cobalt),
        ("other brand", cobalt.brand, cobalt, amber),
        ("other influencer", cobalt.influencer, cobalt, amber),
        ("anonymous", None, amber, cobalt),
    ]
    everyone_has_read(session, [user for _, user, _, _ in who if user is not None])
    personal = {
        "token": {name: named_tokens(session, user) for name, user, _, _ in who},
        "notice": {name: a_notice(session, user) for name, user, _, _ in who},
    }
    return [Actor(name, user, own, foreign, personal) for name, user, own, foreign in who]


def named_tokens(session: Session, user: User | None) -> list[str]:
    """The name of an API token of a user."""
    if user is None:
        return [MISSING]
    create_token(session, user, TODAY)
    tokens: Sequence[str] = [token_name(token) for token in live_tokens(session, user)]
    return list(tokens)


def a_notice(session: Session, user: User | None) -> list[str]:
    """Something a user was told, by its public id."""
    if user is None:
        return [MISSING]
    return [put_up(session, user, "credit_given", "en", "You have credit", "/me/wallet", TODAY).public_id]
