"""The arrows of the house, read from its imports: rooms import downwards only, and HTTP ends in the blueprints.

Also here, because they too are read from the source: who may use which library, no float near money, one clock, one
way to compare a signature, no file too long to be read, no style or script inside a template.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "campaigns"

GROUND = {"errors", "clock", "ids", "money", "reasons", "i18n", "db", "questions", "rows", "crash"}
WAY_OUT = {"sealed", "addresses", "outbound"}  # to shops' APIs
DOMAIN = {
    "models", "commissions", "people", "tracking", "planning", "sheets", "documents", "deductions", "settlement"
}  # fmt: skip
# A room may import itself and what is listed; a room that isn't listed has no place in the house.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "clock": set(),
    "ids": set(),
    "turns": set(),
    "pulse": set(),
    "patience": set(),
    "together": set(),
    "kept": set(),
    "crash": set(),
    "bodies": set(),
    "fonts": set(),
    "i18n": {"errors"},
    "db": {"crash", "turns", "patience", "pulse"},
    "questions": {"db", "rows"},
    "rows": {"db"},
    "money": {"errors"},
    "reasons": {"errors"},
    "sheets": {"clock", "errors", "i18n", "money"},
    "sealed": {"errors"},
    "addresses": {"errors"},
    "outbound": {"addresses", "errors"},
    "models": {"db", "ids"},
    "commissions": {"models", "db", "questions", "rows", "money", "errors"},
    "people": {"models"} | GROUND,
    "tracking": {"commissions", "models"} | WAY_OUT | GROUND - {"i18n"},
    "documents": {"commissions", "models", "sheets"} | GROUND - {"ids"},
    "deductions": {"models"} | GROUND - {"ids"},
    "planning": {"sheets", "tracking", "people", "commissions", "models"} | WAY_OUT | GROUND,
    "settlement": {"deductions", "documents", "sheets", "tracking", "commissions", "models"} | GROUND,
    "lanes": {"bodies", "together", "kept", "patience", "tracking", "models"} | GROUND,
    "blueprints": {"lanes", "fonts"} | DOMAIN | WAY_OUT | GROUND,
    "feeds": DOMAIN | WAY_OUT | GROUND,
    "printing": DOMAIN | WAY_OUT | GROUND,
    "summaries": DOMAIN | GROUND,
    "tidying": DOMAIN | GROUND,
    "jobs": {"feeds", "printing", "summaries", "tidying"} | DOMAIN | WAY_OUT | GROUND,
    "supervise": set(),
    "demo": {"supervise"} | DOMAIN | GROUND,
    "cli": {"supervise", "feeds", "jobs", "demo"} | DOMAIN | WAY_OUT | GROUND,
    "__init__": {"cli", "blueprints", "lanes", "models", "db", "bodies"},
}
# Where requests, commands and settings come in; no other room knows of them.
ENTRANCES = {
    "__init__", "blueprints", "lanes", "bodies", "feeds", "printing", "summaries", "tidying", "jobs", "cli",
    "supervise", "demo",
}  # fmt: skip
WEB = {"flask", "flask_login", "flask_wtf", "flask_migrate", "wtforms", "werkzeug", "config"}
ONLY_IN = {
    "weasyprint": "documents/pdf.py", "apscheduler": "jobs.py", "shortuuid": "ids.py", "urllib3": "outbound.py",
    "pyhanko": "documents/signing.py", "itsdangerous": "people/paper_links.py",
}  # fmt: skip
MONEY = (
    "money.py", "commissions", "deductions", "settlement", "tracking/valuation.py", "tracking/lines_left.py",
    "tracking/valued.py", "tracking/platforms",
)  # fmt: skip

Check = Callable[[Path], list[str]]


def sources(house: Path) -> Iterator[tuple[str, ast.Module]]:
    """Every module of a house: its path within, and its syntax tree."""
    for path in sorted(house.rglob("*.py")):
        yield path.relative_to(house).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    """The full names a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, "imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def wrong_arrows(house: Path) -> list[str]:
    """Imports that point up, sideways, or out of a room nobody listed."""
    wrong = []
    for path, tree in sources(house):
        room = path.split("/")[0].removesuffix(".py")
        for name in imports(tree):
            package, _, rest = name.partition(".")
            target = rest.split(".")[0]
            inward = package == "campaigns" and target not in MAY_IMPORT.get(room, set()) | {room}
            if inward or (package in WEB and room not in ENTRANCES):
                wrong.append(f"{path} imports {name}")
    return wrong


def strangers(house: Path) -> list[str]:
    """Libraries used outside the one module that knows them."""
    return [
        f"{path} imports {name}"
        for path, tree in sources(house)
        for name in imports(tree)
        if path != ONLY_IN.get(name.split(".")[0], path)
    ]


