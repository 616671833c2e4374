"""What is yours: every thing a page or the API shows is fetched here, for somebody.

The agency sees all, a brand its own, an influencer what they take part in. What isn't yours is not found, in the
same words as what doesn't exist.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import Session

from campaigns.errors import NotFound
from campaigns.models import (
    Bill,
    Brand,
    Campaign,
    CampaignAsset,
    Candidate,
    Certificate,
    CodeSuspicion,
    Contact,
    Delivery,
    Dispute,
    Document,
    DocumentFile,
    ExchangeRate,
    Finding,
    ImportRun,
    Incident,
    Influencer,
    Order,
    Participation,
    PayoutBatch,
    PayoutLine,
    Payslip,
    ReceivedDocument,
    Registration,
    ReplayRun,
    Shop,
    Statement,
    Studio,
    StudioSlot,
    TableRow,
    Talk,
    TrainingPage,
    User,
)
from campaigns.models.documents import read_by
from campaigns.planning.talking.readers import readable
from campaigns.settlement.tracing.readers import concerns

TAKES_PART = ("accepted", "active", "completed")  # who works, or has worked to the end


def brands_for(user: User) -> Select[Brand]:
    """The brands `user` may see."""
    return select(Brand).where(_by_role(user, brand=lambda: Brand.id == user.brand_id))


def shops_for(user: User) -> Select[Shop]:
    """The shops `user` may see."""
    return select(Shop).where(_by_role(user, brand=lambda: Shop.brand_id == user.brand_id))


def influencers_for(user: User) -> Select[Influencer]:
    """The influencers `user` may see; a brand knows them by their participations only."""
    return select(Influencer).where(_by_role(user, influencer=lambda: Influencer.id == user.influencer_id))


def campaigns_for(user: User) -> Select[Campaign]:
    """The campaigns `user` may see."""
    taking_part = select(Participation.campaign_id).where(Participation.influencer_id == user.influencer_id)
    mine = _by_role(
        user,
        brand=lambda: Campaign.brand_id == user.brand_id,
        influencer=lambda: Campaign.id.in_(taking_part),
    )
    return select(Campaign).where(mine)


def participations_for(user: User) -> Select[Participation]:
    """The participations `user` may see: an influencer their own, a brand those in its campaigns."""
    in_campaigns = select(Campaign.id).where(Campaign.brand_id == user.brand_id)
    mine = _by_role(
        user,
        brand=lambda: Participation.campaign_id.in_(in_campaigns),
        influencer=lambda: Participation.influencer_id == user.influencer_id,
    )
    return select(Participation).where(mine)


def documents_for(user: User) -> Select[Document]:
    """The papers `user` may see: of the kinds that are for their role, those that were issued to them."""
    in_campaigns = select(Campaign.id).where(Campaign.brand_id == user.brand_id)
    # A report may name no brand but its campaign; other papers of a campaign are for whom they name only.
    of_campaign = Document.kind.in_(("final_report", "brand_bill")) & Document.campaign_id.in_(in_campaigns)
    of_brand = Document.kind.in_(read_by("brand")) & or_(Document.brand_id == user.brand_id, of_campaign)
    own = Document.kind.in_(read_by("influencer")) & (Document.influencer_id == user.influencer_id)
    return select(Document).where(_by_role(user, brand=lambda: of_brand, influencer=lambda: own))


def received_of(user: User) -> Select[ReceivedDocument]:
    """Papers payees sent: the agency reads all, a payee their own."""
    mine = _by_role(user, influencer=lambda: ReceivedDocument.influencer_id == user.influencer_id)
    return select(ReceivedDocument).where(mine)


def disputes_for(user: User) -> Select[Dispute]:
    """The disputes `user` may read: an influencer those about them, a brand those about its orders and contacts."""
    in_campaigns = select(Campaign.id).where(Campaign.brand_id == user.brand_id)
    taking_part = select(Participation.id).where(Participation.influencer_id == user.influencer_id)
    of_brand = (Dispute.kind == "line") & Dispute.statement_id.is_(None) & Dispute.campaign_id.in_(in_campaigns)
    mine = _by_role(
        user,
        brand=lambda: of_brand,
        influencer=lambda: Dispute.participation_id.in_(taking_part),
    )
    return select(Dispute).where(mine)


def talks_for(user: User) -> Select[Talk]:
    """The talks `user` may read: those in which something was said to their side."""
    return select(Talk).where(readable(user))


def incidents_for(user: User) -> Select[Incident]:
    """The incidents `user` may see: those whose talk they read."""
    return select(Incident).join(Talk, Talk.id == Incident.talk_id).where(readable(user))


def brand_for(session: Session, user: User, public_id: str) -> Brand:
    """The brand, if it is yours."""
    return _one(session, brands_for(user).where(Brand.public_id == public_id))


def shop_for(session: Session, user: User, public_id: str) -> Shop:
    """The shop, if it is yours."""
    return _one(session, shops_for(user).where(Shop.public_id == public_id))


def influencer_for(session: Session, user: User, public_id: str) -> Influencer:
    """The influencer, if it is you or you are the agency."""
    return _one(session, influencers_for(user).where(Influencer.public_id == public_id))


def campaign_for(session: Session, user: User, public_id: str) -> Campaign:
    """The campaign, if it is yours."""
    return _one(session, campaigns_for(user).where(Campaign.public_id == public_id))


def participation_for(session: Session, user: User, public_id: str) -> Participation:
    """The participation, if it is yours or in your campaign."""
    return _one(session, participations_for(user).where(Participation.public_id == public_id))


def candidate_for(session: Session, user: User, public_id: str) -> Candidate:
    """Somebody proposed for a campaign, for the agency only."""
    return _one(session, select(Candidate).where(_by_role(user), Candidate.public_id == public_id))


def document_for(session: Session, user: User, public_id: str) -> Document:
    """The paper, if it is yours."""
    return _one(session, documents_for(user).where(Document.public_id == public_id))


def document_file_for(session: Session, user: User, public_id: str) -> DocumentFile:
    """One file of a paper, if the paper is yours."""
    yours = DocumentFile.document_id.in_(documents_for(user).with_only_columns(Document.id))
    return _one(session, select(DocumentFile).where(yours, DocumentFile.public_id == public_id))


def statement_for(session: Session, user: User, public_id: str) -> Statement:
    """A statement, named by its paper, if it is yours."""
    papers = documents_for(user).with_only_columns(Document.id).where(Document.public_id == public_id)
    return _one(session, select(Statement).where(Statement.document_id.in_(papers)))


def received_for(session: Session, user: User, public_id: str) -> ReceivedDocument:
    """A paper a payee sent, if it is yours."""
    return _one(session, received_of(user).where(ReceivedDocument.public_id == public_id))


def dispute_for(session: Session, user: User, public_id: str) -> Dispute:
    """The dispute, if you may read it."""
    return _one(session, disputes_for(user).where(Dispute.public_id == public_id))


def talk_for(session: Session, user: User, public_id: str) -> Talk:
    """The talk, if you may read it."""
    return _one(session, talks_for(user).where(Talk.public_id == public_id))


def incident_for(session: Session, user: User, public_id: str) -> Incident:
    """The incident, if you may see it."""
    return _one(session, incidents_for(user).where(Incident.public_id == public_id))


def delivery_for(session: Session, user: User, public_id: str) -> Delivery:
    """A shop's message, for the agency only: it holds buyers' data."""
    return _one(session, select(Delivery).where(_by_role(user), Delivery.public_id == public_id))


def replay_run_for(session: Session, user: User, public_id: str) -> ReplayRun:
    """A period read again, for the agency only."""
    return _one(session, select(ReplayRun).where(_by_role(user), ReplayRun.public_id == public_id))


def import_run_for(session: Session, user: User, public_id: str) -> ImportRun:
    """A file of people, for the agency only."""
    return _one(session, select(ImportRun).where(_by_role(user), ImportRun.public_id == public_id))


def payout_for(session: Session, user: User, public_id: str) -> PayoutBatch:
    """A batch of payments, named by its paper; for the agency only."""
    papers = select(Document.id).where(Document.public_id == public_id)
    return _one(session, select(PayoutBatch).where(_by_role(user), PayoutBatch.document_id.in_(papers)))


def payout_line_for(session: Session, user: User, payout_id: str, public_id: str) -> PayoutLine:
    """One payment of a batch; for the agency only."""
    batch = payout_for(session, user, payout_id)
    return _one(session, select(PayoutLine).where(PayoutLine.batch_id == batch.id, PayoutLine.public_id == public_id))


def payslip_for(session: Session, user: User, public_id: str) -> Payslip:
    """A payslip that may be corrected, named by its paper; for the agency only."""
    papers = select(Document.id).where(Document.public_id == public_id, Document.kind == "payslip")
    return _one(session, select(Payslip).where(_by_role(user), Payslip.document_id.in_(papers)))


def table_row_for(session: Session, user: User, public_id: str) -> TableRow:
    """A row of a deduction table that somebody entered, for the agency only."""
    return _one(session, select(TableRow).where(_by_role(user), TableRow.public_id == public_id))


def certificate_for(session: Session, user: User, public_id: str) -> Certificate:
    """A payee's certificate, for the agency only: it is entered and withdrawn by staff."""
    return _one(session, select(Certificate).where(_by_role(user), Certificate.public_id == public_id))


