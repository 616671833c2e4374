"""What stands in the tables when the dust has settled."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from campaigns.db import db, reading
from campaigns.models import Campaign, Click, Delivery, LedgerAccount, Order, Posting
from campaigns.settlement.books.check import breaches
from campaigns.tracking.click_days import differences
from campaigns.tracking.click_ids import named
from tests.factories import identity_key
from tests.faults.shopify import COMMISSION_MINOR, FEE_MINOR


def posted(session: Session, kind: str) -> int:
    """The sum of all postings on accounts of a kind, minor units."""
    total = select(func.sum(Posting.amount_minor)).join(LedgerAccount, LedgerAccount.id == Posting.account_id)
    return int(session.scalar(total.where(LedgerAccount.kind == kind)) or 0)


def stored_orders(session: Session) -> list[int]:
    """Shopify's ids of every order, one that is there twice twice."""
    return sorted(int(number) for number in session.scalars(select(Order.external_id)))


def deliveries(session: Session) -> list[tuple[int, str]]:
    """Number and outcome of every delivery that is kept."""
    rows = session.execute(select(Delivery.delivery_id, Delivery.status))
    return sorted((int(name.removeprefix("delivery-")), status) for name, status in rows)


def assert_exactly_once(session: Session, numbers: list[int]) -> None:
    """These orders, each once with one delivery and its outcome, their commissions, nothing else, and no breach."""
    wanted = sorted(numbers)
    with reading():
        assert stored_orders(session) == wanted
        assert deliveries(session) == [(number, "processed") for number in wanted]
        assert posted(session, "influencer_pending") == -COMMISSION_MINOR * len(wanted)
        assert posted(session, "agency_income") == -FEE_MINOR * len(wanted)
        assert breaches(db.session()) == []
        session.rollback()


def assert_clicks_once(session: Session, clicked: list[str]) -> None:
    """Every visitor's click is there, no two have one id, and the daily counts are those of the rows."""
    numbers = [named(identity_key(), public) for public in clicked]
    with reading():
        assert len(set(numbers)) == len(clicked)
        assert not set(numbers) - set(session.scalars(select(Click.id)))
        for campaign_id in session.scalars(select(Campaign.id)).all():
            assert differences(session.connection(), campaign_id) == []
        session.rollback()


def assert_sound(session: Session) -> None:
    """SQLite finds nothing wrong with its file; PostgreSQL has no such question."""
    if session.get_bind().dialect.name == "sqlite":
        with reading():
            assert session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            session.rollback()
