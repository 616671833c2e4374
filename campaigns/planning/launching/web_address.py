"""An address elsewhere that people are sent to: whole, by https, and without a password in it."""

from urllib.parse import urlsplit

from campaigns.errors import Said

LONGEST_ADDRESS = 2_000


def problem_of_address(text: str) -> str | None:
    """Why nobody may be sent there; None where they may.

    >>> problem_of_address("https://video.example.com/serum")
    >>> problem_of_address("javascript:alert(1)")
    'must be a full address that starts with https://'
    """
    if len(text) > LONGEST_ADDRESS:
        return Said("has more than %(most)s characters", most=LONGEST_ADDRESS)
    try:
        parts = urlsplit(text)
        host, secret = parts.hostname, parts.username is not None or parts.password is not None
    except ValueError:  # such as brackets around no address
        return Said("must be a full address that starts with https://")
    if parts.scheme != "https" or not host or any(character <= " " for character in text):
        return Said("must be a full address that starts with https://")
    return Said("must not hold a user name or password") if secret else None
