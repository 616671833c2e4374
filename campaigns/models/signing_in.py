"""Ways in without a password."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
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
