"""Passwords: argon2id at OWASP's floor, a length and a short list instead of rules about symbols.

Cost parameters: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html (19 MiB, two passes).
An unknown name costs the same time as a wrong password, because a hash is verified for it too.
"""

import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from campaigns.i18n import N_

SHORTEST, LONGEST = 10, 256

# Compared without case, digits and signs at the ends: "Password2026!" is "password".
TOO_COMMON = frozenset(
    "password passwort passw0rd p@ssw0rd qwerty qwertyuiop qwertzuiop asdfghjkl zxcvbnm letmein welcome iloveyou "
    "iloveyouso administrator admin princess sunshine football baseball superman batman dragon monkey shadow master "
    "michael jordan trustno changeme default secret whatever starwars computer internet qazwsx qazwsxedc onetwothree "
    "abcdef abcdefgh abcdefghij correcthorse correcthorsebatterystaple campaign campaigns influencer influencers "
    "agency brand commission commissions coupon payslip shalom israel jerusalem telaviv ahlan habibi йцукен йцукенгшщз "
    "пароль привет סיסמה סיסמא שלום ישראל قمر مرحبا".split()
)

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# The hash of a random text that was not kept: nobody's password, verified where there is no account.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$mq1mt6rwXtSicwl4tObtkw$jqg8tY14lHZE81LGPMANPO1BfNOvGY1DqTBZ9plWEI0"


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(_normal(password))


def verify_password(stored: str | None, password: str) -> bool:
    """Whether `password` is the one `stored` was made of; without a stored hash it takes as long and is wrong."""
    try:
        return _hasher.verify(stored or NOBODY, _normal(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether `stored` was made with other costs than today's."""
    return _hasher.check_needs_rehash(stored)


def password_errors(password: str) -> list[str]:
    """Why this password can't be taken; empty if it can."""
    if len(password) < SHORTEST:
        return [N_("Use at least 10 characters.")]
    if len(password) > LONGEST:
        return [N_("Use at most 256 characters.")]
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in password):
        return [N_("Use characters that can be typed.")]
    folded = unicodedata.normalize("NFKC", password).casefold()
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    if folded in TOO_COMMON or core in TOO_COMMON or not core or len(set(folded)) < 5:
        return [N_("This password is too easy to guess. A sentence of a few words is a good one.")]
    return []


def _normal(password: str) -> str:
    """One spelling for what looks the same on two keyboards."""
    return unicodedata.normalize("NFC", password)
