"""What people say to each other through the agency, and what went wrong with whom.

A talk has the agency on one side, and on the other an influencer, a brand, or both; what one of these two writes to the
other is read by staff first, unless they opened the talk. Everything said is a row that stays.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id
from campaigns.models.accounts import Brand, Influencer, User
from campaigns.models.campaigns import Campaign
from campaigns.models.tracking import Order

TALK_KINDS = ("question", "feedback", "message", "incident")
TALK_STATUSES = ("open", "passed_on", "answered", "closed")
INCIDENT_KINDS = ("review", "customer", "product")
INCIDENT_STATUSES = ("reported", "handling", "put_right", "not_accepted")


class Talk(Model):
    """A thread. `influencer` and `brand` are those who may be in it; each reads what is marked for them only.

    open: waits for the agency; passed_on: for the other side; answered; closed. `everybody`: to all who take part in
    the campaign, who answer in talks of their own.
    """

    __tablename__ = "talk"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(200))
    # As staff let the other side read it; "": they have not.
    told_subject: Mapped[str] = mapped_column(String(200), default="")
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    influencer_id: Mapped[int | None] = mapped_column(ForeignKey("influencer.id"), index=True)
    brand_id: Mapped[int | None] = mapped_column(ForeignKey("brand.id"), index=True)
    everybody: Mapped[bool] = mapped_column(default=False)
    opened_by_user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    opened_by_role: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(20), default="open", index=True)
    unmediated: Mapped[bool] = mapped_column(default=False)  # staff let both sides talk without them
    said_at: Mapped[datetime]  # when something was last said

    campaign: Mapped[Campaign | None] = relationship()
    influencer: Mapped[Influencer | None] = relationship()
    brand: Mapped[Brand | None] = relationship()

    @property
    def has_influencers(self) -> bool:
        """Whether an influencer, or all of a campaign, may be written to here."""
        return self.everybody or self.influencer_id is not None


class TalkMessage(Model):
    """Something said, by somebody of `role`. Never changed.

    What `asks_passing` waits until a second row, whose `passes_id` names it, says what staff made of it: that row is
    marked for the other side and has the words they read, or is marked for nobody where it was kept. `user_id` of the
    second row is who decided. A row of staff that is marked for nobody and passes nothing is a note among staff.
    """

    __tablename__ = "talk_message"
    __table_args__ = (Index("ix_talk_message_talk_id_id", "talk_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[str] = mapped_column(String(20))  # whose words these are
    body: Mapped[str]
    for_influencer: Mapped[bool] = mapped_column(default=False)
    for_brand: Mapped[bool] = mapped_column(default=False)
    asks_passing: Mapped[bool] = mapped_column(default=False)
    passes_id: Mapped[int | None] = mapped_column(ForeignKey("talk_message.id"), unique=True)
    said_at: Mapped[datetime]

    user: Mapped[User] = relationship()

    @property
    def is_read_outside(self) -> bool:
        """Whether anybody but staff reads it."""
        return self.for_influencer or self.for_brand


class TalkReader(Model):
    """How far somebody has read a talk."""

    __tablename__ = "talk_reader"

    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("talk_message.id"))


class Incident(Model):
    """A bad review, an unhappy customer or a faulty product, until it is put right or not accepted.

    It is told of in a talk of its own, and who doesn't read that talk doesn't see the incident. What the customer is
    given comes from the shop or whoever `compensated_by` names, in words: nothing of it is in our books.
    """

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id"), unique=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    influencer_id: Mapped[int | None] = mapped_column(ForeignKey("influencer.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order.id"), index=True)
    product: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default="reported", index=True)
    outcome: Mapped[str] = mapped_column(default="")
    compensation: Mapped[str] = mapped_column(default="")
    compensated_by: Mapped[str] = mapped_column(String(20), default="")
    answer_url: Mapped[str] = mapped_column(String(2000), default="")  # where the customer was answered in public
    reported_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    talk: Mapped[Talk] = relationship()
    campaign: Mapped[Campaign] = relationship()
    influencer: Mapped[Influencer | None] = relationship()
    order: Mapped[Order | None] = relationship()
    steps: Mapped[list["IncidentStep"]] = relationship(order_by="IncidentStep.id")


class IncidentStep(Model):
    """One change of an incident's status: who, and when. Never changed."""

    __tablename__ = "incident_step"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
