"""Holds, wallets, credit, offsets and follow-up statements over the API."""

from typing import Any
from zoneinfo import ZoneInfo

from campaigns.blueprints import access, money_deeds
from campaigns.blueprints.api import wallets_schemas as schemas
from campaigns.blueprints.api.api import caller, operation
from campaigns.blueprints.context import now, session
from campaigns.clock import iso
from campaigns.commissions.ledger import balance
from campaigns.documents.issue import contents_of
from campaigns.errors import Invalid, NotFound
from campaigns.ids import masked
from campaigns.models import Brand, Contact, Hold, Influencer
from campaigns.settlement.causes import Cause
from campaigns.settlement.close import everyone
from campaigns.settlement.wallets import history as wallet_history
from campaigns.settlement.wallets import offsets, wallets


@operation("POST", "/orders/{order_id}/hold", schemas.ReasonIn, schemas.HoldOut, status=201)
def hold_order(order_id: str, body: schemas.ReasonIn) -> dict[str, Any]:
    """Keep an order's commission off statements, with a reason; whoever earned it is told."""
    order = access.order_for(session(), caller(), order_id)
    return show_hold(order, money_deeds.hold(caller(), order, body.reason))


@operation("POST", "/orders/{order_id}/release", schemas.ReasonIn, schemas.HoldOut)
def release_order(order_id: str, body: schemas.ReasonIn) -> dict[str, Any]:
    """Let a held commission go: the next statement takes it."""
    order = access.order_for(session(), caller(), order_id)
    return show_hold(order, money_deeds.release(caller(), order, body.reason))


@operation("POST", "/contacts/{contact_id}/hold", schemas.ReasonIn, schemas.HoldOut, status=201)
def hold_contact(contact_id: str, body: schemas.ReasonIn) -> dict[str, Any]:
    """Keep the commission of a lead or call off statements, with a reason; whoever earned it is told."""
    contact = access.contact_for(session(), caller(), contact_id)
    return show_hold(contact, money_deeds.hold(caller(), contact, body.reason))


@operation("POST", "/contacts/{contact_id}/release", schemas.ReasonIn, schemas.HoldOut)
def release_contact(contact_id: str, body: schemas.ReasonIn) -> dict[str, Any]:
    """Let the held commission of a lead or call go: the next statement takes it."""
    contact = access.contact_for(session(), caller(), contact_id)
    return show_hold(contact, money_deeds.release(caller(), contact, body.reason))


@operation("GET", "/influencers/{influencer_id}/wallet", answer=schemas.WalletOut)
def influencer_wallet(influencer_id: str) -> dict[str, Any]:
    """What an influencer holds by currency, and what moved it lately."""
    who = access.influencer_for(session(), caller(), influencer_id)
    held = wallets.influencer_wallets(session(), who.id)
    brands = {one: session().get_one(Brand, one) for wallet in held for one in wallet.due if one != wallets.NO_BRAND}
    own = caller().role == "influencer"
    return {
        "wallets": [
            {
                "currency": one.currency,
                "pending_minor": one.pending_minor,
                "withdrawable_minor": one.withdrawable_minor,
                "owed_minor": one.owed_minor,
                "credit_minor": one.credit_minor,
                "due": [
                    {"brand": brands[brand].name if brand in brands else None, "due_minor": due}
                    for brand, due in one.due.items()
                ],
            }
            for one in held
        ],
        "history": [show_movement(one, own) for one in wallet_history.influencer_history(session(), who.id)],
    }


@operation("GET", "/brands/{brand_id}/wallet", answer=schemas.WalletOut)
def brand_wallet(brand_id: str) -> dict[str, Any]:
    """What a brand owes and holds by currency, and what moved it lately."""
    who = access.brand_for(session(), caller(), brand_id)
    return {
        "wallets": [
            {
                "currency": one.currency,
                "unbilled_minor": one.unbilled_minor,
                "billed_minor": one.billed_minor,
                "credit_minor": one.credit_minor,
            }
            for one in wallets.brand_wallets(session(), who.id)
        ],
        "history": [show_movement(one, False) for one in wallet_history.brand_history(session(), who.id)],
    }


