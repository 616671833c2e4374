"""Papers received from payees: the queue, and one paper with what the checks say, to be accepted or refused."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.blueprints import received_deeds as deeds
from campaigns.blueprints.access import received_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import Influencer, ReceivedDocument
from campaigns.models.exchanged import RECEIVED_STATUSES
from campaigns.settlement.exchanging.asked import asked_of
from campaigns.settlement.exchanging.received import findings

MOST = 100


@blueprint.get("/received-papers")
def received_papers() -> ResponseReturnValue:
    """Those to be looked at, the oldest first; or those decided on, the newest first."""
    status = request.args.get("status", "received")
    status = status if status in RECEIVED_STATUSES else "received"
    wanted = select(ReceivedDocument).filter_by(status=status).options(joinedload(ReceivedDocument.influencer))
    order = ReceivedDocument.id if status == "received" else ReceivedDocument.id.desc()
    papers = session().scalars(wanted.order_by(order).limit(MOST)).all()
    return render_template("console/received_papers.html", papers=papers, status=status, statuses=RECEIVED_STATUSES)


@blueprint.get("/received-papers/<paper_id>")
def received_paper(paper_id: str) -> ResponseReturnValue:
    """One paper beside what it should say; a finding in words for each difference."""
    paper = received_for(session(), person(), paper_id)
    agency, today = settings().agency(), now().date()
    payee = session().get_one(Influencer, paper.influencer_id)
    asked = asked_of(session(), paper.statement, payee, agency, issued_on=paper.issued_on, pay_on=today)
    told = paper.findings
    if paper.status == "received":  # what was decided on keeps what was known then
        told = [one.as_contents() for one in findings(session(), paper, agency, today, today)]
    return render_template("console/received_paper.html", paper=paper, asked=asked, findings=told, today=today)


@blueprint.post("/received-papers/<paper_id>/accept")
def accept_received(paper_id: str) -> ResponseReturnValue:
    """Accept it: its VAT becomes due, what is withheld goes to the tax office."""
    paper = received_for(session(), person(), paper_id)
    deeds.accept(person(), paper, _pay_day())
    session().commit()
    flash(gettext("The paper is accepted and booked. Its payee is told."), "good")
    return redirect(url_for("console.received_papers"))


@blueprint.post("/received-papers/<paper_id>/refuse")
def refuse_received(paper_id: str) -> ResponseReturnValue:
    """Refuse it with a reason; its payee can send another one."""
    paper = received_for(session(), person(), paper_id)
    deeds.refuse(person(), paper, request.form.get("reason", ""))
    session().commit()
    flash(gettext("The paper is refused. Its payee is told why."), "good")
    return redirect(url_for("console.received_papers"))


def _pay_day() -> date:
    text = request.form.get("pay_on", "")
    try:
        return date.fromisoformat(text) if text else now().date()
    except ValueError as error:
        raise Invalid({"pay_on": [N_("This must be a date such as 2026-05-31.")]}) from error
