"""What a scheme may say about amounts and conditions: `gross - pension`, `withholding_agent and not certificate`.

A language of names, numbers, 'words', + - x /, min, max, comparisons, and, or, not; nothing else is read, and nothing
is ever run as code. A name is a fact or an earlier line; `IL.vat:rate` is a figure of a dated table. What a text means
is settled when it is read: an unknown name, or a sum of a condition, is refused then, not on the day somebody is paid.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from campaigns.errors import Unreadable

NUMBER, TRUTH, WORD, STEPS = "number", "truth", "word", "steps"
LONGEST, DEEPEST = 400, 20
Value = Fraction | bool | str
Lookup = Callable[[str], Value]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w.])|(?P<word>'[^']*')|(?P<figure>[A-Z]{2}(?:\.[a-z0-9_]+)+:[a-z0-9_]+)"
    r"|(?P<name>[a-z][a-z0-9_]*)|(?P<sign><=|>=|!=|[-+*/=<>(),\u2212\u00d7\u00f7]))",
    re.ASCII,
)
_SPELLINGS = {"\u2212": "-", "\u00d7": "*", "\u00f7": "/"}
_RESERVED = frozenset({"and", "or", "not", "min", "max"})
_LOOSEST_FIRST = (("or",), ("and",), ("=", "!=", "<", "<=", ">", ">="), ("+", "-"), ("*", "/"))
_COMPARISON = 2


@dataclass(frozen=True)
class Node:
    """A part of an expression: `sign` says what it does with its parts; `is` stands for a literal, `of` for a name."""

    sign: str
    kind: str
    parts: tuple["Node", ...] = ()
    literal: Value = ""


@dataclass(frozen=True)
class Expression:
    """An expression that was read: its text, what kind of value it makes, and the names in it."""

    text: str
    root: Node

    @property
    def kind(self) -> str:
        return self.root.kind

    def value(self, look_up: Lookup) -> Value:
        """What it comes to, exactly; `look_up` gives the value of a name or a table's figure."""
        return _value(self.root, look_up)

    def figures(self) -> set[str]:
        """The tables' figures it names."""
        return {name for name in _names(self.root) if ":" in name}


def read_expression(text: object, kinds: Mapping[str, str], kind: str) -> Expression:
    """An expression of a kind over the names in `kinds`; raises Unreadable with what is wrong in it.

    >>> read_expression("min(gross, 5) * 2", {"gross": "number"}, "number").value(lambda name: Fraction(7))
    Fraction(10, 1)
    """
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        raise Unreadable(f"{str(text)[:40]!r} is no expression of up to {LONGEST} characters")
    reader = _Reader(text, kinds)
    root = reader.level(0)
    if reader.ahead[1]:
        reader.refuse(f"{reader.ahead[1]!r} is not expected here")
    if root.kind != kind:
        reader.refuse(f"this is a {root.kind}, not a {kind}")
    return Expression(text, root)


class _Reader:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str, kinds: Mapping[str, str]) -> None:
        self.text, self.kinds, self.depth = text, kinds, 0
        self.tokens = self._tokens()
        self.ahead = self.tokens.pop()

    def _tokens(self) -> list[tuple[str, str]]:
        """What the text consists of, the last first, so that it can be popped."""
        found, at, text = [], 0, self.text.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                self.refuse(f"{text[at:].strip()[:12]!r} can't be read")
            kind, token = next((kind, token) for kind, token in match.groupdict().items() if token is not None)
            found.append((kind, _SPELLINGS.get(token, token)))
            at = match.end()
        return [("end", ""), *reversed(found)]

    def refuse(self, reason: str) -> NoReturn:
        raise Unreadable(f"{self.text!r}: {reason}")

    def take(self) -> tuple[str, str]:
        taken = self.ahead
        self.ahead = self.tokens.pop() if self.tokens else ("end", "")
        return taken

    def level(self, place: int) -> Node:
        """Operations of one precedence, from the left; a comparison stands alone."""
        if place == len(_LOOSEST_FIRST):
            return self.single()
        left = self.level(place + 1)
        while self.ahead[1] in _LOOSEST_FIRST[place]:
            sign = self.take()[1]
            left = self.joined(sign, left, self.level(place + 1))
            if place == _COMPARISON and self.ahead[1] in _LOOSEST_FIRST[place]:
                self.refuse("compare two at a time")
        return left

    def joined(self, sign: str, *parts: Node) -> Node:
        kinds = {part.kind for part in parts}
        if sign in ("and", "or", "not"):
            wanted, made = {TRUTH}, TRUTH
        elif sign in ("=", "!="):
            wanted, made = ({WORD} if WORD in kinds else {NUMBER}), TRUTH
        else:
            wanted, made = {NUMBER}, (TRUTH if sign in _LOOSEST_FIRST[_COMPARISON] else NUMBER)
        if kinds != wanted:
            self.refuse(f"{sign!r} takes a {wanted.pop()} on every side")
        return Node(sign, made, parts)

    def single(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"it is nested more than {DEEPEST} deep")
        node = self._single(*self.take())
        self.depth -= 1
        return node

    def _single(self, kind: str, token: str) -> Node:
        if kind == "number":
            return Node("is", NUMBER, literal=Fraction(token))
        if kind == "word":
            return Node("is", WORD, literal=token[1:-1])
        if kind == "figure":
            return Node("of", NUMBER, literal=token)
        if token == "(":
            inner = self.level(0)
            self.expect(")")
            return inner
        if token == "-":
            return self.joined("-", Node("is", NUMBER, literal=Fraction(0)), self.single())
        if token == "not":
            return self.joined("not", self.level(_COMPARISON))
        if token in ("min", "max"):
            return self.joined(token, *self.arguments())
        return self.named(token)

    def arguments(self) -> list[Node]:
        self.expect("(")
        found = [self.level(0)]
        while self.ahead[1] == ",":
            self.take()
            found.append(self.level(0))
        self.expect(")")
        return found

    def expect(self, sign: str) -> None:
        if self.take() != ("sign", sign):
            self.refuse(f"{sign!r} is missing")

    def named(self, token: str) -> Node:
        if token in _RESERVED or token not in self.kinds:
            self.refuse(f"unknown name {token!r}" if token else "it ends too early")
        if self.kinds[token] == STEPS:
            self.refuse(f"{token!r} is a list of steps, which nothing can be worked out with")
        return Node("of", self.kinds[token], literal=token)


def _value(node: Node, look_up: Lookup) -> Value:
    if node.sign == "is":
        return node.literal
    if node.sign == "of":
        return look_up(str(node.literal))
    if node.sign == "and":
        return all(_value(part, look_up) for part in node.parts)
    if node.sign == "or":
        return any(_value(part, look_up) for part in node.parts)
    values = [_value(part, look_up) for part in node.parts]
    if node.sign == "not":
        return not values[0]
    if node.sign in ("=", "!="):
        return (values[0] == values[1]) is (node.sign == "=")
    return _reckoned(node.sign, [value for value in values if isinstance(value, Fraction)])


def _reckoned(sign: str, values: list[Fraction]) -> Value:
    if sign in ("min", "max"):
        return min(values) if sign == "min" else max(values)
    left, right = values
    if sign == "/" and not right:
        raise Unreadable("a scheme divides by nothing")
    if sign in ("+", "-"):
        return left + right if sign == "+" else left - right
    if sign in ("*", "/"):
        return left * (right if sign == "*" else Fraction(right.denominator, right.numerator))
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]


def _names(node: Node) -> set[str]:
    own = {str(node.literal)} if node.sign == "of" else set()
    return own.union(*(_names(part) for part in node.parts))
