"""What pages and the API both do about papers on demand: answers, yearly papers, orders to a provider, certificates.

Each is one deed in the request's transaction, noted in the audit log; the view commits it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.blueprints import access
from campaigns.blueprints.context import now, session, settings
from campaigns.errors import Invalid, Said
from campaigns.i18n import LANGUAGES
from campaigns.models import Brand, Campaign, Document, Influencer, Order, User
from campaigns.planning.audit import note
from campaigns.settlement import partner_certificates, payroll_orders
from campaigns.settlement.answering.answers import answer
from campaigns.settlement.answering.questions import SUBJECTS, Question, Reader, Subject
from campaigns.settlement.as_of import moment_of
from campaigns.settlement.yearly import papers as yearly

ZONE = "Asia/Jerusalem"  # of questions that are about no campaign and no order
PARTY = "party"  # the reader is whoever it is about: the brand, or the influencer


@dataclass(frozen=True)
class Asked:
    """A question as somebody puts it: about what, as of when, and for staff for whom ("", PARTY or an influencer)."""

    about: str
    public_id: str
    as_of: str = ""
    reader: str = ""
    language: str = ""


def ask(user: User, asked: Asked) -> Document:
    """Answer a question with a numbered paper; raises NotFound for what isn't theirs, and Invalid."""
    subject = subject_of(user, asked.about, asked.public_id)
    reader, zone = reader_of(user, subject, asked.reader), zone_of(subject)
    language = asked.language or (reader.language if isinstance(reader, Influencer) else user.language)
    if language not in LANGUAGES:
        raise Invalid({"language": [Said("Choose one of the values offered.")]})
    question = Question(subject, reader, moment_of(asked.as_of, zone, now()), language, zone)
    made = answer(session(), question, settings().agency(), now())
    facts = {"about": f"{asked.about}:{asked.public_id}", "as_of": asked.as_of, "reader": question.role}
    note(session(), user.id, "answer.issued", f"document:{made.public_id}", now(), **facts)
    return made


def subject_of(user: User, about: str, public_id: str) -> Subject:
    """What is asked about, if it is theirs to ask about."""
    if about not in SUBJECTS:
        raise Invalid({"about": [Said("Choose one of the values offered.")]})
    fetch: dict[str, Any] = {
        "campaign": access.campaign_for,
        "brand": access.brand_for,
        "influencer": access.influencer_for,
        "order": access.traced_order_for,
    }
    found: Subject = fetch[about](session(), user, public_id)
    return found


def reader_of(user: User, subject: Subject, reader: str) -> Reader:
    """For whom the answer is: oneself, and for staff whom they name."""
    if user.role == "brand":
        return user.brand
    if user.role == "influencer":
        return user.influencer
    if not reader:
        return None
    if reader != PARTY:
        named: Influencer = access.influencer_for(session(), user, reader)
        return named
    if isinstance(subject, Brand | Influencer):
        return subject
    return subject.shop.brand if isinstance(subject, Order) else subject.brand


def zone_of(subject: Subject) -> str:
    """By whose clock a day ends."""
    if isinstance(subject, Campaign):
        return subject.timezone
    return subject.shop.timezone if isinstance(subject, Order) else ZONE


def make_yearly(user: User, year: int, payees: Sequence[Influencer] | None) -> list[Document]:
    """Make what is missing or changed of a year, of some or of all."""
    made = yearly.make(session(), year, settings().agency(), now(), payees)
    numbers = [one.number for one in made]
    note(session(), user.id, "yearly.made", f"year:{year}", now(), papers=numbers)
    return made


def order_payroll(user: User, currency: str, period: str, language: str) -> Document:
    """Hand what waits over to the payroll provider."""
    if language not in LANGUAGES:
        raise Invalid({"language": [Said("Choose one of the values offered.")]})
    made = payroll_orders.order(session(), currency, period, settings().agency(), now(), language)
    note(session(), user.id, "payroll.ordered", f"document:{made.public_id}", now(), period=period, currency=currency)
    return made


def certify(user: User, influencer: Influencer, chosen: Collection[str], show_results: bool, language: str) -> Document:
    """A certificate of campaigns that are over."""
    if language and language not in LANGUAGES:
        raise Invalid({"language": [Said("Choose one of the values offered.")]})
    agency = settings().agency()
    made = partner_certificates.certify(session(), influencer, chosen, show_results, agency, now(), language)
    facts = {"campaigns": len(chosen), "results_shown": show_results}
    note(session(), user.id, "certificate.issued", f"document:{made.public_id}", now(), **facts)
    return made
