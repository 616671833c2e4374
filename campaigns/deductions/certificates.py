"""Which certificate of a payee counts on a day.

Of those of a kind that cover the day and were not withdrawn, the one entered last. Where none covers it, what stands
on the payee's own record counts (`coordination`, `withholding_rate_bps`): records from before there were certificates
have it there, without dates.
"""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Certificate, Influencer


def certificate_on(session: Session, influencer_id: int, kind: str, on: date) -> Certificate | None:
    """The payee's certificate of a kind that counts on a day; None where there is none."""
    return session.scalar(
        select(Certificate)
        .where(
            Certificate.influencer_id == influencer_id,
            Certificate.kind == kind,
            Certificate.from_date <= on,
            Certificate.to_date >= on,
            Certificate.withdrawn_at.is_(None),
        )
        .order_by(Certificate.id.desc())
        .limit(1)
    )


def coordination_on(session: Session, influencer: Influencer, on: date) -> list[dict[str, Any]]:
    """The steps of income tax that a tax coordination sets for the day, as the record keeps them; [] without one."""
    found = certificate_on(session, influencer.id, "coordination", on)
    return list(found.steps if found else influencer.coordination)


def insurance_coordination_on(session: Session, influencer: Influencer, on: date) -> list[dict[str, Any]]:
    """The step that an insurance coordination sets for the day, a part of a month's pay; [] without one."""
    found = certificate_on(session, influencer.id, "insurance_coordination", on)
    return list(found.steps) if found else []


def withholding_on(session: Session, influencer: Influencer, on: date) -> tuple[int | None, Certificate | None]:
    """The rate withheld from a supplier on the day, in basis points, and the certificate it is from."""
    found = certificate_on(session, influencer.id, "withholding", on)
    return (found.rate_bps, found) if found else (influencer.withholding_rate_bps, None)
