"""Exports: rows of what is yours as a file, for pages and for the API alike.

The file is whole, on disk, before its first byte is sent. So a slow reader keeps no transaction open, what goes wrong
halfway is an error and not a torn file, and memory holds a slice of the rows however many there are. All of them are
read at one moment. Who asked for what is noted before anything is read.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from tempfile import TemporaryFile
from typing import IO, Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from werkzeug.exceptions import TooManyRequests

from campaigns.blueprints import access
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.db import begin_reading, begin_writing, lock_name, one_moment
from campaigns.errors import Invalid, NotFound
from campaigns.i18n import LANGUAGES, N_, current_language, speaking
from campaigns.models import AuditEntry, Campaign, User
from campaigns.planning.audit import note
from campaigns.planning.crediting import masked
from campaigns.settlement.exporting.asked import Asked
from campaigns.settlement.exporting.exports import EXPORTS, Export, table_of
from campaigns.sheets.written import MEDIA_TYPES, write

blueprint = Blueprint("exports", __name__, url_prefix="/exports")

QUERY = ("campaign", "brand", "since", "until", "language", "bom")
MADE = "export.made"
MOST_AN_HOUR = 60  # by one person
PIECE = 64 * 1024


@blueprint.get("/<name>.<ending>")
def file(name: str, ending: str) -> ResponseReturnValue:
    """The rows that the query asks for and the visitor may have."""
    return exported(person(), name, ending, current_language())


def exported(user: User, name: str, ending: str, spoken: str) -> Response:
    """A file of rows, noted in the audit log; raises NotFound for what is not for this role or not yours."""
    export = EXPORTS.get(name)
    if export is None or ending not in MEDIA_TYPES or user.role not in export.roles:
        raise NotFound("no such export")
    language = request.args.get("language") or spoken
    if language not in LANGUAGES:
        raise Invalid({"language": [N_("Choose one of the values offered.")]})
    asked, told = _asked(user)
    _note(user.id, export, told | {"format": ending, "language": language})
    with speaking(language):
        written = _written(export, asked, ending)
    response = Response(_pieces(written), content_type=MEDIA_TYPES[ending], direct_passthrough=True)
    response.content_length = written.tell()
    response.call_on_close(written.close)
    response.headers["Content-Disposition"] = f'attachment; filename="{_named(name, ending, told, asked)}"'
    return response


def _written(export: Export, asked: Asked, ending: str) -> IO[bytes]:
    """The whole file, of one moment; whoever takes it closes it."""
    begin_reading()
    one_moment(session())
    with ExitStack() as unless_whole:
        written = unless_whole.enter_context(TemporaryFile())
        table = table_of(session(), export, asked)
        write(table, ending, written, settings().agency_name, mark=request.args.get("bom") != "no")
        unless_whole.pop_all()
    session().rollback()
    return written


def _pieces(written: IO[bytes]) -> Iterator[bytes]:
    """A file from its beginning, piece by piece, closed at its end."""
    with written:
        written.seek(0)
        while piece := written.read(PIECE):
            yield piece


def _asked(user: User) -> tuple[Asked, dict[str, str]]:
    """What the query asks for of what the user may see, and the same as the audit log tells it."""
    told = {key: request.args[key].strip() for key in QUERY[:4] if request.args.get(key, "").strip()}
    campaign = access.campaign_for(session(), user, told["campaign"]) if "campaign" in told else None
    brand = access.brand_for(session(), user, told["brand"]) if "brand" in told else None
    asked = Asked(
        role=user.role,
        now=now(),
        zone=_zone(user, campaign),
        campaign_id=campaign.id if campaign else None,
        brand_id=_own(user, "brand", user.brand_id) or (brand.id if brand else None),
        influencer_id=_own(user, "influencer", user.influencer_id),
        since=_day("since", told),
        until=_day("until", told),
        shown_number=masked if user.role == "influencer" else str,
    )
    return asked, told


def _own(user: User, role: str, owner_id: int | None) -> int | None:
    """Whose rows someone of a role gets, None for another role; who has nothing of their own gets nothing at all."""
    if user.role == role and owner_id is None:
        raise NotFound("nothing is yours")
    return owner_id if user.role == role else None


def _zone(user: User, campaign: Campaign | None) -> ZoneInfo:
    """The campaign's, else that of the newest campaign the user sees: whose days and hours the file tells."""
    if campaign is None:
        campaign = session().scalar(access.campaigns_for(user).order_by(Campaign.id.desc()).limit(1))
    return ZoneInfo(campaign.timezone if campaign else "UTC")


def _day(name: str, told: dict[str, str]) -> date | None:
    if name not in told:
        return None
    try:
        return date.fromisoformat(told[name])
    except ValueError as error:
        raise Invalid({name: [N_("A day is written as 2026-05-31.")]}) from error


def _note(user_id: int, export: Export, told: dict[str, Any]) -> None:
    """Write down who exports what, in a transaction of its own; 429 for whoever has had enough for this hour."""
    session().rollback()
    begin_writing()
    lock_name(session(), f"exports:{user_id}")
    lately = select(func.count()).where(
        AuditEntry.user_id == user_id, AuditEntry.action == MADE, AuditEntry.at > now() - timedelta(hours=1)
    )
    if (session().scalar(lately) or 0) >= MOST_AN_HOUR:
        raise TooManyRequests(retry_after=600)
    note(session(), user_id, MADE, f"export:{export.name}", now(), **told)
    session().commit()


def _named(name: str, ending: str, told: dict[str, str], asked: Asked) -> str:
    """The file's name: what it is, of which campaign, and the day it was made; nothing that anybody typed."""
    parts = [name.replace("_", "-"), told.get("campaign", ""), asked.now.astimezone(asked.zone).date().isoformat()]
    return f"{'-'.join(part for part in parts if part)}.{ending}"
