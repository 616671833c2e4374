"""How a code that is nobody's may have been meant: one slip of a finger, or a piece too little or too much.

Both codes are folded (matches.fold). Only a guess for people to look at: nothing is credited by it.
"""

# Shorter codes are one slip away from too many words.
SHORTEST = 4
LONGEST = 60
# More than this added to a code makes another word of it.
MOST_ADDED = 4


def likeness(typed: str, code: str) -> str | None:
    """`slip` for one letter wrong, missing, too many or two swapped; `cut` and `added` at either end; else None.

    >>> likeness("N0AX7K", "NOAX7K"), likeness("NOAX", "NOAX7K2P"), likeness("NOAX7K2026", "NOAX7K")
    ('slip', 'cut', 'added')
    >>> likeness("NOAX7K", "NOAX7K"), likeness("SPRING", "NOAX7K")
    (None, None)
    """
    if typed == code or not SHORTEST <= len(typed) <= LONGEST or len(code) < SHORTEST:
        return None
    if _one_slip(typed, code):
        return "slip"
    if code.startswith(typed) or code.endswith(typed):
        return "cut"
    if len(typed) <= len(code) + MOST_ADDED and (typed.startswith(code) or typed.endswith(code)):
        return "added"
    return None


def _one_slip(one: str, other: str) -> bool:
    """Whether two different words are one edit apart; in one pass over both."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    start = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    left, right = short[start:], long[start:]
    if len(left) < len(right):
        return left == right[1:]
    return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
