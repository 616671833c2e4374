"""Papers of payees for tests: a statement of any amount, and what its payee sends for it."""

from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Certificate, Influencer, ReceivedDocument, Statement
from campaigns.planning import life
from campaigns.settlement.close import close
from campaigns.settlement.exchanging import received
from campaigns.settlement.exchanging.received import Sent
from tests import factories, whole_campaign
from tests.whole_campaign import CLOSED_AT, CLOSED_ON

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9"


def agency(**changes: str) -> dict[str, str]:
    """The agency of the tests, withholding nothing and writing no invoices unless told otherwise."""
    named: dict[str, str] = current_app.extensions["settings"].agency()
    return named | changes


def a_statement(session: Session, *, net_minor: int = 20_000, **changes: Any) -> Statement:
    """Mina's statement of 15 % of her one sale: 30.00 of 200.00; `changes` are columns of her record."""
    mina = factories.influencer(session, name="Mina")
    for column, value in changes.items():
        setattr(mina, column, value)
    others = [factories.influencer(session, name=name) for name in ("Noa", "Tal")]
    cast = whole_campaign.play(session, factories.campaign(session), mina, *others)
    if net_minor != 20_000:
        code = cast.mina.codes[0].code
        factories.order(session, shop=cast.campaign.shop, code=code, net_minor=net_minor - 20_000)
    return closed(session, cast, mina)


def closed(session: Session, cast: whole_campaign.Cast, payee: Influencer, **changes: str) -> Statement:
    """The campaign closed by an agency with these settings; the payee's statement."""
    life.advance(session, cast.campaign, CLOSED_AT)
    close(session, cast.campaign, agency(**changes), CLOSED_ON, CLOSED_AT, None)
    return session.scalars(select(Statement).filter_by(influencer_id=payee.id)).one()


def a_payee(session: Session, statement: Statement) -> Influencer:
    """Whose statement it is."""
    return session.get_one(Influencer, statement.influencer_id)


def sent(statement: Statement, **changes: Any) -> Sent:
    """A tax invoice of the statement's amount with 18 % VAT, of the day it was issued."""
    net = statement.amount_minor
    usual: dict[str, Any] = {
        "kind": "tax_invoice",
        "number": "1001",
        "issued_on": CLOSED_ON,
        "net_minor": net,
        "vat_minor": (net * 18 + 50) // 100,
        "body": PDF,
    }
    return Sent(**(usual | changes))


def a_paper(session: Session, statement: Statement, **changes: Any) -> ReceivedDocument:
    """The payee's paper, taken in."""
    return received.receive(session, statement, sent(statement, **changes), agency(), None, CLOSED_AT)


def certificate(session: Session, payee: Influencer, rate_bps: int, last: date = date(2026, 12, 31)) -> Certificate:
    """A withholding certificate of this year."""
    made = Certificate(
        influencer_id=payee.id,
        kind="withholding",
        number="T-771",
        from_date=date(2026, 1, 1),
        to_date=last,
        rate_bps=rate_bps,
        entered_at=CLOSED_AT,
    )
    session.add(made)
    session.flush()
    return made
