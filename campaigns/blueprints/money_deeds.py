"""What pages and the API both do about holds, disputes, credit and follow-ups: the step, the audit log, the letters.

Each is one deed in the request's transaction; the view commits it.
"""

from collections.abc import Sequence
from datetime import date

from campaigns.blueprints.context import now, session, settings
from campaigns.errors import Invalid, Said
from campaigns.models import (
    Brand,
    Campaign,
    Contact,
    Dispute,
    Document,
    Hold,
    Influencer,
    Participation,
    Statement,
    User,
)
from campaigns.planning import money_letters as letters
from campaigns.planning.audit import note
from campaigns.settlement import follow_up
from campaigns.settlement.causes import Cause
from campaigns.settlement.disputing import disputable, disputes, holds
from campaigns.settlement.wallets import offsets
from campaigns.tracking.decisions import current_decision


def hold(user: User, cause: Cause, reason: str) -> Hold:
    """Hold the commission of an order or a contact, and tell whoever earned it."""
    made = holds.hold(session(), cause, reason, user.id, now())
    note(session(), user.id, "commission.held", _subject(cause), now(), reason=made.reason)
    _tell(cause, letters.HELD, made.reason)
    return made


def release(user: User, cause: Cause, reason: str) -> Hold:
    """Let it go, and tell them."""
    held = holds.release(session(), cause, reason, user.id, now())
    note(session(), user.id, "commission.released", _subject(cause), now(), reason=held.release_reason)
    _tell(cause, letters.RELEASED, held.release_reason)
    return held


def open_dispute(user: User, about: str, public_id: str, words: str) -> Dispute:
    """Ask about an order, contact or statement, or for a review of effort; hold it, and tell everyone."""
    made = disputes.open_dispute(session(), user, subject(user, about, public_id), words, now())
    note(session(), user.id, "dispute.opened", f"dispute:{made.public_id}", now(), about=about)
    letters.dispute_said(session(), made, user, words.strip(), settings().public_url, now())
    held = holds.open_hold(session(), made.cause) if made.cause else None
    if made.cause and held and held.held_at == now() and held.reason == holds.IN_DISPUTE:
        _tell(made.cause, letters.HELD, held.reason, user.influencer_id)
    return made


def subject(user: User, about: str, public_id: str) -> disputable.Subject:
    """What a dispute is to be about; raises NotFound for what isn't theirs, Invalid for what can't be asked about."""
    if about == "effort":
        return disputable.about_effort(session(), user, public_id, now())
    kinds = {
        "order": disputable.about_order,
        "contact": disputable.about_contact,
        "statement": disputable.about_statement,
    }
    if about not in kinds:
        raise Invalid({"about": [Said("must be one of the things that can be asked about")]})
    return kinds[about](session(), user, public_id)


def answer(user: User, dispute: Dispute, words: str) -> None:
    """Say something in a dispute, and tell the others."""
    said = disputes.answer(session(), dispute, user, words, now())
    note(session(), user.id, "dispute.answered", f"dispute:{dispute.public_id}", now())
    letters.dispute_said(session(), dispute, user, said.body, settings().public_url, now())


def resolve(user: User, dispute: Dispute, how: disputes.Resolution) -> None:
    """End a dispute, and tell both sides."""
    disputes.resolve(session(), dispute, user.id, how, now())
    facts = {"outcome": how.outcome, "compensation_minor": how.compensation_minor, "place": how.place}
    note(session(), user.id, "dispute.resolved", f"dispute:{dispute.public_id}", now(), **facts)
    letters.dispute_resolved(session(), dispute, settings().public_url, now())


def grant(user: User, party: Influencer | Brand, currency: str, amount_minor: int, reason: str) -> int:
    """Give credit at the agency's expense, and tell its holder."""
    made = offsets.grant_credit(session(), party, currency, amount_minor, reason, now())
    facts = {"amount_minor": amount_minor, "currency": currency, "reason": reason.strip()}
    note(session(), user.id, "credit.granted", _name(party), now(), **facts)
    letters.credit_given(session(), party, currency, amount_minor, reason.strip(), settings().public_url, now())
    return made


def offset(user: User, party: Influencer | Brand, against: Document | None, amount_minor: int, on: date) -> Document:
    """Set credit off against a document; its holder is written to with the note."""
    made = offsets.offset(session(), party, against, amount_minor, settings().agency(), on, now())
    assert against is not None  # refused without one
    facts = {"amount_minor": amount_minor, "note": made.number, "against": against.number}
    note(session(), user.id, "credit.offset", _name(party), now(), **facts)
    return made


def state_again(user: User, campaign: Campaign, people: Sequence[Participation], on: date) -> list[Statement]:
    """Issue follow-up statements; whom they are for are written to with the papers."""
    issued = follow_up.follow_up(session(), campaign, people, settings().agency(), on, now())
    numbers = [one.document.number for one in issued]
    note(session(), user.id, "campaign.followed_up", f"campaign:{campaign.public_id}", now(), statements=numbers)
    return issued


def _tell(cause: Cause, letter: str, reason: str, but_influencer_id: int | None = None) -> None:
    decision = cause if isinstance(cause, Contact) else current_decision(session(), cause.id)
    person = decision.participation if decision else None
    if person is not None and person.influencer_id != but_influencer_id:
        letters.held(session(), person, letter, cause, reason, settings().public_url, now())


def _subject(cause: Cause) -> str:
    return f"{'contact' if isinstance(cause, Contact) else 'order'}:{cause.public_id}"


def _name(party: Influencer | Brand) -> str:
    return f"{'influencer' if isinstance(party, Influencer) else 'brand'}:{party.public_id}"
