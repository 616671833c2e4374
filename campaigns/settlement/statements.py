"""Commission statements: what an influencer earned from one brand, order by order, and what is therefore due.

A statement takes whatever the influencer earned in closed campaigns of the brand and no statement has taken yet: late
refunds of earlier campaigns, contacts, compensation after a dispute. So a refund after closing appears on the next
one as a negative adjustment, at the rate of then, nothing is taken twice (a posting has one statement at most), and
what one brand takes back is never set against another's. What is held stands below the line. Issuing moves the sum
from pending to due in the ledger.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.commissions.ledger import Leg, post
from campaigns.commissions.terms_in_words import frozen, in_words
from campaigns.documents.issue import issue
from campaigns.models import (
    Campaign,
    Influencer,
    Participation,
    Statement,
    StatementPosting,
)
from campaigns.settlement.disputing.holds import after_releases
from campaigns.settlement.exchanging.asking import ask_for_paper
from campaigns.settlement.paying.routes import settle_route
from campaigns.settlement.statement_facts import as_told, statement_facts
from campaigns.settlement.statement_lines import (
    COLLECTION,
    OpenPosting,
    contact_ids,
    held_lines,
    itemise,
    open_postings,
    order_ids,
)
from campaigns.settlement.wallets.wallets import due_by_brand, hold_dues


def issue_statement(
    session: Session,
    participation: Participation,
    agency: dict[str, str],
    on: date,
    now: datetime,
    follow_up: bool = False,
) -> Statement:
    """Issue the statement of one participant of a closed campaign, with whatever else of that brand is open for them.

    A follow-up lists what is new, not every order of the campaign again.
    """
    campaign, influencer = participation.campaign, participation.influencer
    hold_dues(session)
    postings = open_postings(session, influencer.id, campaign.currency, campaign.brand_id)
    issued_at = after_releases(session, order_ids(postings), contact_ids(postings), now)
    held = held_lines(session, participation)
    opening = due_by_brand(session, influencer.id, campaign.currency).get(campaign.brand_id, 0)
    lines = itemise(session, participation, postings, follow_up)
    due = sum(posting.earned_minor for posting in postings)
    route, why = settle_route(session, participation, due, on)
    document = issue(
        session,
        "commission_statement",
        {
            **heading(campaign, agency, issued_at),
            **_person(participation, agency["site"], route, why),
            "brand": campaign.brand.name,
            "follow_up": follow_up,
            "lines": as_told(lines),
            **statement_facts(session, influencer, campaign.currency, lines, due, route, on),
            "totals": _totals(lines),
            "adjustments_minor": _sum(lines, "adjustment"),
            "collected_minor": _sum(lines, COLLECTION),
            "contacts_minor": _sum(lines, "contact"),
            "compensation_minor": _sum(lines, "compensation"),
            "due_minor": due,
            "held": as_told(held),
            "held_minor": sum(line["commission_minor"] for line in held),
            "opening_minor": opening,
            "closing_minor": opening + due,
        },
        influencer.language,
        issued_at,
        on.year,
        campaign_id=campaign.id,
        participation_id=participation.id,
        influencer_id=influencer.id,
    )
    statement = _book(session, participation, document.id, postings, (route, why), issued_at)
    ask_for_paper(session, statement, agency, on, issued_at)
    return statement


def _book(
    session: Session,
    participation: Participation,
    document_id: int,
    postings: Sequence[OpenPosting],
    route: tuple[str, str],
    now: datetime,
) -> Statement:
    """The statement's row, the postings it took, and their sum from pending to due."""
    campaign, influencer_id = participation.campaign, participation.influencer_id
    due = sum(posting.earned_minor for posting in postings)
    statement = Statement(
        document_id=document_id,
        influencer_id=influencer_id,
        campaign_id=campaign.id,
        participation_id=participation.id,
        currency=campaign.currency,
        amount_minor=due,
        route=route[0],
        route_reason=route[1],
        issued_at=now,
    )
    session.add(statement)
    session.flush()
    session.add_all(StatementPosting(posting_id=posting.posting_id, statement_id=statement.id) for posting in postings)
    place = (campaign.currency, campaign.id, participation.id)
    post(
        session,
        "statement",
        {Leg("influencer_pending", influencer_id, *place): due, Leg("influencer_due", influencer_id, *place): -due},
        now,
        document_id=document_id,
    )
    return statement


def heading(campaign: Campaign, agency: dict[str, str], now: datetime) -> dict[str, Any]:
    """What report and statement say alike about the campaign and its issuer."""
    return {
        "issued_at": iso(now),
        "currency": campaign.currency,
        "timezone": campaign.timezone,
        "agency": {key: agency[key] for key in ("name", "legal_name", "registration_number", "address", "email")},
        "campaign": {
            "id": campaign.public_id,
            "name": campaign.name,
            "starts_at": iso(campaign.starts_at),
            "ends_at": iso(campaign.ends_at),
            "timezone": campaign.timezone,
            "shop": campaign.shop.name,
            "landing_url": campaign.landing_url,
        },
    }


def _person(participation: Participation, site: str, route: str, why: str) -> dict[str, Any]:
    influencer: Influencer = participation.influencer
    terms = participation.acceptances[-1].terms if participation.acceptances else participation.campaign.terms.body
    return {
        "influencer": {
            "id": influencer.public_id,
            "name": influencer.name,
            "id_number": influencer.id_number or None,
            "route": route,
            "route_reason": why,
        },
        "coupon_code": participation.code.code if participation.code else "",
        "link": participation.link_address(site),
        "influencer_rate_bps": terms["influencer_rate_bps"],
        "agency_rate_bps": terms["agency_rate_bps"],
        "base": terms["base"],
        "terms_in_words": frozen(in_words(terms, participation.campaign.currency)),
        "document_wanted": route,
    }


def _sum(lines: Sequence[dict[str, Any]], kind: str) -> int:
    return sum(line["commission_minor"] for line in lines if line["kind"] == kind)


def _totals(lines: Sequence[dict[str, Any]]) -> dict[str, int]:
    own = [line for line in lines if line["kind"] == "order"]
    return {
        "orders": len(own),
        "sales_minor": sum(line["net_minor"] for line in own),
        "refunded_minor": sum(line["refunded_minor"] for line in own),
        "commission_minor": sum(line["commission_minor"] for line in own),
    }
