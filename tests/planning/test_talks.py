"""Talks: what one side writes to the other is read by staff first, and is decided on once."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid
from campaigns.models import Talk, User
from campaigns.planning.talking import talks
from campaigns.planning.talking.readers import readable, told
from campaigns.planning.talking.subjects import subject_for
from campaigns.planning.talking.unread import mark_seen, unread, waiting_for_staff
from tests import factories
from tests.planning.talking import LATER, asked, passed, read, stage


def seen_by(session: Session, user: User) -> list[Talk]:
    return list(session.scalars(select(Talk).where(readable(user))))


def test_what_an_influencer_writes_to_the_brand_is_not_there_for_it_before_it_is_passed_on(session: Session) -> None:
    here = stage(session)
    talk, _ = asked(session, here)
    assert seen_by(session, here.brand) == [] and read(session, talk, "brand") == []
    assert waiting_for_staff(session) == [talk]


def test_passed_on_as_it_is_the_brand_reads_it_and_nobody_waits(session: Session) -> None:
    here = stage(session)
    talk, _ = passed(session, here)
    assert read(session, talk, "brand") == ["When does it ship?"]
    assert seen_by(session, here.brand) == [talk] and waiting_for_staff(session) == []
    assert told(session, talk, "influencer")[0].passing == "passed"


def test_in_other_words_the_other_side_reads_those_and_staff_both(session: Session) -> None:
    here = stage(session)
    talk, message = asked(session, here, "Your shipping is a joke")
    talks.pass_on(session, talk, message, here.staff, "She asks about shipping", "Delivery times", LATER)
    assert read(session, talk, "brand") == ["She asks about shipping"]
    (original,) = told(session, talk, "agency")
    assert original.passing == "reworded" and original.message.body == "Your shipping is a joke"
    assert (subject_for(talk, "brand"), subject_for(talk, "influencer")) == ("Delivery times", "Shipping")


def test_what_staff_keep_the_other_side_never_reads(session: Session) -> None:
    here = stage(session)
    talk, message = asked(session, here)
    talks.keep(session, talk, message, here.staff, LATER)
    talks.say(session, talk, here.staff, "In three days", ["influencer"], LATER)
    assert read(session, talk, "brand") == []
    assert read(session, talk, "influencer") == ["When does it ship?", "In three days"]
    assert told(session, talk, "influencer")[0].passing == "kept"


def test_a_subject_is_not_told_by_writing_to_the_other_side_past_it(session: Session) -> None:
    here = stage(session)
    talk, _ = asked(session, here, "Their shipping is a joke")
    talks.say(session, talk, here.staff, "How long do you take?", ["brand"], LATER)
    assert seen_by(session, here.brand) == [talk]
    assert subject_for(talk, "brand") == "Question" and subject_for(talk, "influencer") == "Shipping"


def test_a_message_is_decided_on_once(session: Session) -> None:
    here = stage(session)
    talk, message = passed(session, here)
    with pytest.raises(Conflict):
        talks.keep(session, talk, message, here.staff, LATER)


def test_the_brands_answer_waits_as_well(session: Session) -> None:
    here = stage(session)
    talk, _ = passed(session, here)
    answer = talks.say(session, talk, here.brand, "Tomorrow", ["influencer"], LATER)
    assert read(session, talk, "influencer") == ["When does it ship?"]
    talks.pass_on(session, talk, answer, here.staff, "Tomorrow", "ignored", LATER)
    assert read(session, talk, "influencer") == ["When does it ship?", "Tomorrow"]


def test_a_note_among_staff_is_read_by_staff_only(session: Session) -> None:
    here = stage(session)
    talk, _ = passed(session, here)
    talks.say(session, talk, here.staff, "she is difficult", [], LATER)
    outside = read(session, talk, "brand") + read(session, talk, "influencer")
    assert "she is difficult" not in outside and "she is difficult" in read(session, talk, "agency")
    assert talk.status == "passed_on"


def test_opened_to_both_sides_what_follows_is_read_at_once_and_what_waited_still_waits(session: Session) -> None:
    here = stage(session)
    talk, _ = passed(session, here)
    talks.say(session, talk, here.brand, "a first draft", ["influencer"], LATER)
    talks.mediate(session, talk, True)
    talks.say(session, talk, here.brand, "Tomorrow", ["influencer"], LATER)
    assert read(session, talk, "influencer") == ["When does it ship?", "Tomorrow"]
    assert waiting_for_staff(session) == [talk]


def test_what_is_for_the_agency_alone_stays_there_in_an_opened_talk_too(session: Session) -> None:
    here = stage(session)
    talk, _ = passed(session, here)
    talks.mediate(session, talk, True)
    talks.say(session, talk, here.influencer, "they never pay", [], LATER)
    assert "they never pay" not in read(session, talk, "brand") and talk.status == "open"


def test_a_talk_with_one_side_cannot_be_opened_to_two(session: Session) -> None:
    here = stage(session)
    opening = talks.Opening("question", "Money", "When am I paid?", [], here.campaign, here.noa.influencer)
    talk, _ = talks.open_talk(session, here.influencer, opening, factories.NOW)
    with pytest.raises(Conflict):
        talks.mediate(session, talk, True)


def test_feedback_to_everybody_is_read_by_all_who_take_part_once_it_is_passed_on(session: Session) -> None:
    here = stage(session)
    brand = here.campaign.brand
    opening = talks.Opening("feedback", "Thanks", "Well done", ["influencer"], here.campaign, None, brand, True)
    talk, message = talks.open_talk(session, here.brand, opening, factories.NOW)
    assert seen_by(session, here.other) == []
    talks.pass_on(session, talk, message, here.staff, "Well done", "Thanks", LATER)
    here.tal.status = "removed"
    session.flush()
    assert seen_by(session, here.influencer) == [talk] and seen_by(session, here.other) == []
    with pytest.raises(Conflict):
        talks.say(session, talk, here.influencer, "you are welcome", [], LATER)


def test_unread_are_the_messages_of_others_since_somebody_looked(session: Session) -> None:
    here = stage(session)
    talk, _ = passed(session, here)
    assert (unread(session, here.brand), unread(session, here.influencer)) == (1, 0)
    assert mark_seen(session, talk, here.brand) and not mark_seen(session, talk, here.brand)
    assert unread(session, here.brand) == 0
    talks.say(session, talk, here.staff, "Both of you: tomorrow", ["influencer", "brand"], LATER)
    assert (unread(session, here.brand), unread(session, here.influencer)) == (1, 1)


def test_a_message_passed_on_after_a_later_one_was_seen_is_unread(session: Session) -> None:
    here = stage(session)
    talk, message = asked(session, here)
    talks.say(session, talk, here.staff, "a word from us", ["brand"], LATER)
    mark_seen(session, talk, here.brand)
    talks.pass_on(session, talk, message, here.staff, "When?", "Shipping", LATER)
    assert unread(session, here.brand) == 1


def test_writing_in_a_closed_talk_opens_it_again(session: Session) -> None:
    here = stage(session)
    talk, _ = passed(session, here)
    talks.close(session, talk)
    assert waiting_for_staff(session) == []
    talks.say(session, talk, here.influencer, "and what now?", [], LATER)
    assert waiting_for_staff(session) == [talk]


def test_words_that_are_missing_or_too_long_are_refused_by_name(session: Session) -> None:
    here = stage(session)
    with pytest.raises(Invalid) as refused:
        talks.open_talk(session, here.influencer, talks.Opening("question", "s" * 201, " "), factories.NOW)
    assert refused.value.errors.keys() == {"subject", "message"}


def test_what_was_said_cannot_be_changed(session: Session) -> None:
    passed(session, stage(session))
    with pytest.raises(DatabaseError):
        session.execute(text("UPDATE talk_message SET body = 'nothing'"))
    session.rollback()
