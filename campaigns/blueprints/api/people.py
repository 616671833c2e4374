"""Brands, shops and influencers over the API."""

from typing import Any

from sqlalchemy import select

from campaigns.blueprints import access
from campaigns.blueprints.api import schemas
from campaigns.blueprints.api.api import caller, operation, page_of
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.payees import check_scheme
from campaigns.errors import Invalid
from campaigns.models import Brand, Influencer, Shop
from campaigns.people import records
from campaigns.people.payee import STAFF_ONLY
from campaigns.planning.hosts import change_link_domain
from campaigns.planning.payee_changes import change_influencer
from campaigns.planning.shops import create_shop as add_shop


@operation("POST", "/brands", schemas.BrandIn, schemas.BrandOut, status=201)
def create_brand(body: schemas.BrandIn) -> dict[str, Any]:
    """Create a brand and its invited sign-in."""
    brand = records.create_brand(session(), body.name, body.email, body.legal_name, body.registration_number, now())
    change_link_domain(session(), brand, body.link_domain, settings().hosts)
    return show_brand(brand)


@operation("GET", "/brands", answer=schemas.BrandList, query=("cursor", "limit"))
def list_brands() -> dict[str, Any]:
    """List the brands."""
    return page_of(access.brands_for(caller()), Brand.id, show_brand)


@operation("POST", "/shops", schemas.ShopIn, schemas.ShopOut, status=201)
def create_shop(body: schemas.ShopIn) -> dict[str, Any]:
    """Add a shop to a brand; the answer holds the webhook secret, this once."""
    brand = session().scalar(select(Brand).filter_by(public_id=body.brand))
    if brand is None:
        raise Invalid({"brand": ["there is no such brand"]})
    shop = add_shop(
        session(),
        brand,
        body.platform,
        body.name,
        body.domain,
        body.currency,
        body.timezone,
        now(),
        body.webhook_secret,
        body.hosts,
    )
    return show_shop(shop) | {"webhook_secret": shop.webhook_secret}


@operation("POST", "/influencers", schemas.InfluencerIn, schemas.InfluencerOut, status=201)
def create_influencer(body: schemas.InfluencerIn) -> dict[str, Any]:
    """Create an influencer and their invited sign-in."""
    check_scheme(body.payee)
    return show_influencer(records.create_influencer(session(), now=now(), **body.model_dump()))


@operation("GET", "/influencers", answer=schemas.InfluencerList, query=("cursor", "limit"))
def list_influencers() -> dict[str, Any]:
    """List the influencers."""
    return page_of(access.influencers_for(caller()), Influencer.id, show_influencer)


@operation("GET", "/influencers/{influencer_id}", answer=schemas.InfluencerOut)
def get_influencer(influencer_id: str) -> dict[str, Any]:
    """One influencer, payee details included."""
    return show_influencer(access.influencer_for(session(), caller(), influencer_id))


@operation("PATCH", "/influencers/{influencer_id}", schemas.InfluencerPatch, schemas.InfluencerOut)
def update_influencer(influencer_id: str, body: schemas.InfluencerPatch) -> dict[str, Any]:
    """Change what is sent of an influencer."""
    influencer = access.influencer_for(session(), caller(), influencer_id)
    check_scheme(body.payee)
    sent = body.model_dump(exclude_unset=True)
    if caller().role != "agency" and (staff_only := STAFF_ONLY & sent.get("payee", {}).keys()):
        raise Invalid({f"payee.{field}": ["the agency enters it from the paper"] for field in sorted(staff_only)})
    source = "typed" if caller().role == "agency" else "own"
    changed = change_influencer(session(), influencer, caller().id, settings().agency_name, now(), source, **sent)
    if changed and caller().role != "agency":
        # A token says who calls, not that they have just shown their password.
        raise Invalid({"payee.bank": ["change bank details on your own page, where your password is asked for"]})
    return show_influencer(influencer)


def show_brand(brand: Brand) -> dict[str, Any]:
    """A brand as answered."""
    return {
        "id": brand.public_id,
        "name": brand.name,
        "email": brand.email,
        "legal_name": brand.legal_name,
        "registration_number": brand.registration_number,
        "link_domain": brand.link_domain,
    }


def show_shop(shop: Shop) -> dict[str, Any]:
    """A shop as answered, without its secret."""
    return {
        "id": shop.public_id,
        "brand": shop.brand.public_id if shop.brand else session().get_one(Brand, shop.brand_id).public_id,
        "platform": shop.platform,
        "name": shop.name,
        "domain": shop.domain,
        "hosts": shop.hosts,
        "currency": shop.currency,
        "timezone": shop.timezone,
        "webhook_url": f"{settings().public_url}/webhooks/{shop.platform}/{shop.public_id}",
    }


def show_influencer(influencer: Influencer) -> dict[str, Any]:
    """An influencer as answered."""
    return {
        "id": influencer.public_id,
        "name": influencer.name,
        "email": influencer.email,
        "phone": influencer.phone,
        "language": influencer.language,
        "niches": influencer.niches,
        "accounts": influencer.accounts,
        "styles": influencer.styles,
        "content_languages": influencer.content_languages,
        "audience": influencer.audience,
        "away": influencer.away,
        "leaderboard": influencer.leaderboard,
        "payee": {
            "route": influencer.payee_route,
            "id_number": influencer.id_number,
            "address": influencer.address,
            "country": influencer.country,
            "dealer_status": influencer.dealer_status,
            "bilingual": influencer.bilingual,
            "deduction_scheme": influencer.deduction_scheme,
            "credit_points": influencer.credit_points,
            "second_employer": influencer.second_employer,
            "cumulative": influencer.cumulative,
            "coordination": influencer.coordination,
            "withholding_rate_bps": influencer.withholding_rate_bps,
            "employment_start": influencer.employment_start.isoformat() if influencer.employment_start else None,
            "bank_code": influencer.bank_code,
            "bank_branch": influencer.bank_branch,
            "bank_account": influencer.bank_account,
        },
    }
