"""Where more than an everyday body may be sent: a shop's export of a whole campaign.

The limit is raised before anything reads the body, which the check of a form's token does first. A body sent in
chunks keeps the everyday limit (campaigns/bodies.py): whoever sends a file knows how long it is.

A body that is longer is refused whole, and what was typed beside the file with it. Fields and files come as the parts
of one body, in the order of the page: to give back the fields behind a file, all of it would have to be read, and the
limit is there so that nobody can make us do that. The page says how much may be sent, and to go back, where browsers
keep what was typed.
"""

from flask import Flask, request
from flask import session as cookie

LARGEST_EXPORT = 64 * 1024 * 1024  # ten thousand orders as JSON, each of several kilobytes
TAKE_EXPORTS = frozenset({"api.reconcile_campaign", "console.imports", "console.reconciliation"})


def init_app(app: Flask) -> None:
    """Hang the step before those that read bodies."""
    app.before_request(widen)


def widen() -> None:
    """Let exports be as large as they are; a page takes none from a stranger, and the API looks at the token first."""
    known = request.blueprint == "api" or "_user_id" in cookie  # Flask-Login's, in a cookie that we signed
    if request.endpoint in TAKE_EXPORTS and known:
        request.max_content_length = LARGEST_EXPORT
