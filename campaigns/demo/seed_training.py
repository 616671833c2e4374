"""Training in the demo data: lessons for everybody, and what to answer to buyers of the campaigns' products."""

from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.demo.seed_house import House
from campaigns.models import Campaign
from campaigns.planning.audit import note
from campaigns.planning.launching.training import Written, write

FOR_EVERYBODY = (
    Written(
        "lesson",
        "he",
        "סרטון ראשון שמוכר בלי למכור",
        "התחילו מהבעיה: שלוש שניות על מה שהציק לכם לפני המוצר.\n\n"
        "הראו את המוצר בשימוש, באור יום, בלי פילטר. אמרו גם מה פחות אהבתם: זה מה שגורם לאנשים להאמין.\n\n"
        "סיימו במשפט אחד: הקוד, ההנחה, ועד מתי.",
        position=1,
    ),
    Written(
        "lesson",
        "he",
        "גילוי נאות: איך כותבים ואיפה",
        "כל פוסט וכל סטורי של הקמפיין מסומן כפרסומת, בתחילת הטקסט ולא בסופו.\n\n"
        "בווידאו המילה על המסך מההתחלה ועד הסוף.",
        position=2,
    ),
    Written(
        "question",
        "he",
        "הקוד לא עובד. מה עונים?",
        "בדקו שהקוד הוקלד בלי רווח ושהקמפיין עדיין פעיל.\n\nעדיין לא עובד? כתבו לסוכנות מכאן, עם צילום מסך.",
        position=3,
    ),
    Written(
        "lesson",
        "en",
        "A first video that sells without selling",
        "Begin with what bothered you before, for three seconds.\n\n"
        "Show the product in daylight, without a filter. Say what you like less, too: that is why people believe you.",
        position=1,
    ),
    Written(
        "lesson",
        "ru",
        "Первое видео",
        "Начните с того, что вам мешало раньше.\n\nПокажите продукт при дневном свете, без фильтра.",
        position=1,
    ),
    Written(
        "lesson",
        "ar",
        "الفيديو الأول",
        "ابدأوا بما كان يزعجكم قبل المنتج.\n\nاعرضوا المنتج في ضوء النهار، بدون فلتر.",
        position=1,
    ),
)
OF_THE_SERUM = (
    ("question", "מתאים לעור רגיש?", "הסרום בלי בישום ונבדק על עור רגיש. מי שבטיפול, ישאל קודם רופא עור."),
    ("question", "תוך כמה זמן רואים הבדל?", "רוב האנשים מספרים על עור רך יותר אחרי שבועיים. לא מבטיחים תאריך."),
    ("objection", "זה יקר", "בקבוק מספיק לשלושה חודשים: שני שקלים וחצי ליום, ועם הקוד פחות."),
    ("objection", "יש לי כבר קרם לילה", "הסרום בא לפניו, שלוש טיפות. לא צריך להחליף כלום."),
)


def lessons(session: Session, house: House, at: datetime) -> None:
    """What everybody reads."""
    for one in FOR_EVERYBODY:
        _write(session, house, one, at)


def answers(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    """What people of a campaign answer to buyers."""
    for place, (kind, title, text) in enumerate(OF_THE_SERUM, 10):
        _write(session, house, Written(kind, "he", title, text, position=place, campaign_id=campaign.id), at)


def _write(session: Session, house: House, page: Written, at: datetime) -> None:
    made = write(session, None, page, house.staff.id, at)
    note(session, house.staff.id, "training.written", f"training:{made.public_id}", at, title=made.title)
