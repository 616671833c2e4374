"""Training: lessons, and what to answer to questions and objections; plain paragraphs, in the languages people read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid, Said
from campaigns.i18n import LANGUAGES
from campaigns.models import TrainingPage
from campaigns.models.launching import TRAINING_KINDS
from campaigns.planning.launching.web_address import problem_of_address

LONGEST_TITLE = 200
LONGEST_TEXT = 20_000
POSITIONS = range(10_000)


@dataclass(frozen=True)
class Written:
    """A page as somebody wrote it; `campaign_id` None is for everybody."""

    kind: str
    language: str
    title: str
    text: str
    link: str = ""
    position: int = 0
    campaign_id: int | None = None


def write(
    session: Session, page: TrainingPage | None, written: Written, user_id: int | None, now: datetime
) -> TrainingPage:
    """A new page, or another wording of one; raises Invalid, or Conflict for a withdrawn one."""
    if problems := _problems(written):
        raise Invalid(problems)
    if page is None:
        page = TrainingPage(campaign_id=written.campaign_id)
        session.add(page)
    elif page.withdrawn_at is not None:
        raise Conflict("this was withdrawn already")
    page.campaign_id, page.kind, page.language = written.campaign_id, written.kind, written.language
    page.title, page.text, page.link = written.title.strip(), written.text.strip(), written.link.strip()
    page.position, page.changed_by_user_id, page.changed_at = written.position, user_id, now
    session.flush()
    return page


def withdraw(session: Session, page: TrainingPage, now: datetime) -> None:
    """Nobody reads it any more."""
    if page.withdrawn_at is not None:
        raise Conflict("this was withdrawn already")
    page.withdrawn_at = now
    session.flush()


def pages_of(session: Session, campaign_ids: Iterable[int] | None = None) -> list[TrainingPage]:
    """Everybody's pages and those of some campaigns (None: of all), in the order they are read."""
    standing = select(TrainingPage).where(TrainingPage.withdrawn_at.is_(None))
    if campaign_ids is not None:
        mine = TrainingPage.campaign_id.in_(list(campaign_ids))
        standing = standing.where(or_(TrainingPage.campaign_id.is_(None), mine))
    return list(session.scalars(standing.order_by(TrainingPage.position, TrainingPage.id)))


def in_language(pages: Iterable[TrainingPage], language: str) -> list[TrainingPage]:
    """Pages in a reader's language; in every language where there is none in theirs."""
    everything = list(pages)
    return [page for page in everything if page.language == language] or everything


def paragraphs(text: str) -> list[str]:
    """A text's paragraphs: what empty lines part.

    >>> paragraphs("One.\\n\\n  Two\\nlines.\\n")
    ['One.', 'Two\\nlines.']
    """
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def _problems(written: Written) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if written.kind not in TRAINING_KINDS:
        wrong["kind"] = [Said("Choose one of the values offered.")]
    if written.language not in LANGUAGES:
        wrong["language"] = [Said("must be one of %(choices)s", choices=", ".join(LANGUAGES))]
    if not 1 <= len(written.title.strip()) <= LONGEST_TITLE:
        wrong["title"] = [Said("A title has 1 to %(most)s characters.", most=LONGEST_TITLE)]
    if not written.text.strip() and not written.link.strip():
        wrong["text"] = [Said("Write a text, or give a link.")]
    elif len(written.text) > LONGEST_TEXT:
        wrong["text"] = [Said("has more than %(most)s characters", most=LONGEST_TEXT)]
    if written.link.strip() and (problem := problem_of_address(written.link.strip())):
        wrong["link"] = [problem]
    if written.position not in POSITIONS:
        wrong["position"] = [Said("A place in the order is a number from 0 to %(most)s.", most=POSITIONS.stop - 1)]
    return wrong
