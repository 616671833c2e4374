"""Incidents: a bad review, an unhappy customer, a faulty product; reported, handled, and put right or not accepted.

Whoever reports it says what happened in a talk with influencer, brand and agency, where staff read first as always.
The brand may say that it handles it; how it ended is written by staff, once. What the customer is given is the shop's
money or another's, told in words only.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid, Said
from campaigns.models import Campaign, Incident, IncidentStep, Influencer, Order, TalkMessage, User
from campaigns.models.talking import INCIDENT_KINDS, INCIDENT_STATUSES
from campaigns.planning.talking import talks

MOVES = {
    "reported": ("handling", "put_right", "not_accepted"),
    "handling": ("put_right", "not_accepted"),
    "put_right": ("handling",),
    "not_accepted": ("handling",),
}
UNSETTLED = ("reported", "handling")
ENDS = ("put_right", "not_accepted")
GIVERS = ("", "shop", "agency", "influencer")
LONGEST_WORDS, LONGEST_PRODUCT, LONGEST_ADDRESS = 4000, 200, 2000


@dataclass(frozen=True)
class Report:
    """What happened, in whose campaign, and to which order and product where they are known."""

    campaign: Campaign
    kind: str
    subject: str
    words: str
    product: str = ""
    influencer: Influencer | None = None
    order: Order | None = None


@dataclass(frozen=True)
class Ending:
    """How an incident ended: in words that all sides read, what the customer got and from whom, the public answer."""

    status: str
    outcome: str
    compensation: str = ""
    compensated_by: str = ""
    answer_url: str = ""


def report(session: Session, user: User, told: Report, now: datetime) -> tuple[Incident, TalkMessage]:
    """Report an incident, and open its talk; raises Invalid. What staff report both sides read at once."""
    if told.kind not in INCIDENT_KINDS:
        raise Invalid({"kind": [Said("must be one of the things there are")]})
    if len(told.product) > LONGEST_PRODUCT:
        raise Invalid({"product": [Said("must have at most %(most)s characters", most=LONGEST_PRODUCT)]})
    brand = told.campaign.brand
    sides = ("influencer", "brand") if told.influencer else ("brand",)
    opening = talks.Opening("incident", told.subject, told.words, sides, told.campaign, told.influencer, brand)
    talk, message = talks.open_talk(session, user, opening, now)
    made = Incident(
        talk_id=talk.id,
        campaign_id=told.campaign.id,
        influencer_id=told.influencer.id if told.influencer else None,
        order_id=told.order.id if told.order else None,
        product=told.product.strip(),
        kind=told.kind,
        status="reported",
        reported_at=now,
    )
    session.add(made)
    session.flush()
    _step(session, made, user, now)
    return made, message


def handle(session: Session, incident: Incident, user: User, now: datetime) -> None:
    """Somebody handles it, also anew after it had ended; raises Conflict where it is handled. A brand only begins."""
    if user.role == "brand" and incident.status != "reported":
        raise Conflict(Said("the agency has it in hand already"))
    _move(session, incident, user, "handling", now)
    incident.ended_at = None
    session.flush()


def end(session: Session, incident: Incident, user: User, how: Ending, now: datetime) -> None:
    """Say how it ended; raises Invalid, and Conflict where it has ended already."""
    if wrong := _problems(how):
        raise Invalid(wrong)
    _move(session, incident, user, how.status, now)
    incident.outcome, incident.compensation = how.outcome.strip(), how.compensation.strip()
    incident.compensated_by, incident.answer_url = how.compensated_by, how.answer_url.strip()
    incident.ended_at = now
    session.flush()


def counted(session: Session, campaign_ids: list[int]) -> dict[str, int]:
    """Status -> how many incidents some campaigns have had, all statuses named."""
    rows = session.execute(
        select(Incident.status, func.count()).where(Incident.campaign_id.in_(campaign_ids)).group_by(Incident.status)
    )
    return dict.fromkeys(INCIDENT_STATUSES, 0) | {status: count for status, count in rows}


def _move(session: Session, incident: Incident, user: User, status: str, now: datetime) -> None:
    """From the status it was seen in to another, unless somebody else got there first."""
    before = incident.status
    if status not in MOVES[before]:
        raise Conflict(Said("the incident is %(status)s already", status=f"incident_{before}"))
    claimed = update(Incident).where(Incident.id == incident.id, Incident.status == before).values(status=status)
    if session.execute(claimed).rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict(Said("somebody has just changed this incident: look at it again"))
    session.refresh(incident)
    _step(session, incident, user, now)


def _step(session: Session, incident: Incident, user: User, now: datetime) -> None:
    step = IncidentStep(incident_id=incident.id, status=incident.status, user_id=user.id, role=user.role, at=now)
    session.add(step)
    session.flush()
    session.expire(incident, ["steps"])


def _problems(how: Ending) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if how.status not in ENDS:
        wrong["status"] = [Said("must be one of the outcomes there are")]
    for name, text in (("outcome", how.outcome), ("compensation", how.compensation)):
        if len(text.strip()) > LONGEST_WORDS:
            wrong[name] = [Said("must have at most %(most)s characters", most=LONGEST_WORDS)]
    if not how.outcome.strip():
        wrong["outcome"] = [Said("is missing")]
    if how.compensated_by not in GIVERS:
        wrong["compensated_by"] = [Said("must be one of the things there are")]
    elif bool(how.compensation.strip()) != bool(how.compensated_by):
        wrong["compensated_by"] = [Said("what the customer got, and from whom, go together")]
    if how.answer_url.strip() and not _is_address(how.answer_url.strip()):
        wrong["answer_url"] = [Said("must be an address that begins with https:// or http://")]
    return wrong


def _is_address(text: str) -> bool:
    """A web address that a page may link to."""
    if len(text) > LONGEST_ADDRESS or any(letter.isspace() for letter in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
