"""A delivery's body for eyes, with everything that tells of a person masked.

Kept are the structure, amounts, ids of orders and lines, codes, click ids and times; a text is shown only where its
field's name is known to be harmless (masked_words.py), and even there e-mail addresses, telephone and card numbers
and network addresses are covered. A body may be JSON, a signed token whose claims hold JSON (Wix), a form, or
anything else; where it can't be taken apart, the same rules go over its text.
"""

import base64
import binascii
import json
import re
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_plus, urlsplit

from campaigns.tracking import masked_words as names

MASK = "•••"
LONGEST_NAME = 200

_AMOUNT = re.compile(r"[+-]?[0-9]{0,12}([.,][0-9]{1,8})?")
_SMALL = re.compile(r"[+-]?(0|[1-9][0-9]{0,6})([.,][0-9]{1,6})?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.,]{4,18} ?(Z|[+-][0-9]{2}:?[0-9]{2})?)?", re.IGNORECASE)
_ORDER_NAME = re.compile(r"#?[A-Z]{0,6}-?[0-9]{1,8}")
_ONE_WORD = re.compile(r"[^\s@]+")
_EMAIL = re.compile(r"""[^\s@"'<>,;:()\[\]=&?/]{1,64}(?:@|%40)[^\s@"'<>,;:()\[\]&/]+""", re.IGNORECASE)
_IPV4 = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.]*[0-9])")
_IPV6 = re.compile(r"(?<![\w:])(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){3})[0-9a-f:]{2,39}(?![\w:])", re.IGNORECASE)
_TOKEN = re.compile(r"eyJ[\w-]{5,4000}\.[\w-]+(?:\.[\w-]*)?")
_DIGITS = re.compile(r"(?<![\w.])[+(]{0,2}[0-9](?:[0-9\s().\-/\u2010-\u2015]{5,22})[0-9](?![\w])")
_PART = re.compile(r'"((?:[^"\\]|\\.)*)("|$)(\s*:)?', re.DOTALL)
_ELEMENT = re.compile(r"<([\w:-]{1,100})([^<>]*)>([^<>]+)(?=</|$)")
_FORM = re.compile(r"[^\s=&{\[<\"]+=[^\s&]*(&[^\s=&]+=[^\s&]*)*")
# What of a page's query is shown: where the visitor came from, not who they are.
_QUERY = re.compile(r"click_?id|cid|ref|utm_\w+|discount|coupon|affiliate\w*|campaign\w*", re.IGNORECASE)


class Number(str):
    """A number of JSON in the digits it came in: 10.00 stays 10.00, however long it is."""


def readable(body: bytes) -> str:
    """A body set out for reading, nothing masked: JSON indented, a token's claims opened, anything else as it is.

    >>> readable(b'{"total":10.00}')
    '{\\n  "total": 10.00\\n}'
    """
    text = body.decode("utf-8-sig", "replace")
    try:
        return _printable(_written(_parsed(text)))
    except (ValueError, RecursionError):
        return _printable(text)


def masked(body: bytes) -> str:
    """A body set out for reading, with what tells of a person masked.

    >>> print(masked(b'{"id": 7, "total": "10.00", "email": "dana@example.com"}'))
    {
      "id": 7,
      "total": "10.00",
      "email": "•••"
    }
    """
    text = body.decode("utf-8-sig", "replace")
    try:
        return _printable(_written(_mask(_parsed(text), "", "", False)))
    except RecursionError:
        return MASK  # nested too deeply to be looked through: nothing of it is shown
    except ValueError:
        return _printable(_mask_text(text))


def _parsed(text: str) -> Any:
    claims = _claims(text.strip())
    if claims is not None:
        return _opened(claims)
    return json.loads(text, parse_float=Number, parse_int=Number, parse_constant=Number)


def _claims(text: str) -> Any:
    """What a token (three parts of base64 with dots between) holds: header and claims; None for anything else."""
    parts = text.strip('"').split(".")
    if len(parts) != 3 or not text.strip('"').startswith("eyJ"):
        return None
    try:
        header, payload = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode() for part in parts[:2])
        return {"header": _parsed(header), "payload": _parsed(payload)}
    except (binascii.Error, ValueError):
        return None


