"""Incidents of the demo data: one that is put right, one that is being handled, and one just reported."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from campaigns.demo.seed_house import House
from campaigns.demo.seed_talks import pass_on, user_of
from campaigns.models import Campaign, Incident, Order, Participation, TalkMessage, User
from campaigns.planning.audit import note
from campaigns.planning.talking import incidents, letters
from campaigns.planning.talking.incidents import Ending, Report
from campaigns.settlement.statement_lines import credited_orders


def put_right(session: Session, house: House, campaign: Campaign, whose: Participation, at: datetime) -> None:
    """A bad review of the closed campaign: answered in public, and the shop sent another."""
    words = "ביקורת של כוכב אחד: הסבון הגיע שבור לשניים, ואף אחד לא חזר אליה שבוע."
    told = Report(
        campaign, "review", "כוכב אחד על משלוח שבור", words, "סבון זית", whose.influencer, _first(session, whose)
    )
    made, _ = _report(session, house, house.staff, told, at)
    brand = user_of(session, house, "brand")
    _handled(session, house, made, brand, at + timedelta(hours=5))
    how = Ending(
        "put_right",
        "הלקוחה קיבלה סבון חדש וכתבה ביקורת אחרת.",
        "סבון חדש ומשלוח חינם",
        "shop",
        "https://reviews.example/glow/1881",
    )
    ended_at = at + timedelta(days=2)
    incidents.end(session, made, house.staff, how, ended_at)
    facts = {"outcome": made.outcome, "compensated_by": made.compensated_by}
    _noted(session, house.staff, "incident.ended", made, ended_at, status=made.status, **facts)
    letters.incident_moved(session, made, house.staff, house.public_url, ended_at)


def handled(session: Session, house: House, campaign: Campaign, whose: Participation, at: datetime) -> None:
    """Noa told of a customer of hers; staff passed it on, and the brand has it in hand."""
    words = "עוקבת כתבה לי שהפיפטה של הסרום סדוקה והוא נוזל. היא מבקשת בקבוק אחר, לא כסף."
    told = Report(campaign, "customer", "פיפטה סדוקה", words, "סרום לילה", whose.influencer, _first(session, whose))
    made, message = _report(session, house, user_of(session, house, "noa"), told, at)
    pass_on(session, house, message, "", at + timedelta(hours=1))
    _handled(session, house, made, user_of(session, house, "brand"), at + timedelta(hours=4))


def reported(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    """The brand itself has found something: nobody has taken it up."""
    words = "בסדרה אחת של הסרום המדבקה מתקלפת. התוכן תקין. לעצור משלוחים, או לצרף פתק?"
    told = Report(campaign, "product", "מדבקה מתקלפת בסדרה 0412", words, "סרום לילה")
    _report(session, house, user_of(session, house, "brand"), told, at)


def _report(session: Session, house: House, user: User, told: Report, at: datetime) -> tuple[Incident, TalkMessage]:
    made, message = incidents.report(session, user, told, at)
    _noted(session, user, "incident.reported", made, at, kind=made.kind)
    letters.said(session, made.talk, message, house.public_url, at)
    return made, message


def _handled(session: Session, house: House, made: Incident, by: User, at: datetime) -> None:
    incidents.handle(session, made, by, at)
    _noted(session, by, "incident.handled", made, at)
    letters.incident_moved(session, made, by, house.public_url, at)


def _noted(session: Session, by: User, action: str, made: Incident, at: datetime, **facts: object) -> None:
    note(session, by.id, action, f"incident:{made.public_id}", at, **facts)


def _first(session: Session, whose: Participation) -> Order:
    """The first order that is theirs."""
    order, _ = credited_orders(session, whose)[0]
    return order
