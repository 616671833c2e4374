"""Characters the shipped font has no shape for: written out, never drawn with a font that happens to be installed.

What people type may hold arrows, emoji, or a name in Chinese. Where Unicode knows a plain spelling of a character (a
full-width letter, a ligature) the paper has that; else its number, in brackets, so nothing is lost and nothing is
guessed. The paper then says so, and the data beside it have the text as it was typed.
https://www.unicode.org/reports/tr15/#Norm_Forms
"""

import re
import unicodedata
from functools import cache

PLAIN = {"→": "->", "⇒": "=>", "✓": "v", "\u2011": "-", "\u2010": "-"}
# They show nowhere, and the paper's direction rests on some of them.
INVISIBLE = frozenset("\n\t\r\u200b\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069\u00ad")
JOINERS = "\u200d\ufe0e\ufe0f"


def undrawable(text: str, known: frozenset[int]) -> bool:
    """Whether there is a character in it that the font, which knows these code points, has no shape for."""
    return _unknown(known).search(text) is not None


def written_out(text: str, known: frozenset[int]) -> str:
    """HTML in characters that the font has; it stays the same markup.

    >>> written_out("Mina \\U0001f389 王小 → 5", frozenset(range(32, 127)))
    'Mina [U+1F389] [U+738B U+5C0F] -> 5'
    """
    pattern = _unknown(known)
    composed = unicodedata.normalize("NFC", text)
    spelled = pattern.sub(lambda found: "".join(_plain(one, known) for one in found.group()), composed)
    return pattern.sub(lambda found: _numbers(found.group()), spelled)


@cache
def _unknown(known: frozenset[int]) -> re.Pattern[str]:
    """Runs of characters that have no shape, with what joins them."""
    shown = "".join(re.escape(chr(point)) for point in sorted(known | {ord(one) for one in INVISIBLE}))
    return re.compile(f"[^{shown}](?:[{JOINERS}]|[^{shown}])*")


def _plain(one: str, known: frozenset[int]) -> str:
    """A plain spelling, if there is one that can be drawn; else the character."""
    if unicodedata.category(one) in ("Zs", "Zl", "Zp"):
        return " "
    spelled = PLAIN.get(one) or unicodedata.normalize("NFKC", one)
    # What could begin markup is left to be written as a number.
    harmless = not set(spelled) & set("<&\"'")
    return spelled if harmless and all(ord(each) in known for each in spelled) else one


def _numbers(run: str) -> str:
    """The code points of a run; of what joins or controls nothing remains."""
    points = [
        f"U+{ord(one):04X}" for one in run if unicodedata.category(one) not in ("Cf", "Cc") and one not in JOINERS
    ]
    return f"[{' '.join(points)}]" if points else ""
