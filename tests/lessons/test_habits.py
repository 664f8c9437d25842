"""What a phone's people do for themselves, through the shell and the database: newcomers, PINs, numbers, days, certificates."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lessons.practice_tables import Certificate, Habit, HintShown, PracticeAnswer
from lessons.render import sms
from lessons.tables import Conversation, Enrolment
from schools.tables import Learner
from tests.learners import NOW, SEPULUH, replace
from tests.lessons.test_conversation import NEW, NUMBER, SHARED, Line, publish, rows, school

__all__ = ["school"]


def habit(database, learner, *columns):
    return rows(database, *columns, learner_id=learner)


def test_a_newcomer_is_a_learner_of_her_own_with_a_name_for_this_phone_alone(school):
    line = Line(school, SHARED)
    line.dial()
    assert line.say("3").split("\n")[0] == "Ketik nama panggilanmu. Nama ini hanya tampil di telepon ini."
    line.say("cici")
    assert line.say("1").split("\n")[0] == "Halo, Cici! Mau apa?"
    assert line.dial() == "Siapa ini?\n1. Ani\n2. Murid 2\n3. Cici\n4. Murid baru"
    line.say("Cici", "sepuluh", "1")
    assert rows(school, Learner.id, Learner.name, Learner.school_id, msisdn=SHARED)[-1] == (4, None, None)
    with school.reading() as db:
        assert db.get(Conversation, SHARED).state.count('"-1"') == 0


def test_no_more_than_eight_learn_on_a_number(school):
    line = Line(school, SHARED)
    for n in range(6):
        line.dial()
        line.say(str(3 + n), f"Nama {'abcdef'[n]}{'abcdef'[n]}")
    assert "Murid baru" not in line.dial()


def test_three_wrong_pins_lock_for_a_quarter_of_an_hour_in_every_session(school):
    line = Line(school)
    line.dial()
    line.say("PIN 42")
    assert line.dial().split("\n")[0] == "Siti, tekan PIN-mu (dua angka)."
    line.say("11", "12")
    line.dial()
    assert line.say("13").split(".")[0] == "PIN salah terlalu sering"
    line.now += timedelta(minutes=14)
    assert line.dial().split(".")[0] == "PIN salah terlalu sering"
    line.now += timedelta(minutes=2)
    line.dial()
    assert line.say("42").split("\n")[0] == "Halo, Siti! Mau apa?"
    assert habit(school, 1, Habit.pin_failed, Habit.pin_locked_until) == [(0, None)]
    line.say("PIN HAPUS")
    assert line.dial().split("\n")[0] == "Halo, Siti! Mau apa?"
    with school.reading() as db:
        assert db.get(Habit, 1).pin is None


def test_a_name_and_a_pin_and_an_answer_in_one_message(school):
    line = Line(school, SHARED, sms.budget())
    line.say("Ani", "PIN 42", "sepuluh")
    assert line.say("ani 42 a").split("\n")[1] == "2/10 Berapa 5 x 3?"
    assert line.say("ani a") == "Ani, tekan PIN-mu (dua angka).\n0.Kembali"
    assert line.say("42").split("\n")[1] == "3/10 Berapa 6 x 3?"  # the answer that she wrote beside her name


def test_half_a_year_of_silence_shows_no_name_and_a_new_owner_begins_with_nothing(school):
    line = Line(school)
    line.dial("sepuluh")
    line.say("1")
    line.now += timedelta(days=181)
    shown = [line.dial(), line.say("1"), line.say("Zaki"), line.dial()]
    assert [("Siti" in text, "Sepuluh" in text) for text in shown] == [(False, False)] * 4
    line.say("2")
    assert line.dial().split("\n")[0] == "Pilih bahasa / Choose language:"
    assert [name for _id, name in rows(school, Learner.id, Learner.name, msisdn=NUMBER)] == [None]
    assert rows(school, Learner.id, Learner.msisdn, name="Siti") == [(1, None)]


def test_who_says_her_own_name_goes_on_where_she_was(school):
    line = Line(school)
    line.dial("sepuluh")
    line.say("1")
    line.now += timedelta(days=181)
    line.dial()
    line.say("1")
    assert line.say("SITI").split("\n")[0] == "Kuis Sepuluh soal: lanjut di soal 2 dari 10?"
    assert line.dial().split("\n")[0] == "Kuis Sepuluh soal: lanjut di soal 2 dari 10?"


def test_a_school_may_doubt_a_number(school):
    line = Line(school)
    line.dial()
    with school.writing() as db:
        db.add(Habit(learner_id=1, doubted_at=NOW))
    assert line.dial().split("\n")[0] == "Halo! Pernah belajar di sini dengan nomor ini?"
    line.say("1", "siti")
    assert habit(school, 1, Habit.doubted_at) == [(None,)]


def test_a_visitor_without_a_name_is_not_asked(school):
    line = Line(school, NEW)
    line.dial()
    line.say("1")
    line.now += timedelta(days=400)
    assert line.dial().split("\n")[0] == "Halo! Mau apa?"


def test_days_in_a_row_are_counted_in_her_zone_and_break(school):
    line = Line(school)
    line.dial("sepuluh")
    for days, streak in ((0, 1), (1, 2), (1, 3), (2, 1)):
        line.now += timedelta(days=days)
        line.say("1", "1")
        assert habit(school, 1, Habit.streak) == [(streak,)]
    assert habit(school, 1, Habit.longest) == [(3,)]


def test_her_menu_and_her_result_say_how_many_days(school):
    line = Line(school)
    line.dial("sepuluh")
    line.say("1")
    line.now += timedelta(days=1)
    assert line.say(*["1"] * 9).split("\n")[1] == "Sepuluh soal selesai! 10 dari 10 benar. 2 hari berturut-turut!"
    assert line.say("00").split("\n")[0] == "Halo, Siti! 2 hari berturut-turut! Mau apa?"
    line.now += timedelta(days=3)
    assert line.dial().split("\n")[0] == "Halo, Siti! Mau apa?"


def test_the_ladder_is_climbed_certified_and_remembered(school):
    hinted = replace(SEPULUH.items[0], hint={"id": "Coba 4 + 4 + 4."})
    publish(school, replace(SEPULUH, course="MTK4", items=(hinted, *SEPULUH.items[1:])))
    line = Line(school)
    line.dial("1*1*3")
    right = {f"{n} x 3": str(3 * n) for n in range(4, 14)}
    shown = line.say(*["1"] * 5)
    for _ in range(30):
        if "Kode sertifikat" in shown:
            break
        shown = line.say("1" if "Lanjut latihan" in shown else next(v for k, v in right.items() if k in shown))
    code = shown.split("Kode sertifikat: ")[1].split("\n")[0].split(" ")[0].replace("-", "")
    assert rows(school, Certificate.code, Certificate.learner_id, Certificate.criterion) == [(code, 1, "3/4")]
    [(placed, finished_at)] = rows(school, Enrolment.placed, Enrolment.finished_at, learner_id=1)
    assert (placed, finished_at) == (2, NOW)
    marks = [mark for _id, mark in rows(school, PracticeAnswer.id, PracticeAnswer.mark)]
    assert marks == ["right"] * len(marks)
    assert [n for (n,) in rows(school, PracticeAnswer.number)] == list(range(1, len(marks) + 1))
    line.say("00")
    line.say("latihan", "1")
    assert rows(school, Certificate.code) == [(code,)]


def test_a_hint_is_recorded_and_costs_nothing(school):
    hinted = replace(SEPULUH.items[0], hint={"id": "Coba 4 + 4 + 4."})
    publish(school, replace(SEPULUH, items=(hinted, *SEPULUH.items[1:])))
    line = Line(school)
    assert line.dial("sepuluh").split("\n")[-1] == "00.Menu 8.Petunjuk"
    assert line.say("8").split("\n")[0] == "Petunjuk: Coba 4 + 4 + 4."
    line.say("petunjuk", "?")
    assert line.say("1").split("\n")[1] == "2/10 Berapa 5 x 3?"
    assert rows(school, HintShown.learner_id, HintShown.number, HintShown.item_id) == [(1, 1, "s4")]


def test_the_daily_set_comes_back_the_next_day_and_not_twice(school):
    line = Line(school)
    line.dial("sepuluh")
    line.say(*["2"] * 3, *["1"] * 7)
    line.now += timedelta(days=1)
    assert line.dial("latihan").split(" ")[0] == "1/3"  # those that were wrong; the others are safe for some days
    assert "Latihan hari ini selesai: 3 dari 3 benar." in line.say("1", "1", "1")
    assert line.dial("latihan").split(".")[0] in ("Tidak ada yang perlu diulang sekarang", "Belum ada yang bisa dilatih")
    with school.reading() as db:
        assert len(list(db.scalars(select(PracticeAnswer)))) == 3
