"""Failed sign-ins, counted in the database per account and per address block: every web process sees the same count.

An attempt is counted before the password is looked at and taken back when it was right, so parallel guesses can't
slip through between the question and the count. Ten in a quarter of an hour lock for a quarter of an hour; each
further one, soon after, for twice as long. Subjects are keyed hashes: the table names nobody.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network

from sqlalchemy.orm import Session

from campaigns.db import lock_name
from campaigns.models import SignInThrottle

MOST_FAILURES = 10
WINDOW = timedelta(minutes=15)
SHORTEST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=4)


def account_subject(identity_key: bytes, email: str) -> str:
    """What stands for an e-mail address, known here or not."""
    return _keyed(identity_key, f"account:{email.strip().casefold()}")


def address_subject(identity_key: bytes, address: str) -> str:
    """What stands for the /24 or /48 an IP address lies in; an unreadable address is a block of its own."""
    try:
        ip = ip_address(address)
    except ValueError:
        return _keyed(identity_key, f"address:{address}")
    ip = getattr(ip, "ipv4_mapped", None) or ip
    block = ip_network((ip, 24 if ip.version == 4 else 48), strict=False)
    return _keyed(identity_key, f"address:{block}")


def is_locked(session: Session, subject: str, now: datetime) -> bool:
    """Whether `subject` may not try at present."""
    found = session.get(SignInThrottle, subject)
    return found is not None and found.locked_until is not None and now < found.locked_until


def register_failure(session: Session, subject: str, now: datetime) -> None:
    """Count one failure, and lock from the tenth on."""
    lock_name(session, f"throttle:{subject}")
    found = session.get(SignInThrottle, subject, populate_existing=True)
    if found is None:
        found = SignInThrottle(subject=subject, failures=0, window_started_at=now)
        session.add(found)
    elif now >= max(found.window_started_at, found.locked_until or found.window_started_at) + WINDOW:
        found.failures, found.window_started_at, found.locked_until = 0, now, None
    found.failures += 1
    if found.failures >= MOST_FAILURES:
        doublings = min(found.failures - MOST_FAILURES, 10)
        found.locked_until = now + min(SHORTEST_LOCK * 2**doublings, LONGEST_LOCK)
    session.flush()


def take_back(session: Session, subject: str) -> None:
    """Uncount an attempt that was right; the others from the same place stand."""
    lock_name(session, f"throttle:{subject}")
    found = session.get(SignInThrottle, subject, populate_existing=True)
    if found is not None:
        found.failures = max(0, found.failures - 1)
        if found.failures < MOST_FAILURES:
            found.locked_until = None
        session.flush()


def clear(session: Session, subject: str) -> None:
    """Forget the failures of `subject`."""
    found = session.get(SignInThrottle, subject)
    if found is not None:
        session.delete(found)
        session.flush()


def _keyed(identity_key: bytes, text: str) -> str:
    return hmac.new(identity_key, text.encode(errors="replace"), sha256).hexdigest()
