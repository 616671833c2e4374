"""Campaigns, their participants and launch, over the API."""

from typing import Any

from sqlalchemy import select

from campaigns.blueprints import access
from campaigns.blueprints.api import schemas
from campaigns.blueprints.api.api import caller, operation, page_of
from campaigns.blueprints.context import now, session, settings
from campaigns.clock import iso
from campaigns.errors import Invalid
from campaigns.models import Brand, Campaign, Influencer, Participation, Shop
from campaigns.planning import codes, joining, life, notices, participation, plans
from campaigns.planning.audit import note
from campaigns.planning.launching.checklist import checklist, standing_open
from campaigns.planning.launching.facts import facts_of


@operation("POST", "/campaigns", schemas.CampaignIn, schemas.CampaignOut, status=201)
def create_campaign(body: schemas.CampaignIn) -> dict[str, Any]:
    """Plan a campaign: a draft with its first terms."""
    brand = session().scalar(select(Brand).filter_by(public_id=body.brand))
    shop = session().scalar(select(Shop).filter_by(public_id=body.shop))
    if brand is None or shop is None:
        raise Invalid({name: ["does not exist"] for name, row in (("brand", brand), ("shop", shop)) if row is None})
    plan = plans.Plan(
        name=body.name,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        timezone=body.timezone,
        landing_url=body.landing_url,
        language=body.language,
        brief=body.brief,
        coupon_percent_off=body.coupon.percent_off,
        grace_days=body.coupon.grace_days,
        apply_coupon_by_link=body.coupon.apply_by_link,
        category=body.category,
        product=body.product,
        goals=body.goals,
        brand_values=body.brand_values,
        audience=body.audience.model_dump(),
        styles=body.styles,
        hashtags=body.hashtags,
        disclosure=body.disclosure,
        invitation_days=body.invitation_days,
        invite_reserves=body.invite_reserves,
        terms=body.terms,
    )
    return show_campaign(plans.create_campaign(session(), brand, shop, plan, now()))


@operation("GET", "/campaigns", answer=schemas.CampaignList, query=("cursor", "limit"))
def list_campaigns() -> dict[str, Any]:
    """List the campaigns that are yours."""
    return page_of(access.campaigns_for(caller()), Campaign.id, show_campaign)


@operation("GET", "/campaigns/{campaign_id}", answer=schemas.CampaignOut)
def get_campaign(campaign_id: str) -> dict[str, Any]:
    """One campaign."""
    return show_campaign(access.campaign_for(session(), caller(), campaign_id))


@operation("POST", "/campaigns/{campaign_id}/terms", schemas.TermsIn, schemas.CampaignOut, status=201)
def offer_terms(campaign_id: str, body: schemas.TermsIn) -> dict[str, Any]:
    """Offer new terms; accepted ones stay in force for those who accepted them until they accept these."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    plans.offer_terms(session(), campaign, body.terms, now())
    return show_campaign(campaign)


@operation("POST", "/campaigns/{campaign_id}/participants", schemas.ParticipantIn, schemas.ParticipantOut, status=201)
def invite_participant(campaign_id: str, body: schemas.ParticipantIn) -> dict[str, Any]:
    """Invite an influencer, perhaps with terms of their own; a letter tells them."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    influencer = session().scalar(select(Influencer).filter_by(public_id=body.influencer))
    if influencer is None:
        raise Invalid({"influencer": ["does not exist"]})
    invited = participation.invite(session(), campaign, influencer, now(), body.terms)
    notices.invited(session(), invited, settings().public_url, now())
    return show_participant(invited)


