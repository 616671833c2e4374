"""The decision table of docs/attribution.md, row by row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from campaigns.tracking.attribution import Candidate, ClickMatch, CodeMatch, Decision, OrderFacts, decide, fold

START = datetime(2026, 5, 1, 6, 0, tzinfo=UTC)
NOON = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
END = datetime(2026, 5, 22, 18, 0, tzinfo=UTC)
PAID = OrderFacts(placed_at=NOON, status="paid", currency="ILS", test=False, person_keys=frozenset({"buyer"}))


def candidate(number: int = 1, **facts: object) -> Candidate:
    """A participant of one campaign; number 1 is Mina."""
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
        person_keys=frozenset({f"self{number}"}),
    )
    return replace(known, **facts)


def code(number: int = 1, **facts: object) -> CodeMatch:
    return CodeMatch(f"CODE{number}", candidate(number, **facts))


def click(number: int = 1, hours_before: float = 1, **facts: object) -> ClickMatch:
    return ClickMatch(f"click{number}", NOON - timedelta(hours=hours_before), candidate(number, **facts))


def outcome(decision: Decision) -> tuple[str, int | None]:
    return decision.reason, decision.winner.participation_id if decision.winner else None


@pytest.mark.parametrize(
    ("what", "order", "codes", "clicks", "expected"),
    [
        ("a valid code", PAID, [code()], [], ("coupon", 1)),
        ("a click in the window", PAID, [], [click()], ("link", 1)),
        ("code and click of one person", PAID, [code(1)], [click(1)], ("both", 1)),
        ("code and click of two, the code first by terms", PAID, [code(1)], [click(2)], ("both", 1)),
        ("the same, the link first by terms", PAID, [code(1, precedence="link")], [click(2)], ("both", 2)),
        ("neither", PAID, [], [], ("none", None)),
        ("two codes: the first the shop lists", PAID, [code(2), code(1)], [], ("coupon", 2)),
        ("the first code ended, the second valid", PAID, [code(2, ended_at=NOON), code(1)], [], ("coupon", 1)),
        ("two clicks: the last before the order", PAID, [], [click(1, 5), click(2, 1)], ("link", 2)),
        ("a click older than the window", PAID, [], [click(1, 30 * 24 + 1)], ("none", None)),
        ("a click on the window's last hour", PAID, [], [click(1, 30 * 24, earns_from=START)], ("link", 1)),
        ("a click long after the order", PAID, [], [click(1, -1)], ("none", None)),
        ("a click a minute after, by the shop's clock", PAID, [], [click(1, -1 / 60)], ("link", 1)),
        ("placed before the campaign", replace(PAID, placed_at=START - timedelta(seconds=1)), [code()], [],
         ("refused_outside_dates", None)),
        ("placed at its first moment", replace(PAID, placed_at=START), [code()], [], ("coupon", 1)),
        ("placed at its last moment", replace(PAID, placed_at=END), [code()], [], ("coupon", 1)),
        ("placed after it", replace(PAID, placed_at=END + timedelta(seconds=1)), [code()], [],
         ("refused_outside_dates", None)),
        ("a code ended before the order", PAID, [code(1, ended_at=NOON)], [], ("refused_outside_dates", None)),
        ("a code ended after the order", PAID, [code(1, ended_at=NOON + timedelta(seconds=1))], [], ("coupon", 1)),
        ("unpaid", replace(PAID, status="pending"), [code()], [], ("refused_unpaid", None)),
        ("cancelled after it was credited", replace(PAID, status="cancelled"), [code()], [], ("coupon", 1)),
        ("refunded in full", replace(PAID, status="refunded"), [code()], [], ("coupon", 1)),
        ("bought by the influencer", replace(PAID, person_keys=frozenset({"self1"})), [code()], [],
         ("refused_self_purchase", None)),
        ("another currency", replace(PAID, currency="USD"), [code()], [], ("refused_currency", None)),
        ("a test order", replace(PAID, test=True), [code()], [], ("refused_test", None)),
        ("a test order without evidence", replace(PAID, test=True), [], [], ("refused_test", None)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_the_table(what, order, codes, clicks, expected):
    assert outcome(decide(order, codes, clicks)) == expected


def test_an_order_touched_by_two_shows_both_and_why_one_won():
    decision = decide(PAID, [code(1)], [click(2)])
    assert [entry["participant"] for entry in decision.evidence["codes"]] == ["p1"]
    assert [entry["participant"] for entry in decision.evidence["clicks"]] == ["p2"]
    assert decision.evidence["won_by"] == "coupon"
    assert decision.evidence["several_participants"]


def test_a_refusal_names_what_it_was_refused_for():
    decision = decide(replace(PAID, status="pending"), [code()], [])
    assert decision.evidence["refused_for"] == "coupon"
    assert decision.concerned is not None and decision.concerned.participation_id == 1


def test_a_code_typed_by_staff_counts_and_says_so():
    decision = decide(PAID, [CodeMatch("CODE1", candidate(), typed_by_staff=True)], [])
    assert decision.reason == "coupon"
    assert decision.evidence["codes"][0]["typed_by_staff"]


@pytest.mark.parametrize("typed", ["noa10", " NOA10", "Noa 10", "n o a 1 0", "ＮＯＡ１０", "noa10\u00a0"])
def test_a_code_is_the_same_however_it_is_typed(typed):
    assert fold(typed) == fold("NOA10")
