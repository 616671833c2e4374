"""The decision table of docs/attribution.md, row by row: the rule alone, and what only a stored order can show."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Order, Participation
from campaigns.planning.crediting import credit_by_hand
from campaigns.planning.life import advance
from campaigns.planning.rates import Rate, enter_rate
from campaigns.planning.registrations import By, end_registration
from campaigns.settlement.earnings import passed_over
from campaigns.settlement.figures import figures_of
from campaigns.tracking.attribution import (
    Candidate,
    ClickMatch,
    CodeMatch,
    Decision,
    LockMatch,
    NamedMatch,
    OrderFacts,
    RegisteredMatch,
    decide,
    fold,
)
from campaigns.tracking.decisions import current_decision
from tests import factories

DOCUMENT = Path(__file__).parents[2] / "docs/attribution.md"
ROW = re.compile(r"^\| (A\d+) \|.*?\| `(\w+)` \|", re.MULTILINE)

START = datetime(2026, 5, 1, 6, 0, tzinfo=UTC)
NOON = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
END = datetime(2026, 5, 22, 18, 0, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
PAID = OrderFacts(placed_at=NOON, status="paid", currency="ILS", test=False, person_keys=frozenset({"buyer"}))


def candidate(number: int = 1, **facts: Any) -> Candidate:
    """A participant of one campaign; number 1 is Mina, number 2 Noa."""
    known = Candidate(
        participation_id=number,
        participant=f"p{number}",
        campaign_id=1,
        campaign_currency="ILS",
        earns_from=START,
        earns_to=END,
        ended_at=None,
        precedence="coupon",
        link_window=timedelta(days=30),
        person_keys=frozenset({f"mail{number}", f"phone{number}"}),
    )
    return replace(known, **facts)


def code(number: int = 1, **facts: Any) -> CodeMatch:
    return CodeMatch(f"CODE{number}", candidate(number, **facts))


def click(number: int = 1, before: timedelta = timedelta(hours=1), **facts: Any) -> ClickMatch:
    return ClickMatch(f"click{number}", NOON - before, candidate(number, **facts))


def landing(number: int = 1, **facts: Any) -> NamedMatch:
    return NamedMatch("landing", f"slug{number}", candidate(number, **facts))


def affiliate(number: int = 1, **facts: Any) -> NamedMatch:
    return NamedMatch("affiliate", f"CODE{number}", candidate(number, **facts))


def lock(number: int = 1, before: timedelta = 5 * DAY, **facts: Any) -> LockMatch:
    return LockMatch("#1001", NOON - before, candidate(number, **facts), timedelta(days=14))


def client(number: int = 1, before: timedelta = 5 * DAY, alone: bool = True, **facts: Any) -> RegisteredMatch:
    """The buyer registered, for 14 days."""
    entered = NOON - before
    return RegisteredMatch(f"r{number}", entered, entered + 14 * DAY, alone, candidate(number, **facts))


def late_client(number: int = 1, **facts: Any) -> RegisteredMatch:
    return client(number, alone=False, **facts)


@dataclass(frozen=True)
class Case:
    """What the rule is given, who is credited (None for nobody), and what else the evidence must say."""

    decision: str
    credited: int | None = None
    codes: tuple[CodeMatch, ...] = ()
    clicks: tuple[ClickMatch, ...] = ()
    named: tuple[NamedMatch, ...] = ()
    lock: LockMatch | None = None
    registered: tuple[RegisteredMatch, ...] = ()
    order: OrderFacts = PAID
    won_by: str | None = None

    def judged(self) -> Decision:
        return decide(self.order, self.codes, self.clicks, self.named, self.lock, self.registered)


def at(moment: datetime) -> OrderFacts:
    return replace(PAID, placed_at=moment)


WINDOW = timedelta(days=30)
LONG = {"earns_from": START - WINDOW}
GRACE = {"earns_to": END + 3 * DAY}
RULE: dict[str, Case] = {
    "A1": Case("coupon", 1, codes=(code(),)),
    "A3": Case("coupon", 1, codes=(replace(code(), typed_by_staff=True),)),
    "A4": Case("none", order=replace(PAID, unknown_codes=("Spring sale",))),
    "A5": Case("coupon", 2, codes=(code(2), code(1)), won_by="first code"),
    "A6": Case("coupon", 1, codes=(code(2, ended_at=NOON), code(1)), won_by="only valid"),
    "A7": Case("link", 1, clicks=(click(),)),
    "A8": Case("link", 1, clicks=(click(before=WINDOW, **LONG),)),
    "A9": Case("none", clicks=(click(before=WINDOW + SECOND, **LONG),)),
    "A10": Case("link", 2, clicks=(click(2), click(1, before=5 * DAY)), won_by="last click"),
    "A11": Case("link", 1, clicks=(click(before=-timedelta(minutes=5)),)),
    "A12": Case("none", clicks=(click(before=-timedelta(minutes=5) - SECOND),)),
    "A13": Case("both", 1, codes=(code(),), clicks=(click(),)),
    "A14": Case("both", 1, codes=(code(1),), clicks=(click(2),), won_by="coupon"),
    "A15": Case("both", 2, codes=(code(1, precedence="link"),), clicks=(click(2),), won_by="link"),
    "A16": Case("link", 2, codes=(code(1, ended_at=NOON),), clicks=(click(2),), won_by="only valid"),
    "A17": Case("landing", 1, named=(landing(),)),
    "A18": Case("none", clicks=(click(before=WINDOW + SECOND, **LONG),), named=(landing(),)),
    "A19": Case("landing", 2, named=(landing(2), landing(1)), won_by="first landing name"),
    "A20": Case("affiliate", 1, named=(affiliate(),)),
    "A21": Case("landing", 2, named=(affiliate(1), landing(2)), won_by="landing before affiliate"),
    "A22": Case("coupon", 1, codes=(code(1),), named=(landing(2),), won_by="coupon"),
    "A23": Case("link", 1, clicks=(click(1),), named=(landing(2),), won_by="link"),
    "A24": Case("customer_lock", 1, lock=lock()),
    "A25": Case("customer_lock", 1, lock=lock(before=14 * DAY)),
    "A26": Case("none", lock=lock(before=14 * DAY + SECOND)),
    "A27": Case("affiliate", 1, named=(affiliate(1),), lock=lock(2), won_by="affiliate before customer_lock"),
    "A28": Case("none", lock=lock(ended_at=NOON)),
    "A29": Case("coupon", 1, codes=(code(),), order=at(START)),
    "A30": Case("coupon", 1, codes=(code(),), order=at(END)),
    "A31": Case("refused_outside_dates", codes=(code(),), order=at(START - SECOND)),
    "A32": Case("refused_outside_dates", codes=(code(),), order=at(END + SECOND)),
    "A33": Case("coupon", 1, codes=(code(**GRACE),), order=at(END + 3 * DAY)),
    "A34": Case("refused_outside_dates", codes=(code(**GRACE),), order=at(END + 3 * DAY + SECOND)),
    "A35": Case("refused_outside_dates", codes=(code(ended_at=NOON),)),
    "A36": Case("coupon", 1, codes=(code(ended_at=NOON + SECOND),)),
    "A37": Case("refused_outside_dates", clicks=(click(ended_at=NOON - DAY),)),
    "A38": Case("refused_outside_dates", named=(landing(earns_to=NOON - DAY),)),
    "A39": Case("refused_self_purchase", codes=(code(),), order=replace(PAID, person_keys=frozenset({"mail1"}))),
    "A40": Case("refused_self_purchase", clicks=(click(),), order=replace(PAID, person_keys=frozenset({"phone1"}))),
    "A41": Case("refused_self_purchase", codes=(code(1),), clicks=(click(2),), won_by="coupon",
                order=replace(PAID, person_keys=frozenset({"mail1"}))),
    "A42": Case("refused_unpaid", codes=(code(),), order=replace(PAID, status="pending")),
    "A43": Case("refused_currency", codes=(code(),), order=replace(PAID, currency="USD")),
    "A44": Case("refused_test", codes=(code(),), order=replace(PAID, test=True)),
    "A45": Case("coupon", 1, codes=(code(),), order=replace(PAID, status="cancelled")),
    "A46": Case("none"),
    "A55": Case("registered", 1, registered=(client(),)),
    "A56": Case("registered", 2, codes=(code(1),), registered=(client(2),), won_by="registered"),
    "A57": Case("registered", 2, codes=(code(1, precedence="link"),), clicks=(click(1),), registered=(client(2),),
                won_by="registered"),
    "A58": Case("registered", 1, codes=(code(),), clicks=(click(),), registered=(client(),)),
    "A59": Case("registered", 1, registered=(client(before=14 * DAY, **LONG),)),
    "A60": Case("none", registered=(client(before=14 * DAY + SECOND, **LONG),)),
    "A61": Case("coupon", 1, codes=(code(1),), registered=(client(2, before=14 * DAY + SECOND, **LONG),),
                won_by="only valid"),
    "A62": Case("none", registered=(client(ended_at=NOON),)),
    "A63": Case("registered", 1, registered=(client(ended_at=NOON + SECOND),)),
    "A64": Case("registered", 2, registered=(client(1, before=DAY), client(2)), won_by="first registration"),
    "A65": Case("registered_late", 1, registered=(late_client(),)),
    "A66": Case("coupon", 1, codes=(code(1),), registered=(late_client(2),), won_by="coupon"),
    "A67": Case("affiliate", 1, named=(affiliate(1),), registered=(late_client(2),),
                won_by="affiliate before registered_late"),
    "A68": Case("customer_lock", 1, lock=lock(1), registered=(late_client(2),),
                won_by="customer_lock before registered_late"),
    "A69": Case("none", registered=(client(earns_to=NOON - DAY), client(2, ended_at=NOON - DAY))),
    "A70": Case("refused_self_purchase", codes=(code(2),), registered=(client(1),), won_by="registered",
                order=replace(PAID, person_keys=frozenset({"mail1"}))),
    "A71": Case("refused_unpaid", registered=(client(),), order=replace(PAID, status="pending")),
}  # fmt: skip


@pytest.mark.parametrize("row", RULE)
def test_the_rule_decides_as_the_table_says(row: str):
    case = RULE[row]
    decision = case.judged()
    assert decision.reason == case.decision
    assert (decision.winner.participation_id if decision.winner else None) == case.credited
    assert decision.evidence.get("won_by") == case.won_by


@dataclass
class Stage:
    """A live campaign of two, and a way to send orders with Mina's code to its shop."""

    session: Session
    campaign: Campaign
    mina: Participation
    noa: Participation

    def sell(self, who: Participation | None = None, **facts: Any) -> Order:
        assert (who or self.mina).code
        sent = {"code": (who or self.mina).code.code, "external_id": "1001"} | facts
        return factories.order(self.session, shop=self.campaign.shop, **sent)

    def credit(self, order: Order, who: Participation) -> Order:
        staff, key = factories.user(self.session), factories.identity_key()
        credit_by_hand(self.session, order, who, staff.id, "seen in the chat", "http://localhost", key, factories.NOW)
        return order

    def commission(self, who: Participation) -> int:
        figures = figures_of(self.session, self.campaign.id)
        return figures[who.id].commission_minor if who.id in figures else 0


