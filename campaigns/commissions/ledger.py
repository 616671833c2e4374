"""The ledger: the only writer of postings, and the only reader of balances.

A transaction is a set of postings that sum to zero; a posting's amount is positive for a debit, negative for a
credit, in minor units of its account's currency. Rows are never changed: what was posted wrongly is corrected by the
difference. A balance is a sum of postings, never a column.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from campaigns.db import lock_names
from campaigns.errors import Unbalanced
from campaigns.models import LedgerAccount, LedgerTransaction, Posting
from campaigns.questions import Question, among
from campaigns.rows import insert_rows, reserve_ids

_ACCOUNTS = Question(
    select(LedgerAccount.kind, LedgerAccount.owner_id, LedgerAccount.currency, LedgerAccount.id).where(
        among(LedgerAccount.kind, "kinds"), among(LedgerAccount.owner_id, "owners")
    )
)


# Transactions that stand for what an order or a contact earns: the shares, and what a partner has collected.
EARNING_KINDS = ("accrual", "collection")


class Leg(NamedTuple):
    """Where an amount goes: an account by kind, owner and currency, and what it was earned in."""

    kind: str
    owner_id: int
    currency: str
    campaign_id: int | None = None
    participation_id: int | None = None


Amounts = Mapping[Leg, int]


class Entry(NamedTuple):
    """One transaction to be written: what it is, its amounts, what they come from, and how they were worked out."""

    kind: str
    amounts: Amounts
    order_id: int | None = None
    document_id: int | None = None
    contact_id: int | None = None
    dispute_id: int | None = None
    basis: Mapping[str, Any] | None = None


def post(
    session: Session,
    kind: str,
    amounts: Amounts,
    now: datetime,
    order_id: int | None = None,
    document_id: int | None = None,
    dispute_id: int | None = None,
    basis: Mapping[str, Any] | None = None,
) -> int | None:
    """Write one transaction and return its id; None, and nothing written, where every amount is zero.

    Raises Unbalanced.
    """
    session.flush()  # what the transaction names must be there before it
    entry = Entry(kind, amounts, order_id, document_id, dispute_id=dispute_id, basis=basis)
    return post_all(session.connection(), [entry], now)[0]


def post_all(connection: Connection, entries: Sequence[Entry], now: datetime) -> list[int | None]:
    """Write transactions, many at a time; each balances, or none is written. Their ids, as `post` returns them."""
    legs = [_balanced(entry) for entry in entries]
    written = [place for place, amounts in enumerate(legs) if amounts]
    ids: list[int | None] = [None] * len(entries)
    if not written:
        return ids
    accounts = _accounts(connection, {leg for amounts in legs for leg in amounts})
    for place, number in zip(written, reserve_ids(connection, "ledger_transaction", len(written)), strict=True):
        ids[place] = number
    insert_rows(
        connection,
        LedgerTransaction,
        [
            {
                "id": ids[place],
                "kind": entries[place].kind,
                "order_id": entries[place].order_id,
                "document_id": entries[place].document_id,
                "contact_id": entries[place].contact_id,
                "dispute_id": entries[place].dispute_id,
                "basis": entries[place].basis,
                "recorded_at": now,
            }
            for place in written
        ],
    )
    insert_rows(
        connection,
        Posting,
        [
            {
                "transaction_id": ids[place],
                "account_id": accounts[leg.kind, leg.owner_id, leg.currency],
                "amount_minor": amount,
                "campaign_id": leg.campaign_id,
                "participation_id": leg.participation_id,
            }
            for place in written
            for leg, amount in legs[place].items()
        ],
    )
    return ids


def _balanced(entry: Entry) -> dict[Leg, int]:
    """The amounts that are any; raises Unbalanced where they don't sum to zero in every currency."""
    amounts = {leg: amount for leg, amount in entry.amounts.items() if amount}
    totals: dict[str, int] = defaultdict(int)
    for leg, amount in amounts.items():
        totals[leg.currency] += amount
    if any(totals.values()):
        raise Unbalanced(f"{entry.kind} postings sum to {dict(totals)}")
    return amounts


AccountName = tuple[str, int, str]


def _accounts(connection: Connection, legs: Iterable[Leg]) -> dict[AccountName, int]:
    """(kind, owner, currency) -> the account's id; an account is opened at its first use."""
    wanted = {(leg.kind, leg.owner_id, leg.currency) for leg in legs}
    found = _open_accounts(connection, wanted)
    missing = sorted(wanted - found.keys())
    if missing:
        lock_names(connection, [f"account:{kind}:{owner}:{currency}" for kind, owner, currency in missing])
        found = _open_accounts(connection, wanted)
        opened = [name for name in missing if name not in found]
        if opened:
            rows = [{"kind": kind, "owner_id": owner, "currency": currency} for kind, owner, currency in opened]
            insert_rows(connection, LedgerAccount, rows)
            found = _open_accounts(connection, wanted)
    return found


def _open_accounts(connection: Connection, wanted: Iterable[AccountName]) -> dict[AccountName, int]:
    owners = {owner for _, owner, _ in wanted}
    kinds = {kind for kind, _, _ in wanted}
    rows = _ACCOUNTS.ask(connection, kinds=kinds, owners=owners)
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def posted_for_orders(connection: Connection, order_ids: Iterable[int]) -> dict[int, dict[str, dict[Leg, int]]]:
    """Order id -> kind (accrual, collection) -> what was posted, by leg; what cancelled out is left out."""
    return _posted(connection, LedgerTransaction.order_id, order_ids)


