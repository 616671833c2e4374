"""The steps of payments as console and API take them: done, noted in the audit log, and told to the payee."""

import logging
from datetime import date

from campaigns.blueprints.context import now, session, settings
from campaigns.models import PayoutBatch, PayoutLine, RouteRule, User
from campaigns.planning import payment_notices
from campaigns.planning.audit import note
from campaigns.settlement.paying import payments, payouts, routes
from campaigns.settlement.paying.bank_files.payer import Payer
from campaigns.settlement.paying.results import read_results

log = logging.getLogger(__name__)


def payer() -> Payer:
    """Who pays, from the settings."""
    found = settings()
    return Payer(
        name=found.agency_legal_name or found.agency_name,
        masav_institution=found.masav_institution,
        masav_sender=found.masav_sender,
        masav_code_a=found.masav_code_a,
        masav_reversed=found.masav_reversed,
        masav_last_crlf=found.masav_last_crlf,
        sepa_iban=found.sepa_iban,
        sepa_bic=found.sepa_bic,
    )


def prepare(user: User, currency: str, on: date) -> PayoutBatch:
    """A batch of everything due."""
    batch = payouts.prepare(session(), currency, settings().agency(), on, now(), user.id, settings().papers_first)
    _note(user, "payout.prepared", batch)
    return batch


def changed_since(line: PayoutLine) -> str:
    """Why a prepared line would not be released as it is; "" where nothing has changed."""
    return payouts.changed_since(session(), line, settings().papers_first)


def release(user: User, batch: PayoutBatch) -> None:
    """Let it go to the bank."""
    payouts.release(session(), batch, user.id, settings().payout_four_eyes, now(), settings().papers_first)
    _note(user, "payout.released", batch)


def cancel(user: User, batch: PayoutBatch) -> None:
    """Call it off."""
    payouts.cancel(session(), batch)
    _note(user, "payout.cancelled", batch)


def paid(user: User, line: PayoutLine, reference: str, on: date | None) -> None:
    """The bank paid a line, on the day the batch was to be paid unless told otherwise; its payee
    is written to with the advice."""
    day = on or line.batch.pay_date
    payments.mark_paid(session(), line, reference, day, settings().agency(), now(), user.id)
    _note(user, "payout.paid", line.batch, line=line.public_id, reference=line.bank_reference)


def failed(user: User, line: PayoutLine, reason: str) -> None:
    """The bank did not pay a line, or sent the money back; its payee is written to."""
    status = payments.mark_failed(session(), line, reason, now(), user.id)
    _note(user, f"payout.{status}", line.batch, line=line.public_id, reason=line.failure_reason)
    payment_notices.not_paid(session(), line, settings().public_url, now())


def take_results(user: User, batch: PayoutBatch, body: bytes) -> int:
    """Do what the bank's list says; how many lines it was new for. All of it or, where anything is refused, nothing."""
    outcomes = read_results(payouts.lines_of(session(), batch), body)
    for outcome in outcomes:
        if outcome.paid:
            paid(user, outcome.line, outcome.reference, None)
        else:
            failed(user, outcome.line, outcome.reason)
    return len(outcomes)


def add_route_rule(
    user: User, currency: str, from_date: date, above_minor: int, preferred: str, route: str, source: str
) -> RouteRule:
    """A rule by which an amount overrules how a payee prefers to be paid."""
    asked = (currency, from_date, above_minor, preferred, route, source)
    rule = routes.add_rule(session(), *asked, now(), user.id)
    note(session(), user.id, "route_rule.added", f"route_rule:{rule.public_id}", now(), source=rule.source)
    return rule


def end_route_rule(user: User, rule: RouteRule, last_day: date) -> None:
    """Let a rule end with a day; what was issued under it stays."""
    routes.end_rule(session(), rule, last_day)
    note(session(), user.id, "route_rule.ended", f"route_rule:{rule.public_id}", now(), last_day=last_day.isoformat())


def _note(user: User, action: str, batch: PayoutBatch, **details: object) -> None:
    note(session(), user.id, action, f"document:{batch.document.public_id}", now(), **details)
    log.info("%s batch=%s", action, batch.document.public_id)
