"""Exports over the API: the same files as on the pages."""

from flask import Response

from campaigns.blueprints.api.api import caller, operation
from campaigns.blueprints.exports import QUERY, exported


@operation("GET", "/exports/{name}.{format}", query=QUERY)
def export_file(name: str, format: str) -> Response:  # noqa: A002 - the address's own word
    """Rows as csv, xlsx or json: orders, statement_lines, bill_lines, ledger, payouts, roster; noted in the log."""
    return exported(caller(), name, format, "en")
