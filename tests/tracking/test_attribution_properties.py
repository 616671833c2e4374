"""What holds of every decision, whatever the order carries."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from campaigns.tracking.attribution import (
    LISTED_AS,
    Candidate,
    ClickMatch,
    CodeMatch,
    Decision,
    LockMatch,
    NamedMatch,
    OrderFacts,
    RegisteredMatch,
    decide,
)
from tests.tracking.test_attribution import NOON

DAYS = st.integers(-20, 20).map(lambda days: NOON + timedelta(days=days))
CREDITED = {"coupon", "link", "both", *LISTED_AS}


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    """One of three participants, their dates around the order's."""
    number = draw(st.integers(1, 3))
    return Candidate(
        participation_id=number,
        participant=f"p{number}",
        campaign_id=number,
        campaign_currency=draw(st.sampled_from(["ILS", "USD"])),
        earns_from=draw(DAYS),
        earns_to=draw(DAYS),
        ended_at=draw(st.none() | DAYS),
        precedence=draw(st.sampled_from(["coupon", "link"])),
        link_window=timedelta(days=draw(st.integers(0, 30))),
        person_keys=frozenset({f"self{number}"}),
    )


@dataclass(frozen=True)
class Carried:
    """An order with all that it carries."""

    order: OrderFacts
    codes: list[CodeMatch]
    clicks: list[ClickMatch]
    named: list[NamedMatch]
    lock: LockMatch | None
    registered: list[RegisteredMatch]

    def judged(self) -> Decision:
        return decide(self.order, self.codes, self.clicks, self.named, self.lock, self.registered)


carried = st.builds(
    Carried,
    st.builds(
        OrderFacts,
        placed_at=st.just(NOON),
        status=st.sampled_from(["pending", "paid", "refunded", "cancelled"]),
        currency=st.just("ILS"),
        test=st.integers(0, 9).map(lambda chance: chance == 0),
        person_keys=st.sets(st.sampled_from(["self1", "buyer"])).map(frozenset),
        unknown_codes=st.just(("SPRING",)),
    ),
    st.lists(st.builds(CodeMatch, st.just("CODE"), candidates(), st.booleans()), max_size=3),
    st.lists(st.builds(ClickMatch, st.uuids().map(str), DAYS, candidates()), max_size=4),
    st.lists(
        st.builds(NamedMatch, st.sampled_from(["landing", "affiliate"]), st.just("slug"), candidates()), max_size=3
    ),
    st.none() | st.builds(LockMatch, st.just("#1"), DAYS, candidates(), st.just(timedelta(days=7))),
    st.lists(st.builds(RegisteredMatch, st.uuids().map(str), DAYS, DAYS, st.booleans(), candidates()), max_size=2),
)


def listed(evidence: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every piece the evidence lists, with where it stands."""
    of_kind = {key: evidence.get(key, []) for key in LISTED_AS.values()}
    return [(key, one) for key, told in of_kind.items() for one in (told if isinstance(told, list) else [told])]


@given(carried)
def test_one_is_credited_or_nobody_and_the_reason_says_which(sent: Carried):
    decision = sent.judged()
    assert (decision.winner is not None) == (decision.reason in CREDITED)
    assert decision.winner is None or decision.winner is decision.concerned


@given(carried)
def test_who_wins_has_valid_evidence_of_the_kind_that_is_named(sent: Carried):
    decision = sent.judged()
    if decision.winner is None:
        return
    kinds = {"codes", "clicks"} if decision.reason == "both" else {LISTED_AS[decision.reason]}
    valid = {(key, one["participant"]) for key, one in listed(decision.evidence) if one["verdict"] == "valid"}
    assert any((key, decision.winner.participant) in valid for key in kinds)


@given(carried)
def test_every_piece_of_evidence_is_listed_with_a_verdict(sent: Carried):
    found = listed(sent.judged().evidence)
    pieces = [("codes", one.candidate.participant) for one in sent.codes]
    pieces += [("clicks", one.candidate.participant) for one in sent.clicks]
    pieces += [(LISTED_AS[one.how], one.candidate.participant) for one in sent.named]
    pieces += [("customer_lock", sent.lock.candidate.participant)] if sent.lock else []
    pieces += [("registrations", one.candidate.participant) for one in sent.registered]
    assert Counter((key, one["participant"]) for key, one in found) == Counter(pieces)
    assert all(one["verdict"] for _, one in found)


@given(carried, st.randoms())
def test_the_order_of_clicks_does_not_matter_and_neither_does_asking_twice(sent: Carried, chance: random.Random):
    shuffled = list(sent.clicks)
    chance.shuffle(shuffled)
    backwards = sent.registered[::-1]
    again = decide(sent.order, sent.codes, shuffled, sent.named, sent.lock, backwards)
    assert again == sent.judged() == sent.judged()


@given(carried)
def test_two_who_are_named_are_marked_and_told_why_one_won(sent: Carried):
    decision = sent.judged()
    named = {one["participant"] for _, one in listed(decision.evidence)}
    assert ("several_participants" in decision.evidence) == (len(named) > 1)
    won = decision.winner is not None or "refused_for" in decision.evidence
    assert ("won_by" in decision.evidence) == (len(named) > 1 and won)


@given(carried)
def test_text_counts_only_where_neither_a_code_nor_a_click_does(sent: Carried):
    decision = sent.judged()
    strong = [one for key, one in listed(decision.evidence) if key in ("codes", "clicks") and one["verdict"] == "valid"]
    assert not (strong and decision.reason in ("landing", "affiliate", "customer_lock", "registered_late"))


@given(carried)
def test_a_customer_who_is_somebodys_alone_is_never_another_ones(sent: Carried):
    decision = sent.judged()
    alone = [one for one in decision.evidence.get("registrations", ()) if one["alone"] and one["verdict"] == "valid"]
    winner = decision.winner
    assert (
        not alone or winner is None or (decision.reason, winner.participant) == ("registered", alone[0]["participant"])
    )
