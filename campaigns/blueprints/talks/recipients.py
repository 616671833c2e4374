"""Whom somebody may write to, from where they write, and the talk that it opens.

An influencer writes to the agency or, through it, to the brand of a campaign they take part in; a brand to the agency
or, through it, to one or all of those who take part; staff to anybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.blueprints import access
from campaigns.blueprints.context import session
from campaigns.blueprints.labels import label
from campaigns.errors import Invalid, Said
from campaigns.i18n import gettext
from campaigns.i18n import iso as isolated
from campaigns.ids import masked
from campaigns.models import AttributionDecision, Brand, Campaign, Influencer, Order, Participation, User
from campaigns.planning.roster import TOOK_PART
from campaigns.planning.talking.talks import Opening


@dataclass(frozen=True)
class Place:
    """What somebody writes about or from: a campaign, or as staff the page of an influencer or of a brand."""

    campaign: Campaign | None = None
    influencer: Influencer | None = None
    brand: Brand | None = None


def choices_for(user: User, place: Place) -> list[tuple[str, str]]:
    """(value, words) of everyone a talk may be with; a participant's value is the participation's public id."""
    if user.role == "agency":
        return _for_staff(user, place)
    agency = [("agency", gettext("The agency"))]
    if place.campaign is None:
        return agency
    if user.role == "influencer":
        brand = gettext("%(name)s, through the agency", name=isolated(place.campaign.brand.name))
        return agency + ([("brand", brand)] if taking_part(user, place.campaign) else [])
    people = taking_part(user, place.campaign)
    everybody = [("everybody", gettext("All influencers, through the agency"))] if people else []
    each = [
        (one.public_id, gettext("%(name)s, through the agency", name=isolated(one.influencer.name))) for one in people
    ]
    return agency + everybody + each


def opening(user: User, place: Place, choice: str, subject: str, words: str) -> Opening:
    """The talk of a choice; raises Invalid for one that isn't theirs."""
    if choice not in dict(choices_for(user, place)):
        raise Invalid({"to": [Said("must be one of those there are")]})
    campaign = place.campaign
    brand = campaign.brand if campaign else place.brand
    if user.role == "influencer":
        asked = brand if choice == "brand" else None
        sides = ["brand"] if asked else []
        return Opening("question", subject, words, sides, campaign, user.influencer, asked)
    kind = "message" if user.role == "agency" else "question" if choice == "agency" else "feedback"
    own = user.brand if user.role == "brand" else None
    if choice == "agency":
        return Opening(kind, subject, words, (), campaign, None, own)
    if choice == "brand":
        return Opening(kind, subject, words, ("brand",), campaign, None, brand)
    if choice == "everybody":
        return Opening(kind, subject, words, ("influencer",), campaign, None, own, everybody=True)
    person = place.influencer or next(one.influencer for one in _people(user, campaign) if one.public_id == choice)
    return Opening(kind, subject, words, ("influencer",), campaign, person, own)


def taking_part(user: User, campaign: Campaign) -> list[Participation]:
    """Who takes part now, of those the user may see; who has not answered stays between them and the agency."""
    return [one for one in _people(user, campaign) if one.status in TOOK_PART]


def _for_staff(user: User, place: Place) -> list[tuple[str, str]]:
    if place.influencer is not None:
        return [("person", isolated(place.influencer.name))]
    if place.campaign is None:
        return [("brand", isolated(place.brand.name))] if place.brand else []
    people = list(_people(user, place.campaign))
    everybody = [("everybody", gettext("All influencers"))] if any(one.status in TOOK_PART for one in people) else []
    each = [(one.public_id, f"{isolated(one.influencer.name)} · {gettext(label(one.status))}") for one in people]
    return [("brand", isolated(place.campaign.brand.name)), *everybody, *each]


def _people(user: User, campaign: Campaign | None) -> Iterable[Participation]:
    if campaign is None:
        return []
    mine = access.participations_for(user).where(Participation.campaign_id == campaign.id)
    return session().scalars(
        mine.options(joinedload(Participation.influencer)).join(Influencer).order_by(Influencer.name, Participation.id)
    )


def campaigns_to_choose(user: User, most: int = 100) -> list[Campaign]:
    """The campaigns one may write about, the newest first."""
    newest = access.campaigns_for(user).order_by(Campaign.starts_at.desc(), Campaign.id.desc()).limit(most)
    return list(session().scalars(newest))


def order_choices(mine: Participation | None, most: int = 100) -> list[tuple[str, str]]:
    """(public id, masked number) of the orders that are an influencer's in a campaign, the newest first."""
    if mine is None:
        return []
    theirs = (
        select(Order)
        .join(AttributionDecision, AttributionDecision.order_id == Order.id)
        .where(AttributionDecision.participation_id == mine.id, AttributionDecision.superseded_at.is_(None))
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(most)
    )
    return [(order.public_id, masked(order.number)) for order in session().scalars(theirs)]
