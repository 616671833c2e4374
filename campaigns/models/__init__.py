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
from campaigns.models.documents import (
    Document,
    DocumentFile,
    NumberSeries,
    PayoutStatement,
    Payslip,
    PayslipStatement,
    Statement,
    StatementPosting,
)
from campaigns.models.ledger import LedgerAccount, LedgerTransaction, Posting
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
from campaigns.models.work import AuditEntry, JobRun, Mail, ReplayRun, ShopWatch

__all__ = [
    "Acceptance", "AffiliateLink", "ApiToken", "AttributionDecision", "AuditEntry", "Brand", "Campaign", "Click",
    "ClickDay", "CouponCode", "Delivery", "Document", "DocumentFile", "IdempotentAnswer", "Influencer", "JobRun",
    "LedgerAccount", "LedgerTransaction", "Mail", "NumberSeries", "Order", "OrderDeletion", "OrderRefund",
    "Participation", "PasswordInvitation", "PayoutStatement", "Payslip", "PayslipStatement", "Posting", "ReplayRun",
    "RetentionMark", "Shop", "ShopAlarm", "ShopWatch", "SignInSession", "SignInThrottle", "Statement",
    "StatementPosting", "TermsVersion", "User",
]  # fmt: skip
