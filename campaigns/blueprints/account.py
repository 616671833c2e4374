"""One's own sign-in: its password, its language, and its tokens for the API."""

import logging

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints.auth import LOCKED, TOO_LONG, check_password
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.forms import Form
from campaigns.blueprints.signed_in import person
from campaigns.i18n import N_, gettext
from campaigns.people import mail, passwords, sessions, tokens

blueprint = Blueprint("account", __name__, url_prefix="/account")
logger = logging.getLogger(__name__)


class ChangePasswordForm(Form):
    """The old one proves that it is still you at the keyboard."""

    current = PasswordField(N_("Current password"), [InputRequired(), Length(max=passwords.LONGEST, message=TOO_LONG)])
    password = PasswordField(N_("New password"), [InputRequired()])


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The account as it stands."""
    return _page(ChangePasswordForm())


@blueprint.post("/password")
def change_password() -> ResponseReturnValue:
    """Take a new password, and sign out every other device."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _page(form), 422
    form.password.errors = passwords.password_errors(form.password.data)
    if form.password.errors:
        return _page(form), 422
    user, refusal = check_password(person().email, form.current.data)
    if user is None:
        form.current.errors = [refusal if refusal == LOCKED else N_("This is not your current password.")]
        return _page(form), 422
    user.password_hash = passwords.hash_password(form.password.data)
    sessions.end_all_sessions(session(), user, except_token=current_user.token)
    agency = settings().agency_name
    mail.queue_letter(session(), user.email, user.language, "password_changed", now(), agency=agency)
    session().commit()
    logger.info("password changed user=%s", user.id)
    flash(gettext("Your password is changed, and your other devices are signed out."), "good")
    return redirect(url_for("account.show"))


@blueprint.post("/sign-out-elsewhere")
def sign_out_elsewhere() -> ResponseReturnValue:
    """End every session but this one."""
    sessions.end_all_sessions(session(), person(), except_token=current_user.token)
    session().commit()
    flash(gettext("Your other devices are signed out."), "good")
    return redirect(url_for("account.show"))


@blueprint.post("/tokens")
def create_token() -> ResponseReturnValue:
    """Make a token and show it this once."""
    token = tokens.create_token(session(), person(), now())
    session().commit()
    logger.info("token made user=%s", person().id)
    return _page(ChangePasswordForm(formdata=None), new_token=token)


@blueprint.post("/tokens/<name>/revoke")
def revoke_token(name: str) -> ResponseReturnValue:
    """End one of one's own tokens."""
    tokens.revoke_token(session(), person(), name, now())
    session().commit()
    logger.info("token revoked user=%s", person().id)
    flash(gettext("The token is revoked."), "good")
    return redirect(url_for("account.show"))


def _page(form: ChangePasswordForm, new_token: str = "") -> str:
    mine = [(tokens.token_name(token), token.created_at) for token in tokens.live_tokens(session(), person())]
    return render_template("auth/account.html", form=form, tokens=mine, new_token=new_token)
