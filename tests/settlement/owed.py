"""Money at stake: Mina in campaigns of one brand or two, paid by invoice at 15 %, and the steps that move it."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.models import Brand, Campaign, Influencer, Order, Participation, Statement
from campaigns.planning import life
from campaigns.settlement.close import close
from campaigns.settlement.follow_up import follow_up
from tests import factories

AFTER = factories.END + timedelta(days=20)
LATER = AFTER + timedelta(days=10)


def agency() -> dict[str, str]:
    """The issuer of papers, from the settings."""
    named: dict[str, str] = current_app.extensions["settings"].agency()
    return named


def in_campaign(session: Session, mina: Influencer, brand: Brand, name: str = "Spring serum") -> Participation:
    """Mina, with a code, in a live campaign of a shop of the brand."""
    shop = factories.shop(session, brand=brand, domain=f"{name.split(maxsplit=1)[0].lower()}.example.com")
    made = factories.participation(session, campaign=factories.campaign(session, shop=shop, name=name), influencer=mina)
    life.launch(session, made.campaign, factories.BEFORE, "one is enough for this test")
    life.advance(session, made.campaign, factories.NOW)
    return made


def mina_at(session: Session, brand_name: str = "Amber Skin") -> Participation:
    """Mina in a campaign of one brand."""
    return in_campaign(session, factories.influencer(session, name="Mina"), factories.brand(session, name=brand_name))


def sell(session: Session, person: Participation, net_minor: int = 10_000, refunded_minor: int = 0) -> Order:
    """An order with her code; the same amount again is the same order, so that a refund changes it."""
    assert person.codes
    number = f"{person.id}-{net_minor}"
    version = factories.NOW + timedelta(hours=1 if refunded_minor else 0)
    return factories.order(
        session,
        shop=person.campaign.shop,
        code=person.codes[0].code,
        external_id=number,
        net_minor=net_minor,
        refunded_minor=refunded_minor,
        version=version,
    )


def end(session: Session, campaign: Campaign) -> None:
    """Close it after its return window."""
    life.advance(session, campaign, AFTER)
    close(session, campaign, agency(), AFTER.date(), AFTER, None, "a test may close over what is open")


def state(session: Session, person: Participation) -> Statement:
    """A follow-up statement for one person."""
    return follow_up(session, person.campaign, [person], agency(), LATER.date(), LATER)[0]


def statements(session: Session, person: Participation) -> list[dict[str, object]]:
    """The contents of everything stated to her, oldest first."""
    rows = session.scalars(select(Statement).filter_by(influencer_id=person.influencer_id).order_by(Statement.id))
    return [contents_of(row.document) for row in rows]
