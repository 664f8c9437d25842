"""A person's rights: nothing of her is left, nothing of her siblings is touched, and no table is forgotten."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import insert, select

from broadcast_schedule import planning, stations
from broadcast_schedule.tables import Channel
from core.database import Base
from core.problems import Refused
from gateway import person_file, persons
from gateway.tables import Inbox, Line, Outbox
from lessons import reports
from lessons.dialogue.state import Place, State, from_json, to_json
from lessons.tables import Answer, Attempt, Conversation
from schools import consent, people
from schools.tables import Class, Learner
from tests.classroom import QUIZ, answer, publish
from tests.schools.conftest import two_schools

__all__ = ["two_schools"]
NOW = datetime(2026, 11, 23, 1, 10, tzinfo=UTC)
NAME, NUMBER, GUARDIAN = "Zubaedah Kenari", "+6281277788899", "Walinya Kenari"
CANARIES = ("Zubaedah", "Kenari", "81277788899", "rahasia kenari")


def test_every_table_that_knows_a_person_has_a_rule():
    """A new table with a learner or a number must say what becomes of it when she asks for erasure."""
    assert set(persons.RULES) == set(persons.tables_of_persons())


def test_a_forgotten_table_is_found():
    from sqlalchemy import Column, ForeignKey, Integer, Table

    planted = Table("planted", Base.metadata, Column("who", Integer, ForeignKey("learners.id")))
    try:
        assert "planted" in persons.tables_of_persons()
    finally:
        Base.metadata.remove(planted)


@pytest.fixture
def her(database, two_schools):
    """A learner in every table that can know one, with words of hers in each; and a sibling on demand."""
    quiz = publish(database, two_schools.A.teacher, QUIZ)
    with database.writing() as db:
        room = db.get(Class, two_schools.A.room)
        who = people.add_learner(db, room, NAME, NUMBER, NOW)
        consent.give(db, who.id, GUARDIAN, "paper", NOW, two_schools.A.teacher)
        line = Line(provider="simulator", medium="sms", address="77", token="t")
        db.add(line)
        db.flush()
        learner, line_id = who.id, line.id
    answer(database, quiz, learner, "rr", typed="rahasia kenari", at=NOW)
    answer(database, quiz, learner, "w", number=2, typed="2", at=NOW)
    programme_on_a_station(database)
    with database.writing() as db:
        for name, rule in persons.RULES.items():
            table = Base.metadata.tables[name]
            if rule != persons.OTHERS and name not in ("learners", "consents", "attempts", "conversations", "inbox", "outbox"):
                db.execute(insert(table).values(_row(table, learner, quiz, line_id, rule)))
        db.add(
            Conversation(msisdn=NUMBER, state=to_json(State(learner, {str(learner): Place("menu", {"x": NAME})})), updated_at=NOW)
        )
        for n, state in enumerate(("created", "held", "unknown", "delivered")):
            db.add(_message(line_id, n, state, f"Halo {NAME}, 3 soal menunggu"))
        db.add(_message(line_id, 9, "created", "Benar! Soal 2"))
        for n, state in enumerate(("waiting", "answered")):
            db.add(
                Inbox(
                    line_id=line_id, key=f"k{n}", msisdn=NUMBER, text="ZUBAEDAH B", received_at=NOW, state=state, reply="Kenari?"
                )
            )
    return learner, quiz, two_schools.A


def programme_on_a_station(database):
    """Slot 1 on station 1, of which she wants to be reminded."""
    with database.writing() as db:
        station = stations.create_station(db, "rri", "RRI", "Asia/Jakarta")
        channel = db.scalar(select(Channel.id).where(Channel.station_id == station.id))
        programme = planning.save_programme(db, planning.ProgrammeDraft("X-Sains", "", "")).id
        wanted = planning.SlotDraft(channel, programme, NOW.date(), time(8), 30, "Asia/Jakarta", frozenset({0}))
        assert (planning.save_slot(db, wanted).id, station.id) == (1, 1)


def _row(table, learner, quiz, line, rule):
    given = {"learner_id": learner, "quiz_id": quiz, "line_id": line, "msisdn": NUMBER, "course_id": None, "staff_id": None}
    row = {}
    for column in table.columns:
        if column.name in given and (given[column.name] is not None or column.nullable):
            row[column.name] = given[column.name]
        elif column.name == "course_id":
            row[column.name] = 1
        elif column.primary_key and column.autoincrement is not False and "INT" in str(column.type) and not column.foreign_keys:
            continue
        elif not column.nullable and column.default is None and column.server_default is None:
            python = column.type.python_type if str(column.type) != "BIGINT" else datetime
            row[column.name] = {
                int: 1,
                float: 1.0,
                str: ("x" if rule == persons.KEPT else "rahasia kenari")[: getattr(column.type, "length", 99)],
                datetime: NOW,
            }[python]
    return row


def _message(line, n, state, text, number=NUMBER):
    rank = {"created": 0, "held": 0, "unknown": 3, "delivered": 9}[state]
    return Outbox(
        key=f"m{n}", line_id=line, msisdn=number, text=text, segments=1, state=state, rank=rank, not_before=NOW,
        expires_at=NOW + timedelta(hours=1), created_at=NOW, price=350,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def a_course(database, two_schools):
    from lessons.tables import Course

    with database.writing() as db:
        db.add(Course(id=1, code="X1", draft={}))


def erase(database, learner):
    with database.writing() as db:
        proof = persons.erase(db, learner, NOW)
    database.forget()
    return proof


def disk(settings):
    return b"".join(path.read_bytes() for path in settings.instance_dir.glob("kentongan.db*") if "shm" not in path.name)


def test_nothing_of_her_is_left_on_the_disk(database, settings, her):
    learner, _quiz, _school = her
    database.forget()
    assert [word for word in CANARIES if word.encode() in disk(settings)] == list(CANARIES)
    erase(database, learner)
    assert [word for word in CANARIES if word.encode() in disk(settings)] == []


def test_counts_stay_and_the_proof_says_what_went(database, her):
    learner, quiz, school = her
    with database.reading() as db:
        before = [(c.right, c.wrong, c.answers) for c in reports.by_item(db, quiz, school.school)]
    proof = erase(database, learner)
    with database.reading() as db:
        assert [(c.right, c.wrong, c.answers) for c in reports.by_item(db, quiz, school.school)] == before
        typed = db.scalars(select(Answer.typed).join(Attempt).where(Attempt.learner_id == learner).order_by(Answer.id)).all()
        assert (typed, consent.state(db, learner), [row.state for row in consent.history(db, learner)]) == (
            ["", "", "2"],
            "erased",
            ["erased", "given"],
        )
        assert [one.id for one in people.learners(db, school.school)] == [school.learner]
        assert db.scalars(select(Outbox.state).order_by(Outbox.id)).all() == ["cancelled"] * 3 + ["delivered", "cancelled"]
        assert db.scalars(select(Inbox.state)).all() == ["answered", "answered"]
    assert (proof["erased"], proof["at"], proof["number_shared_with"], proof["rows"]["answers"], proof["rows"]["cancelled"]) == (
        learner, "2026-11-23T01:10:00+00:00", 0, 2, 4,
    )  # fmt: skip


def test_a_second_time_finds_nothing_and_the_first_proof_stands(database, her):
    learner, _quiz, _school = her
    erase(database, learner)
    with database.writing() as db:
        again = persons.erase(db, learner, NOW + timedelta(days=1))
    assert (again["at"], {name: n for name, n in again["rows"].items() if n and name not in ("learners", "consents")}) == (
        "2026-11-23T01:10:00+00:00",
        {},
    )


def test_a_sibling_keeps_her_number_her_talk_and_her_messages(database, her):
    learner, quiz, school = her
    with database.writing() as db:
        sibling = people.add_learner(db, db.get(Class, school.room), "Budi Kedua", NUMBER, NOW).id
        talk = db.get(Conversation, NUMBER)
        talk.state = to_json(State(learner, {str(learner): Place("menu", {"x": NAME}), str(sibling): Place("lesson")}))
        line = db.scalar(select(Line.id))
        db.add(_message(line, 20, "created", "Halo Budi, ini soalmu"))
        db.add(Inbox(line_id=line, key="k9", msisdn=NUMBER, text="BUDI B", received_at=NOW, state="waiting"))
    answer(database, quiz, sibling, "r", typed="kata budi", at=NOW)
    proof = erase(database, learner)
    with database.reading() as db:
        assert proof["number_shared_with"] == 1
        assert (db.get(Learner, sibling).msisdn, db.get(Learner, sibling).name) == (NUMBER, "Budi Kedua")
        state = from_json(db.get(Conversation, NUMBER).state)
        assert (state.who, list(state.places), state.places[str(sibling)].scene) == (0, [str(sibling)], "lesson")
        left = db.execute(select(Outbox.text, Outbox.state).where(Outbox.text != "").order_by(Outbox.id)).all()
        assert [tuple(row) for row in left] == [("Benar! Soal 2", "created"), ("Halo Budi, ini soalmu", "created")]
        assert db.scalars(select(Inbox.text).where(Inbox.state == "waiting")).all() == ["BUDI B"]
        assert db.scalars(select(Answer.typed).join(Attempt).where(Attempt.learner_id == sibling)).all() == ["kata budi"]


def test_what_is_held_of_her_is_told_in_words_and_in_rows(database, her):
    learner, quiz, _school = her
    with database.reading() as db:
        told = person_file.write(db, learner, NOW)
    assert (told["name"], told["msisdn"], told["class"], told["school"]["npsn"]) == (NAME, NUMBER, "5A", "99000001")
    assert told["attempts"][1] == {
        "quiz": quiz, "title": "Tumbuhan hijau", "number": 2,
        "started_at": "2026-11-23T01:10:00+00:00", "finished_at": "2026-11-23T01:11:00+00:00",
        "answers": [
            {
                "prompt": "Apa yang menyerap air dari tanah?", "typed": "2", "mark": "wrong", "score": 0, "medium": "ussd",
                "answered_at": "2026-11-23T01:10:00+00:00",
            }
        ],
    }  # fmt: skip
    assert {name for name, rows in told["held"].items() if not rows} == set()
    assert told["held"]["web_codes"][0]["code_hash"] is True
    assert json.loads(json.dumps(told)) == told


def test_of_a_shared_number_only_what_names_her_is_told(database, her):
    learner, _quiz, school = her
    with database.writing() as db:
        people.add_learner(db, db.get(Class, school.room), "Budi Kedua", NUMBER, NOW)
    with database.reading() as db:
        told = person_file.write(db, learner, NOW)
    assert (told["number_shared_with"], {row["text"] for row in told["held"]["outbox"]}) == (1, {f"Halo {NAME}, 3 soal menunggu"})


def test_an_erased_learner_has_nothing_to_tell_but_her_counts(database, her):
    learner, _quiz, _school = her
    erase(database, learner)
    with database.reading() as db:
        told = json.dumps(person_file.write(db, learner, NOW))
    assert [word for word in CANARIES if word in told] == []


@pytest.mark.parametrize("learner", [0, 99, 2**40])
def test_nobody_is_refused(database, learner):
    with database.writing() as db, pytest.raises(Refused):
        persons.erase(db, learner, NOW)


def test_the_commands_print_json_and_refuse_with_a_sentence(app, database, her, tmp_path):
    learner, _quiz, _school = her
    run = app.test_cli_runner()
    assert json.loads(run.invoke(args=["export-learner", str(learner)]).stdout)["name"] == NAME
    done = run.invoke(args=["erase-learner", str(learner)])
    assert (done.exit_code, json.loads(done.stdout)["erased"]) == (0, learner)
    assert json.loads(run.invoke(args=["export-learner", str(learner)]).stdout)["name"] is None
    for arguments in (["erase-learner", "99"], ["export-learner", "99"], ["erase-learner", "x"], ["erase-learner", "9" * 30]):
        done = run.invoke(args=arguments)
        assert (done.exit_code != 0, bool(done.stderr)) == (True, True)


def test_a_message_that_a_sender_holds_is_waited_for(app, database, her):
    learner, _quiz, _school = her
    with database.writing() as db:
        db.scalars(select(Outbox)).first().state = "sending"
    done = app.test_cli_runner().invoke(args=["erase-learner", str(learner)])
    assert (done.exit_code, done.stderr) == (1, "Error: 1 messages to this number are on their way. Ask again in a minute.\n")


def test_pages_go_on_after_an_erasure(app, client, database, her):
    from tests.schools.conftest import Person

    learner, quiz, _school = her
    erase(database, learner)
    person = Person(client)
    person.log_in("guru.a")
    for address in (
        f"/teach/quizzes/{quiz}/results",
        f"/teach/quizzes/{quiz}/results.csv",
        "/school/",
        f"/school/learners/{learner}",
    ):
        answered = person.client.get(address)
        assert (answered.status_code, [word for word in CANARIES if word in answered.text]) == (200, []), address


def test_she_is_erased_on_every_database(any_database):
    with any_database.writing() as db:
        of = people.school(db, "99000001", "SD", people.region(db, "34.71", "Kota", "city", "Asia/Jakarta"))
        who = people.add_learner(db, people.class_named(db, of.id, "5A", 5), NAME, NUMBER, NOW)
        consent.give(db, who.id, GUARDIAN, "paper", NOW)
        db.add(Conversation(msisdn=NUMBER, state=to_json(State(who.id)), updated_at=NOW))
        learner = who.id
    with any_database.writing() as db:
        proof = persons.erase(db, learner, NOW)
    any_database.forget()
    with any_database.reading() as db:
        assert [word for word in CANARIES if word in json.dumps(person_file.write(db, learner, NOW))] == []
    assert proof["rows"]["conversations"] == 1
