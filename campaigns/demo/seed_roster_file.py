"""Files of people in the demo data: one was taken last week, but for a row, and one waits to be looked at."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from campaigns.demo.seed_house import House
from campaigns.models import ImportRun
from campaigns.planning.importing import runs
from campaigns.planning.importing.compared import compare, counted

COLUMNS = "name,email,language,niches,network,handle,followers,styles,content_languages,audience_ages\n"
TAKEN = (
    "שירה פרץ,shira@demo.test,he,skin care,instagram,@shira.skin,10400,reviews;lessons,he,18-24;25-34\n"
    "نسرين عودة,nasrin@demo.test,ar,make-up,instagram,@nasrin.looks,6200,looks,ar;he,18-24\n"
    "עדי רון,adi@demo.test,he,family,tiktok,@adi.at.home,17300,daily_life,he,25-34\n"
    "גל שפירא,gal@demo.test,he,food,tiktok,@gal.cooks,3900,recipes,he,25-34\n"
    "רוני בר,roni(at)mail,he,sport,instagram,@roni.runs,5100,lessons,he,25-34\n"
)
WAITING = (
    "מיכל אדר,michal@demo.test,he,travel,instagram,@michal.away,8700,stories;photos,he,25-34\n"
    "Алиса Белкина,alisa@demo.test,ru,hair,instagram,@alisa.hair,12100,before_after,ru,25-34\n"
    "בן אדלר,ben@demo.test,he,travel,instagram,@ben.glow,4650,stories,he;en,18-24;25-34\n"
    "הילה שדה,hila@demo.test,he,food,instagram,@hila.eats,many,recipes,he,25-34\n"
)


def files(session: Session, house: House, now: datetime) -> None:
    """Bring the first in, and leave the second where somebody uploaded it."""
    taken_at = now - timedelta(days=6)
    run = _uploaded(session, house, "משפיענים-סתיו.csv", TAKEN, taken_at)
    shown = counted(compare(session, runs.entries_of(run)))
    runs.take(session, run, runs.Choice(True, True, shown), _by(house, taken_at + timedelta(minutes=4)))
    _uploaded(session, house, "משפיענים-חורף.csv", WAITING, now - timedelta(hours=3))


def _uploaded(session: Session, house: House, name: str, rows: str, at: datetime) -> ImportRun:
    return runs.preview(session, name, (COLUMNS + rows).encode("utf-8-sig"), _by(house, at))


def _by(house: House, at: datetime) -> runs.By:
    return runs.By(house.staff.id, house.agency["name"], at)