def suspicion_for(session: Session, user: User, public_id: str) -> CodeSuspicion:
    """A reason to look at a code, for the agency only."""
    return _one(session, select(CodeSuspicion).where(_by_role(user), CodeSuspicion.public_id == public_id))


def rate_for(session: Session, user: User, public_id: str) -> ExchangeRate:
    """A rate of exchange, for the agency only."""
    return _one(session, select(ExchangeRate).where(_by_role(user), ExchangeRate.public_id == public_id))


def bill_for(session: Session, user: User, public_id: str) -> Bill:
    """A bill, named by its paper, if it is yours."""
    papers = documents_for(user).with_only_columns(Document.id).where(Document.public_id == public_id)
    return _one(session, select(Bill).where(Bill.document_id.in_(papers)))


def finding_for(session: Session, user: User, public_id: str) -> Finding:
    """A difference from a shop's export, for the agency only: it may hold what the shop says of a buyer."""
    return _one(session, select(Finding).where(_by_role(user), Finding.public_id == public_id))


def asset_for(session: Session, user: User, public_id: str) -> CampaignAsset:
    """A thing of a campaign's material that was not withdrawn: an influencer's where they take part."""
    taking_part = select(Participation.campaign_id).where(
        Participation.influencer_id == user.influencer_id, Participation.status.in_(TAKES_PART)
    )
    in_campaigns = select(Campaign.id).where(Campaign.brand_id == user.brand_id)
    mine = _by_role(
        user,
        brand=lambda: CampaignAsset.campaign_id.in_(in_campaigns),
        influencer=lambda: CampaignAsset.campaign_id.in_(taking_part),
    )
    standing = CampaignAsset.withdrawn_at.is_(None)
    return _one(session, select(CampaignAsset).where(mine, standing, CampaignAsset.public_id == public_id))


