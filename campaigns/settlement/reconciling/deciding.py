"""What staff decide on a finding: the shop is right (accepted), it makes no difference (waived), or it is disputed.

Accepting posts by the one path there is: the shop's word becomes a delivery, with the origin "reconciliation", which
the inbox keeps and gives its effect, and which can be read again like any other. What an export doesn't tell is never
made up: then the finding stays open, and the refusal says what is missing. Where the order has come to agree in the
meantime, by a late webhook or a pull, there is nothing left to post.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.crash import crash_point
from campaigns.errors import Conflict
from campaigns.i18n import N_
from campaigns.models import Campaign, Finding, Order, Reconciliation
from campaigns.reasons import read_reason
from campaigns.settlement.reconciling.accepting import event_of
from campaigns.settlement.reconciling.exported import plain_number
from campaigns.settlement.reconciling.reconcile import differing, heard
from campaigns.settlement.reconciling.reconciliation import forget, hold, newest, our_orders, period_of, shown
from campaigns.tracking import inbox
from campaigns.tracking.events import RECONCILED, Envelope, ShopEvent
from campaigns.tracking.reconciled import write_event

UNDECIDED = ("open", "disputed")
AT_ONCE = 50  # a second or two: deliveries wait no longer for SQLite's only pen
TRIED_AT_ONCE = 1000  # those that can't be decided stand in nobody's way
AGREED = N_("what the shop sent meanwhile agrees")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decided:
    """How many findings were decided together, why others were not, and whether there are more of them."""

    done: int
    refused: Sequence[str]
    more: bool = False


def accept(session: Session, finding: Finding, key: bytes, user_id: int | None, now: datetime) -> Finding:
    """Take the shop's word: post what follows from it. Raises Conflict where it can't be taken, and changes nothing."""
    campaign = _hold(session, finding)
    if still_differs(session, campaign, finding):
        event = event_of(session, campaign, finding)
        with session.begin_nested():
            _post(session, campaign, finding, event, key, now)
            if still_differs(session, campaign, finding):
                raise Conflict(N_("taken in, the order would still differ from the export: ask the shop for it"))
    order = select(Order.id).filter_by(shop_id=campaign.shop_id, external_id=finding.external_id)
    finding.order_id = finding.order_id or session.scalar(order)
    crash_point("deciding.posted")
    return _decide(session, finding, "accepted", "", user_id, now)


def waive(session: Session, finding: Finding, reason: str, user_id: int | None, now: datetime) -> Finding:
    """Leave a difference as it is, and say why: it stands in the final report."""
    _hold(session, finding)
    return _decide(session, finding, "waived", read_reason(reason), user_id, now)


def dispute(session: Session, finding: Finding, reason: str, user_id: int | None, now: datetime) -> Finding:
    """Say that the shop is wrong. Closing waits until it is accepted or waived after all."""
    _hold(session, finding)
    _decide(session, finding, "disputed", read_reason(reason), user_id, now)
    disputed(finding)
    return finding


def disputed(finding: Finding) -> None:
    """What follows from a dispute with a shop, beside the finding itself."""
    log.info("finding=%s is disputed", finding.public_id)


def decide_all(
    session: Session, made: Reconciliation, kind: str, action: str, reason: str, key: bytes, user_id: int | None,
    now: datetime,
) -> Decided:  # fmt: skip
    """Decide the open findings of a kind, some at once; one that can't be decided keeps no other from it."""
    mine = select(Finding).where(Finding.reconciliation_id == made.id, Finding.kind == kind, Finding.status == "open")
    waiting = list(session.scalars(mine.order_by(Finding.id).limit(TRIED_AT_ONCE)))
    done, tried_in_vain, refused = 0, 0, []
    for finding in waiting:
        if done == AT_ONCE:
            break
        savepoint = session.begin_nested()
        try:
            if action == "accept":
                accept(session, finding, key, user_id, now)
            else:
                {"waive": waive, "dispute": dispute}[action](session, finding, reason, user_id, now)
            savepoint.commit()
            done += 1
        except Conflict as conflict:
            savepoint.rollback()
            tried_in_vain += 1
            refused += conflict.findings[:1] or [conflict.sentence]
    return Decided(done, tuple(dict.fromkeys(refused)), len(waiting) > done + tried_in_vain)


def settle_agreed(session: Session, campaign: Campaign, now: datetime) -> int:
    """Accept the open findings that differ no more, since the shop itself told in the meantime. Returns how many."""
    hold(session, campaign.id)
    made = newest(session, campaign.id)
    if made is None:
        return 0
    agreed = 0
    for finding in session.scalars(select(Finding).filter_by(reconciliation_id=made.id, status="open")):
        if not still_differs(session, campaign, finding):
            _decide(session, finding, "accepted", AGREED, None, now)
            agreed += 1
    return agreed


def still_differs(session: Session, campaign: Campaign, finding: Finding) -> bool:
    """Whether our tables and the kept word of the shop still disagree in this."""
    session.flush()
    mine = our_orders(session, campaign.shop_id, period_of(campaign), [finding.external_id])
    if finding.kind == "missing_here":
        numbers = {finding.number, plain_number(finding.number), f"#{plain_number(finding.number)}"}
        numbered = select(Order.id).where(Order.shop_id == campaign.shop_id, Order.number.in_(numbers)).limit(1)
        return not mine and (bool(finding.theirs["identified"]) or session.scalar(numbered) is None)
    if finding.kind == "missing_there":
        return bool(mine) and not mine[0].absent
    return bool(mine) and finding.kind in differing(
        mine[0], heard(shown(finding), finding.external_id, finding.number)
    )  # fmt: skip


def _post(session: Session, campaign: Campaign, finding: Finding, event: ShopEvent, key: bytes, now: datetime) -> None:
    session.flush()
    envelope = Envelope(RECONCILED, finding.public_id, occurred_at=event.occurred_at)
    told = inbox.arrival(campaign.shop, envelope, write_event(event), now, RECONCILED)
    (status,) = inbox.keep(session.connection(), [told], key, now)
    session.expire_all()
    if status != "processed":
        raise Conflict(told.failure or N_("the order could not be taken in"))


def _hold(session: Session, finding: Finding) -> Campaign:
    """The campaign of a finding that can be decided; from here on nobody else decides."""
    campaign = finding.reconciliation.campaign
    hold(session, campaign.id)
    session.refresh(finding)
    last = newest(session, campaign.id)
    if last is None or last.id != finding.reconciliation_id:
        raise Conflict(N_("a newer export has been compared since: decide on what it found"))
    if finding.status not in UNDECIDED:
        raise Conflict(N_("this is decided already"))
    return campaign


def _decide(
    session: Session, finding: Finding, status: str, reason: str, user_id: int | None, now: datetime
) -> Finding:
    finding.status, finding.reason = status, reason
    finding.decided_by_user_id, finding.decided_at = user_id, now
    if status != "disputed":
        forget(finding)
    session.flush()
    log.info("finding=%s is %s", finding.public_id, status)
    return finding
