"""Every sentence that may become a delivery's reason, read from the source of those who write them.

An expression inside a sentence stands as `{}`: what a delivery's reader, a shop's API or the books say is taken from
the calls that raise, and what a platform ignores from the words that it ignores it with.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "campaigns"
READERS = ("tracking/platforms", "tracking/json_body.py", "tracking/json_text.py", "money.py")
OTHERS = (
    "tracking/shop_api.py", "tracking/waiting.py", "outbound.py", "addresses.py", "sealed.py", "commissions/ledger.py",
)  # fmt: skip
ERRORS = {"Unreadable", "Gone", "Unreachable", "Forbidden", "Unopenable", "Unbalanced", "Broken", "TooLong"}


def trees(places: tuple[str, ...]) -> Iterator[ast.Module]:
    for place in places:
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            yield ast.parse(file.read_text(encoding="utf-8"))


def written(node: ast.AST) -> str | None:
    """A text as it is written; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Said":
        first = node.args[0]
        assert isinstance(first, ast.Constant)
        return str(first.value)
    return None


def raised() -> set[str]:
    """What is said with an error."""
    found = set()
    for node in (each for tree in trees(READERS + OTHERS) for each in ast.walk(tree)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and node.args:
            text = written(node.args[0])
            assert text is not None, f"a sentence that can't be read: {ast.unparse(node)}"
            found.add(text)
    return found


def ignored() -> set[str]:
    """Why a message is nothing for us: `ignored=…`, through the names and tables it is taken from."""
    found: set[str] = set()
    for tree in trees(READERS):
        named = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "ignored":
                found |= set(_texts(node.value, named))
    return found


def _texts(node: ast.AST, named: dict[str, ast.expr]) -> Iterator[str]:
    text = written(node)
    if text is not None:
        yield text
    elif isinstance(node, ast.Name):
        yield from _texts(named[node.id], named)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, named)
        yield from _texts(node.orelse, named)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        yield from _texts(node.func.value, named)  # a table's words, and the one for what it doesn't hold
        yield from _texts(node.args[1], named)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value, named)
    else:
        raise AssertionError(f"a sentence that can't be read: {ast.unparse(node)}")
