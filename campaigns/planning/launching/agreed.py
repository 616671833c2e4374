"""What a brand decides on, as it reads it: the plan and the people proposed. Nothing of how people are paid."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaigns.clock import iso
from campaigns.i18n import N_
from campaigns.models import Campaign, Participation

PROPOSED = ("invited", "viewed", "accepted", "active", "completed")
# What of a plan is agreed with the brand, by the names people know it by.
PLAN_FACTS: dict[str, str] = {
    "name": N_("Name of the campaign"),
    "starts_at": N_("Starts"),
    "ends_at": N_("Ends"),
    "landing_url": N_("Where links lead"),
    "coupon_percent_off": N_("Discount for buyers, %"),
    "grace_days": N_("Days that codes go on earning after the end"),
    "category": N_("Field of the product"),
    "product": N_("Product"),
    "goals": N_("Goals"),
    "brand_values": N_("Values of the brand"),
    "audience": N_("Who should buy"),
    "styles": N_("Styles wanted"),
    "hashtags": N_("Hashtags"),
    "disclosure": N_("Words that mark advertising"),
    "brief": N_("Brief"),
    "terms": N_("Terms"),
}


def plan_contents(campaign: Campaign) -> dict[str, Any]:
    """The plan as it stands, ready to be frozen; terms by their version and hash."""
    facts = {name: getattr(campaign, name) for name in PLAN_FACTS if name != "terms"}
    facts |= {"starts_at": iso(campaign.starts_at), "ends_at": iso(campaign.ends_at)}
    return {**facts, "terms": {"version": campaign.terms.version, "sha256": campaign.terms.sha256}}


def proposed(session: Session, campaign: Campaign) -> list[Participation]:
    """Who is asked or has said yes, in the order they were invited."""
    query = (
        select(Participation)
        .where(Participation.campaign_id == campaign.id, Participation.status.in_(PROPOSED))
        .options(joinedload(Participation.influencer))
        .order_by(Participation.id)
    )
    return list(session.scalars(query))


def roster_contents(people: list[Participation]) -> dict[str, Any]:
    """The people proposed, by what a brand knows of them."""
    return {
        "people": [
            {
                "id": one.influencer.public_id,
                "name": one.influencer.name,
                "accounts": [
                    {key: account.get(key) for key in ("network", "handle", "followers")}
                    for account in one.influencer.accounts
                ],
                "niches": list(one.influencer.niches),
            }
            for one in sorted(people, key=lambda one: one.influencer.public_id)
        ]
    }


def changed_facts(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The names of what a plan says otherwise than it did; a fact added to plans since then is no change.

    >>> changed_facts({"goals": "a", "brief": "b"}, {"goals": "a", "brief": "c", "new": 1})
    ['Brief']
    """
    return [name for fact, name in PLAN_FACTS.items() if fact in then and then[fact] != now.get(fact)]


def new_people(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The names of people proposed since then; who left is no reason to be asked again."""
    known = {one["id"] for one in then["people"]}
    return [one["name"] for one in now["people"] if one["id"] not in known]
