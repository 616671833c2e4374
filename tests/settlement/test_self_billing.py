"""Invoices written in a payee's name: by agreement only, accepted or rejected, and taken back by a credit note."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import balance
from campaigns.documents.issue import contents_of
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.models import Document, Influencer, Statement, User
from campaigns.settlement.books.check import breaches
from campaigns.settlement.exchanging import agreements, self_billing
from campaigns.settlement.exchanging.standing import invoice_state, paper_states
from tests import factories, whole_campaign
from tests.settlement.papers import a_paper, agency, closed
from tests.whole_campaign import CLOSED_AT, CLOSED_ON

LONDON = {"country": "GB", "language": "en", "address": "1 High St, London"}
NUMBER = "GB 980 7806 84"
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def a_cast(session: Session, **changes: str) -> tuple[whole_campaign.Cast, Influencer, User]:
    cast = whole_campaign.a_live_campaign(session)
    mina = cast.mina.influencer
    for column, value in (LONDON | changes).items():
        setattr(mina, column, value)
    return cast, mina, factories.user(session, influencer=mina)


def agree(session: Session, payee: Influencer, user: User, **changes: object) -> None:
    facts = {"vat_number": NUMBER, "language": "en", "first": FIRST, "last": LAST} | changes
    agreements.agree(session, payee, agency(self_billing="also-il"), user_id=user.id, now=factories.BEFORE, **facts)  # type: ignore[arg-type]


def billed(session: Session, setting: str = "yes", **changes: str) -> tuple[Statement, list[Document], User]:
    """Mina's statement and the papers that came with it; she had agreed."""
    cast, mina, user = a_cast(session, **changes)
    agree(session, mina, user, vat_number=changes.pop("number", NUMBER))
    statement = closed(session, cast, mina, self_billing=setting)
    kinds = ("payee_request", "self_billing_invoice")
    papers = select(Document).where(Document.influencer_id == mina.id, Document.kind.in_(kinds))
    return statement, list(session.scalars(papers)), user


def kinds(session: Session, statement: Statement) -> list[str]:
    mine = select(Document.kind).filter_by(influencer_id=statement.influencer_id).order_by(Document.id)
    return list(session.scalars(mine))


def test_with_an_agreement_the_invoice_comes_in_place_of_the_request(session: Session) -> None:
    statement, papers, _ = billed(session)
    assert [one.kind for one in papers] == ["self_billing_invoice"]
    said = contents_of(papers[0])
    assert (said["statement"], said["amounts"]["total_minor"]) == (statement.document.number, 3_000)
    assert (said["payee"]["vat_number"], said["reverse_charge"], said["united_kingdom"]) == ("GB980780684", True, True)


@pytest.mark.parametrize(
    ("setting", "country", "kind"),
    [("no", "GB", "payee_request"), ("yes", "IL", "payee_request"), ("also-il", "IL", "self_billing_invoice")],
)
def test_the_setting_decides_for_whom_we_write(session: Session, setting: str, country: str, kind: str) -> None:
    number = NUMBER if country == "GB" else "516179157"
    _, papers, _ = billed(session, setting, country=country, number=number)
    assert [one.kind for one in papers] == [kind]


def test_at_home_the_invoice_charges_vat_and_books_it(session: Session) -> None:
    statement, papers, _ = billed(session, "also-il", country="IL", number="516179157")
    assert contents_of(papers[0])["amounts"]["total_minor"] == 3_540
    assert -balance(session, "influencer_due", statement.influencer_id, "ILS") == 3_540
    assert balance(session, "input_vat", 0, "ILS") == 540
    assert breaches(session) == []


def test_a_rejected_invoice_is_taken_back_and_a_request_comes_instead(session: Session) -> None:
    statement, (invoice,), user = billed(session, "also-il", country="IL", number="516179157")
    note = self_billing.reject_invoice(session, invoice, user, "Not what we agreed.", agency(), CLOSED_ON, CLOSED_AT)
    assert (note.corrects_id, contents_of(note)["invoice"]["number"]) == (invoice.id, invoice.number)
    assert contents_of(note)["amounts"]["total_minor"] == -3_540
    assert kinds(session, statement)[-2:] == ["self_billing_credit_note", "payee_request"]
    assert (balance(session, "input_vat", 0, "ILS"), invoice_state(session, invoice, CLOSED_ON)) == (0, "rejected")
    assert breaches(session) == []


