"""A refused form, to be corrected and sent again from the page that says why: no refusal loses what was typed.

Pages that show their own form again need nothing of this. It stands behind the many small ones (a reason beside a
button), and behind all of them when a form was open for too long or the database is away. Passwords and other secrets
are asked for anew, and files must be chosen anew: neither goes back to the browser. Where the request was refused
before any view read it, nobody knows what its fields are: what they hold is sent along unseen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import g, request
from werkzeug.exceptions import HTTPException
from wtforms import BooleanField, FieldList, FormField, HiddenField, PasswordField, SelectField, TextAreaField
from wtforms.fields import Field

from campaigns.blueprints.forms import submitted_forms
from campaigns.i18n import N_
from campaigns.people.kept_forms import SECRET

UNSEEN = ("hidden", "unread")
SENT_AGAIN = (400, 401, 409, 422, 429, 500, 503)
TOKEN = "csrf_token"
# Fields written without a form class: their words, and the kind of input.
WRITTEN_BY_HAND = {
    "reason": (N_("Reason"), "textarea"),
    "reference": (N_("The bank's reference"), "text"),
    "pay_on": (N_("To be paid on"), "date"),
    "to_date": (N_("Last day"), "date"),
    "wishes": (N_("What shall be shot?"), "textarea"),
    "message": (N_("Message"), "textarea"),
    "to": (N_("Address of the page"), "text"),
}
CHOSEN = (SelectField, BooleanField, HiddenField)


@dataclass(frozen=True)
class Kept:
    """One thing that was sent: to be seen and corrected, or ("hidden", and "unread") merely sent along."""

    name: str
    value: str
    label: str
    kind: str
    errors: Sequence[str] = ()


@dataclass(frozen=True)
class FormAgain:
    """The form as it was sent."""

    action: str
    fields: list[Kept]
    files: list[str]
    back: str

    @property
    def named(self) -> set[str]:
        """The fields that bear their own errors."""
        return {field.name for field in self.fields if field.kind not in UNSEEN}


def form_again(status: int, errors: Mapping[str, Sequence[str]], unread: bool) -> FormAgain | None:
    """What was sent, where it was sent from a page of ours and something was typed into it; `unread` before a view."""
    if request.method != "POST" or status not in SENT_AGAIN or not _from_ours():
        return None
    try:
        fields, files = _sent(errors, unread), list(request.files)
    except HTTPException:  # too large, or cut off: there is nothing to give back
        return None
    if not any(map(_typed, fields)):
        return None
    return FormAgain(request.full_path.rstrip("?"), fields, files, _back())


def something_typed() -> bool:
    """Whether the request holds words that a person would have to write again."""
    return any(map(_typed, _sent({}, unread=False)))


def _sent(errors: Mapping[str, Sequence[str]], unread: bool) -> list[Kept]:
    told = [_kept(name, value, errors) for name, value in request.form.items(multi=True) if name != TOKEN]
    if not unread or submitted_forms():
        return told
    unknown = [replace(field, kind="unread") if field.kind == "hidden" else field for field in told]
    return [field for field in unknown if not any(word in field.name for word in SECRET)]


def _typed(field: Kept) -> bool:
    return field.kind != "hidden" and bool(field.value)


def _from_ours() -> bool:
    """A foreign page must not put its words into a form of ours: the token was right, or the browser vouches for it."""
    return bool(g.get("csrf_valid")) or request.headers.get("Sec-Fetch-Site") == "same-origin"


def _kept(name: str, value: str, errors: Mapping[str, Sequence[str]]) -> Kept:
    field = next((one for form in submitted_forms() for one in _fields(form) if one.name == name), None)
    found = errors.get(field.short_name if field is not None else name, ())
    if field is not None:
        kind = _kind(field)
        return Kept(name, "" if kind == "password" else value, field.label.text, kind, found)
    label, kind = WRITTEN_BY_HAND.get(name, ("", "hidden"))
    return Kept(name, value, label, kind, found)


def _fields(among: Iterable[Field]) -> Iterator[Field]:
    """Every field, also those of forms within forms."""
    for field in among:
        yield field
        if isinstance(field, (FieldList, FormField)):
            yield from _fields(field)


def _kind(field: Field) -> str:
    if isinstance(field, PasswordField):
        return "password"
    if isinstance(field, CHOSEN):
        return "hidden"
    return "textarea" if isinstance(field, TextAreaField) else "text"


def _back() -> str:
    """The page the form stood on, if it is ours."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host or came_from.path == request.path:
        return ""
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")
