"""A certificate for somebody who took part: which campaigns, when, and of their own results what they agree to show.

It names campaigns that are over and brands whose name was on every post anyway. It holds no sum of money: what a brand
sold is the brand's. Results are clicks, orders, leads and calls of the influencer's own, and only if they say so.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.commissions.terms import canonical
from campaigns.db import lock_name
from campaigns.documents.issue import contents_of, issue
from campaigns.errors import Invalid, Said
from campaigns.models import Campaign, Document, Influencer, Participation
from campaigns.settlement.figures import Figures, figures_of_all

KIND = "partner_certificate"
ZONE = "Asia/Jerusalem"
ON_ONE_PAGE = 10


def completed(session: Session, influencer_id: int) -> list[Participation]:
    """The closed campaigns somebody took part in to the end, the newest first."""
    rows = (
        select(Participation)
        .join(Campaign, Campaign.id == Participation.campaign_id)
        .where(
            Participation.influencer_id == influencer_id,
            Participation.status == "completed",
            Campaign.closed_at.is_not(None),
        )
        .order_by(Campaign.ends_at.desc(), Participation.id.desc())
    )
    return list(session.scalars(rows))


def certify(
    session: Session,
    influencer: Influencer,
    chosen: Collection[str],
    show_results: bool,
    agency: dict[str, str],
    now: datetime,
    language: str = "",
) -> Document:
    """The certificate of some campaigns, named by their participations; the same asked again is the same paper.

    Raises Invalid where none is chosen, where one of them isn't theirs and completed, or too many for one page.
    """
    mine = completed(session, influencer.id)
    wanted = [one for one in mine if one.public_id in chosen]
    if not wanted:
        raise Invalid({"campaigns": [Said("choose at least one campaign that is completed")]})
    if len(wanted) < len(set(chosen)):
        raise Invalid({"campaigns": [Said("holds one that you did not complete")]})
    if len(wanted) > ON_ONE_PAGE:
        raise Invalid({"campaigns": [Said("must be at most %(most)s, to fit on one page", most=ON_ONE_PAGE)]})
    figures = figures_of_all(session, [one.campaign_id for one in wanted]) if show_results else {}
    facts = {
        "influencer": {"id": influencer.public_id, "name": influencer.name, "handle": influencer.handle},
        "campaigns": [_campaign(one, figures, show_results) for one in wanted],
        "results_shown": show_results,
    }
    spoken = language or influencer.language
    lock_name(session, f"certificate:{influencer.id}")
    before = _last(session, influencer.id, spoken)
    if before is not None and canonical(_facts(before)) == canonical(facts):
        return before
    contents = {
        "issued_at": iso(now),
        "timezone": ZONE,
        "agency": {key: agency[key] for key in ("name", "legal_name", "registration_number", "address", "email")},
        **facts,
    }
    year = now.astimezone(ZoneInfo(ZONE)).year
    return issue(session, KIND, contents, spoken, now, year, influencer_id=influencer.id)


def _campaign(person: Participation, figures: dict[tuple[int, int], Figures], show_results: bool) -> dict[str, Any]:
    campaign = person.campaign
    mine = figures.get((campaign.id, person.id), Figures())
    return {
        "name": campaign.name,
        "brand": campaign.brand.name,
        "starts_at": iso(campaign.starts_at),
        "ends_at": iso(campaign.ends_at),
        "timezone": campaign.timezone,
        "results": {"clicks": mine.clicks, "orders": mine.orders, "contacts": mine.contacts} if show_results else None,
    }


def _last(session: Session, influencer_id: int, language: str) -> Document | None:
    papers = select(Document).filter_by(kind=KIND, influencer_id=influencer_id, language=language)
    return session.scalar(papers.order_by(Document.id.desc()).limit(1))


def _facts(paper: Document) -> dict[str, Any]:
    contents = contents_of(paper)
    return {key: contents[key] for key in ("influencer", "campaigns", "results_shown")}
