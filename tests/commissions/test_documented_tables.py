"""The tables of docs/commissions.md are the tests: every row is worked out again, and every column is known.

A cell is read as people read it: `200.00 at 10% + 400.00 at 15%` are parts of a base and their rates.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from campaigns.commissions.contacts_earned import ContactFact, earned_by_contacts
from campaigns.commissions.run import Earned, Placed, earned_alone, earned_in_run
from campaigns.commissions.sale import Sale, SoldLine
from campaigns.commissions.terms import complete
from campaigns.money import format_bps, format_minor, parse_minor, share
from campaigns.tracking.lines_left import lines_left
from campaigns.tracking.valuation import Parts, value
from tests.commissions.tables import DOCUMENT, Table, tables

TABLES = tables(DOCUMENT.read_text(encoding="utf-8"))
START = datetime(2026, 5, 1, tzinfo=UTC)
LINE = re.compile(r"(?P<category>[a-z]+) (#(?P<sku>\S+) )?(?P<amount>[\d,.]+)")


def minor(cell: str) -> int:
    return parse_minor(cell.replace(",", ""), "ILS") if cell else 0


def money(amount_minor: int) -> str:
    return format_minor(amount_minor, "ILS")


def line(sold: str) -> SoldLine:
    read = LINE.fullmatch(sold)
    assert read, sold
    return SoldLine(read["category"], read["sku"] or "", minor(read["amount"]), 0)


def sale(row: dict[str, str]) -> Sale:
    lines = tuple(line(sold) for sold in row["lines"].split(" + ")) if "lines" in row else ()
    net = minor(row.get("net", "")) or sum(one.net_minor for one in lines)
    return Sale(net, minor(row.get("tax", "")), minor(row.get("given back", "")), 0, lines)


def placed(table: Table) -> list[Placed]:
    """The orders of a table, the first row first."""
    found = []
    for place, row in enumerate(row for row in table.rows if row["order"] != "sum"):
        terms = complete(table.given)
        if "collects" in row:
            terms["settlement"] = {**terms["settlement"], "collects": row["collects"]}
        buyer = row.get("buyer", "new")
        assert buyer in ("new", "returning", "repeat")
        one = Placed(place, START + timedelta(days=place), row["order"], sale(row), terms)
        found.append(Placed(**{**vars(one), "returning": buyer != "new", "repeat": buyer == "repeat"}))
    return found


def by_rule(*rules: str) -> Callable[[Placed, Earned, int], str]:
    return lambda one, earned, before: money(sum(part.amount_minor for part in earned.parts if part.rule in rules))


def rates(one: Placed, earned: Earned, before: int) -> str:
    parts = [part for part in earned.parts if part.rate_bps is not None]
    return " + ".join(f"{money(part.base_minor)} at {format_bps(part.rate_bps or 0)}" for part in parts)


def owed(by: str) -> Callable[[Placed, Earned, int], str]:
    def told(one: Placed, earned: Earned, before: int) -> str:
        collects = one.terms["settlement"]["collects"]
        amount = earned.influencer_minor if collects == "brand" else earned.collected_minor - earned.influencer_minor
        return money(amount if by == collects else 0)

    return told


RATES = ("rate", "tier", "category", "sku", "returning", "recurring", "partner")
# column: what the engine says of an order there; `before` is what the earlier rows came to
TOLD: dict[str, Callable[[Placed, Earned, int], str]] = {
    "base": lambda one, earned, before: money(earned.base_minor),
    "sold before": lambda one, earned, before: money(before),
    "by rate": by_rule(*RATES),
    "by rates": rates,
    "fixed": by_rule("fixed"),
    "bonus": by_rule("bonus"),
    "cap": by_rule("cap"),
    "parts": lambda one, earned, before: " + ".join(money(part.amount_minor) for part in earned.parts),
    "commission": lambda one, earned, before: money(earned.influencer_minor),
    "agency fee": lambda one, earned, before: money(earned.agency_minor),
    "brand pays": lambda one, earned, before: money(earned.influencer_minor + earned.agency_minor),
    "collected": lambda one, earned, before: money(earned.collected_minor),
    "brand owes partner": owed("brand"),
    "partner owes brand": owed("partner"),
}
INPUTS = {"order", "buyer", "lines", "net", "tax", "given back", "collects"}


def orders(table: Table) -> None:
    assert set(table.columns) <= TOLD.keys() | INPUTS
    run = placed(table)
    found, before = earned_in_run(run), 0
    for one, row in zip(run, table.rows, strict=False):
        told = {column: TOLD[column](one, found[one.key], before) for column in table.columns if column in TOLD}
        assert told == {column: row[column] for column in told}, row["order"]
        before += found[one.key].base_minor
    sums(table, {"order", "sold before", "by rates"})


def sums(table: Table, without: set[str]) -> None:
    """A last row called sum is the sum of the others."""
    *rows, last = table.rows
    if last[table.kind] == "sum":
        columns = [column for column in table.columns if column not in without]
        assert {one: last[one] for one in columns} == {
            one: money(sum(minor(row[one]) for row in rows)) for one in columns
        }


def contacts(table: Table) -> None:
    terms = complete(table.given)
    rows = [row for row in table.rows if row["contact"] != "sum"]
    facts = [
        ContactFact(place, START + timedelta(hours=place), row["contact"], row["status"], seconds(row), terms)
        for place, row in enumerate(rows)
    ]
    found = earned_by_contacts(facts)
    for place, row in enumerate(rows):
        earned = found[place]
        told = {rule: money(sum(part.amount_minor for part in earned.parts if part.rule == rule)) for rule in row}
        told |= {"earns": money(earned.influencer_minor), "agency fee": money(earned.agency_minor)}
        assert {**row, **{column: told[column] for column in row.keys() - CONTACT_INPUTS}} == row
    sums(table, CONTACT_INPUTS)


CONTACT_INPUTS = {"contact", "status", "seconds"}


def seconds(row: dict[str, str]) -> int | None:
    return int(row["seconds"]) if row["seconds"] else None


def lines(table: Table) -> None:
    """A refund in one sum, over lines; the JSON above says of what order."""
    rows = [row for row in table.rows if row["line"] != "sum"]
    bought: list[dict[str, Any]] = [
        {"line_id": row["line"], "category": row["line"], "sku": "", "net_minor": minor(row["net"]), "tax_minor": 0,
         "gift_card": False}
        for row in rows
    ]  # fmt: skip
    named = [{"line_id": row["line"], "amount_minor": minor(row["given back by name"]), "tax_minor": 0} for row in rows]
    refunds = [{"lines": named, "lines_include_tax": None, "unsplit_minor": table.given["unsplit_minor"]}]
    worth = value(Parts("paid", False, bought, refunds, table.given["shipping_minor"], 0, 0))
    left = lines_left(bought, refunds, False, worth)
    assert [money(one.net_minor) for one in left] == [row["left"] for row in rows]
    sums(table, {"line"})


def currencies(table: Table) -> None:
    for row in table.rows:
        base = parse_minor(row["base"].replace(",", ""), row["currency"])
        rate_bps = int(Decimal(row["rate"].strip("%")) * 100)
        exactly = Decimal(row["base"].replace(",", "")) * rate_bps / 10_000
        terms = complete({"influencer_rate_bps": rate_bps})
        earned = earned_alone(terms, Sale(base, 0, 0, 0)).influencer_minor
        assert (row["exactly"], row["commission"]) == (
            f"{exactly.normalize():f}",
            format_minor(earned, row["currency"]),
        )


def first_example(table: Table) -> None:
    """The one at the head of the document: 236.00 with 18 % VAT, 10 % off."""
    price, terms = share(23600, 9000), complete({"influencer_rate_bps": 1500, "agency_rate_bps": 300})
    net = price * 100 // 118
    whole, half = (earned_alone(terms, Sale(net, price - net, back, 0)) for back in (0, net // 2))
    told = [price, net, whole.influencer_minor, whole.agency_minor, whole.influencer_minor + whole.agency_minor]
    shown = [*map(money, told), f"{money(half.influencer_minor)}, {money(half.agency_minor)}"]
    assert [row[""] for row in table.rows] == shown


CHECKED: dict[str, Callable[[Table], None]] = {
    "example: two creams, 236.00 with 18 % VAT, 10 % coupon": first_example,
    "order": orders,
    "contact": contacts,
    "line": lines,
    "currency": currencies,
}
# Tables of words; they hold no amounts.
WORDS = {"event", "invariant"}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.title}-{table.kind}"[:60])
def test_a_table_says_what_the_engine_says(table: Table):
    assert table.kind in CHECKED.keys() | WORDS, "a table nobody checks"
    if table.kind in WORDS:
        assert not re.search(r"\d\.\d\d", str(table.rows)), "a table of words with an amount in it"
    else:
        assert table.rows
        CHECKED[table.kind](table)


def test_every_table_of_the_document_was_read():
    rules = sum(text.startswith("|--") or text.startswith("|-") for text in DOCUMENT.read_text("utf-8").splitlines())
    assert len(TABLES) == rules >= 24


@pytest.mark.parametrize("table", [table for table in TABLES if table.kind not in WORDS], ids=lambda table: table.title)
def test_a_wrong_figure_in_any_table_is_noticed(table: Table):
    """One unit more in the last amount of a table: whoever checks it must see it."""
    row = dict(table.rows[-1])
    column = next(one for one in reversed(table.columns) if re.search(r"\d", row[one]))
    row[column] = re.sub(r"\d(?!.*\d)", lambda digit: str((int(digit[0]) + 1) % 10), row[column])
    with pytest.raises(AssertionError):
        CHECKED[table.kind](Table(table.title, table.columns, (*table.rows[:-1], row), table.given))