@operation("GET", "/campaigns/{campaign_id}/participants", answer=schemas.ParticipantList, query=("cursor", "limit"))
def list_participants(campaign_id: str) -> dict[str, Any]:
    """List a campaign's participants; an influencer sees their own participation."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    query = access.participations_for(caller()).where(Participation.campaign_id == campaign.id)
    return page_of(query, Participation.id, show_participant)


@operation("POST", "/participants/{participant_id}/accept", schemas.AcceptIn, schemas.ParticipantOut)
def accept_participation(participant_id: str, body: schemas.AcceptIn) -> dict[str, Any]:
    """Accept the terms that were read; 409 where they have changed since."""
    found = access.participation_for(session(), caller(), participant_id)
    language = body.language or found.influencer.language
    joining.join(session(), found, body.terms_version, language, settings().public_url, now(), caller().id)
    return show_participant(found)


@operation("POST", "/participants/{participant_id}/decline", schemas.DeclineIn, schemas.ParticipantOut)
def decline_participation(participant_id: str, body: schemas.DeclineIn) -> dict[str, Any]:
    """Decline an invitation."""
    found = access.participation_for(session(), caller(), participant_id)
    joining.refuse(session(), found, body.reason, settings().public_url, now(), caller().id)
    return show_participant(found)


@operation("POST", "/participants/{participant_id}/replace-code", schemas.ReplaceCodeIn, schemas.ParticipantOut)
def replace_code(participant_id: str, body: schemas.ReplaceCodeIn) -> dict[str, Any]:
    """End a leaked code now and give another, which is sent to its influencer; earlier orders keep counting."""
    found = access.participation_for(session(), caller(), participant_id)
    old = found.code.code if found.code else ""
    new = codes.replace_code(session(), found, now())
    notices.code_given(session(), found, settings().public_url, now())
    details = {"old": old, "new": new.code, "reason": body.reason}
    note(session(), caller().id, "code.replaced", f"participation:{found.public_id}", now(), **details)
    return show_participant(found)


@operation("POST", "/campaigns/{campaign_id}/launch", schemas.OverrideIn, schemas.CampaignOut)
def launch_campaign(campaign_id: str, body: schemas.OverrideIn) -> dict[str, Any]:
    """Launch: codes and links for everyone who accepted, sent to them; 409 outside 10-15 without a reason."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    still_open = standing_open(checklist(facts_of(session(), campaign, settings().agency_share_limit_bps, now())))
    life.launch(session(), campaign, now(), body.override_reason)
    notices.launched(session(), campaign, settings().public_url, now())
    note(
        session(),
        caller().id,
        "campaign.launched",
        f"campaign:{campaign.public_id}",
        now(),
        reason=body.override_reason,
        open=[item.sentence for item in still_open],
    )
    return show_campaign(campaign)


def show_campaign(campaign: Campaign) -> dict[str, Any]:
    """A campaign as answered."""
    return {
        "id": campaign.public_id,
        "brand": session().get_one(Brand, campaign.brand_id).public_id,
        "shop": session().get_one(Shop, campaign.shop_id).public_id,
        "name": campaign.name,
        "status": campaign.status,
        "starts_at": iso(campaign.starts_at),
        "ends_at": iso(campaign.ends_at),
        "timezone": campaign.timezone,
        "landing_url": campaign.landing_url,
        "language": campaign.language,
        "currency": campaign.currency,
        "brief": campaign.brief,
        "category": campaign.category,
        "product": campaign.product,
        "goals": campaign.goals if caller().role != "influencer" else "",
        "brand_values": campaign.brand_values,
        "audience": campaign.audience,
        "styles": campaign.styles,
        "hashtags": campaign.hashtags,
        "disclosure": campaign.disclosure,
        "invitation_days": campaign.invitation_days,
        "invite_reserves": campaign.invite_reserves,
        "coupon": {
            "percent_off": campaign.coupon_percent_off,
            "grace_days": campaign.grace_days,
            "apply_by_link": campaign.apply_coupon_by_link,
        },
        "terms_version": campaign.terms.version,
        "terms": campaign.terms.body,
    }


def show_participant(found: Participation) -> dict[str, Any]:
    """A participant as answered."""
    accepted = found.acceptances[-1] if found.acceptances else None
    return {
        "id": found.public_id,
        "campaign": session().get_one(Campaign, found.campaign_id).public_id,
        "influencer": session().get_one(Influencer, found.influencer_id).public_id,
        "status": found.status,
        "coupon_code": found.code.code if found.code else None,
        "link": found.link_address(settings().public_url) or None,
        "expires_at": iso(found.expires_at) if found.expires_at else None,
        "terms_version": accepted.terms_version if accepted else None,
        "terms": accepted.terms if accepted else participation.offered_terms(found),
    }