def posted_for_contacts(connection: Connection, contact_ids: Iterable[int]) -> dict[int, dict[Leg, int]]:
    """Contact id -> what accruals have posted for it, by leg; those without postings are missing."""
    found = _posted(connection, LedgerTransaction.contact_id, contact_ids)
    return {contact_id: kinds["accrual"] for contact_id, kinds in found.items()}


def _posted(
    connection: Connection, cause: InstrumentedAttribute[int | None], ids: Iterable[int]
) -> dict[int, dict[str, dict[Leg, int]]]:
    leg = (
        LedgerAccount.kind,
        LedgerAccount.owner_id,
        LedgerAccount.currency,
        Posting.campaign_id,
        Posting.participation_id,
    )
    rows = connection.execute(
        select(cause, LedgerTransaction.kind.label("entry"), func.sum(Posting.amount_minor), *leg)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(cause.in_(list(ids)), LedgerTransaction.kind.in_(EARNING_KINDS))
        .group_by(cause, LedgerTransaction.kind, *leg)
    )
    posted: dict[int, dict[str, dict[Leg, int]]] = defaultdict(lambda: defaultdict(dict))
    for one, entry, total, kind, owner_id, currency, campaign_id, participation_id in rows:
        if total and one is not None:
            posted[one][entry][Leg(kind, owner_id, currency, campaign_id, participation_id)] = int(total)
    return posted


def difference(target: Amounts, posted: Amounts) -> dict[Leg, int]:
    """What must be posted so that `posted` becomes `target`."""
    if not posted:
        return dict(target)
    return {leg: target.get(leg, 0) - posted.get(leg, 0) for leg in dict.fromkeys([*target, *posted])}


def accounts_of(session: Session, kind: str, owner_id: int) -> dict[int, str]:
    """Somebody's accounts of a kind: id -> currency.

    For questions about their few postings: asked by these ids the database knows how few, and begins with them. Joined
    to the account it guesses the average of all, and reads every transaction there is for its kind instead.
    """
    wanted = select(LedgerAccount.id, LedgerAccount.currency).filter_by(kind=kind, owner_id=owner_id)
    return {row.id: row.currency for row in session.execute(wanted.order_by(LedgerAccount.id))}


def balance(session: Session, kind: str, owner_id: int, currency: str) -> int:
    """The sum of an account's postings, minor units; a liability we owe is negative."""
    total = session.scalar(
        select(func.coalesce(func.sum(Posting.amount_minor), 0))
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerAccount.kind == kind, LedgerAccount.owner_id == owner_id, LedgerAccount.currency == currency)
    )
    return int(total or 0)


def balances_by_campaign(session: Session, kind: str, owner_id: int, currency: str) -> dict[int | None, int]:
    """campaign id -> its part of an account's balance; None for what names no campaign. Together they are `balance`."""
    rows = session.execute(
        select(Posting.campaign_id, func.sum(Posting.amount_minor))
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerAccount.kind == kind, LedgerAccount.owner_id == owner_id, LedgerAccount.currency == currency)
        .group_by(Posting.campaign_id)
    )
    return {campaign_id: int(total) for campaign_id, total in rows}


def earned_by_participation(
    session: Session, campaign_ids: Iterable[int], upto_transaction_id: int | None = None
) -> dict[tuple[int, int], tuple[int, int]]:
    """(campaign, participation) -> (commission, agency fee) as accruals stand, minor units, optionally as of a moment.

    The moment is the id of the last transaction counted: what a final report froze can be asked for again.
    """
    accruals = (
        select(
            Posting.campaign_id,
            Posting.participation_id,
            LedgerAccount.kind,
            func.sum(Posting.amount_minor),
        )
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(
            Posting.campaign_id.in_(list(campaign_ids)),
            LedgerTransaction.kind == "accrual",
            LedgerAccount.kind.in_(("influencer_pending", "agency_income")),
        )
        .group_by(Posting.campaign_id, Posting.participation_id, LedgerAccount.kind)
    )
    if upto_transaction_id is not None:
        accruals = accruals.where(LedgerTransaction.id <= upto_transaction_id)
    earned: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for campaign_id, participation_id, kind, total in session.execute(accruals):
        if campaign_id is None or participation_id is None:
            raise Unbalanced("an accrual without a campaign and participant")
        earned[campaign_id, participation_id][0 if kind == "influencer_pending" else 1] -= int(total)
    return {key: (commission, fee) for key, (commission, fee) in earned.items()}


def last_transaction_id(session: Session) -> int:
    """The id of the newest transaction; 0 in empty books."""
    return int(session.scalar(select(func.coalesce(func.max(LedgerTransaction.id), 0))) or 0)


def earned_by_order(session: Session, order_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """order id -> (commission, agency fee) as accruals stand, minor units; orders that earn nothing are missing."""
    rows = session.execute(
        select(LedgerTransaction.order_id, LedgerAccount.kind, func.sum(Posting.amount_minor))
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(
            LedgerTransaction.order_id.in_(list(order_ids)),
            LedgerTransaction.kind == "accrual",
            LedgerAccount.kind.in_(("influencer_pending", "agency_income")),
        )
        .group_by(LedgerTransaction.order_id, LedgerAccount.kind)
    )
    earned: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for order_id, kind, total in rows:
        assert order_id is not None  # asked for by id
        earned[order_id][0 if kind == "influencer_pending" else 1] -= int(total)
    return {order_id: (commission, fee) for order_id, (commission, fee) in earned.items()}
