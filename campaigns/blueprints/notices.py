"""One's own notices: the bell of every page, the board, and what one wants to be told of and how."""

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints.context import now, session
from campaigns.blueprints.local_paths import local_path
from campaigns.blueprints.signed_in import person
from campaigns.i18n import gettext
from campaigns.people import notices
from campaigns.people.topics import TOPICS, topics_for

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


def init_app(app: Flask) -> None:
    """Give every page its bell."""
    app.jinja_env.globals.update(unread_notices=unread_notices, most_notices_counted=notices.MOST_COUNTED)


def unread_notices() -> int:
    """How many notices the person signed in has not read."""
    return notices.unread(session(), person())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The newest first; `after` goes on from a notice shown."""
    shown, more = notices.board(session(), person(), request.args.get("after", None, int))
    return render_template(
        "notices/index.html",
        notices=shown,
        first_page="after" not in request.args,
        next_url=url_for("notices.index", after=more) if more else "",
    )


@blueprint.post("/<notice_id>/open")
def open_one(notice_id: str) -> ResponseReturnValue:
    """It is read, and here is what it is about."""
    notice = notices.mark_read(session(), person(), notice_id, now())
    session().commit()
    return redirect(local_path(notice.path, url_for("home.index")), 303)


@blueprint.post("/<notice_id>/read")
def mark_read(notice_id: str) -> ResponseReturnValue:
    """It is read; stay on the board."""
    notices.mark_read(session(), person(), notice_id, now())
    session().commit()
    return redirect(url_for("notices.index"), 303)


@blueprint.post("/read")
def mark_all_read() -> ResponseReturnValue:
    """Everything is read."""
    notices.mark_all_read(session(), person(), now())
    session().commit()
    flash(gettext("Everything is marked as read."), "good")
    return redirect(url_for("notices.index"), 303)


@blueprint.route("/choices", methods=["GET", "POST"])
def choices() -> ResponseReturnValue:
    """A switch for each topic, by mail and in the app; what is ticked stays on."""
    if request.method == "POST":
        ticked = set(request.form.getlist("on"))
        wanted = {
            topic: notices.Ways(f"{topic}:mail" in ticked, f"{topic}:app" in ticked)
            for topic in topics_for(person().role)
        }
        notices.choose(session(), person(), wanted, now())
        session().commit()
        flash(gettext("Saved. It holds for what is written from now on."), "good")
        return redirect(url_for("notices.choices"), 303)
    return render_template("notices/choices.html", chosen=notices.chosen(session(), person()), topics=TOPICS)
