"""Papers say the terms in words, frozen as they were, in the paper's own language."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.documents.render import html
from campaigns.models import Document
from tests import factories, whole_campaign

LINE = {"sentence": "Commission: %(rate)s of every credited sale.", "facts": {"rate": "15%"}}


def test_report_and_statement_freeze_what_the_terms_said(session: Session) -> None:
    cast = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, cast.campaign)
    papers = session.scalars(select(Document).where(Document.kind.in_(("final_report", "commission_statement"))))
    frozen = [contents_of(paper)["terms_in_words"] for paper in papers]
    assert len(frozen) == 4 and all(LINE in told for told in frozen)


def test_a_statement_says_the_influencers_own_terms_in_their_language(session: Session) -> None:
    campaign = factories.campaign(session)
    own = {"influencer_rate_bps": 2000, "cap_minor": 900_000}
    mina = factories.participation(session, campaign=campaign, overrides=own)
    factories.life.launch(session, campaign, factories.BEFORE, "one is enough")
    factories.life.advance(session, campaign, factories.NOW)
    whole_campaign.end(session, campaign)
    paper = session.scalars(select(Document).filter_by(influencer_id=mina.influencer_id)).one()
    page = html(paper.kind, contents_of(paper))
    assert "\u206820%\u2069 מכל מכירה משויכת" in page and "\u2068₪9,000.00\u2069 לכל היותר" in page
