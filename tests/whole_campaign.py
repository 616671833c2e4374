"""One campaign from the plan to the bank's list: every table that may never change has rows after it.

Three take part in a brand's shop: Mina is paid by invoice, Noa by payslip, and Tal sells nothing. Of Mina's 200.00
and Noa's 1,000.00 the influencers' 15 % are 30.00 and 150.00, the agency's 3 % are 6.00 and 30.00.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import keep_files
from campaigns.models import Campaign, Document, Influencer, Participation
from campaigns.planning import life
from campaigns.planning.audit import note
from campaigns.settlement.close import close
from tests import factories
from tests.paying import pay_out

CLOSED_ON = date(2026, 6, 10)
CLOSED_AT = factories.END + timedelta(days=19)
MINAS, NOAS = "order-of-mina", "order-of-noa"
PAYSLIP = {"route": "payslip", "id_number": "039337423", "credit_points": "2.25"}


@dataclass(frozen=True)
class Cast:
    """Who took part."""

    campaign: Campaign
    mina: Participation
    noa: Participation
    tal: Participation


def play(
    session: Session,
    campaign: Campaign,
    mina: Influencer,
    noa: Influencer,
    tal: Influencer,
    at: datetime = factories.NOW,
) -> Cast:
    """Invite, accept, launch, and take one order for Mina and one for Noa, placed `at`."""
    people = [factories.participation(session, campaign=campaign, influencer=person) for person in (mina, noa, tal)]
    life.launch(session, campaign, factories.BEFORE, "three are enough for this test")
    life.advance(session, campaign, at)
    for person, external_id, net_minor in zip(people, (MINAS, NOAS), (20_000, 100_000), strict=False):
        assert person.code is not None
        code = person.code.code
        number = f"{external_id}-{campaign.id}"
        factories.order(session, shop=campaign.shop, code=code, external_id=number, net_minor=net_minor, placed_at=at)
    return Cast(campaign, *people)


def a_live_campaign(session: Session) -> Cast:
    """The campaign in its second week."""
    mina = factories.influencer(session, name="Mina")
    noa = factories.influencer(session, name="Noa", payee=dict(PAYSLIP))
    return play(session, factories.campaign(session), mina, noa, factories.influencer(session, name="Tal"))


def end(session: Session, campaign: Campaign) -> Document:
    """Close it after the return window and make the papers' files; returns the final report."""
    agency = current_app.extensions["settings"].agency()
    life.advance(session, campaign, CLOSED_AT)
    report = close(session, campaign, agency, CLOSED_ON, CLOSED_AT, None)
    note(session, None, "campaign.closed", f"campaign:{campaign.public_id}", CLOSED_AT)
    make_files(session)
    return report


def pay(session: Session) -> Document:
    """Pay out whatever is due in shekels."""
    batch = pay_out(session, "ILS", current_app.extensions["settings"].agency(), CLOSED_ON, CLOSED_AT)
    make_files(session)
    return batch


def refund_mina(session: Session, cast: Cast, at: datetime) -> None:
    """Her 200.00 go back to the buyer."""
    assert cast.mina.codes
    factories.order(
        session,
        shop=cast.campaign.shop,
        code=cast.mina.codes[0].code,
        external_id=f"{MINAS}-{cast.campaign.id}",
        net_minor=20_000,
        refunded_minor=20_000,
        version=at,
    )


def make_files(session: Session) -> None:
    """Give each paper a file, as the worker would; what it looks like is tests/documents' business."""
    for document in session.scalars(select(Document).order_by(Document.id)):
        body = f"%PDF of {document.number}".encode()
        keep_files(session, document.id, [("application/pdf", body)], factories.seal_key(), CLOSED_AT)
