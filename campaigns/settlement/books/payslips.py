"""Payslips: row, paper and ledger say the same, and a slip with its corrections is what its newest paper says.

A correction begins where the slip and the corrections before it end, so that their sum is the last `is` of each line.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from campaigns.models import LedgerAccount, LedgerTransaction, Payslip, Posting
from campaigns.settlement.payslips import amount_of

KINDS = ("payslip", "payslip_correction")
Booked = dict[str, int]


def breaches_of_payslips(session: Session) -> Iterator[str]:
    """I13: one sentence per slip or correction and figure that its row, its paper and the postings have otherwise."""
    booked = _booked(session)
    issued: dict[int, list[Payslip]] = defaultdict(list)
    for row in session.scalars(select(Payslip).options(joinedload(Payslip.document)).order_by(Payslip.id)):
        contents = json.loads(row.document.contents)
        told = _of_correction(contents) if row.corrects_id is not None else _of_slip(contents)
        yield from _differences(row, told, booked[row.document_id])
        if row.corrects_id is not None:
            yield from _chain(row, contents, issued[row.corrects_id])
        issued[row.corrects_id or row.id].append(row)


def _of_slip(contents: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Side -> line code -> amount, as the paper has them; `sums` are gross and net."""
    sides = {side: {line["code"]: line["amount_minor"] for line in contents.get(side, [])} for side in _SIDES}
    return sides | {"sums": {"gross": contents["gross_minor"], "net": contents["net_minor"]}}


def _of_correction(contents: dict[str, Any]) -> dict[str, dict[str, int]]:
    sides = {side: {line["code"]: line["difference_minor"] for line in contents[side]} for side in _SIDES}
    return sides | {"sums": {"gross": 0, "net": contents["net"]["difference_minor"]}}


_SIDES = ("additions", "lines", "employer_lines")


def _differences(row: Payslip, told: dict[str, dict[str, int]], booked: Booked) -> Iterator[str]:
    name = f"I13 payslip {row.document.number}"
    lines = {code: amount for side in _SIDES for code, amount in told[side].items()}
    for code, amount in (lines | told["sums"]).items():
        if amount_of(row, code) != amount:
            yield f"{name}: {code} is {amount_of(row, code)} in its row, {amount} on its paper"
    if row.amounts and row.amounts.keys() != lines.keys():
        yield f"{name}: its row has the lines {sorted(row.amounts)}, its paper {sorted(lines)}"
    net = told["sums"]["gross"] + sum(told["additions"].values()) - sum(told["lines"].values())
    if net != told["sums"]["net"]:
        yield f"{name}: its lines come to {net} net, its paper says {told['sums']['net']}"
    withheld, employer = told["sums"]["gross"] - told["sums"]["net"], sum(told["employer_lines"].values())
    wanted = {"influencer_due": withheld, "employer_charges": employer, "withheld_tax": -withheld - employer}
    for account, amount in wanted.items():
        if booked.get(account, 0) != amount:
            yield f"{name}: {account} is {booked.get(account, 0)} in the books, {amount} by its paper"


def _chain(row: Payslip, contents: dict[str, Any], before: Sequence[Payslip]) -> Iterator[str]:
    """A correction is of an earlier slip, and its `was` is what that slip and its corrections came to so far."""
    name = f"I13 payslip {row.document.number}"
    if not before or before[0].id != row.corrects_id:
        yield f"{name}: corrects a payslip that is not there"
        return
    slip = before[0]
    same = (slip.influencer_id, slip.currency, slip.pay_date) == (row.influencer_id, row.currency, row.pay_date)
    if not same or row.document.corrects_id != slip.document_id:
        yield f"{name}: is not of the payee, the day and the paper of {slip.document.number}"
    for side in _SIDES:
        for line in contents[side]:
            was = sum(amount_of(one, line["code"]) for one in before)
            if line["was_minor"] != was or line["is_minor"] - was != line["difference_minor"]:
                yield f"{name}: {line['code']} was {was}, the paper says {line['was_minor']} and {line['is_minor']}"


def _booked(session: Session) -> dict[int, Booked]:
    """document -> account kind -> what slips and corrections posted to it."""
    rows = session.execute(
        select(LedgerTransaction.document_id, LedgerAccount.kind, func.sum(Posting.amount_minor))
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerTransaction.kind.in_(KINDS))
        .group_by(LedgerTransaction.document_id, LedgerAccount.kind)
    )
    booked: dict[int, Booked] = defaultdict(dict)
    for document_id, account, amount in rows:
        if document_id is not None:
            booked[document_id][account] = int(amount)
    return booked
