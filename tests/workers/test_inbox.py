"""An SMS that waits is answered once, in the order of its number, and a poisoned one holds up nobody."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import current_app
from sqlalchemy import select

from broadcast_schedule.carriage_tables import AsRun, StationContact
from broadcast_schedule.tables import Station
from core import clock
from demo import people, timetables
from gateway import inbox, opt_out
from gateway.tables import Inbox, Outbox
from lessons.tables import Answer, Enrolment, QuizEdition
from lessons.tables import Course as CourseRow
from schools.tables import Learner
from tests.gateway import fixtures
from tests.gateway.fixtures import PHONE
from workers import inbox as work


@pytest.fixture
def text(app, database, make_line):
    """text("MTK5") -> the id of the message that waits, not answered yet."""
    line, count = make_line("simulator", "sms"), iter(range(1000))

    def send(said, msisdn=PHONE, answer=True, said_at=None):
        its_id = database.step(
            lambda db: inbox.receive_once(db, line.id, f"m{next(count)}", msisdn, said, clock.to_ms(clock.now()), said_at)
        )  # fmt: skip
        if answer:
            work.answer(its_id)
        return its_id

    return send


def replies(database):
    with database.reading() as db:
        return [row.text for row in db.scalars(select(Outbox).order_by(Outbox.id))]


def answers(database):
    with database.reading() as db:
        return [(a.item_id, a.typed, a.mark, a.medium) for a in db.scalars(select(Answer).order_by(Answer.id))]


def test_keyword_in_first_question_out_and_one_message_for_verdict_and_question(text, quiz, database):
    for said in ("mtk5", "2", "5", "6"):
        text(said)
    said = replies(database)
    assert len(said) == 4
    assert said[0].startswith("1/3 1 + 1 = ?")
    assert said[1].startswith("Benar!\n2/3 2 + 2 = ?")
    assert answers(database) == [("i1", "2", "right", "sms"), ("i2", "5", "wrong", "sms"), ("i3", "6", "right", "sms")]


def test_a_printed_sheet_is_answered_in_one_message(text, quiz, database):
    with database.reading() as db:
        edition = db.scalar(select(QuizEdition.id))
    text(f"Q{edition}: 1=2 2=5 3=-")
    assert replies(database) == [f"Q{edition} Tambah-tambahan: 1 dari 3 benar. Salah: 2=4. Kosong: 3.\n00.Menu"]
    assert answers(database) == [("i1", "2", "right", "sms"), ("i2", "5", "wrong", "sms")]


def test_the_demos_relay_is_reported_by_its_stations_person_and_by_nobody_else(text, database):
    now = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)  # Wednesday; the relay is on the air since 11.00 WITA
    with time_machine.travel(now - timedelta(days=1), tick=False), database.writing() as db:
        people.seed(db, clock.now(), "a secret of the tests")
        timetables.seed(db, clock.now(), "a secret of the tests")
        station = db.scalar(select(Station.id).where(Station.slug == "rri-samarinda"))
        db.add(StationContact(station_id=station, msisdn=PHONE, created_at=clock.now()))
    with time_machine.travel(now, tick=False):
        for said, msisdn in (("SIAR 101", PHONE), ("siar 102", PHONE), ("SIAR 101", "+6281255500199")):
            text(said, msisdn=msisdn)
    first, second, third = replies(database)
    assert first == "Tercatat: Belajar di RRI (Ibu Pertiwi Memanggil) Rab 25 Nov 11.00 WITA sudah siar. Terima kasih."
    assert second.startswith("Kode 102 tidak ada pada stasiun Anda.")
    assert "Tercatat" not in third
    with database.reading() as db:
        assert db.execute(select(AsRun.station_id, AsRun.state, AsRun.source)).all() == [(station, "aired", "sms")]


def test_a_message_is_answered_once_however_often_it_is_asked_for(text, quiz, database):
    its_id = text("MTK5")
    assert [work.answer(its_id) for _ in range(5)] == [False] * 5
    assert work.answer_waiting() == 0
    assert len(replies(database)) == 1


def test_earlier_messages_of_a_number_are_answered_first(text, quiz, database):
    text("MTK5")
    text("2", answer=False)
    last = text("MENU", answer=False)
    work.answer(last)
    assert answers(database) == [("i1", "2", "right", "sms")]
    assert replies(database)[2].startswith("Halo! Mau apa?")


def test_the_second_of_two_quick_answers_is_no_answer_to_a_question_that_was_not_sent_yet(text, quiz, database):
    text("MTK5")
    text("2", answer=False)
    text("4", answer=False)
    time.sleep(0.002)  # moments are whole milliseconds
    work.answer_waiting()
    assert answers(database) == [("i1", "2", "right", "sms")]
    assert replies(database)[2].startswith("Jawabanmu untuk soal 1 sudah kami terima.\n2/3 2 + 2 = ?")
    text("4")
    assert answers(database) == [("i1", "2", "right", "sms"), ("i2", "4", "right", "sms")]


def test_an_answer_that_the_network_held_back_is_for_the_question_of_that_time(text, quiz, database):
    text("MTK5")
    text("2")
    text("2", said_at=clock.to_ms(clock.now()) - 60_000)
    assert answers(database) == [("i1", "2", "right", "sms")]
    text("4", said_at=clock.to_ms(clock.now()))
    assert answers(database)[1:] == [("i2", "4", "right", "sms")]


@pytest.mark.parametrize(
    ("columns", "is_marked"),
    [
        ({}, True),
        ({"created_at": clock.now() - timedelta(minutes=1)}, False),
        ({"attempts": 1}, False),
        ({"state": "expired"}, False),
        ({"state": "sent", "attempts": 1}, True),
        ({"state": "failed", "attempts": 1}, True),
    ],
)
def test_nothing_answers_a_question_that_still_waits_to_leave(text, quiz, database, columns, is_marked):
    text("MTK5")
    text("2")
    with database.writing() as db:
        newest = db.scalars(select(Outbox).order_by(Outbox.id.desc())).first()
        for name, value in columns.items():
            setattr(newest, name, value)
    text("4")
    assert len(answers(database)) == (2 if is_marked else 1)


def test_stop_is_acknowledged_once_and_holds(text, quiz, database):
    text("MTK5")
    text("Stop. Terima kasih")
    ack = "Kamu tidak akan menerima SMS lagi dari kami. Balas MULAI bila ingin ikut lagi."
    assert replies(database)[1:] == [ack]
    for said in ("2", "why?", "MTK5", "stop", "MENU", "UNREG IPA5"):
        text(said)
    assert len(replies(database)) == 2
    assert answers(database) == []
    with database.reading() as db:
        first, second = db.scalars(select(Outbox).order_by(Outbox.id))
        assert [first.state, second.state] == ["cancelled", "created"]
    text("mulai")
    assert len(replies(database)) == 3
    text("MTK5")
    assert len(replies(database)) == 4


@pytest.mark.parametrize("word", ["END", "batal", "Keluar", "quit"])
def test_a_word_that_may_be_an_answer_is_one_while_a_question_is_open(text, quiz, database, word):
    text("MTK5")
    text(word)
    assert not database.step(lambda db: opt_out.is_out(db, PHONE))
    other = "+6281200000009"
    text(word, other)
    assert database.step(lambda db: opt_out.is_out(db, other))


def test_unreg_with_a_code_leaves_that_course(text, database):
    with database.writing() as db:
        learner = Learner(msisdn=PHONE, language="id", created_at=clock.now())
        course = CourseRow(code="IPA5", draft={})
        db.add_all([learner, course])
        db.flush()
        db.add(Enrolment(learner_id=learner.id, course_id=course.id, at=clock.now()))
    text("unreg ipa5")
    text("UNREG XYZ")
    assert replies(database) == [
        "Kamu sudah keluar dari kursus IPA5. Balas STOP untuk berhenti dari semuanya.",
        "Kode XYZ tidak kami kenal. Balas STOP untuk berhenti dari semua SMS kami.",
    ]
    with database.reading() as db:
        assert db.scalars(select(Enrolment)).all() == []
    assert not database.step(lambda db: opt_out.is_out(db, PHONE))


def test_a_poisoned_message_is_undone_counted_and_holds_up_nobody(text, quiz, database, monkeypatch):
    whole = work.converse

    def poisoned(db, library, msisdn, heard, *args, **more):
        reply = whole(db, library, msisdn, heard, *args, **more)
        if heard.text == "racun":
            raise ValueError("a defect")
        return reply

    monkeypatch.setattr(work, "converse", poisoned)
    text("MTK5")
    bad = text("racun", answer=False)
    good = text("2", answer=False)
    assert work.answer_waiting() == 2
    assert answers(database) == [("i1", "2", "right", "sms")]
    with database.reading() as db:
        assert [(row.state, row.attempts) for row in (db.get(Inbox, bad), db.get(Inbox, good))] == [
            ("waiting", 1),
            ("answered", 0),
        ]


@pytest.mark.parametrize("opening", ["", "MTK5"])
@pytest.mark.parametrize(
    "answer",
    [
        lambda n, ours: "Terima kasih, pesan Anda sudah kami terima.",
        lambda n, ours: f"Pesan ke-{n} diterima pukul 10.{n}. Kami segera membalas.",
        lambda n, ours: "Sedang sibuk",
        lambda n, ours: ours,
        lambda n, ours: f"Anda menulis: {ours}",
    ],
)
def test_two_machines_that_answer_one_another_stop_at_five(text, quiz, database, opening, answer):
    if opening:
        text(opening)
    before = len(replies(database))
    for n in range(30):
        text(answer(10 + n, (replies(database) or ["Selamat datang di layanan kami"])[-1]))
    assert len(replies(database)) - before <= 5
    text("MENU")
    text("MENU")
    assert len(replies(database)) - before >= 3  # a person may speak again


def test_ten_short_answers_in_ten_seconds_are_all_replied_to(text, quiz, database):
    for _ in range(10):
        text("A")
    assert len(replies(database)) == 10


def test_two_workers_at_the_same_message_give_one_answer(any_database):
    app = current_app._get_current_object()
    fixtures.publish_quiz(app)
    line = fixtures.add_line(app, "simulator", "sms")
    for n, said in enumerate(("MTK5", "2", "4", "6")):
        now = clock.to_ms(clock.now())
        its_id = any_database.step(lambda db, n=n, said=said, now=now: inbox.receive_once(db, line.id, f"m{n}", PHONE, said, now))
        start = threading.Barrier(4)

        def worker(its_id=its_id, start=start):
            with app.app_context():
                start.wait()
                work._answer_one(its_id)

        threads = [threading.Thread(target=worker) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [typed for _, typed, _, _ in answers(any_database)] == ["2", "4", "6"]
    assert len(replies(any_database)) == 4


def test_a_message_that_was_answered_is_not_said_again_and_its_reply_is_posted_once(text, quiz, database):
    its_id = text("MTK5")
    content = work.library()
    assert database.step(lambda db: work.reply_to(db, its_id, content, {})) is None
    with database.writing() as db:
        db.get(Inbox, its_id).state = "waiting"  # whoever brings it back, its reply has gone
    work.answer(its_id)
    assert len(replies(database)) == 1
