"""What was sent before the present prompt answers nothing in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lessons.dialogue.turn import Heard
from tests.learners import ANI, BUDI, SITI, Phone, SmallWorld


def early(phone, said):
    return phone.hear(Heard("said", said, phone.state.asked_at - 1))


def by_sms(*people):
    phone = Phone(SmallWorld(*people)).on("sms")
    phone.say("UJIAN")
    return phone


def tick(phone, seconds=1):
    phone.world.now += timedelta(seconds=seconds)


def marked(phone):
    return [(fact.item, fact.typed) for fact in phone.world.happenings if hasattr(fact, "typed")]


@pytest.mark.parametrize("said", ["B", "1", "13", "xyz", "0"])
def test_an_early_answer_is_not_marked_and_the_question_comes_again(said):
    phone = by_sms(SITI)
    tick(phone)
    phone.say("A")
    going = phone.state.place.going
    text = early(phone, said)
    assert text.startswith("Jawabanmu untuk soal 1 sudah kami terima.\n2/2 ")
    assert (marked(phone), phone.state.place.going) == ([("s4", "A")], going)
    assert phone.hear(Heard("said", "A", phone.state.asked_at)).startswith("Benar!")


def test_the_question_keeps_its_moment_while_it_is_only_repeated():
    phone = by_sms(SITI)
    first = phone.state.asked_at
    for said in ("xyz", "JADWAL", "BANTUAN"):
        tick(phone)
        phone.say(said)
    assert phone.state.asked_at == first
    tick(phone)
    phone.hear(Heard("said", "A", first))
    assert (marked(phone), phone.state.asked_at) == ([("s4", "A")], first + 4000)


def test_before_the_first_question_there_is_none_that_it_could_answer():
    phone = by_sms(SITI)
    assert early(phone, "A").startswith("Pesanmu datang sebelum kami bertanya ini.\n1/2 ")
    assert marked(phone) == []


def test_a_quiz_that_has_ended_is_not_begun_again_by_what_came_before():
    phone = by_sms(SITI)
    phone.say("A", "A")
    assert phone.state.place.scene == "result"
    assert early(phone, "1").startswith("Jawabanmu untuk soal 2 sudah kami terima.")
    assert phone.state.place.scene == "result"


def test_nobody_is_chosen_by_what_came_before_we_asked_who():
    phone = by_sms(ANI, BUDI)
    early(phone, "2")
    assert (phone.state.who, phone.state.place.scene) == (0, "who")
    phone.hear(Heard("said", "2", phone.state.asked_at))
    assert phone.state.who == BUDI.id


def test_a_word_leads_where_it_names_whenever_it_was_sent():
    phone = by_sms(SITI)
    early(phone, "MENU")
    assert phone.state.place.scene == "menu"


def test_only_messages_can_be_early():
    phone = by_sms(SITI)
    phone.on("ussd").dial("UJIAN")
    assert phone.state.asked_at == 0
    phone.hear(Heard("said", "1", 1))
    assert marked(phone) == [("s4", "1")]


def test_a_question_asked_before_the_clock_was_set_back_is_answered():
    phone = by_sms(SITI)
    tick(phone, -3600)
    assert phone.hear(Heard("said", "A", phone.state.asked_at - 3_599_000)).startswith("Benar!")
    tick(phone, -3600)
    assert phone.hear(Heard("said", "13", 0)).startswith("Jawabanmu untuk soal 1")  # the question had not left yet
    assert marked(phone) == [("s4", "A")]
