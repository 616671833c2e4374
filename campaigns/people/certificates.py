"""Certificates of the tax and insurance offices that payees show; staff enter them from the paper, never the payee.

A certificate of tax withheld has a rate, a coordination of income tax has steps, and one of insurance a single step:
the part of a month's pay that is charged at the reduced rate here. A certificate is never changed: a wrong one is
withdrawn, a renewed one is a further row. Of two of a kind that cover a day the one entered last counts
(deductions/certificates.py).
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns.errors import Conflict
from campaigns.i18n import N_
from campaigns.models import Certificate, Influencer
from campaigns.models.deductions import CERTIFICATE_KINDS
from campaigns.people.fields import Collected, Refused, read_choice, read_number, read_text
from campaigns.people.payee import read_coordination

WITHHOLDING, INSURANCE = "withholding", "insurance_coordination"
FIELDS = frozenset({"kind", "number", "from_date", "to_date", "rate_bps", "steps"})


def add_certificate(
    session: Session, influencer: Influencer, sent: Mapping[str, Any], user_id: int | None, now: datetime
) -> Certificate:
    """A certificate of theirs; raises Invalid with every field that is wrong."""
    collected = Collected()
    kind = collected.read("kind", partial(read_choice, sent.get("kind"), CERTIFICATE_KINDS), "")
    first, last = (collected.read(day, partial(_day, sent.get(day)), None) for day in ("from_date", "to_date"))
    collected.read("to_date", partial(_in_order, first, last), None)
    none: list[dict[str, Any]] = []
    certificate = Certificate(
        influencer_id=influencer.id,
        kind=kind,
        number=collected.read("number", partial(read_text, sent.get("number", ""), 60, required=True), ""),
        from_date=first,
        to_date=last,
        rate_bps=collected.read("rate_bps", partial(_rate, kind, sent.get("rate_bps")), None),
        steps=collected.read("steps", partial(_steps, kind, sent.get("steps")), none),
        entered_by_user_id=user_id,
        entered_at=now,
    )
    for unknown in sent.keys() - FIELDS:
        collected.errors.setdefault(unknown, []).append(N_("There is no such field."))
    collected.finish()
    session.add(certificate)
    session.flush()
    return certificate


def withdraw_certificate(session: Session, certificate: Certificate, now: datetime) -> None:
    """Let one no longer count; raises Conflict where it was withdrawn before."""
    standing = (Certificate.id == certificate.id) & Certificate.withdrawn_at.is_(None)
    done = session.execute(update(Certificate).where(standing).values(withdrawn_at=now))
    session.refresh(certificate)
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Conflict("this certificate was withdrawn before")


def certificates_of(session: Session, influencer: Influencer) -> list[Certificate]:
    """All of theirs, the newest days first."""
    mine = select(Certificate).filter_by(influencer_id=influencer.id)
    return list(session.scalars(mine.order_by(Certificate.from_date.desc(), Certificate.id.desc())))


def valid_on(session: Session, influencer: Influencer, on: date) -> list[Certificate]:
    """Those of theirs that cover a day and were not withdrawn."""
    return [
        one
        for one in certificates_of(session, influencer)
        if one.withdrawn_at is None and one.from_date <= on <= one.to_date
    ]


def _rate(kind: str, value: object) -> int | None:
    if not kind:
        return None  # what it should be is told already
    if kind != WITHHOLDING:
        if value is not None:
            raise Refused(N_("Only a certificate of tax withheld at source has one rate."))
        return None
    if value is None:
        raise Refused(N_("This field is required."))
    return read_number(value, 10_000)


def _steps(kind: str, value: object) -> list[dict[str, Any]]:
    steps = read_coordination(value)
    if kind == WITHHOLDING and steps:
        raise Refused(N_("A certificate of tax withheld at source has a rate and no steps."))
    if kind and kind != WITHHOLDING and not steps:
        raise Refused(N_("Enter the steps of the certificate, at least one."))
    if kind == INSURANCE and (len(steps) != 1 or steps[0]["upto_minor"] is None):
        raise Refused(N_("Enter one step: the part of a month's pay that is charged at the reduced rate here."))
    return steps


def _day(value: object) -> date:
    try:
        return value if type(value) is date else date.fromisoformat(str(value or ""))
    except ValueError as error:
        raise Refused(N_("This must be a date such as 2026-05-31.")) from error


def _in_order(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise Refused(N_("The last day must not be before the first."))
