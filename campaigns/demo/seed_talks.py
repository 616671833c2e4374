"""Talks of the demo data, so that each who signs in finds something unread and staff something to pass on.

Every step is told as a page would: with its letters, and in the audit log.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from campaigns.demo.people import BRAND_EMAIL
from campaigns.demo.seed_house import House
from campaigns.models import Campaign, Talk, TalkMessage, User
from campaigns.people.records import find_user
from campaigns.planning.audit import note
from campaigns.planning.talking import letters, talks
from campaigns.planning.talking.talks import Opening
from campaigns.planning.talking.unread import mark_seen

REMINDER = (
    "שבוע ראשון מאחורינו, וכבר יש מכירות אצל כולם. שתי תזכורות: לכתוב פרסומת בתחילת כל סטורי, "
    "ולהראות את הקוד על המסך לפחות שלוש שניות."
)


def of_live_campaign(session: Session, house: House, campaign: Campaign, now: datetime) -> None:
    """What was said since the start, in the order of time."""
    _reminder(session, house, campaign, now - timedelta(days=2))
    _answered(session, house, campaign, now - timedelta(days=1, hours=6))
    _reworded(session, house, campaign, now - timedelta(days=1))
    _kept(session, house, campaign, now - timedelta(hours=22))
    _with_the_brand(session, house, campaign, now - timedelta(hours=9))
    _to_pass_on(session, house, campaign, now - timedelta(hours=5))
    _praise(session, house, campaign, now - timedelta(hours=2))


def user_of(session: Session, house: House, handle: str) -> User:
    """An influencer's sign-in, or the brand's."""
    user = find_user(session, BRAND_EMAIL if handle == "brand" else house.influencers[handle].email)
    assert user is not None  # everybody of the demo data signs in
    return user


def noted(session: Session, user: User, action: str, talk: Talk, at: datetime, **facts: object) -> None:
    """A step, in the audit log."""
    note(session, user.id, action, f"talk:{talk.public_id}", at, **facts)


def pass_on(session: Session, house: House, message: TalkMessage, words: str, at: datetime) -> None:
    """Staff let the other side read it, in these words or its own."""
    talk = session.get_one(Talk, message.talk_id)
    passed = talks.pass_on(session, talk, message, house.staff, words or message.body, talk.subject, at)
    facts = {"message": message.public_id, "reworded": passed.body != message.body}
    noted(session, house.staff, "talk.passed_on", talk, at, **facts)
    letters.said(session, talk, passed, house.public_url, at)


def _open(session: Session, house: House, user: User, opening: Opening, at: datetime) -> tuple[Talk, TalkMessage]:
    talk, message = talks.open_talk(session, user, opening, at)
    noted(session, user, "talk.opened", talk, at, kind=talk.kind)
    letters.said(session, talk, message, house.public_url, at)
    return talk, message


def _say(
    session: Session, house: House, talk: Talk, user: User, words: str, to: tuple[str, ...], at: datetime
) -> TalkMessage:
    message = talks.say(session, talk, user, words, to, at)
    noted(session, user, "talk.answered", talk, at, message=message.public_id)
    letters.said(session, talk, message, house.public_url, at)
    return message


def _asks(
    session: Session, house: House, campaign: Campaign, handle: str, subject: str, words: str, at: datetime
) -> tuple[Talk, TalkMessage]:
    """An influencer's question to the brand, which staff read first."""
    whose = house.influencers[handle]
    opening = Opening("question", subject, words, ("brand",), campaign, whose, campaign.brand)
    return _open(session, house, user_of(session, house, handle), opening, at)


def _reminder(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    opening = Opening("message", "שבוע ראשון: שתי תזכורות", REMINDER, ("influencer",), campaign, everybody=True)
    talk, _ = _open(session, house, house.staff, opening, at)
    mark_seen(session, talk, user_of(session, house, "noa"))


def _answered(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    """Asked, passed on, answered, passed back, and closed."""
    words = "עוקבת שאלה אם אפשר לשלוח שני סרומים לשתי כתובות בהזמנה אחת. יש דרך?"
    talk, question = _asks(session, house, campaign, "yoav", "משלוח לשתי כתובות", words, at)
    pass_on(session, house, question, "", at + timedelta(minutes=40))
    brand = user_of(session, house, "brand")
    mark_seen(session, talk, brand)
    words = "בהזמנה אחת אי אפשר. בשתי הזמנות הקוד עובד בשתיהן, והמשלוח השני עלינו: שיכתבו לנו."
    answer = _say(session, house, talk, brand, words, ("influencer",), at + timedelta(hours=2))
    pass_on(session, house, answer, "", at + timedelta(hours=3))
    talks.close(session, talk)
    noted(session, house.staff, "talk.closed", talk, at + timedelta(hours=4))


def _reworded(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    """The brand's feedback, which staff passed on in other words; Noa has read it and answers."""
    brand, noa = user_of(session, house, "brand"), house.influencers["noa"]
    words = "הסרטון ארוך מדי ולא רואים את הבקבוק. לקצר!"
    opening = Opening("feedback", "הסרטון הראשון", words, ("influencer",), campaign, noa, campaign.brand)
    talk, said = _open(session, house, brand, opening, at)
    soft = "המותג אהב את הטון. בסרטון הבא כדאי לקצר קצת ולהראות את הבקבוק כבר בהתחלה."
    pass_on(session, house, said, soft, at + timedelta(hours=1))
    mark_seen(session, talk, user_of(session, house, "noa"))


def _kept(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    """Not the brand's business: staff kept it, and answered themselves."""
    words = "Could Glow pay me straight into my PayPal this time?"
    talk, question = _asks(session, house, campaign, "amir", "Being paid", words, at)
    talks.keep(session, talk, question, house.staff, at + timedelta(hours=1))
    noted(session, house.staff, "talk.kept", talk, at + timedelta(hours=1), message=question.public_id)
    words = "That stays with us: your payslip comes with the statement, as always. Shall we change your bank details?"
    _say(session, house, talk, house.staff, words, ("influencer",), at + timedelta(hours=1, minutes=5))


def _with_the_brand(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    """Passed on, and not answered yet: the brand's unread message."""
    words = "Подписчицы спрашивают, можно ли наносить сыворотку беременным. Что им ответить?"
    _, question = _asks(session, house, campaign, "dasha", "Беременность", words, at)
    hebrew = "עוקבות של דאשה שואלות אם הסרום מתאים בהיריון. מה לענות להן?"
    pass_on(session, house, question, hebrew, at + timedelta(minutes=50))


def _to_pass_on(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    """Waits for staff."""
    words = "שואלים אותי אם יגיע גם בקבוק של 50 מ״ל. אפשר לספר משהו, או שזה עוד סוד?"
    _asks(session, house, campaign, "noa", "בקבוק גדול יותר", words, at)


def _praise(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    """To Noa alone, unread."""
    words = "הסטורי של אתמול הביא תשע הזמנות. אם תוכלי, השאירי אותו בהיילייטס עד סוף הקמפיין."
    opening = Opening("message", "איזה יום!", words, ("influencer",), campaign, house.influencers["noa"], None)
    _open(session, house, house.staff, opening, at)
