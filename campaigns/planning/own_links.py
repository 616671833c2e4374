"""Links influencers make themselves, to single pages of the campaign's shop, each with a label and clicks of its own.

Such a link is a link as any other: what comes through it is credited to its participant. Only pages of the shop's
registered hosts can be linked to (tracking/links.py), which is looked at again each time a link is loaded.
"""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns.db import lock_name
from campaigns.errors import Conflict, Invalid, NotFound, Said
from campaigns.ids import link_slug
from campaigns.models import AffiliateLink, LinkCount, Participation
from campaigns.tracking.links import LONGEST_DEEP_LINK, find_target, told_page

MOST = 20
LONGEST_LABEL = 60


def own_links(participation: Participation) -> list[AffiliateLink]:
    """Their own links, the newest first; those withdrawn at the end."""
    mine = [link for link in reversed(participation.links) if link.page]
    return sorted(mine, key=lambda link: link.withdrawn_at is not None)


def may_make(session: Session, participation: Participation) -> bool:
    """Whether their link leads anywhere now."""
    link = participation.link
    return link is not None and find_target(session.connection(), link.slug) is not None


def make_link(session: Session, participation: Participation, pasted: str, label: str, now: datetime) -> AffiliateLink:
    """A new link to a page of the shop that was pasted; raises Conflict, Invalid."""
    session.execute(select(Participation.id).where(Participation.id == participation.id).with_for_update())
    session.expire(participation, ["links", "status"])
    target = find_target(session.connection(), participation.link.slug) if participation.link else None
    if target is None:
        raise Conflict(Said("this participation is %(status)s", status=participation.status))
    page = told_page(target, pasted) if pasted.strip() else None
    name = _label(label) or urlsplit(page or "").path[:LONGEST_LABEL]
    errors: dict[str, list[str]] = {}
    if page is None or len(page) > LONGEST_DEEP_LINK:
        errors["page"] = [Said("that is no page of the shop %(shop)s", shop=participation.campaign.shop.domain)]
    if len(_label(label)) > LONGEST_LABEL:
        errors["label"] = [Said("has more than %(most)s characters", most=LONGEST_LABEL)]
    if errors or page is None:
        raise Invalid(errors)
    in_force = [link for link in participation.links if link.page and link.withdrawn_at is None]
    if len(in_force) >= MOST:
        raise Conflict(Said("%(most)s links of your own are the most: withdraw one you no longer share", most=MOST))
    link = AffiliateLink(slug=link_slug(), participation_id=participation.id, page=page, label=name, made_at=now)
    session.add(link)
    _begin_counting(session, now)
    session.flush()
    session.expire(participation, ["links"])
    return link


def withdraw_link(session: Session, participation: Participation, slug: str, now: datetime) -> None:
    """Let one of their own links lead nowhere from now on, for good; raises NotFound. Their main link stays."""
    mine = (AffiliateLink.slug == slug, AffiliateLink.participation_id == participation.id, AffiliateLink.page != "")
    found = session.scalar(select(AffiliateLink.id).where(*mine))
    if found is None:
        raise NotFound("no such thing, or not yours")
    open_still = (AffiliateLink.id == found, AffiliateLink.withdrawn_at.is_(None))
    session.execute(update(AffiliateLink).where(*open_still).values(withdrawn_at=now))
    session.expire(participation, ["links"])


def _label(typed: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())


def _begin_counting(session: Session, now: datetime) -> None:
    """With the first link of all, its clicks begin to be counted."""
    lock_name(session, "link_count")
    if session.get(LinkCount, 1) is None:
        session.add(LinkCount(id=1, counted_to=now))