@pytest.fixture
def stage(session: Session) -> Stage:
    terms = {**factories.TERMS, "attribution": {"registered_customer_days": 14}}
    campaign = factories.live_campaign(session, accepted=2, terms=terms)
    return Stage(session, campaign, *factories.participants(session, campaign))


def typed_anyhow(stage: Stage) -> Order:
    assert stage.mina.code
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in stage.mina.code.code[2:])  # full-width forms
    return stage.sell(code=f" {stage.mina.code.code[:2].lower()} {wide.lower()}\u00a0")


def reinstated(stage: Stage) -> Order:
    for hours, status in enumerate(("paid", "cancelled", "paid")):
        order = stage.sell(status=status, version=factories.NOW + timedelta(hours=hours))
    return order


def paid_later(stage: Stage) -> Order:
    stage.sell(status="pending")
    return stage.sell(version=factories.NOW + DAY)


def edited(stage: Stage) -> Order:
    stage.sell(stage.noa)
    return stage.sell(version=factories.NOW + DAY)


def late(stage: Stage) -> Order:
    advance(stage.session, stage.campaign, factories.END + DAY)
    return stage.sell(placed_at=factories.END, version=factories.END + DAY)


def converted(stage: Stage) -> Order:
    """40.00 dollars at 2.50: what a rate entered later makes of an order that was held."""
    order = stage.sell(currency="USD", net_minor=4_000)
    day = factories.NOW.date()
    rate = Rate("USD", "ILS", day, day, 2_500_000, "the bank")
    enter_rate(stage.session, rate, None, factories.identity_key(), factories.NOW)
    return order


