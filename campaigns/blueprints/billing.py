"""What console and API both do about a brand's payment of a bill: noted in the books and in the audit log."""

import logging
from datetime import date

from campaigns.blueprints.context import now, session
from campaigns.models import Bill, User
from campaigns.planning.audit import note
from campaigns.settlement.billing.bill_payments import record_payment

log = logging.getLogger(__name__)


def received(user: User, bill: Bill, amount_minor: int, on: date, reference: str) -> None:
    """Money of a brand came in."""
    transaction = record_payment(session(), bill, amount_minor, on, reference, now())
    facts = {"amount_minor": amount_minor, "reference": reference.strip(), "transaction": transaction}
    note(session(), user.id, "bill.paid", f"document:{bill.document.public_id}", now(), **facts)
    log.info("payment noted document=%s", bill.document.public_id)
