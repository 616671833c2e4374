"""People as keyed hashes: enough to recognise a buyer who is the influencer, useless to anyone without the key."""

import hmac


def email_key(key: bytes, email: str | None) -> str:
    """The keyed hash of a mail address; the tag after `+` is dropped, as mail providers do. Empty for none.

    >>> email_key(b"k", "Noa+shop@Example.com ") == email_key(b"k", "noa@example.com")
    True
    """
    name, at, domain = (email or "").strip().casefold().rpartition("@")
    return _keyed(key, "email", name.split("+")[0] + at + domain) if at and name else ""


def phone_key(key: bytes, phone: str | None) -> str:
    """The keyed hash of a phone number's last nine digits, so 050-… and +97250… are one. Empty for fewer than seven."""
    digits = "".join(character for character in phone or "" if character.isdigit())
    return _keyed(key, "phone", digits[-9:]) if len(digits) >= 7 else ""


def _keyed(key: bytes, kind: str, value: str) -> str:
    return hmac.digest(key, f"{kind}:{value}".encode(), "sha256").hex()
