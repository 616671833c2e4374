"""Booking an hour in one of the house's studios: free of charge, one at a time."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints import access
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.labels import said
from campaigns.blueprints.signed_in import person
from campaigns.errors import Conflict
from campaigns.i18n import gettext
from campaigns.models import Participation
from campaigns.planning import studio_letters, studios
from campaigns.planning.audit import note

log = logging.getLogger(__name__)


def studio(participation_id: str) -> ResponseReturnValue:
    """What is free, and what is yours."""
    mine = access.participation_for(session(), person(), participation_id)
    if not mine.acceptances:
        return redirect(url_for("me.invitation", participation_id=mine.public_id))
    return _page(mine)


def book_studio(participation_id: str, slot_id: str) -> ResponseReturnValue:
    """Take a free slot."""
    mine = access.participation_for(session(), person(), participation_id)
    slot = access.studio_slot_for(session(), person(), slot_id)
    wishes = request.form.get("wishes", "")
    try:
        studios.book(session(), slot, mine, wishes, now())
    except Conflict as refused:
        session().rollback()
        flash(said(refused.sentence), "bad")
        return _page(mine, slot_id, wishes), 409
    note(session(), person().id, "studio.booked", f"participation:{mine.public_id}", now(), slot=slot.public_id)
    studio_letters.booked(session(), slot, mine, settings().public_url, now())
    session().commit()
    log.info("studio slot=%s is booked participation=%s", slot.public_id, mine.public_id)
    flash(gettext("The studio is yours. A letter with the address is on its way."), "good")
    return redirect(url_for("me.studio", participation_id=participation_id))


def give_back_studio(participation_id: str, slot_id: str) -> ResponseReturnValue:
    """Free it for somebody else."""
    mine = access.participation_for(session(), person(), participation_id)
    slot = access.studio_slot_for(session(), person(), slot_id)
    try:
        studios.give_back(session(), slot, mine, now())
    except Conflict as refused:
        session().rollback()
        flash(said(refused.sentence), "bad")
        return _page(mine), 409
    note(session(), person().id, "studio.given_back", f"participation:{mine.public_id}", now(), slot=slot.public_id)
    studio_letters.given_back(session(), slot, mine, now())
    session().commit()
    flash(gettext("The slot is free again."), "good")
    return redirect(url_for("me.studio", participation_id=participation_id))


def _page(mine: Participation, typed_for: str = "", typed: str = "") -> str:
    booked = studios.booked_by(session(), mine)
    return render_template(
        "me/studio.html",
        participation=mine,
        campaign=mine.campaign,
        booked=booked,
        coming=[one for one in booked if one.called_off_at is None and one.starts_at > now()],
        free=studios.free_slots(session(), now()) if studios.may_book(mine) else [],
        may_book=studios.may_book(mine),
        give_back_until=studios.GIVE_BACK,
        now=now(),
        typed_for=typed_for,
        typed=typed,
    )
