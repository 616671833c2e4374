"""Tables of the papers that answer, and of those that go to a payroll provider."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.documents.labels import entry_label, label
from campaigns.i18n import gettext as _
from campaigns.sheets.cells import Cell
from campaigns.sheets.columns import major


def answer_table(contents: dict[str, Any]) -> list[list[Cell]]:
    """A row per posting; the amounts of an account sum to its balance."""
    heading: list[Cell] = [
        _("Account"), _("Whose"), _("Recorded"), _("Posting"), _("Entry"), _("What"), _("Reference"), _("Campaign"),
        _("Influencer"), _("Happened"), _("Why"), _("Terms version"), _("Left of the sale"), _("Papers"), _("Amount"),
        _("Currency"),
    ]  # fmt: skip
    zone = ZoneInfo(contents["timezone"])
    return [heading, *(_posting(account, line, zone) for account in contents["accounts"] for line in account["lines"])]


def _posting(account: dict[str, Any], line: dict[str, Any], zone: ZoneInfo) -> list[Cell]:
    currency, base = account["currency"], line["base_minor"]
    return [
        label(account["account"]), account["owner"], _at(line["recorded_at"], zone), line["posting"],
        line["transaction"], entry_label(line["kind"]), line["reference"], line["campaign"], line["influencer"],
        _at(line["happened_at"], zone), label(line["reason"]) if line["reason"] else "", line["terms_version"],
        None if base is None else major(base, currency), " ".join(line["papers"]),
        major(line["amount_minor"], currency), currency,
    ]  # fmt: skip


def _at(text: str, zone: ZoneInfo) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(zone) if text else None


def payroll_table(contents: dict[str, Any]) -> list[list[Cell]]:
    """A row per person, with everything a payslip of theirs needs."""
    heading: list[Cell] = [
        _("Employee"), _("Identity number"), _("Address"), _("Employment start"), _("Month"), _("Gross pay"),
        _("Currency"), _("Form 101 given"), _("Credit points"), _("Second employer"), _("Coordination"), _("Bank"),
        _("Branch"), _("Account"), _("Statements"),
    ]  # fmt: skip
    return [heading, *(_person(row, contents) for row in contents["rows"])]


def _person(row: dict[str, Any], contents: dict[str, Any]) -> list[Cell]:
    form, bank, currency = row["form_101"], row["bank"], contents["currency"]
    steps = "; ".join(f"{step['rate_bps']} bps ≤ {step['upto_minor']}" for step in form["coordination"])
    return [
        row["name"], row["id_number"], row["address"], date.fromisoformat(row["employment_start"]),
        contents["period"], major(row["gross_minor"], currency), currency, _yes(form["given"]),
        form["credit_points"] or "", _yes(form["second_employer"]), steps, bank["bank"], bank["branch"],
        bank["account"], " ".join(one["number"] for one in row["statements"]),
    ]  # fmt: skip


def payroll_statements_table(contents: dict[str, Any]) -> list[list[Cell]]:
    """A row per statement that was handed over."""
    heading: list[Cell] = [_("Employee"), _("Statement"), _("Campaign"), _("Amount"), _("Currency")]
    currency = contents["currency"]
    rows: list[list[Cell]] = [
        [row["name"], one["number"], one["campaign"], major(one["amount_minor"], currency), currency]
        for row in contents["rows"]
        for one in row["statements"]
    ]
    return [heading, *rows]


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
