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
from campaigns.models.ledger import LedgerAccount, LedgerTransaction, Posting
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
from campaigns.models.registrations import Registration
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
    "Campaign", "Certificate", "Click", "ClickDay", "Contact", "CouponCode", "Delivery", "Dispute", "DisputeMessage",
    "Document", "DocumentAnswer", "DocumentFile", "DocumentMail", "ExchangeRate", "Finding", "Hold", "IdempotentAnswer",
    "Influencer", "JobRun", "LedgerAccount", "LedgerTransaction", "Mail", "NumberSeries", "Order", "OrderDeletion",
    "OrderRefund", "PaperTask", "Participation", "PasswordInvitation", "PayoutBatch", "PayoutLine", "PayoutStatement",
    "PayrollOrderStatement", "Payslip", "PayslipStatement", "Posting", "ReceivedDocument", "Reconciliation",
    "Registration", "ReplayRun", "RetentionMark", "RouteRule", "SelfBillingAgreement", "Shop", "ShopAlarm", "ShopWatch",
    "SignInSession", "SignInThrottle", "Statement", "StatementPosting", "TableRow", "TermsVersion", "User",
]  # fmt: skip
