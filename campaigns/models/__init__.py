"""The tables: columns, constraints, and facts about one row. No request, no rendering, no rule that touches pay."""

from campaigns.models.accounts import (
    ApiToken,
    Brand,
    IdempotentAnswer,
    Influencer,
    PasswordInvitation,
    SignInSession,
    SignInThrottle,
    User,
)
from campaigns.models.campaigns import (
    Acceptance,
    AffiliateLink,
    Campaign,
    CouponCode,
    Participation,
    Shop,
    TermsVersion,
)
from campaigns.models.contacts import Contact
from campaigns.models.deductions import Certificate, TableRow
from campaigns.models.documents import (
    Document,
    DocumentFile,
    NumberSeries,
    PayoutStatement,
    PayrollOrderStatement,
    Payslip,
    PayslipStatement,
    Statement,
    StatementPosting,
)
from campaigns.models.exchanged import DocumentAnswer, DocumentMail, ReceivedDocument, SelfBillingAgreement
from campaigns.models.launching import BrandDecision, CampaignAsset, TrainingPage, VettingReview
from campaigns.models.ledger import LedgerAccount, LedgerTransaction, Posting
from campaigns.models.matching import Candidate
from campaigns.models.money import (
    Bill,
    BillPosting,
    Dispute,
    DisputeMessage,
    ExchangeRate,
    Finding,
    Hold,
    PayoutBatch,
    PayoutLine,
    Reconciliation,
    RouteRule,
)
from campaigns.models.notices import Notice, NoticeChoice, WeekSummed
from campaigns.models.registrations import Registration
from campaigns.models.roster import FollowerCount, ImportRun
from campaigns.models.shop_codes import LinkCount, ShopCode
from campaigns.models.signing_in import KeptForm, SignInLink
from campaigns.models.studios import Studio, StudioSlot
from campaigns.models.suspicions import CodeSuspicion
from campaigns.models.talking import Incident, IncidentStep, Talk, TalkMessage, TalkReader
from campaigns.models.tracking import (
    AttributionDecision,
    Click,
    ClickDay,
    Delivery,
    Order,
    OrderDeletion,
    OrderRefund,
    RetentionMark,
    ShopAlarm,
)
from campaigns.models.work import AuditEntry, JobRun, Mail, PaperTask, ReplayRun, ShopWatch

__all__ = [
    "Acceptance", "AffiliateLink", "ApiToken", "AttributionDecision", "AuditEntry", "Bill", "BillPosting", "Brand",
    "BrandDecision", "Campaign", "CampaignAsset", "Candidate", "Certificate", "Click", "ClickDay", "CodeSuspicion",
    "Contact", "CouponCode", "Delivery", "Dispute", "DisputeMessage", "Document", "DocumentAnswer", "DocumentFile",
    "DocumentMail", "ExchangeRate", "Finding", "FollowerCount", "Hold", "IdempotentAnswer", "ImportRun", "Incident",
    "IncidentStep", "Influencer", "JobRun", "KeptForm", "LedgerAccount", "LedgerTransaction", "LinkCount", "Mail",
    "Notice", "NoticeChoice", "NumberSeries", "Order", "OrderDeletion", "OrderRefund", "PaperTask", "Participation",
    "PasswordInvitation", "PayoutBatch", "PayoutLine", "PayoutStatement", "PayrollOrderStatement", "Payslip",
    "PayslipStatement", "Posting", "ReceivedDocument", "Reconciliation", "Registration", "ReplayRun",
    "RetentionMark", "RouteRule", "SelfBillingAgreement", "Shop", "ShopAlarm", "ShopCode", "ShopWatch",
    "SignInLink", "SignInSession", "SignInThrottle", "Statement", "StatementPosting", "Studio", "StudioSlot",
    "TableRow", "Talk", "TalkMessage", "TalkReader", "TermsVersion", "TrainingPage", "User", "VettingReview",
    "WeekSummed",
]  # fmt: skip
