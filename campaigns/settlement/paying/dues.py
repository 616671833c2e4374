"""What is due to whom, read from the ledger; and which statements were paid.

An influencer is paid, of each brand, what is due to them from its campaigns (wallets.py). What waits for a payslip is
not payable before it is taxed. A statement is paid once its PayoutStatement row is there, unless the bank sent the
money back and no later payment took it up again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from campaigns.models import (
    Campaign,
    Influencer,
    LedgerAccount,
    PayoutLine,
    PayoutStatement,
    PayslipStatement,
    Posting,
    Statement,
)
from campaigns.settlement.exchanging.standing import waiting_for_paper
from campaigns.settlement.wallets.wallets import NO_BRAND, brand_of, due_by_brand

UNDER_WAY = ("prepared", "released")


@dataclass(frozen=True)
class Due:
    """One payee in one currency, minor units. `amounts` are what could be paid, by brand id, each above zero."""

    influencer: Influencer
    currency: str
    amounts: Mapping[int, int]
    owed_minor: int  # what they owe from other brands' refunds: it waits, zero or more
    untaxed_minor: int  # on statements that wait for a payslip
    under_way_minor: int  # in a batch that is not through yet
    statements: tuple[Statement, ...]  # that a batch made now would settle
    paperless: tuple[Statement, ...] = ()  # those whose paper is missing, or not accepted yet
    left_out_minor: int = 0  # of these, what waits for the paper

    @property
    def payable_minor(self) -> int:
        """What a batch made now would pay; nothing while another one is under way."""
        return 0 if self.under_way_minor else sum(self.amounts.values())


def dues(session: Session, currency: str, on: date | None = None, papers_first: bool = False) -> list[Due]:
    """Everyone who is owed anything or owes it, by id; with `papers_first` only what has its paper is payable.

    Whose papers are missing on a day is looked up where the day is given.
    """
    payable, untaxed = _open_statements(session, currency)
    lines = select(PayoutLine).where(PayoutLine.currency == currency, PayoutLine.status.in_(UNDER_WAY))
    under_way = {line.influencer_id: line.amount_minor for line in session.scalars(lines)}
    unsettled = Influencer.id.in_(_unsettled(session, currency))
    people = session.scalars(select(Influencer).where(unsettled).order_by(Influencer.id)).all()
    open_ones = [one for person in people for one in payable.get(person.id, [])]
    waiting = waiting_for_paper(session, open_ones, on) if on is not None else {}
    return [
        _due(session, person, currency, payable.get(person.id, []), untaxed.get(person.id, []), under_way, waiting,
             papers_first)
        for person in people
    ]  # fmt: skip


def payable_now(
    session: Session, influencer_id: int, currency: str, untaxed: Mapping[int, int] | None = None
) -> dict[int, int]:
    """brand id -> what is due from its campaigns, less the `untaxed` part; only where that is above zero."""
    waits = untaxed or {}
    due = due_by_brand(session, influencer_id, currency)
    left = {brand: amount - max(0, waits.get(brand, 0)) for brand, amount in due.items()}
    return {brand: amount for brand, amount in left.items() if amount > 0}


def due_currencies(session: Session) -> list[str]:
    """The currencies in which anybody was ever owed anything."""
    kept = select(LedgerAccount.currency).where(LedgerAccount.kind == "influencer_due").distinct()
    return list(session.scalars(kept.order_by(LedgerAccount.currency)))


def given_back(session: Session) -> set[int]:
    """Statements whose payment the bank sent back, and that no later payment has settled."""
    returned = select(PayoutLine.influencer_id).where(PayoutLine.status == "returned")
    lines = select(PayoutLine.status, PayoutLine.statement_ids).where(
        PayoutLine.influencer_id.in_(returned), PayoutLine.status.in_(("paid", "returned"))
    )
    found: set[int] = set()
    for status, statement_ids in session.execute(lines.order_by(PayoutLine.id)):
        (found.update if status == "returned" else found.difference_update)(statement_ids)
    return found


def payment_states(session: Session, influencer_id: int) -> Mapping[int, str]:
    """statement id -> `in_payment`, `paid` or `returned`; what no released payment names is missing: it is due."""
    shown = {"released": "in_payment", "paid": "paid", "returned": "returned"}
    lines = select(PayoutLine.status, PayoutLine.statement_ids).where(
        PayoutLine.influencer_id == influencer_id, PayoutLine.status.in_(shown)
    )
    states: dict[int, str] = {}
    for status, statement_ids in session.execute(lines.order_by(PayoutLine.id)):
        states.update(dict.fromkeys(statement_ids, shown[status]))
    return states


def _due(
    session: Session,
    person: Influencer,
    currency: str,
    payable: list[Statement],
    untaxed: list[Statement],
    under_way: Mapping[int, int],
    waiting: Mapping[int, int],
    papers_first: bool,
) -> Due:
    paperless = [one for one in payable if one.id in waiting]
    left_out = paperless if papers_first else []
    campaigns = {one.campaign_id for one in (*payable, *untaxed) if one.campaign_id is not None}
    brands = brand_of(session, campaigns)
    amounts = payable_now(session, person.id, currency, _by_brand((*untaxed, *left_out), brands, waiting))
    return Due(
        influencer=person,
        currency=currency,
        amounts=amounts,
        owed_minor=-sum(min(0, due) for due in due_by_brand(session, person.id, currency).values()),
        untaxed_minor=sum(max(0, amount) for amount in _by_brand(untaxed, brands).values()),
        under_way_minor=under_way.get(person.id, 0),
        # What a brand takes back stays open until that brand's sales have made up for it.
        statements=tuple(
            one for one in payable if brands.get(one.campaign_id or 0, NO_BRAND) in amounts and one not in left_out
        ),
        paperless=tuple(paperless),
        left_out_minor=sum(waiting[one.id] for one in left_out),
    )


def not_yet_by_brand(
    session: Session, influencer_id: int, currency: str, on: date, papers_first: bool
) -> dict[int, int]:
    """brand id -> what of one person's statements waits for a payslip or, with `papers_first`, for a paper."""
    payable, untaxed = _open_statements(session, currency, influencer_id)
    mine = payable.get(influencer_id, [])
    waiting = waiting_for_paper(session, mine, on) if papers_first else {}
    held = untaxed.get(influencer_id, []) + [one for one in mine if one.id in waiting]
    brands = brand_of(session, {one.campaign_id for one in held if one.campaign_id is not None})
    return _by_brand(held, brands, waiting)


