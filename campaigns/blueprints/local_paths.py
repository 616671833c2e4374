"""Where a `next` may lead: to a path of our own, and nowhere else.

Browsers read `\\` as `/` and drop tabs and line breaks before they read an address, so `/\\evil.com` and
`/<tab>/evil.com` leave the site although urlsplit sees no host in them.
"""

from urllib.parse import unquote, urlsplit


def local_path(wanted: str | None, otherwise: str) -> str:
    """`wanted` if it is a plain path of this site, else `otherwise`.

    >>> local_path("/campaigns/x?page=2", "/"), local_path("//evil.com", "/"), local_path("https:evil.com", "/")
    ('/campaigns/x?page=2', '/', '/')
    """
    if not wanted or not wanted.startswith("/") or len(wanted) > 2000:
        return otherwise
    for text in (wanted, unquote(wanted)):
        if text.startswith("//") or "\\" in text or not text.isprintable():
            return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc else wanted
