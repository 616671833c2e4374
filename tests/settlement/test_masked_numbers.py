"""An order's number is masked for its influencer wherever they meet it, also in a paper's data; others read it whole.

Mina's order is #order-of-mina…, of 200.00. Statements issued before hold whole numbers, and are never changed.
"""

from dataclasses import replace
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of, issue
from campaigns.documents.render import Form, files
from campaigns.ids import masked
from campaigns.models import Document, Order
from campaigns.settlement.books.issued import breaches_of_issued
from campaigns.settlement.exporting import paper_lines
from campaigns.settlement.exporting.asked import Asked
from tests import whole_campaign
from tests.documents.contents import statement
from tests.whole_campaign import CLOSED_AT, Cast

STAFF = Asked(role="agency", now=CLOSED_AT, zone=ZoneInfo("Asia/Jerusalem"))


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign that is closed."""
    made = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, made.campaign)
    return made


def paper(session: Session, cast: Cast) -> Document:
    mine = select(Document).filter_by(kind="commission_statement", influencer_id=cast.mina.influencer_id)
    return session.scalars(mine).one()


def number(session: Session) -> str:
    return session.scalars(select(Order.number).where(Order.number.startswith("#order-of-mina"))).one()


def told(session: Session, cast: Cast, role: str) -> list[Any]:
    """The orders in the export of Mina's statements, as somebody of a role gets it."""
    asked = replace(STAFF, role=role, influencer_id=cast.mina.influencer_id)
    place = [column.key for column in paper_lines.statement_columns(asked)].index("order")
    return [row[place] for row in paper_lines.statement_rows(session, asked)]


def an_old_one(session: Session, cast: Cast) -> Document:
    """A statement of Mina's as they were frozen before: order #10428-A, whole."""
    contents = {key: value for key, value in statement().items() if key not in ("kind", "number", "language")}
    mine = {"influencer_id": cast.mina.influencer_id}
    return issue(session, "commission_statement", contents, "en", CLOSED_AT, 2026, **mine)


def test_the_frozen_contents_of_a_statement_hold_no_whole_number(session: Session, cast: Cast) -> None:
    frozen = paper(session, cast).contents
    assert number(session).lstrip("#") not in frozen
    assert masked(number(session)) in frozen


def test_no_file_of_a_statement_holds_a_whole_number(session: Session, cast: Cast) -> None:
    """Its PDF carries the contents, too."""
    (_, pdf), (_, table) = files("commission_statement", contents_of(paper(session, cast)), form=Form("pdf/a-3u"))
    read = PdfReader(BytesIO(pdf))
    (carried,) = [body.decode() for bodies in read.attachments.values() for body in bodies]
    for told in (carried, table.decode("utf-8-sig"), read.pages[0].extract_text()):
        assert number(session).lstrip("#") not in told and masked(number(session))[-2:] in told
    assert carried == paper(session, cast).contents


def test_staff_export_the_whole_number_and_its_influencer_the_masked_one(session: Session, cast: Cast) -> None:
    assert told(session, cast, "agency") == [number(session)]
    assert told(session, cast, "influencer") == [masked(number(session))]


def test_lines_of_an_older_statement_are_exported_in_the_same_way(session: Session, cast: Cast) -> None:
    an_old_one(session, cast)
    assert told(session, cast, "agency") == [number(session), "#10428-A"]
    assert told(session, cast, "influencer") == [masked(number(session)), "•••8A"]


def test_an_older_statement_keeps_its_contents_and_is_still_whole(session: Session, cast: Cast) -> None:
    old = an_old_one(session, cast)
    assert '"order_number":"#10428-A"' in old.contents
    assert files(old.kind, contents_of(old))[0][1].startswith(b"%PDF")
    assert [found for found in breaches_of_issued(session) if old.number in found] == []
