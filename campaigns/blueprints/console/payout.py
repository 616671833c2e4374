"""One batch of payments: looked at and released by somebody else, its files, and what the bank did with each line."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaigns.blueprints import paying
from campaigns.blueprints.access import payout_for, payout_line_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import session, settings
from campaigns.blueprints.signed_in import person
from campaigns.documents.issue import contents_of
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext, ngettext
from campaigns.models import PayoutBatch, Statement, User
from campaigns.settlement.exchanging.standing import without_paper
from campaigns.settlement.paying.bank_files.files import MEDIA_TYPES, bank_files, file_bytes, kind_of

FILES = {"masav": N_("Masav"), "sepa": N_("SEPA"), "csv": N_("List to enter by hand")}


@blueprint.get("/payouts/<payout_id>")
def payout(payout_id: str) -> ResponseReturnValue:
    """The batch as it stands, with the next step for whoever looks."""
    batch = payout_for(session(), person(), payout_id)
    prepared = batch.status == "prepared"
    lines = [(line, paying.changed_since(line) if prepared else line.failure_reason) for line in batch.lines]
    return render_template(
        "console/payout.html",
        batch=batch,
        lines=lines,
        left_out=contents_of(batch.document).get("left_out", []),
        paperless=paperless(batch) if prepared else {},
        kinds={line.id: FILES[kind_of(line)] for line in batch.lines},
        total_minor=sum(line.amount_minor for line in batch.lines if line.status != "cancelled"),
        files=bank_files(batch, paying.payer()),
        file_names=FILES,
        people={"prepared": _mail_of(batch.prepared_by_user_id), "released": _mail_of(batch.released_by_user_id)},
        may_release=not settings().payout_four_eyes or batch.prepared_by_user_id != person().id,
        under_way=any(line.status == "released" for line in batch.lines),
    )


def paperless(batch: PayoutBatch) -> dict[int, list[str]]:
    """line id -> the statements in it whose paper is missing or not accepted, by number."""
    numbers = {number for line in batch.lines for number in line.statement_ids}
    statements = list(session().scalars(select(Statement).where(Statement.id.in_(numbers))))
    missing = {one.id: one.document.number for one in without_paper(session(), statements, batch.pay_date)}
    found = {line.id: [missing[one] for one in line.statement_ids if one in missing] for line in batch.lines}
    return {line: names for line, names in found.items() if names}


@blueprint.post("/payouts/<payout_id>/release")
def release_payout(payout_id: str) -> ResponseReturnValue:
    """Let it go to the bank."""
    batch = payout_for(session(), person(), payout_id)
    paying.release(person(), batch)
    session().commit()
    flash(gettext("The batch is released. Send its files to the bank."), "good")
    return _to(batch)


@blueprint.post("/payouts/<payout_id>/cancel")
def cancel_payout(payout_id: str) -> ResponseReturnValue:
    """Call it off before its release."""
    batch = payout_for(session(), person(), payout_id)
    paying.cancel(person(), batch)
    session().commit()
    flash(gettext("The batch is called off: everything in it is due again."), "good")
    return _to(batch)


@blueprint.get("/payouts/<payout_id>/files/<kind>")
def payout_file(payout_id: str, kind: str) -> ResponseReturnValue:
    """A file for the bank."""
    batch = payout_for(session(), person(), payout_id)
    body = file_bytes(batch, kind, paying.payer())
    name = next(file.name for file in bank_files(batch, paying.payer()) if file.kind == kind)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, content_type=MEDIA_TYPES[kind], headers=headers)


@blueprint.post("/payouts/<payout_id>/results")
def payout_results(payout_id: str) -> ResponseReturnValue:
    """Take the bank's list of what became of the lines."""
    batch = payout_for(session(), person(), payout_id)
    sent = request.files.get("results")
    if sent is None or not sent.filename:
        raise Invalid({"results": [N_("Choose the bank's list first.")]})
    count = paying.take_results(person(), batch, sent.read())
    session().commit()
    flash(ngettext("%(n)s payment was marked.", "%(n)s payments were marked.", count), "good")
    return _to(batch)


@blueprint.post("/payouts/<payout_id>/lines/<line_id>/paid")
def mark_line_paid(payout_id: str, line_id: str) -> ResponseReturnValue:
    """The bank made one payment."""
    line = payout_line_for(session(), person(), payout_id, line_id)
    paying.paid(person(), line, request.form.get("reference", ""), None)
    session().commit()
    flash(gettext("The payment is booked, and its advice is on the way to the payee."), "good")
    return _to(line.batch)


@blueprint.post("/payouts/<payout_id>/lines/<line_id>/failed")
def mark_line_failed(payout_id: str, line_id: str) -> ResponseReturnValue:
    """The bank did not make one payment, or sent the money back."""
    line = payout_line_for(session(), person(), payout_id, line_id)
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise Invalid({"reason": [N_("Say why: the payee is told.")]})
    paying.failed(person(), line, reason)
    session().commit()
    flash(gettext("Noted. The amount is due again, and the payee is told."), "good")
    return _to(line.batch)


def _to(batch: PayoutBatch) -> ResponseReturnValue:
    return redirect(url_for("console.payout", payout_id=batch.document.public_id))


def _mail_of(user_id: int | None) -> str:
    user = session().get(User, user_id) if user_id is not None else None
    return user.email if user else ""
