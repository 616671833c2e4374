"""docs/leads.md says what happens: its message is read, and its table comes out to the unit, in any order."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.contact_accrual import earned_by_contact
from campaigns.models import Contact
from campaigns.money import parse_minor
from campaigns.settlement.books.check import breaches
from campaigns.settlement.figures import figures_of, total
from tests import factories
from tests.factories import NOW
from tests.tracking.platforms.payloads import read
from tests.tracking.test_contacts import code_of

PAGE = (Path(__file__).parents[2] / "docs" / "leads.md").read_text(encoding="utf-8")
MESSAGE, TERMS = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if re.match(r"\| \d", line)]
SUM = next([cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if "| sum" in line)


def minor(text: str) -> int:
    return parse_minor(text, "ILS")


def test_the_message_of_the_page_is_read():
    contact = read("standard", MESSAGE["type"], MESSAGE).contact
    assert contact is not None
    assert (contact.external_id, contact.seconds, contact.codes) == ("call-1042", 27, ("NOA10",))


@pytest.mark.parametrize("told_backwards", [False, True])
def test_the_table_comes_out_as_written(session: Session, told_backwards: bool):
    campaign = factories.live_campaign(session, accepted=1, terms=TERMS)
    code = code_of(factories.participants(session, campaign)[0])
    for number, person, status, seconds, *_ in reversed(ROWS) if told_backwards else ROWS:
        told = {"external_id": number, "status": status, "seconds": int(seconds), "email": f"{person}@example.com"}
        at = NOW + timedelta(hours=int(number))
        factories.contact(session, shop=campaign.shop, code=code, happened_at=at, **told)
    found = {one.external_id: one for one in session.scalars(select(Contact))}
    earned = earned_by_contact(session, [one.id for one in found.values()])
    for number, _, _, _, reason, commission, fee in ROWS:
        assert (found[number].reason, earned.get(found[number].id, (0, 0))) == (reason, (minor(commission), minor(fee)))
    sums = total(figures_of(session, campaign.id).values())
    assert (sums.commission_minor, sums.agency_fee_minor) == (minor(SUM[5]), minor(SUM[6]))
    assert sums.brand_charge_minor == minor(re.findall(r"The brand pays ([0-9.]+)\. ", PAGE)[0])
    assert breaches(session) == []
