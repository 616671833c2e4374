"""Corrections of payslips over the API: what today's tables would have otherwise, and correcting one slip."""

from typing import Any

from flask import request

from campaigns.blueprints import access, correction_deeds
from campaigns.blueprints.api import corrections_schemas as schemas
from campaigns.blueprints.api.api import caller, operation
from campaigns.blueprints.context import now, session
from campaigns.errors import Invalid
from campaigns.models import Influencer
from campaigns.settlement.correcting.corrections import affected
from campaigns.settlement.correcting.recomputing import Recomputed


@operation("GET", "/payslips/corrections", answer=schemas.AffectedList, query=("year",))
def list_corrections() -> dict[str, Any]:
    """The payslips of a tax year that today's tables would have otherwise, line by line."""
    asked = request.args.get("year", str(now().date().year))
    if not (asked.isascii() and asked.isdigit() and len(asked) == 4 and asked > "1900"):
        raise Invalid({"year": ["must be a year such as 2026"]})
    return {"items": [_show(one) for one in affected(session(), int(asked))]}


@operation("POST", "/payslips/{payslip_id}/correct", answer=schemas.CorrectionOut)
def correct_payslip(payslip_id: str) -> dict[str, Any]:
    """Issue the correction of one payslip; number null where it is right as it is."""
    made = correction_deeds.correct(caller(), access.payslip_for(session(), caller(), payslip_id))
    if made is None:
        return {"number": None, "net_minor": 0, "amounts": {}}
    return {"number": made.document.number, "net_minor": made.net_minor, "amounts": made.amounts}


def _show(one: Recomputed) -> dict[str, Any]:
    slip = one.payslip
    return {
        "payslip": slip.document.public_id,
        "number": slip.document.number,
        "influencer": session().get_one(Influencer, slip.influencer_id).public_id,
        "pay_date": slip.pay_date.isoformat(),
        "currency": slip.currency,
        "net_difference_minor": one.net_difference_minor,
        "lines": [
            {
                "code": line.code,
                "was_minor": line.was_minor,
                "is_minor": line.is_minor,
                "difference_minor": line.difference_minor,
            }
            for line in one.lines
            if line.difference_minor
        ],
        "problem": one.problem,
    }
