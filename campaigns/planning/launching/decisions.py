"""What a brand decided on a plan, a roster or a report: approved it, or asked for a change.

Kept with what was read, and only added to. The form carries the hash of what was on the page, so nobody approves
what they have not seen; and pressed twice, or by two of the brand at once, one decision counts once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.terms import fingerprint
from campaigns.db import lock_name
from campaigns.errors import Conflict, Invalid, Said
from campaigns.models import BrandDecision, Campaign
from campaigns.models.launching import DECISION_SUBJECTS, DECISIONS
from campaigns.planning.launching.agreed import changed_facts, new_people

LONGEST_NOTE = 5_000
NONE, APPROVED, ASKED, CHANGED = "none", "approved", "change_asked", "changed"


@dataclass(frozen=True)
class Standing:
    """Where a subject stands: the newest decision, and what is different from what it was made on."""

    state: str
    decision: BrandDecision | None = None
    differences: tuple[str, ...] = ()


def decide(
    session: Session,
    campaign: Campaign,
    subject: str,
    decision: str,
    contents: Mapping[str, Any],
    read: str,
    note: str,
    user_id: int,
    now: datetime,
) -> tuple[BrandDecision, bool]:
    """Keep a decision on `contents`, whose hash `read` the brand had before it; and whether it is a new one.

    Raises Invalid, or Conflict where the contents changed while they were read.
    """
    if problems := _problems(subject, decision, note):
        raise Invalid(problems)
    lock_name(session, f"brand_decision:{campaign.id}:{subject}")
    last = newest(session, campaign.id, subject)
    print_now = fingerprint(contents)
    if last is not None and _said_already(last, decision, read, note):
        return last, False
    if read != print_now:
        raise Conflict("this changed while you were reading it: nothing was decided, please look again")
    made = BrandDecision(
        campaign_id=campaign.id,
        subject=subject,
        number=last.number + 1 if last else 1,
        decision=decision,
        contents=dict(contents),
        fingerprint=print_now,
        note=note.strip(),
        user_id=user_id,
        at=now,
    )
    session.add(made)
    session.flush()
    return made, True


def newest(session: Session, campaign_id: int, subject: str) -> BrandDecision | None:
    """The decision that counts."""
    mine = select(BrandDecision).filter_by(campaign_id=campaign_id, subject=subject)
    return session.scalar(mine.order_by(BrandDecision.number.desc()).limit(1))


def decisions_of(session: Session, campaign_id: int) -> list[BrandDecision]:
    """Everything the brand decided on a campaign, the newest first."""
    mine = select(BrandDecision).filter_by(campaign_id=campaign_id).order_by(BrandDecision.id.desc())
    return list(session.scalars(mine))


def standing(last: BrandDecision | None, contents: Mapping[str, Any]) -> Standing:
    """Where a subject stands, its contents being what they are now."""
    if last is None:
        return Standing(NONE)
    if last.decision == ASKED:
        return Standing(ASKED, last)
    differences = tuple(_differences(last, contents))
    return Standing(CHANGED if differences else APPROVED, last, differences)


def _differences(last: BrandDecision, contents: Mapping[str, Any]) -> list[str]:
    if last.fingerprint == fingerprint(contents):
        return []
    if last.subject == "plan":
        return changed_facts(last.contents, dict(contents))
    if last.subject == "roster":
        return new_people(last.contents, dict(contents))
    return [name for name in ("totals",) if last.contents.get(name) != contents.get(name)]


def _said_already(last: BrandDecision, decision: str, read: str, note: str) -> bool:
    """An approval is said once, whatever is written to it; a wish for a change may be followed by another one."""
    same = (last.decision, last.fingerprint) == (decision, read)
    return same and (decision == APPROVED or last.note == note.strip())


def _problems(subject: str, decision: str, note: str) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if subject not in DECISION_SUBJECTS:
        wrong["subject"] = [Said("Choose one of the values offered.")]
    if decision not in DECISIONS:
        wrong["decision"] = [Said("Choose one of the values offered.")]
    if decision == ASKED and not note.strip():
        wrong["note"] = [Said("Say what should change.")]
    if len(note) > LONGEST_NOTE:
        wrong["note"] = [Said("has more than %(most)s characters", most=LONGEST_NOTE)]
    return wrong
