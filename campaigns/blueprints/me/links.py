"""An influencer's own links to single pages of the shop: made, counted, withdrawn."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from campaigns.blueprints import access
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.forms import Form
from campaigns.blueprints.labels import said
from campaigns.blueprints.signed_in import person
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.i18n import N_, gettext
from campaigns.models import Participation
from campaigns.planning import own_links
from campaigns.tracking.links import LONGEST_DEEP_LINK

logger = logging.getLogger(__name__)


class LinkForm(Form):
    """A page of the shop, and what the influencer calls the link."""

    page = StringField(N_("Address of the page"), [InputRequired(), Length(max=LONGEST_DEEP_LINK)])
    label = StringField(N_("Your name for it"), [Optional(), Length(max=own_links.LONGEST_LABEL)])


def links(participation_id: str) -> ResponseReturnValue:
    """Their own links, and a form for one more."""
    mine = access.participation_for(session(), person(), participation_id)
    form = LinkForm()
    if request.method == "GET":
        return _page(mine, LinkForm(formdata=None))
    if not form.validate_on_submit():
        return _page(mine, form), 422
    try:
        made = own_links.make_link(session(), mine, form.page.data or "", form.label.data or "", now())
    except Invalid as error:
        for name, reasons in error.errors.items():
            form[name].errors = [said(reason) for reason in reasons]
        return _page(mine, form), 422
    except Conflict as error:
        form.form_errors.append(said(error.sentence))
        return _page(mine, form), 422
    session().commit()
    logger.info("link made participation=%s link=%s", mine.public_id, made.id)
    flash(gettext("Your link is ready to share."), "good")
    return redirect(url_for("me.links", participation_id=participation_id), 303)


def withdraw_link(participation_id: str) -> ResponseReturnValue:
    """Let one of them lead nowhere from now on."""
    mine = access.participation_for(session(), person(), participation_id)
    back = redirect(url_for("me.links", participation_id=participation_id), 303)
    try:
        own_links.withdraw_link(session(), mine, request.form.get("slug", ""), now())
    except NotFound:
        return back  # the list says what there is
    session().commit()
    logger.info("link withdrawn participation=%s", mine.public_id)
    flash(gettext("The link leads nowhere from now on. What came through it stays yours."), "good")
    return back


def _page(mine: Participation, form: LinkForm) -> str:
    main = mine.link_address(settings().public_url)
    return render_template(
        "me/links.html",
        participation=mine,
        campaign=mine.campaign,
        form=form,
        may_make=own_links.may_make(session(), mine),
        links=own_links.own_links(mine),
        before_slug=main.removesuffix(mine.link.slug) if mine.link else "",
        most=own_links.MOST,
    )