def _opened(value: Any) -> Any:
    """Texts that hold JSON, as Wix nests them, become what they hold."""
    if isinstance(value, dict):
        return {name: _opened(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_opened(part) for part in value]
    if isinstance(value, str) and not isinstance(value, Number) and value.lstrip()[:1] in ("{", "["):
        try:
            return _opened(_parsed(value))
        except ValueError:
            return value
    return value


def _mask(value: Any, name: str, parent: str, somebodys: bool) -> Any:
    """`value` of the field `name` in an object that is itself the field `parent`."""
    words = names.words_of(name[:LONGEST_NAME])
    if isinstance(value, dict):
        return _mask_object(value, name, somebodys or names.is_somebody(words))
    if isinstance(value, list):
        inside = somebodys or names.is_somebody(words)
        return [_mask(part, name, parent, inside) for part in value]
    if value is None or isinstance(value, bool) or value == "":
        return value
    if isinstance(value, Number):
        return value if _shows_number(value, words, somebodys) else MASK
    return _mask_string(value, name, parent, somebodys)


def _mask_object(thing: dict[str, Any], name: str, somebodys: bool) -> dict[str, Any]:
    """Every member by its name; in {"key": "gift_note", "value": "…"} the word beside the value is its name."""
    spoken = {key: str(thing[key]) for key in names.NAMERS if type(thing.get(key)) is str and thing[key]}
    if somebodys or not spoken or not names.NAMED & thing.keys():
        return {_covered(key): _mask(part, key, name, somebodys) for key, part in thing.items()}
    said = " ".join(spoken.values())
    return {
        _covered(key): _covered(spoken[key])
        if key in spoken
        else _mask(part, said if key in names.NAMED else key, name, False)
        for key, part in thing.items()
    }


def _shows_number(digits: str, words: frozenset[str], somebodys: bool) -> bool:
    if somebodys or names.is_personal(words):
        return bool(words & names.MONEY)
    known = words & (names.MONEY | names.IDS | names.TIMES)
    return bool(known) or len(re.sub(r"[^0-9].*", "", digits.lstrip("-"))) < 9  # a telephone number has nine


def _mask_string(text: str, name: str, parent: str, somebodys: bool) -> str:
    words = names.words_of(name[:LONGEST_NAME])
    if somebodys or names.is_personal(words):
        return text if words & names.MONEY and _AMOUNT.fullmatch(text) else MASK
    if words & names.MONEY and _AMOUNT.fullmatch(text) or _SMALL.fullmatch(text) or _MOMENT.fullmatch(text):
        return text
    if text.lstrip()[:1] in ("{", "["):
        return _mask_nested(text, name, parent)
    if words & names.PAGES:
        return _page(text)
    if words & names.IDS and _ONE_WORD.fullmatch(text):
        return _covered(text, digits=False)
    if names.is_plain(words) or _is_thing(text, words, parent):
        return _covered(text)
    return MASK


def _is_thing(text: str, words: frozenset[str], parent: str) -> bool:
    """Whether a `name` is that of goods or of an order rather than of a person."""
    if "name" not in words:
        return False
    described = names.words_of(parent[:LONGEST_NAME]) if words == {"name"} else words
    return bool(described & names.THINGS) or _ORDER_NAME.fullmatch(text) is not None


def _mask_nested(text: str, name: str, parent: str) -> str:
    try:
        return _written(_mask(_parsed(text), name, parent, False), indent="")
    except ValueError:
        return _mask_text(text)


def _page(text: str) -> str:
    """An address without what its query says of the visitor, its fragment, and any sign-in in it."""
    try:
        parts = urlsplit(text)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return MASK
    host = f"{parts.scheme}://{parts.hostname or ''}" if parts.netloc else ""
    kept = "&".join(f"{_covered(key)}={quote(_covered(value, digits=False)) if _QUERY.fullmatch(key) else MASK}"
                    for key, value in query)  # fmt: skip
    return _covered(host + unquote_plus(parts.path)) + (f"?{kept}" if kept else "")


def _covered(text: str, digits: bool = True) -> str:
    """`text` with e-mail addresses, network addresses, tokens and, where asked, long numbers masked."""
    for pattern in (_TOKEN, _EMAIL, _IPV4, _IPV6):
        text = pattern.sub(MASK, text)
    return _DIGITS.sub(_telephone, text) if digits else text


def _telephone(found: re.Match[str]) -> str:
    text = found.group()
    if _MOMENT.fullmatch(text) or _SMALL.fullmatch(text) or sum(map(str.isdigit, text)) < 7:
        return text
    return MASK


def _mask_text(text: str) -> str:
    """The rules gone over a text that could not be taken apart: broken JSON, a form, XML, words."""
    if _FORM.fullmatch(text.strip()):
        pairs = [part.partition("=") for part in text.strip().split("&")]
        return "&".join(f"{_covered(key)}={_field(unquote_plus(value), unquote_plus(key))}" for key, _, value in pairs)
    if text.lstrip()[:1] in ("{", "[") or '":' in text:
        return _mask_broken(text)
    if text.lstrip()[:1] == "<":
        return _covered(_ELEMENT.sub(lambda found: f"<{found[1]}>{_field(found[3], found[1])}", text))
    return _covered(text)


def _mask_broken(text: str) -> str:
    """Every text of a document that can't be parsed; whose it is is unknown, so only plain words of ours are shown."""
    key = ""

    def masked_part(found: re.Match[str]) -> str:
        nonlocal key
        if found[3]:
            key = found[1]
            return f'"{_covered(key)}"{found[3]}'
        words = names.words_of(key[:LONGEST_NAME])
        shown = _ORDER_NAME.fullmatch(found[1]) or words & (names.MONEY | names.TIMES | names.STATES)
        return f'"{_field(found[1], key) if shown else MASK}{found[2]}'

    return _covered(_PART.sub(masked_part, text))


def _field(text: str, name: str) -> str:
    return _mask_string(text, name, "", False) if text.strip() else text


def _written(value: Any, indent: str | None = None, level: str = "\n") -> str:
    """JSON text, indented by two; with `indent` "" on one line. Numbers keep their digits."""
    step = level + "  " if indent is None else " "
    end = level if indent is None else ""
    if isinstance(value, dict) and value:
        parts = (f"{_quoted(key)}: {_written(part, indent, step)}" for key, part in value.items())
        return "{" + (step if indent is None else "") + f",{step}".join(parts) + end + "}"
    if isinstance(value, list) and value:
        parts = (_written(part, indent, step) for part in value)
        return "[" + (step if indent is None else "") + f",{step}".join(parts) + end + "]"
    return str(value) if isinstance(value, Number) else _quoted(value)


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _printable(text: str) -> str:
    """Half a character can't be sent to a browser; it is shown as one that could not be read."""
    return text.encode("utf-8", "replace").decode()