def registered_afterwards(stage: Stage) -> Order:
    """Placed at ten, registered to Noa at eleven, told by the shop again at twelve."""
    stage.sell(placed_at=factories.NOW)
    factories.registered(stage.session, stage.noa, "buyer@example.com", factories.NOW + timedelta(hours=1))
    return stage.sell(placed_at=factories.NOW, version=factories.NOW + timedelta(hours=2))


def ended_afterwards(stage: Stage) -> Order:
    """Mina's customer, bought with Noa's code; the registration ends an hour later, and the shop tells it again."""
    made = factories.registered(stage.session, stage.mina, "buyer@example.com", factories.NOW - DAY)
    stage.sell(stage.noa, placed_at=factories.NOW)
    staff, later = factories.user(stage.session), factories.NOW + timedelta(hours=1)
    by = By(staff.id, "http://localhost", factories.identity_key(), later)
    end_registration(stage.session, made, "as they asked", by)
    return stage.sell(stage.noa, placed_at=factories.NOW, version=later + timedelta(hours=1))


def touched_by_two(stage: Stage) -> Order:
    assert stage.noa.code
    order = stage.sell(typed_codes=(stage.noa.code.code,))
    assert passed_over(stage.session, stage.noa) == [(order, "other")]
    return order


STORIES: dict[str, tuple[str, Callable[[Stage], Order]]] = {
    "A2": ("coupon", typed_anyhow),
    "A47": ("coupon", paid_later),
    "A48": ("coupon", reinstated),
    "A49": ("coupon", edited),
    "A50": ("coupon", late),
    "A51": ("coupon", touched_by_two),
    "A52": ("manual", lambda stage: stage.credit(stage.sell(code=""), stage.mina)),
    "A53": ("manual", lambda stage: stage.credit(stage.sell(stage.noa), stage.mina)),
    "A54": ("coupon", converted),
    "A72": ("coupon", registered_afterwards),
    "A73": ("registered", ended_afterwards),
}


