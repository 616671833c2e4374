"""Follow-up statements: what came in after a campaign was closed, stated on demand.

Late refunds, repeated orders and contacts would else wait until another campaign of the same brand is closed. The
engine is the closing's own; only what is new is listed.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Said
from campaigns.models import Campaign, Participation, Statement
from campaigns.settlement.payslips import issue_payslip
from campaigns.settlement.statement_lines import open_postings
from campaigns.settlement.statements import issue_statement
from campaigns.settlement.wallets.wallets import hold_dues


def waiting(session: Session, campaign: Campaign, people: Sequence[Participation]) -> list[tuple[Participation, int]]:
    """(participant, sum) of those for whom something is on no statement yet; the sum may be negative, or zero."""
    found = []
    for one in people:
        postings = open_postings(session, one.influencer_id, campaign.currency, campaign.brand_id)
        if campaign.closed_at is not None and postings:
            found.append((one, sum(posting.earned_minor for posting in postings)))
    return found


def follow_up(
    session: Session,
    campaign: Campaign,
    people: Sequence[Participation],
    agency: dict[str, str],
    on: date,
    now: datetime,
) -> list[Statement]:
    """Issue a statement for each of `people` who has something open; raises Conflict where nobody has."""
    if campaign.closed_at is None:
        raise Conflict(Said("the campaign is not closed: its statements are issued when it is"))
    hold_dues(session)  # of two at once the second finds nothing
    issued = []
    for one, _ in waiting(session, campaign, people):
        issued.append(issue_statement(session, one, agency, on, now, follow_up=True))
        if issued[-1].route == "payslip":
            issue_payslip(session, one.influencer, campaign.currency, agency, on, now)
    if not issued:
        raise Conflict(Said("nothing is open: everything earned so far is on a statement, or held"))
    return issued