def training_page_for(session: Session, user: User, public_id: str) -> TrainingPage:
    """A training page by itself, for the agency only: influencers read theirs together."""
    standing = TrainingPage.withdrawn_at.is_(None)
    return _one(session, select(TrainingPage).where(_by_role(user), standing, TrainingPage.public_id == public_id))


def order_for(session: Session, user: User, public_id: str) -> Order:
    """An order of a shop of yours; influencers see orders in their statements only."""
    yours = Order.shop_id.in_(shops_for(user).with_only_columns(Shop.id))
    return _one(session, select(Order).where(yours, Order.public_id == public_id))


def traced_order_for(session: Session, user: User, public_id: str) -> Order:
    """An order to be followed: of a shop of yours; an influencer's own, or one that came with something of theirs."""
    if user.role != "influencer":
        return order_for(session, user, public_id)
    order = session.scalar(select(Order).where(Order.public_id == public_id))
    if order is None or not concerns(order.decisions, _my_participants(session, user)):
        raise NotFound("no such thing, or not yours")
    return order


def contact_for(session: Session, user: User, public_id: str) -> Contact:
    """A lead or call of a shop of yours; influencers see theirs by following them."""
    yours = Contact.shop_id.in_(shops_for(user).with_only_columns(Shop.id))
    return _one(session, select(Contact).where(yours, Contact.public_id == public_id))


def registration_for(session: Session, user: User, public_id: str) -> Registration:
    """A registered customer, for the agency only: influencers see their own on their campaign's pages."""
    return _one(session, select(Registration).where(_by_role(user), Registration.public_id == public_id))


def traced_contact_for(session: Session, user: User, public_id: str) -> Contact:
    """A contact to be followed: of a shop of yours; an influencer's own, or one that came with something of theirs."""
    if user.role != "influencer":
        return contact_for(session, user, public_id)
    contact = session.scalar(select(Contact).where(Contact.public_id == public_id))
    if contact is None or not concerns([contact], _my_participants(session, user)):
        raise NotFound("no such thing, or not yours")
    return contact


def studio_for(session: Session, user: User, public_id: str) -> Studio:
    """A studio of the house, for the agency only: influencers see its hours."""
    return _one(session, select(Studio).where(_by_role(user), Studio.public_id == public_id))


def studio_slot_for(session: Session, user: User, public_id: str) -> StudioSlot:
    """An hour in a studio: the agency's all, an influencer's own and those that are free."""
    mine = StudioSlot.participation_id.in_(participations_for(user).with_only_columns(Participation.id))
    yours = _by_role(user, influencer=lambda: mine | StudioSlot.participation_id.is_(None))
    return _one(session, select(StudioSlot).where(yours, StudioSlot.public_id == public_id))


def _my_participants(session: Session, user: User) -> dict[int, str]:
    """Participations of yours: id -> public id."""
    return {one.id: one.public_id for one in session.scalars(participations_for(user))}


def _by_role(user: User, **conditions: Callable[[], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Everything for the agency, the role's own condition for the others, and nothing where there is none.

    A user without a brand or influencer of their own owns nothing: NULL equals nothing in SQL, and `== None` would
    become IS NULL, so that case is decided here.
    """
    if user.role == "agency":
        return true()
    owner = {"brand": user.brand_id, "influencer": user.influencer_id}.get(user.role)
    return conditions[user.role]() if owner is not None and user.role in conditions else false()


def _one(session: Session, query: Select[Any]) -> Any:
    found = session.scalar(query)
    if found is None:
        raise NotFound("no such thing, or not yours")
    return found