@operation("POST", "/credits", schemas.CreditIn, schemas.CreditOut, status=201)
def grant_credit(body: schemas.CreditIn) -> dict[str, Any]:
    """Give credit that may only be offset, at the agency's expense."""
    party, currency = _party(body), body.currency.upper()
    money_deeds.grant(caller(), party, currency, body.amount_minor, body.reason)
    held = -balance(session(), offsets.credit_account(party), party.id, currency)
    return {"currency": currency, "credit_minor": held}


@operation("POST", "/offsets", schemas.OffsetIn, schemas.OffsetOut, status=201)
def offset_credit(body: schemas.OffsetIn) -> dict[str, Any]:
    """Set credit off against a statement or a bill; without a document it is refused: credit is never paid out."""
    party = _party(body)
    against = access.document_for(session(), caller(), body.document) if body.document is not None else None
    made = money_deeds.offset(caller(), party, against, body.amount_minor, body.on or now().date())
    contents = contents_of(made)
    kept = ("currency", "amount_minor", "credit_after_minor", "owed_after_minor")
    return {"id": made.public_id, "number": made.number, **{name: contents[name] for name in kept}}


@operation("POST", "/campaigns/{campaign_id}/follow-up", schemas.FollowUpIn, schemas.FollowUpOut, status=201)
def follow_up(campaign_id: str, body: schemas.FollowUpIn) -> dict[str, Any]:
    """State what came in after the closing, for one participant or for all; 409 where nothing is open."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    people = everyone(session(), campaign)
    if body.participant is not None:
        chosen = access.participation_for(session(), caller(), body.participant)
        if chosen.campaign_id != campaign.id:
            raise NotFound("no such thing, or not yours")
        people = [chosen]
    on = body.on or now().astimezone(ZoneInfo(campaign.timezone)).date()
    names = {one.id: one.public_id for one in people}
    return {
        "statements": [
            {
                "participant": names[one.participation_id or 0],
                "document": one.document.public_id,
                "number": one.document.number,
                "currency": one.currency,
                "amount_minor": one.amount_minor,
            }
            for one in money_deeds.state_again(caller(), campaign, people, on)
        ]
    }


def show_hold(cause: Cause, hold: Hold) -> dict[str, Any]:
    """A hold as answered."""
    of_contact = isinstance(cause, Contact)
    return {
        "order": None if of_contact else cause.public_id,
        "contact": cause.public_id if of_contact else None,
        "reason": hold.reason,
        "held_at": iso(hold.held_at),
        "released_at": iso(hold.released_at) if hold.released_at else None,
        "release_reason": hold.release_reason,
    }


def show_movement(one: wallet_history.Movement, own: bool) -> dict[str, Any]:
    """A line of a wallet's history; an influencer sees orders and contacts by their masked number."""
    return {
        "at": iso(one.at),
        "kind": one.kind,
        "currency": one.currency,
        "amounts": one.amounts,
        "order_number": masked(one.order_number) if own and one.order_number else one.order_number,
        "contact": masked(one.contact) if own and one.contact else one.contact,
        "document": one.document,
        "dispute": one.dispute,
        "reason": one.reason,
    }


def _party(body: schemas.CreditIn | schemas.OffsetIn) -> Influencer | Brand:
    """Whose credit it is: one influencer or one brand."""
    if (body.influencer is None) == (body.brand is None):
        raise Invalid({"influencer": ["name an influencer or a brand, one of them"]})
    party: Influencer | Brand
    if body.influencer is not None:
        party = access.influencer_for(session(), caller(), body.influencer)
    else:
        party = access.brand_for(session(), caller(), body.brand or "")
    return party