def test_after_a_rejection_the_payee_sends_their_own(session: Session) -> None:
    statement, (invoice,), user = billed(session)
    with pytest.raises(Conflict, match="reject it before"):
        a_paper(session, statement, kind="invoice", vat_minor=0)
    self_billing.reject_invoice(session, invoice, user, "Mine is ready.", agency(), CLOSED_ON, CLOSED_AT)
    assert a_paper(session, statement, kind="invoice", vat_minor=0).findings == []


def test_an_invoice_that_is_not_rejected_in_time_is_accepted(session: Session) -> None:
    statement, (invoice,), user = billed(session)
    last = CLOSED_ON + timedelta(days=14)
    assert paper_states(session, [statement], last) == {statement.id: "ours"}
    assert paper_states(session, [statement], last + timedelta(days=1)) == {statement.id: "accepted"}
    with pytest.raises(Conflict, match="accepted"):
        self_billing.reject_invoice(session, invoice, user, "Late.", agency(), last + timedelta(days=1), CLOSED_AT)


def test_an_invoice_is_answered_once(session: Session) -> None:
    statement, (invoice,), user = billed(session)
    self_billing.accept_invoice(session, invoice, user, CLOSED_ON, CLOSED_AT)
    assert paper_states(session, [statement], CLOSED_ON) == {statement.id: "accepted"}
    with pytest.raises(Conflict):
        self_billing.reject_invoice(session, invoice, user, "On second thoughts.", agency(), CLOSED_ON, CLOSED_AT)


def test_an_agreement_is_kept_word_for_word_in_the_language_it_was_read_in(session: Session) -> None:
    _, mina, user = a_cast(session)
    agree(session, mina, user, language="ru")
    kept = agreements.unended(session, mina.id)
    assert kept is not None and kept.language == "ru"
    assert "HMRC" in kept.wording and "GB980780684" in kept.wording and "Success Agency" in kept.wording


@pytest.mark.parametrize("number", ["", "GB 980 7806 85", "DE136695976"])
def test_a_number_that_is_none_of_the_country_is_refused(session: Session, number: str) -> None:
    _, mina, user = a_cast(session)
    with pytest.raises(Invalid, match="vat_number"):
        agree(session, mina, user, vat_number=number)


@pytest.mark.parametrize("last", [date(2027, 1, 1), date(2025, 12, 31)])
def test_an_agreement_holds_for_a_year_at_most(session: Session, last: date) -> None:
    _, mina, user = a_cast(session)
    with pytest.raises(Invalid, match="within a year"):
        agree(session, mina, user, last=last)


def test_a_second_agreement_needs_the_first_to_be_over(session: Session) -> None:
    _, mina, user = a_cast(session)
    agree(session, mina, user)
    with pytest.raises(Conflict, match="end it first"):
        agree(session, mina, user)
    kept = agreements.unended(session, mina.id)
    assert kept is not None
    agreements.end(session, kept, factories.NOW)
    agree(session, mina, user)
    with pytest.raises(Conflict, match="has ended"):
        agreements.end(session, kept, factories.NOW)


def test_an_agreement_that_has_run_out_writes_nothing_and_gives_way(session: Session) -> None:
    cast, mina, user = a_cast(session)
    agree(session, mina, user, first=date(2025, 1, 1), last=date(2026, 4, 1) - timedelta(days=100))
    agree(session, mina, user, last=date(2026, 6, 9))  # a day before the closing
    statement = closed(session, cast, mina, self_billing="yes")
    assert "payee_request" in kinds(session, statement)


def test_an_agency_that_writes_no_invoices_offers_no_agreement(session: Session) -> None:
    _, mina, user = a_cast(session)
    with pytest.raises(NotFound):
        agreements.agree(session, mina, agency(), NUMBER, "en", FIRST, LAST, user.id, factories.NOW)


def test_without_an_address_there_is_no_agreement(session: Session) -> None:
    _, mina, user = a_cast(session, address="")
    with pytest.raises(Invalid, match="address"):
        agree(session, mina, user)
