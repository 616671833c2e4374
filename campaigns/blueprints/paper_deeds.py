"""What those a paper is for say to it, noted and passed on: the same on a page and over the API. The caller commits."""

import logging

from campaigns.blueprints import money_deeds
from campaigns.blueprints.context import now, session, settings
from campaigns.documents import answers
from campaigns.models import Dispute, Document, DocumentAnswer, User
from campaigns.planning.audit import note
from campaigns.planning.paper_letters import disputed
from campaigns.settlement.exchanging.self_billing import hold_standing
from campaigns.settlement.exchanging.standing import INVOICE

log = logging.getLogger(__name__)


def acknowledge(user: User, paper: Document) -> DocumentAnswer:
    """Seen and accepted; an invoice of ours that was taken back can't be. Raises Conflict."""
    if paper.kind == INVOICE:
        hold_standing(session(), paper, now().date())
    given = answers.acknowledge(session(), paper, user, now())
    note(session(), user.id, "document.acknowledged", f"document:{paper.public_id}", now())
    return given


def dispute(user: User, paper: Document, reason: str) -> tuple[DocumentAnswer, Dispute | None]:
    """Doubted: of a statement that is a dispute as any other, of other papers staff are written to.

    Raises Invalid without a reason, Conflict where they have said so before.
    """
    given = answers.dispute(session(), paper, user, reason, now())
    note(session(), user.id, "document.disputed", f"document:{paper.public_id}", now())
    log.info("document=%s is disputed", paper.public_id)
    if paper.kind == "commission_statement":
        return given, money_deeds.open_dispute(user, "statement", paper.public_id, reason)
    link = f"{settings().public_url}/papers/{paper.public_id}"
    disputed(session(), paper, user, given.reason, link, now())
    return given, None