def _by_brand(
    statements: Iterable[Statement], brands: Mapping[int, int], waiting: Mapping[int, int] | None = None
) -> dict[int, int]:
    """What statements sum to; of those that are `waiting`, what waits."""
    sums: dict[int, int] = defaultdict(int)
    for one in statements:
        sums[brands.get(one.campaign_id or 0, NO_BRAND)] += (waiting or {}).get(one.id, one.amount_minor)
    return sums


def _unsettled(session: Session, currency: str) -> list[int]:
    """Influencers with a due of any brand that is not zero."""
    rows = session.execute(
        select(LedgerAccount.owner_id)
        .join(Posting, Posting.account_id == LedgerAccount.id)
        .outerjoin(Campaign, Campaign.id == Posting.campaign_id)
        .where(LedgerAccount.kind == "influencer_due", LedgerAccount.currency == currency)
        .group_by(LedgerAccount.owner_id, Campaign.brand_id)
        .having(func.sum(Posting.amount_minor) != 0)
        .order_by(LedgerAccount.owner_id)
    )
    return list(dict.fromkeys(owner for (owner,) in rows))


def _open_statements(
    session: Session, currency: str, influencer_id: int | None = None
) -> tuple[dict[int, list[Statement]], dict[int, list[Statement]]]:
    """Unsettled statements by influencer, or of one: those that can be paid, and those that wait for a payslip."""
    on_slip = set(session.scalars(select(PayslipStatement.statement_id)))
    unpaid = Statement.id.not_in(select(PayoutStatement.statement_id))
    wanted = (
        select(Statement, Influencer.payee_route)
        .join(Influencer, Influencer.id == Statement.influencer_id)
        .where(Statement.currency == currency, or_(unpaid, Statement.id.in_(given_back(session))))
        .order_by(Statement.id)
    )
    if influencer_id is not None:
        wanted = wanted.where(Statement.influencer_id == influencer_id)
    payable: dict[int, list[Statement]] = defaultdict(list)
    untaxed: dict[int, list[Statement]] = defaultdict(list)
    for statement, preference in session.execute(wanted):
        # Statements issued before routes were settled with them go by their payee's preference.
        waits = (statement.route or preference) == "payslip" and statement.id not in on_slip
        (untaxed if waits else payable)[statement.influencer_id].append(statement)
    return dict(payable), dict(untaxed)