def inexact(house: Path) -> list[str]:
    """Floats, true division and round() in the rooms where money is worked out."""
    wrong = []
    for path, tree in sources(house):
        if not path.startswith(MONEY):
            continue
        for node in ast.walk(tree):
            floating = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
            divides = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
            rounds = isinstance(node, ast.Name) and node.id in {"round", "float"}
            if floating or divides or rounds:
                wrong.append(f"{path}: {ast.unparse(node)}")
    return wrong


def loose_comparisons(house: Path) -> list[str]:
    """Signatures compared other than by hmac.compare_digest, whose time tells nothing."""
    wrong = []
    for path, tree in sources(house):
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and re.search(r"signature|hmac|mac\b", ast.unparse(node).lower()):
                wrong.append(f"{path}:{node.lineno}: {ast.unparse(node)}")
    return wrong


def other_clocks(house: Path) -> list[str]:
    """Whoever asks what time it is, other than clock.py."""
    asks = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time|time_ns)$")
    return [
        f"{path}:{node.lineno}: {ast.unparse(node)}"
        for path, tree in sources(house)
        for node in ast.walk(tree)
        if path != "clock.py" and isinstance(node, ast.Attribute) and asks.search(ast.unparse(node))
    ]


def too_long(house: Path) -> list[str]:
    """Modules of more than 400 lines: split them by subject."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in house.rglob("*.py")}
    return [f"{path.name} has {length} lines" for path, length in lengths.items() if length > 400]


def inline_in_templates(house: Path) -> list[str]:
    """Styles and scripts written into pages: the content security policy would refuse them."""
    inline = re.compile(r"<[^>]*\s(style|on\w+)\s*=|<style|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
    return [
        f"{path.relative_to(house)}: {found.group()}"
        for path in sorted(house.rglob("templates/**/*.html"))
        if not path.is_relative_to(house / "templates" / "documents")  # papers are not pages
        for found in inline.finditer(re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    ]


def one_handed_css(house: Path) -> list[str]:
    """Rules that know left from right: in Hebrew and Arabic they would be on the wrong side."""
    physical = re.compile(
        r"(?<![\w-])((margin|padding|border|scroll-margin|inset)-(left|right)[\w-]*|left|right"
        r"|border-(top|bottom)-(left|right)-radius)\s*:|(text-align|float|clear)\s*:\s*(left|right)\b"
    )
    wrong = []
    for path in sorted(house.glob("static/*.css")):
        rules = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        wrong += [f"{path.name}: {found.group()}" for found in physical.finditer(rules)]
    return wrong


# check: a file in a copy of the house, and something to add to it that the check must name
CHECKS: dict[Check, tuple[str, str]] = {
    wrong_arrows: ("commissions/terms.py", "from campaigns.tracking.orders import take"),
    strangers: ("documents/render.py", "import weasyprint"),
    inexact: ("commissions/terms.py", "HALF = 1 / 2"),
    loose_comparisons: ("tracking/platforms/signature.py", "SAME = b'signature' == b''"),
    other_clocks: ("settlement/close.py", "started = datetime.now"),
    too_long: ("settlement/close.py", "# a line\n" * 400),
    inline_in_templates: ("templates/planted.html", '<p style="color: red">'),
    one_handed_css: ("static/planted.css", "p { margin-left: 1rem }"),
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_house_is_as_its_map_says(check: Check):
    assert check(HOUSE) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_each_check_names_a_planted_fault(check: Check, tmp_path: Path):
    file, fault = CHECKS[check]
    planted, original = tmp_path / file, HOUSE / file
    planted.parent.mkdir(parents=True)
    planted.write_text((original.read_text(encoding="utf-8") if original.exists() else "") + "\n" + fault + "\n")
    found = check(tmp_path)
    assert len(found) == 1 and Path(file).name in found[0]


@pytest.mark.parametrize(
    ("file", "line", "named"),
    [
        ("planning/life.py", "from campaigns.settlement.close import close", "campaigns.settlement.close.close"),
        ("documents/issue.py", "from campaigns.settlement import statements", "campaigns.settlement.statements"),
        ("tracking/orders.py", "from campaigns.planning import life", "campaigns.planning.life"),
        ("settlement/close.py", "import campaigns.blueprints.access", "campaigns.blueprints.access"),
        ("tracking/inbox.py", "from flask import request", "flask.request"),
        ("people/records.py", "def read():\n    import wtforms", "wtforms"),
        ("models/work.py", "from campaigns import money", "campaigns.money"),
        ("helpers.py", "from campaigns.db import db", "campaigns.db.db"),
    ],
)
def test_an_import_that_points_up_is_named(file: str, line: str, named: str, tmp_path: Path):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(line)
    assert wrong_arrows(tmp_path) == [f"{file} imports {named}"]


def test_rooms_stand_on_top_of_each_other():
    built: set[str] = set()
    while rest := MAY_IMPORT.keys() - built:
        standing = {room for room in rest if MAY_IMPORT[room] <= built}
        assert standing, f"a circle among {sorted(rest)}"
        built |= standing
