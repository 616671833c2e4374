"""Signing in by mail: asking for a link, looking at it, and coming in with it.

The answer to who asks is the same whether or not the address signs in here; a letter is written either way, and kept
only where there is somebody to read it. Requests are counted per address asked for and per block they come from, as
passwords are. The letter goes to the outbox past every switch and notice: its link is a key. The token stands in the
query, where no log of ours looks.
"""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, HiddenField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints import signed_in
from campaigns.blueprints.auth import LOCKED, TOO_LONG, blueprint
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.forms import Form
from campaigns.blueprints.local_paths import local_path
from campaigns.errors import NotFound
from campaigns.i18n import N_, current_language, gettext
from campaigns.people import mail, records, sign_in_links, throttle

logger = logging.getLogger(__name__)


class LinkForm(Form):
    """Whom to send a link, and where it leads."""

    email = EmailField(N_("E-mail"), [InputRequired(), Length(max=254, message=TOO_LONG)])
    next = HiddenField()


@blueprint.route("/sign-in/link", methods=["GET", "POST"])
def ask_for_link() -> ResponseReturnValue:
    """Send a one-time link, and say the same whether the address is known or not."""
    form = LinkForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return render_template("auth/ask_for_link.html", form=form), 422 if form.errors else 200
    account, place = _subjects(form.email.data)
    if throttle.is_locked(session(), place, now()):
        session().rollback()
        logger.warning("sign-in links locked out")
        form.form_errors.append(LOCKED)
        return render_template("auth/ask_for_link.html", form=form), 429
    locked = throttle.is_locked(session(), account, now())
    for subject in (account, place):
        throttle.register_failure(session(), subject, now())
    _write(form.email.data, local_path(form.next.data, ""), keep=not locked)
    session().commit()
    return render_template("auth/link_sent.html", to_sign_in=True)


@blueprint.route("/sign-in/open", methods=["GET", "POST"])
def use_link() -> ResponseReturnValue:
    """A page with a button, which mail scanners don't press; pressed, the way in, whoever was signed in before."""
    token = request.values.get("token", "")
    try:
        if request.method == "GET":
            email = sign_in_links.find_link(session(), token, now()).user.email
            return render_template("auth/use_link.html", email=email, token=token)
        used = sign_in_links.redeem_link(session(), token, now())
    except NotFound:
        return render_template("auth/sign_in_link_ended.html"), 404
    account, place = _subjects(used.user.email)
    throttle.clear(session(), account)
    throttle.take_back(session(), place)
    signed_in.enter(used.user, by_link=True)
    session().commit()
    logger.info("signed in by link user=%s", used.user_id)
    flash(gettext("You are signed in."), "good")
    return redirect(local_path(used.target, url_for("home.index")))


def _write(email: str, target: str, keep: bool) -> None:
    """Write the letter, and queue it where the address may come in this way."""
    user = records.find_user(session(), email)
    token = sign_in_links.new_token()
    link = settings().public_url + url_for("auth.use_link", token=token)
    language = (user.language if user else "") or current_language()
    subject, body = mail.write_letter("sign_in_link", language, link=link, agency=settings().agency_name)
    if keep and user is not None and sign_in_links.may_use_links(user):
        sign_in_links.create_link(session(), user, token, target, now())
        mail.queue_mail(session(), user.email, language, subject, body, now())


def _subjects(email: str) -> tuple[str, str]:
    """What requests for links are counted under: the address asked for, and the block of the one who asks."""
    key = settings().identity_key
    block = throttle.address_subject(key, request.remote_addr or "")
    return throttle.account_subject(key, f"link {email}"), throttle.account_subject(key, f"links from {block}")
