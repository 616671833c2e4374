"""Correcting a payslip as console and API do it: issued, and noted in the audit log. Its paper is sent as all are."""

import json
import logging
from collections.abc import Mapping

from campaigns.blueprints.context import now, session, settings
from campaigns.models import Payslip, User
from campaigns.planning.audit import note
from campaigns.settlement.correcting.corrections import issue_correction
from campaigns.settlement.correcting.recomputing import Recomputed

log = logging.getLogger(__name__)


def correct(user: User, payslip: Payslip, seen: Mapping[str, int] | None = None) -> Payslip | None:
    """Correct one slip, if today's tables would have it otherwise; raises Conflict where that is not what was seen."""
    made = issue_correction(session(), payslip, settings().agency(), now(), None if seen is None else dict(seen))
    if made is not None:
        facts = {"correction": made.document.number, "net_minor": made.net_minor}
        note(session(), user.id, "payslip.corrected", f"document:{payslip.document.public_id}", now(), **facts)
        log.info("payslip corrected payslip=%s correction=%s", payslip.document.number, made.document.number)
    return made


def figures_of(one: Recomputed) -> str:
    """The differences of a slip as a page sends them back: what its reader agreed to."""
    return json.dumps({code: minor for code, minor in sorted(one.differences.items()) if minor})