@pytest.mark.parametrize("row", STORIES)
def test_a_stored_order_ends_as_the_table_says(stage: Stage, row: str):
    """100.00 sold; in each story it is Mina's in the end, at 15 %, and nobody else earns."""
    reason, story = STORIES[row]
    decision = current_decision(stage.session, story(stage).id)
    assert decision is not None
    assert (decision.reason, decision.participation_id) == (reason, stage.mina.id)
    assert (stage.commission(stage.mina), stage.commission(stage.noa)) == (1_500, 0)


def test_every_row_of_the_table_is_a_case_and_every_case_a_row():
    rows = ROW.findall(DOCUMENT.read_text(encoding="utf-8"))
    cases = {row: case.decision for row, case in RULE.items()} | {row: reason for row, (reason, _) in STORIES.items()}
    assert [row for row, _ in rows] == [f"A{number}" for number in range(1, len(rows) + 1)]
    assert dict(rows) == cases


def test_an_order_touched_by_two_shows_both_and_why_one_won():
    decision = decide(PAID, [code(1)], [click(2)])
    assert [entry["participant"] for entry in decision.evidence["codes"]] == ["p1"]
    assert [entry["participant"] for entry in decision.evidence["clicks"]] == ["p2"]
    assert decision.evidence["won_by"] == "coupon"
    assert decision.evidence["several_participants"]


def test_what_one_participant_alone_is_named_by_needs_no_winner():
    evidence = decide(PAID, [code(1)], [click(1)], [landing(1)], lock(1)).evidence
    assert "several_participants" not in evidence and "won_by" not in evidence
    assert evidence["precedence"] == "coupon"


def test_a_refusal_names_what_it_was_refused_for():
    decision = decide(replace(PAID, status="pending"), [code()], [])
    assert decision.evidence["refused_for"] == "coupon"
    assert decision.concerned is not None and decision.concerned.participation_id == 1


def test_a_code_typed_by_staff_says_so_in_the_evidence():
    entry = RULE["A3"].judged().evidence["codes"][0]
    assert entry == {"code": "CODE1", "participant": "p1", "verdict": "valid", "typed_by_staff": True}


def test_a_lock_lists_the_order_it_stands_on():
    assert RULE["A24"].judged().evidence == {
        "customer_lock": {
            "order": "#1001",
            "placed_at": "2026-05-05T12:00:00Z",
            "lock_days": 14,
            "participant": "p1",
            "verdict": "valid",
        }
    }


def test_a_registration_lists_since_when_and_nothing_of_the_person():
    assert RULE["A55"].judged().evidence == {
        "registrations": [
            {
                "registration": "r1",
                "registered_at": "2026-05-05T12:00:00Z",
                "alone": True,
                "participant": "p1",
                "verdict": "valid",
            }
        ]
    }


def test_a_registered_customers_code_of_another_is_listed_beside_why_it_lost():
    evidence = RULE["A56"].judged().evidence
    assert [(one["participant"], one["verdict"]) for one in evidence["codes"]] == [("p1", "valid")]
    assert evidence["several_participants"] and "precedence" not in evidence


def test_a_lock_is_not_begun_by_a_later_order():
    decision = decide(PAID, [], [], lock=lock(before=-SECOND))
    assert (decision.reason, decision.evidence["customer_lock"]["verdict"]) == ("none", "after_order")


@pytest.mark.parametrize("typed", ["noa10", " NOA10", "Noa 10", "n o a 1 0", "ＮＯＡ１０", "noa10\u00a0"])
def test_a_code_is_the_same_however_it_is_typed(typed: str):
    assert fold(typed) == fold("NOA10")
