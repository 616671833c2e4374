"""What every answer tells the browser: nothing foreign runs here, nothing frames us, nothing is kept.

The policy has no `unsafe-` anything, so pages carry no inline style and no inline script.
Referrer-Policy is same-origin and not no-referrer, because CSRF protection over https reads the Referer.
"""

from flask import Flask, Response, request

from campaigns.blueprints.context import settings
from config import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TWO_YEARS = 63_072_000
KEPT_BY_BROWSERS = {"static", "pages.font"}


def init_app(app: Flask) -> None:
    """Put the headers on every answer, errors included."""
    app.after_request(add_headers)


def fixed_headers(settings: Settings) -> dict[str, str]:
    """What every answer of this server carries, whoever makes it."""
    hsts = {"Strict-Transport-Security": f"max-age={TWO_YEARS}; includeSubDomains"} if settings.https else {}
    return ALWAYS | hsts


def add_headers(response: Response) -> Response:
    """The fixed headers; a view's own Cache-Control stands."""
    for name, value in fixed_headers(settings()).items():
        response.headers.setdefault(name, value)
    if request.endpoint not in KEPT_BY_BROWSERS:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
