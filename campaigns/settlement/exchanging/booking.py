"""What an accepted paper changes in the books: VAT becomes due to the payee, what is withheld to the tax office.

So what is due becomes what is paid, and a payment needs to know nothing of VAT. A statement that was paid before its
paper came has its VAT due on its own, and the next batch pays it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Leg, post
from campaigns.models import Statement

BY_PAPER, BY_SELF_BILLING, SELF_BILLING_TAKEN_BACK = "payee_paper", "self_billing", "self_billing_credit"
KINDS = (BY_PAPER, BY_SELF_BILLING, SELF_BILLING_TAKEN_BACK)


def book(
    session: Session,
    kind: str,
    statement: Statement,
    vat_minor: int,
    withheld_minor: int,
    basis: dict[str, Any],
    now: datetime,
    document_id: int | None = None,
) -> None:
    """Post one paper's VAT and withholding; negative amounts take back what was posted."""
    place = (statement.currency, statement.campaign_id, statement.participation_id)
    post(
        session,
        kind,
        {
            Leg("input_vat", 0, statement.currency): vat_minor,
            Leg("influencer_due", statement.influencer_id, *place): withheld_minor - vat_minor,
            Leg("withheld_tax", 0, statement.currency): -withheld_minor,
        },
        now,
        document_id=document_id or statement.document_id,
        basis={**basis, "vat_minor": vat_minor, "withheld_minor": withheld_minor},
    )
