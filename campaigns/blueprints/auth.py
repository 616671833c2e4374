"""Coming in and going out: sign-in, sign-out, a new password, and the visitor's language.

The sign-in answers a stranger and a wrong password alike, in words and in time. Attempts are counted in a
transaction of their own before the password is looked at, and no transaction is open while the hash is computed.
"""

import logging

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints import signed_in
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.forms import Form
from campaigns.blueprints.language import remember_language
from campaigns.blueprints.local_paths import local_path
from campaigns.blueprints.theme import remember_theme
from campaigns.errors import Invalid, NotFound
from campaigns.i18n import LANGUAGES, N_, current_language, gettext
from campaigns.models import User
from campaigns.people import invitations, mail, passwords, records, throttle

blueprint = Blueprint("auth", __name__)
logger = logging.getLogger(__name__)

TOO_LONG = N_("This is too long.")
WRONG = N_("This address and password don't fit together.")
LOCKED = N_("Too many tries. Wait a quarter of an hour and try again, or set a new password.")


class SignInForm(Form):
    """Who and what they know."""

    email = EmailField(N_("E-mail"), [InputRequired(), Length(max=254, message=TOO_LONG)])
    password = PasswordField(N_("Password"), [InputRequired(), Length(max=passwords.LONGEST, message=TOO_LONG)])
    next = HiddenField()


class NewPasswordForm(Form):
    """A password, typed once: it can be seen and pasted, and forgotten ones are easily replaced."""

    password = PasswordField(N_("New password"), [InputRequired()])


class ForgottenForm(Form):
    """Where to send the link."""

    email = EmailField(N_("E-mail"), [InputRequired(), Length(max=254, message=TOO_LONG)])


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Let the right ones in."""
    form = SignInForm(next=request.args.get("next", ""))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(url_for("home.index"))
    if not form.validate_on_submit():
        return render_template("auth/sign_in.html", form=form), 422 if form.errors else 200
    user, refusal = check_password(form.email.data, form.password.data)
    if user is None:
        form.form_errors.append(refusal)
        return render_template("auth/sign_in.html", form=form), 429 if refusal == LOCKED else 422
    signed_in.enter(user)
    session().commit()
    logger.info("signed in user=%s", user.id)
    return redirect(local_path(form.next.data, url_for("home.index")))


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this browser's session for good, cookie and row."""
    signed_in.leave()
    session().commit()
    flash(gettext("You are signed out."), "good")
    return redirect(url_for("auth.sign_in"))


@blueprint.route("/forgot-password", methods=["GET", "POST"])
def forgot_password() -> ResponseReturnValue:
    """Send a one-time link, and say the same whether the address is known or not."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return render_template("auth/forgot_password.html", form=form), 422 if form.errors else 200
    subject = throttle.account_subject(settings().identity_key, f"forgotten {form.email.data}")
    if not throttle.is_locked(session(), subject, now()):
        throttle.register_failure(session(), subject, now())
        user = records.find_user(session(), form.email.data)
        if user is not None and user.active:
            mail_link(user)
    session().commit()
    return render_template("auth/link_sent.html")


@blueprint.route("/set-password/<token>", methods=["GET", "POST"])
def set_password(token: str) -> ResponseReturnValue:
    """Set a password with a one-time link, and come in."""
    form = NewPasswordForm()
    try:
        invited = invitations.find_invitation(session(), token, now()).user
        if form.validate_on_submit():
            user = invitations.redeem_invitation(session(), token, form.password.data, now())
            throttle.clear(session(), throttle.account_subject(settings().identity_key, user.email))
            signed_in.enter(user)
            session().commit()
            logger.info("password set user=%s", user.id)
            flash(gettext("Your password is set."), "good")
            return redirect(url_for("home.index"))
    except NotFound:
        return render_template("auth/link_ended.html"), 404
    except Invalid as refused:
        form.take_errors(refused)
    return render_template("auth/set_password.html", form=form, email=invited.email), 422 if form.errors else 200


@blueprint.post("/language")
def set_language() -> ResponseReturnValue:
    """Speak another language from here on, in this browser and wherever its person signs in."""
    language = request.form.get("language", "")
    if language in LANGUAGES:
        remember_language(language)
        if current_user.is_authenticated:
            current_user.user.language = language
            session().commit()
    return redirect(local_path(request.form.get("next"), url_for("home.index")))


@blueprint.post("/theme")
def set_theme() -> ResponseReturnValue:
    """Light or dark from here on, in this browser."""
    response = redirect(local_path(request.form.get("next"), url_for("home.index")))
    remember_theme(response, request.form.get("theme", ""))
    return response


def check_password(email: str, password: str) -> tuple[User | None, str]:
    """The person whom address and password fit, or None and the words for it. Commits its count of attempts."""
    key = settings().identity_key
    account = throttle.account_subject(key, email)
    address = throttle.address_subject(key, request.remote_addr or "")
    if any(throttle.is_locked(session(), subject, now()) for subject in (account, address)):
        session().rollback()
        logger.warning("sign-in locked out")
        return None, LOCKED
    for subject in (account, address):
        throttle.register_failure(session(), subject, now())
    user = records.find_user(session(), email)
    user_id, stored = (user.id, user.password_hash) if user is not None and user.active else (None, None)
    session().commit()
    if not passwords.verify_password(stored, password) or user_id is None or stored is None:
        logger.warning("sign-in refused")
        return None, WRONG
    rehashed = passwords.hash_password(password) if passwords.needs_rehash(stored) else stored
    throttle.clear(session(), account)
    throttle.take_back(session(), address)
    found = session().get_one(User, user_id)
    found.password_hash = rehashed
    return found, ""


def mail_link(user: User) -> None:
    """Queue the one-time link to a new password."""
    token = invitations.create_invitation(session(), user, now(), invitations.FORGOTTEN_FOR)
    link = settings().public_url + url_for("auth.set_password", token=token)
    language = user.language or current_language()
    mail.queue_letter(
        session(), user.email, language, "forgotten_password", now(), link=link, agency=settings().agency_name
    )
