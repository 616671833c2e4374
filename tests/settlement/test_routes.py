"""The way of paying: by preference and by amount, dated, and overruled by staff with a reason."""

from datetime import date
from typing import NamedTuple

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.errors import Invalid, NotFound
from campaigns.models import Payslip, Statement
from campaigns.settlement.paying.dues import dues
from campaigns.settlement.paying.routes import add_rule, end_rule, find_rule, override_route, route_for
from tests import whole_campaign
from tests.factories import NOW


class Rule(NamedTuple):
    """A rule as deciding sees it."""

    from_date: date = date(2026, 6, 1)
    to_date: date | None = date(2026, 12, 31)
    above_minor: int = 500_000
    preferred: str = "receipt"
    route: str = "invoice"
    source: str = "the order"


HIGHER = Rule(above_minor=900_000, route="payslip", source="another")
NEWER = Rule(from_date=date(2026, 6, 15), route="payslip", source="newer")
JUNE = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("preference", "amount_minor", "on", "rules", "decided"),
    [
        ("receipt", 500_001, JUNE, [Rule()], ("invoice", "the order")),
        ("receipt", 500_000, JUNE, [Rule()], ("receipt", "")),
        ("payslip", 500_001, JUNE, [Rule()], ("payslip", "")),
        ("receipt", 500_001, date(2026, 5, 31), [Rule()], ("receipt", "")),
        ("receipt", 500_001, date(2026, 6, 1), [Rule()], ("invoice", "the order")),
        ("receipt", 500_001, date(2026, 12, 31), [Rule()], ("invoice", "the order")),
        ("receipt", 500_001, date(2027, 1, 1), [Rule()], ("receipt", "")),
        ("receipt", 500_001, date(2027, 1, 1), [Rule(to_date=None)], ("invoice", "the order")),
        ("receipt", 900_001, JUNE, [HIGHER, Rule()], ("payslip", "another")),
        ("receipt", 900_000, JUNE, [HIGHER, Rule()], ("invoice", "the order")),
        ("receipt", 500_001, JUNE, [NEWER, Rule()], ("payslip", "newer")),
        ("receipt", -500_001, JUNE, [Rule(above_minor=0)], ("receipt", "")),
        ("receipt", 500_001, JUNE, [Rule(), Rule(preferred="invoice", route="payslip")], ("invoice", "the order")),
    ],
)
def test_a_rule_overrules_a_preference_above_its_amount_within_its_days(preference, amount_minor, on, rules, decided):
    assert route_for(preference, amount_minor, on, rules) == decided
    assert route_for(preference, amount_minor, on, rules[::-1]) == decided


def minas_statement(session: Session) -> Statement:
    return session.scalars(select(Statement).where(Statement.amount_minor == 3_000)).one()


def test_a_statement_above_the_amount_goes_the_way_the_rule_says(session: Session):
    """Mina's 30.00 by invoice are above 29.99."""
    cast = whole_campaign.a_live_campaign(session)
    cast.mina.influencer.id_number = "000000018"
    add_rule(session, "ILS", date(2026, 6, 1), 2_999, "invoice", "payslip", "a test", NOW, None)
    whole_campaign.end(session, cast.campaign)
    statement = minas_statement(session)
    assert (statement.route, statement.route_reason) == ("payslip", "a test")
    assert contents_of(statement.document)["document_wanted"] == "payslip"
    assert cast.mina.influencer_id in session.scalars(select(Payslip.influencer_id)).all()


def test_staff_overrule_the_preference_of_one_participant(session: Session):
    cast = whole_campaign.a_live_campaign(session)
    override_route(session, cast.noa, "invoice", "opened a business in May")
    whole_campaign.end(session, cast.campaign)
    statement = session.scalars(select(Statement).where(Statement.amount_minor == 15_000)).one()
    assert (statement.route, statement.route_reason) == ("invoice", "opened a business in May")
    assert session.scalars(select(Payslip)).all() == []
    assert cast.noa.influencer_id in {due.influencer.id for due in dues(session, "ILS") if due.statements}


def test_a_route_that_was_settled_stays_when_the_preference_changes(session: Session):
    cast = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, cast.campaign)
    cast.mina.influencer.payee_route = "payslip"
    assert minas_statement(session) in [one for due in dues(session, "ILS") for one in due.statements]


def test_an_overruled_route_needs_a_reason_and_is_given_back_without_one(session: Session):
    cast = whole_campaign.a_live_campaign(session)
    for reason in (" ", "x" * 1001):
        with pytest.raises(Invalid):
            override_route(session, cast.noa, "invoice", reason)
    override_route(session, cast.noa, "invoice", "agreed")
    override_route(session, cast.noa, "", "")
    assert (cast.noa.route_override, cast.noa.route_override_reason) == ("", "")


def test_a_rule_ends_with_a_day(session: Session):
    rule = add_rule(session, "ILS", date(2026, 6, 1), 0, "receipt", "invoice", "the order", NOW, None)
    end_rule(session, rule, date(2026, 6, 30))
    with pytest.raises(Invalid):
        end_rule(session, rule, date(2026, 5, 31))
    assert find_rule(session, rule.public_id).to_date == date(2026, 6, 30)
    with pytest.raises(NotFound):
        find_rule(session, "none")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("route", {"route": "receipt"}),
        ("route", {"route": "cash"}),
        ("preferred", {"preferred": ""}),
        ("above_minor", {"above_minor": -1}),
        ("above_minor", {"above_minor": 10**16}),
        ("source", {"source": " "}),
        ("source", {"source": "x" * 301}),
        ("currency", {"currency": "XYZ"}),
    ],
)
def test_a_rule_that_says_nothing_is_refused(session: Session, field: str, change: dict[str, object]):
    named = {"currency": "ILS", "preferred": "receipt", "route": "invoice", "source": "the order"}
    rule = {**named, "above_minor": 0, **change}
    with pytest.raises(Invalid) as refused:
        add_rule(session, from_date=date(2026, 6, 1), now=NOW, user_id=None, **rule)  # type: ignore[arg-type]
    assert list(refused.value.errors) == [field]
