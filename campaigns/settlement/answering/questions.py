"""What can be asked of the books, by whom: about a campaign, a brand, an influencer or one order, as of a moment.

An answer is for one reader, and holds what that reader may know: the agency everything, a brand what it owes and its
credit, an influencer what is theirs. So an influencer's answer names no other influencer, and nobody's a buyer.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, true

from campaigns.errors import NotFound
from campaigns.models import Brand, Campaign, Influencer, LedgerAccount, LedgerTransaction, Order, Posting
from campaigns.settlement.wallets.wallets import BRAND_KINDS, INFLUENCER_KINDS

SUBJECTS = ("campaign", "brand", "influencer", "order")
Subject = Campaign | Brand | Influencer | Order
Reader = Brand | Influencer | None  # None: the agency itself


@dataclass(frozen=True)
class Question:
    """What is asked about, for whom, as of when, and in which language and time zone it is answered."""

    subject: Subject
    reader: Reader
    as_of: datetime
    language: str
    timezone: str

    @property
    def about(self) -> str:
        """One of SUBJECTS."""
        names = {Campaign: "campaign", Brand: "brand", Influencer: "influencer", Order: "order"}
        return names[type(self.subject)]

    @property
    def role(self) -> str:
        """agency, brand or influencer."""
        return "agency" if self.reader is None else "brand" if isinstance(self.reader, Brand) else "influencer"

    @property
    def counts_sales_by(self) -> str:
        """The account by whose postings sales are counted: each has one of it where the sale earned anything."""
        mine = isinstance(self.subject, Influencer) or isinstance(self.reader, Influencer)
        return "influencer_pending" if mine else "brand_receivable"


def postings_of(question: Question) -> ColumnElement[bool]:
    """Which postings answer a question; raises NotFound where the reader may not ask it."""
    if not _may_read(question.subject, question.reader):
        raise NotFound("no such thing, or not theirs")
    return and_(_about(question.subject), _known_to(question.reader))


def _may_read(subject: Subject, reader: Reader) -> bool:
    """Whether there is anything of the subject that is the reader's; what of it, `_known_to` says."""
    if reader is None:
        return True
    if isinstance(reader, Influencer):
        return subject.id == reader.id if isinstance(subject, Influencer) else not isinstance(subject, Brand)
    if isinstance(subject, Order):
        return subject.shop.brand_id == reader.id
    if isinstance(subject, Campaign):
        return subject.brand_id == reader.id
    return isinstance(subject, Brand) and subject.id == reader.id


def _about(subject: Subject) -> ColumnElement[bool]:
    if isinstance(subject, Campaign):
        return Posting.campaign_id == subject.id
    if isinstance(subject, Order):
        return LedgerTransaction.order_id == subject.id
    return _accounts_of(subject)


def _known_to(reader: Reader) -> ColumnElement[bool]:
    return true() if reader is None else _accounts_of(reader)


def _accounts_of(party: Brand | Influencer) -> ColumnElement[bool]:
    kinds = BRAND_KINDS if isinstance(party, Brand) else INFLUENCER_KINDS
    return and_(LedgerAccount.kind.in_(kinds), LedgerAccount.owner_id == party.id)
