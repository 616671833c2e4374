"""A campaign's material: pictures and papers, texts to lean on, links. Withdrawn, it is gone for its people."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid, Said
from campaigns.models import Campaign, CampaignAsset
from campaigns.planning.launching.web_address import problem_of_address

LONGEST_TITLE = 200
LONGEST_TEXT = 20_000
MOST_ASSETS = 60  # in one campaign; a house that keeps films keeps them elsewhere, and links to them


def add_file(
    session: Session, campaign: Campaign, title: str, about: str, body: bytes, media_type: str, now: datetime,
    user_id: int | None,
) -> CampaignAsset:  # fmt: skip
    """Add a file whose kind was told from its bytes; raises Invalid."""
    facts = {"media_type": media_type, "body": body, "sha256": hashlib.sha256(body).hexdigest()}
    asset = CampaignAsset(kind="file", title=title.strip(), text=about.strip(), **facts)
    return _add(session, campaign, asset, {}, now, user_id)


def add_text(
    session: Session, campaign: Campaign, title: str, text: str, now: datetime, user_id: int | None
) -> CampaignAsset:
    """Add a text to lean on; raises Invalid."""
    problems: dict[str, list[str]] = {} if text.strip() else {"text": [Said("is missing")]}
    return _add(session, campaign, CampaignAsset(kind="text", title=title.strip(), text=text), problems, now, user_id)


def add_link(
    session: Session, campaign: Campaign, title: str, about: str, link: str, now: datetime, user_id: int | None
) -> CampaignAsset:
    """Add a link to something kept elsewhere; raises Invalid."""
    problem = problem_of_address(link.strip())
    asset = CampaignAsset(kind="link", title=title.strip(), text=about.strip(), link=link.strip())
    return _add(session, campaign, asset, {"link": [problem]} if problem else {}, now, user_id)


def assets_of(session: Session, campaign_id: int) -> list[CampaignAsset]:
    """What the campaign's people find, in the order it was added."""
    standing = select(CampaignAsset).filter_by(campaign_id=campaign_id, withdrawn_at=None).order_by(CampaignAsset.id)
    return list(session.scalars(standing))


def withdraw(session: Session, asset: CampaignAsset, now: datetime) -> None:
    """Take it away from its people; it stays in the database as what they were given."""
    if asset.withdrawn_at is not None:
        raise Conflict("this was withdrawn already")
    asset.withdrawn_at = now
    session.flush()


def _add(
    session: Session, campaign: Campaign, asset: CampaignAsset, problems: dict[str, list[str]], now: datetime,
    user_id: int | None,
) -> CampaignAsset:  # fmt: skip
    if not 1 <= len(asset.title) <= LONGEST_TITLE:
        problems["title"] = [Said("A title has 1 to %(most)s characters.", most=LONGEST_TITLE)]
    if len(asset.text or "") > LONGEST_TEXT:
        problems["text"] = [Said("has more than %(most)s characters", most=LONGEST_TEXT)]
    if problems:
        raise Invalid(problems)
    if len(assets_of(session, campaign.id)) >= MOST_ASSETS:
        raise Conflict(Said("a campaign has at most %(most)s things: withdraw what is old", most=MOST_ASSETS))
    asset.campaign_id, asset.added_at, asset.added_by_user_id = campaign.id, now, user_id
    session.add(asset)
    session.flush()
    return asset
