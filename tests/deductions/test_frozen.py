"""Facts frozen on a paper come back as they were, whatever a scheme declared."""

import json
from datetime import date
from decimal import Decimal

from campaigns.deductions.facts import Earlier, Facts
from campaigns.deductions.frozen import frozen_facts, thawed_facts, whole

DAY = date(2026, 4, 30)


def test_facts_come_back_as_they_were_through_json():
    facts = Facts(
        DAY, 600_000, "ILS", credit_points=Decimal("2.75"), second_employer=True,
        coordination=((500_000, 1_000), (None, 4_700)),
        reduced_part_minor=200_000, months_worked=3, dealer="exempt", withholding_rate_bps=500, keeps_books=True,
        this_month=Earlier(5, {"income_tax": 1}), others={"rate": Decimal("0.5"), "student": True, "town": "Eilat"},
    )  # fmt: skip
    kept = json.loads(json.dumps(frozen_facts(facts)))
    assert whole(kept)
    assert thawed_facts(kept, DAY, 600_000, "ILS", facts.this_month, None) == facts


def test_a_paper_from_before_facts_were_frozen_is_not_whole():
    before = {"credit_points": "2.25", "second_employer": False, "no_form_101": False}
    assert not whole(before)
    assert thawed_facts(before, DAY, 5, "ILS", None, None) == Facts(DAY, 5, credit_points=Decimal("2.25"))
