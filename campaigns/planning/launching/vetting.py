"""Vetting: what was found out about the business and the product before anybody is asked to praise them.

A review is never changed; the newest of a subject is its verdict. What was found out about a brand for an earlier
campaign of the last twelve months counts here too, as long as this campaign has no review of its own; about the
product only where it is the same one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Invalid, Said
from campaigns.models import Campaign, VettingReview
from campaigns.models.launching import VERDICTS, VETTED, VETTING_SOURCES
from campaigns.planning.launching.web_address import problem_of_address

RECENT = timedelta(days=365)
MOST_RATINGS = 10**9
LONGEST_NOTE = 5_000


@dataclass(frozen=True)
class Seen:
    """What somebody writes down. Ratings are counts of people, both or neither."""

    subject: str
    source: str
    verdict: str
    link: str = ""
    good_ratings: int | None = None
    bad_ratings: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Verdict:
    """The review that counts for a subject; `carried` from an earlier campaign of the brand."""

    review: VettingReview
    carried: bool


def review(session: Session, campaign: Campaign, seen: Seen, user_id: int | None, now: datetime) -> VettingReview:
    """Write a review down; raises Invalid."""
    if problems := _problems(seen):
        raise Invalid(problems)
    made = VettingReview(
        campaign_id=campaign.id,
        subject=seen.subject,
        source=seen.source,
        link=seen.link.strip(),
        good_ratings=seen.good_ratings,
        bad_ratings=seen.bad_ratings,
        verdict=seen.verdict,
        note=seen.note.strip(),
        by_user_id=user_id,
        at=now,
    )
    session.add(made)
    session.flush()
    return made


def reviews_of(session: Session, campaign: Campaign) -> list[VettingReview]:
    """The campaign's own reviews, the newest first."""
    mine = select(VettingReview).filter_by(campaign_id=campaign.id).order_by(VettingReview.id.desc())
    return list(session.scalars(mine))


def carried_over(session: Session, campaign: Campaign, now: datetime) -> list[VettingReview]:
    """Recent reviews of the brand's earlier campaigns that say something about this one, the newest first."""
    earlier = (
        select(VettingReview)
        .join(Campaign, Campaign.id == VettingReview.campaign_id)
        .where(Campaign.brand_id == campaign.brand_id, Campaign.id != campaign.id, VettingReview.at > now - RECENT)
        .order_by(VettingReview.id.desc())
    )
    return [one for one in session.scalars(earlier) if one.subject == "business" or _same_product(one, campaign)]


def verdicts(session: Session, campaign: Campaign, now: datetime) -> dict[str, Verdict]:
    """subject -> the review that counts; subjects nobody looked at are missing."""
    found: dict[str, Verdict] = {}
    carried = [(one, True) for one in carried_over(session, campaign, now)]
    for one, is_carried in [*((one, False) for one in reviews_of(session, campaign)), *carried]:
        found.setdefault(one.subject, Verdict(one, is_carried))
    return found


def _same_product(earlier: VettingReview, campaign: Campaign) -> bool:
    named = campaign.product.strip().casefold()
    return bool(named) and earlier.campaign.product.strip().casefold() == named


def _problems(seen: Seen) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    offered = {"subject": VETTED, "source": VETTING_SOURCES, "verdict": VERDICTS}
    for name, known in offered.items():
        if getattr(seen, name) not in known:
            wrong[name] = [Said("Choose one of the values offered.")]
    if seen.link.strip() and (problem := problem_of_address(seen.link.strip())):
        wrong["link"] = [problem]
    counts = (seen.good_ratings, seen.bad_ratings)
    if (counts[0] is None) != (counts[1] is None):
        wrong["bad_ratings"] = [Said("Give both counts, or none.")]
    elif any(count is not None and not 0 <= count <= MOST_RATINGS for count in counts):
        wrong["good_ratings"] = [Said("A count is a whole number, nought or more.")]
    if len(seen.note) > LONGEST_NOTE:
        wrong["note"] = [Said("has more than %(most)s characters", most=LONGEST_NOTE)]
    elif seen.verdict == "unfit" and not seen.note.strip():
        wrong["note"] = [Said("Say why it does not fit.")]
    return wrong
