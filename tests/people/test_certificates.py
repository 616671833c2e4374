"""Certificates: entered from the paper with their dates, refused where they make no sense, and the one that counts."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from campaigns.deductions.certificates import certificate_on, coordination_on, withholding_on
from campaigns.errors import Conflict, Invalid
from campaigns.people.certificates import withdraw_certificate
from tests import factories
from tests.factories import NOW

STEPS = [{"upto_minor": 500_000, "rate_bps": 1_000}, {"upto_minor": None, "rate_bps": 4_700}]
COORDINATION = {"kind": "coordination", "rate_bps": None, "steps": STEPS}


@pytest.mark.parametrize(("day", "counts"), [("2025-12-31", False), ("2026-01-01", True), ("2026-12-31", True)])
def test_a_certificate_counts_from_its_first_day_to_its_last(session: Session, day: str, counts: bool):
    mina = factories.influencer(session, payee={"withholding_rate_bps": 3_000})
    found = factories.certificate(session, influencer=mina)
    expected = (500, found) if counts else (3_000, None)
    assert withholding_on(session, mina, date.fromisoformat(day)) == expected


def test_of_two_the_one_entered_last_counts_until_it_is_withdrawn(session: Session):
    mina = factories.influencer(session)
    first = factories.certificate(session, influencer=mina)
    second = factories.certificate(session, influencer=mina, rate_bps=0)
    assert certificate_on(session, mina.id, "withholding", date(2026, 5, 1)) == second
    withdraw_certificate(session, second, NOW)
    assert certificate_on(session, mina.id, "withholding", date(2026, 5, 1)) == first
    with pytest.raises(Conflict):
        withdraw_certificate(session, second, NOW)


def test_a_coordination_is_its_steps_and_else_those_of_the_record(session: Session):
    mina = factories.influencer(session, payee={"coordination": STEPS[1:]})
    factories.certificate(session, influencer=mina, **COORDINATION)
    assert coordination_on(session, mina, date(2026, 5, 1)) == STEPS
    assert coordination_on(session, mina, date(2027, 5, 1)) == STEPS[1:]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "blessing"}, "kind"),
        ({"number": " "}, "number"),
        ({"to_date": date(2025, 12, 31)}, "to_date"),
        ({"from_date": "1.1.2026"}, "from_date"),
        ({"rate_bps": 10_001}, "rate_bps"),
        ({"rate_bps": None}, "rate_bps"),
        ({"steps": STEPS}, "steps"),
        ({**COORDINATION, "rate_bps": 500}, "rate_bps"),
        ({**COORDINATION, "steps": []}, "steps"),
        ({**COORDINATION, "steps": [*STEPS, STEPS[0]]}, "steps"),
        ({"stamp": "x"}, "stamp"),
    ],
)
def test_a_certificate_that_makes_no_sense_is_refused_by_its_field(
    session: Session, changes: dict[str, Any], field: str
):
    with pytest.raises(Invalid) as told:
        factories.certificate(session, influencer=factories.influencer(session), **changes)
    assert list(told.value.errors) == [field]
