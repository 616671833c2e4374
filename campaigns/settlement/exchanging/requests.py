"""The request: what to write on the invoice or receipt for a statement, word for word, and what will be paid.

It leaves nothing for the payee to work out, and nothing that a later law could change: the rates are those of its date,
and it keeps which rows they are from.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.documents.issue import contents_of, issue
from campaigns.models import Document, Statement
from campaigns.models.accounts import Influencer
from campaigns.settlement.exchanging.asked import Asked, asked_of
from campaigns.settlement.exchanging.frozen import AGENCY, amounts_of, campaign_of, payee_of

DAYS_TO_SEND = 14


def issue_request(session: Session, statement: Statement, agency: dict[str, str], on: date, now: datetime) -> Document:
    """Issue the request, dated `on`; raises MissingTableRow where no verified row says what VAT is on that day."""
    payee = session.get_one(Influencer, statement.influencer_id)
    asked = asked_of(session, statement, payee, agency, issued_on=on, pay_on=on)
    stated = contents_of(statement.document)
    contents = {
        "issued_at": iso(now),
        "currency": statement.currency,
        "timezone": stated["timezone"],
        "date": on.isoformat(),
        "agency": {key: agency[key] for key in AGENCY},
        "payee": payee_of(payee, statement.route or payee.payee_route),
        "statement": statement.document.number,
        "campaign": campaign_of(stated),
        "kinds": list(asked.kinds),
        "amounts": amounts_of(asked),
        "vat": {"rate_bps": asked.vat.rate_bps, "row": asked.vat.source},
        "withholding": _withholding(asked),
        "allocation": {"needed": asked.needs_allocation, "above_minor": asked.allocation_above_minor},
        "upload_at": f"{agency['site']}/me/statements/{statement.document.public_id}/paper",
        "send_by": (on + timedelta(days=DAYS_TO_SEND)).isoformat(),
    }
    return issue(
        session, "payee_request", contents, payee.language, now, on.year, campaign_id=statement.campaign_id,
        participation_id=statement.participation_id, influencer_id=payee.id,
    )  # fmt: skip


def _withholding(asked: Asked) -> dict[str, Any] | None:
    if asked.withholding is None:
        return None
    until = asked.withholding.until
    return {
        "rate_bps": asked.withholding.rate_bps,
        "certificate": asked.withholding.certificate,
        "until": until.isoformat() if until else None,
    }
