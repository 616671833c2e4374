"""Ways in without a password, and what somebody had typed when their session was over."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import Model
from campaigns.models.accounts import User


class SignInLink(Model):
    """A mailed one-time way in, stored as its hash. Used or expired, it is void."""

    __tablename__ = "sign_in_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    target: Mapped[str] = mapped_column(String(2000), default="")  # the page of ours that was asked for
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class KeptForm(Model):
    """A form that came after its sender's session had ended: the newest of each user, for a short time."""

    __tablename__ = "kept_form"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    page: Mapped[str] = mapped_column(String(2000))  # where it stood
    action: Mapped[str] = mapped_column(String(2000))  # where it was sent
    fields: Mapped[list[list[str]]] = mapped_column(JSON)  # pairs of name and value, in their order
    kept_at: Mapped[datetime]
