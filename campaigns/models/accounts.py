"""Who there is: people who sign in, and the brands and influencers they act for."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id

ROLES = ("agency", "brand", "influencer")
ROUTES = ("invoice", "receipt", "payslip")
DEALERS = ("exempt", "licensed", "company")


class Brand(Model):
    """A company whose shop sells; it pays a share of actual sales and nothing else."""

    __tablename__ = "brand"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    legal_name: Mapped[str] = mapped_column(String(200), default="")
    registration_number: Mapped[str] = mapped_column(String(40), default="")
    link_domain: Mapped[str] = mapped_column(String(253), default="")  # links of this brand's campaigns live there
    created_at: Mapped[datetime]


class Influencer(Model):
    """A person with an audience, and how they are paid. What a route needs beyond this is asked when it is chosen."""

    __tablename__ = "influencer"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="")  # an order bought with it is the influencer's own
    language: Mapped[str] = mapped_column(String(8), default="he")
    niches: Mapped[list[str]] = mapped_column(JSON, default=list)
    accounts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # network, handle, followers
    styles: Mapped[list[str]] = mapped_column(JSON, default=list)  # how they show things: reviews, humour, lessons
    content_languages: Mapped[list[str]] = mapped_column(JSON, default=list)  # they speak to their audience
    audience: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # countries, ages, women_percent, interests
    away: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)  # days not to be asked for: from, to
    leaderboard: Mapped[bool] = mapped_column(default=False)  # wishes to be seen on it
    country: Mapped[str] = mapped_column(String(2), default="IL")  # where they are taxed
    bilingual: Mapped[bool] = mapped_column(default=False)  # papers in their language and English
    dealer_status: Mapped[str] = mapped_column(String(20), default="")  # how they are registered for VAT: DEALERS
    deduction_scheme: Mapped[str] = mapped_column(String(40), default="")  # "": the usual one of country and route
    payee_route: Mapped[str] = mapped_column(String(20), default="invoice")
    id_number: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    # Form 101: hundredths of a credit point; None means no form was given, which has its own, highest rate.
    credit_points_hundredths: Mapped[int | None]
    second_employer: Mapped[bool] = mapped_column(default=False)
    cumulative: Mapped[bool] = mapped_column(default=False)  # income tax is withheld on the year so far
    coordination: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # upto_minor, rate_bps
    withholding_rate_bps: Mapped[int | None]
    employment_start: Mapped[date | None]
    bank_code: Mapped[str] = mapped_column(String(10), default="")
    bank_branch: Mapped[str] = mapped_column(String(10), default="")
    bank_account: Mapped[str] = mapped_column(String(34), default="")
    created_at: Mapped[datetime]

    @property
    def followers(self) -> int:
        """The size of the largest account's audience."""
        return max((account.get("followers", 0) for account in self.accounts), default=0)

    @property
    def credit_points(self) -> str | None:
        """The points as form 101 writes them, `2.25`; None where no form was given."""
        points = self.credit_points_hundredths
        return None if points is None else f"{points // 100}.{points % 100:02d}"

    @property
    def handle(self) -> str:
        """The first account's handle, for lists and papers."""
        return str(self.accounts[0].get("handle", "")) if self.accounts else ""


class User(Model):
    """A sign-in. Invited ones have no password yet; a brand's or influencer's user acts for that one only."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # stored case-folded
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="he")
    active: Mapped[bool] = mapped_column(default=True)
    brand_id: Mapped[int | None] = mapped_column(ForeignKey("brand.id"), index=True)
    influencer_id: Mapped[int | None] = mapped_column(ForeignKey("influencer.id"), index=True)
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]

    brand: Mapped[Brand | None] = relationship()
    influencer: Mapped[Influencer | None] = relationship()


class SignInSession(Model):
    """One signed-in browser. The cookie holds a token, this row its hash: deleting the row ends the session for all."""

    __tablename__ = "sign_in_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    by_link: Mapped[bool] = mapped_column(default=False)  # opened with a mailed link: no password was asked for

    user: Mapped[User] = relationship()


class ApiToken(Model):
    """A bearer token of the JSON API, stored as its hash only."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class PasswordInvitation(Model):
    """A one-time way to set a password: for invited people and forgotten passwords. Used or expired, it is void."""

    __tablename__ = "password_invitation"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class SignInThrottle(Model):
    """Failed sign-ins counted per account and per address block, in the database: all web processes share it."""

    __tablename__ = "sign_in_throttle"

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)  # keyed hash of an e-mail or an IP block
    failures: Mapped[int] = mapped_column(default=0)
    window_started_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class IdempotentAnswer(Model):
    """What a POST with an Idempotency-Key answered; the same key and body get the same answer, once made."""

    __tablename__ = "idempotent_answer"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    key: Mapped[str] = mapped_column(String(255))
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[str | None]
    created_at: Mapped[datetime]
