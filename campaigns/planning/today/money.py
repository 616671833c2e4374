"""Money that waits for somebody: commissions held, disputes, payments to release, tables nobody has verified."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Contact, Dispute, Document, Hold, Order, PayoutBatch, TableRow
from campaigns.planning.today.waiting import Waiting, first_of


def held_commissions(session: Session, now: datetime) -> Waiting | None:
    """Held, and not because of a dispute: that one waits by itself."""
    undecided = Dispute.status.in_(("open", "answered"))  # an index knows them
    of_order = exists().where(Dispute.order_id == Hold.order_id, undecided)
    of_contact = exists().where(Dispute.contact_id == Hold.contact_id, undecided)
    held = (
        select(
            Hold.held_at,
            func.coalesce(Order.number, Contact.external_id),
            func.coalesce(Order.public_id, Contact.public_id),
        )
        .outerjoin(Order, Order.id == Hold.order_id)
        .outerjoin(Contact, Contact.id == Hold.contact_id)
        .where(Hold.released_at.is_(None), ~of_order, ~of_contact)
        .order_by(Hold.held_at)
    )
    return first_of(session, "commissions_held", held)


def disputes(session: Session, now: datetime) -> Waiting | None:
    """Disputes whose last word is not ours."""
    asked = select(Dispute.opened_at, Campaign.name, Dispute.public_id).join(
        Campaign, Campaign.id == Dispute.campaign_id
    )
    return first_of(session, "disputes_open", asked.where(Dispute.status == "open").order_by(Dispute.id))


def payouts_to_release(session: Session, now: datetime) -> Waiting | None:
    """Batches that were prepared, and that another person has to release."""
    prepared = select(PayoutBatch.prepared_at, Document.number, Document.public_id).join(
        Document, Document.id == PayoutBatch.document_id
    )
    return first_of(
        session, "payouts_to_release", prepared.where(PayoutBatch.status == "prepared").order_by(PayoutBatch.id)
    )


def tables_to_verify(session: Session, now: datetime) -> Waiting | None:
    """Rows of deduction tables that a second person has to look at."""
    entered = select(TableRow.entered_at, TableRow.table_name, TableRow.table_name)
    unverified = entered.where(TableRow.verified_at.is_(None), TableRow.withdrawn_at.is_(None))
    return first_of(session, "tables_to_verify", unverified.order_by(TableRow.entered_at))
