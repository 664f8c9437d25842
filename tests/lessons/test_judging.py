from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.problems import Refused
from lessons import (
    analysis,
    authoring,
    calls,
    course_authoring,
    judging,
    learner_report,
    results_csv,
    sharing,
    versions,
)
from lessons.conversation import converse
from lessons.course import Course, Lesson
from lessons.dialogue.turn import Heard
from lessons.judging_tables import Remark, Remarked
from lessons.library import Library
from lessons.render import ussd
from lessons.tables import Answer, Attempt, Conversation, Quiz, QuizEdition
from schools import consent, people
from schools.tables import Class, Consent, Learner, Staff
from tests.classroom import NOW, QUIZ, answer, publish, with_item


@pytest.fixture
def quiz(database, two_schools):
    return publish(database, two_schools.A.teacher)


@pytest.fixture
def shared(database, two_schools):
    return publish(database, two_schools.A.teacher, shared=True)


@pytest.fixture
def given(database, two_schools):
    """Writes answers to one item, each by a learner of her own: (item, typed, mark)."""

    def write(quiz, item, *answers, school="A"):
        with database.writing() as db:
            row = db.get(Quiz, quiz)
            room = db.get(Class, getattr(two_schools, school).room)
            for at, (typed, mark) in enumerate(answers):
                learner = people.add_learner(db, room, f"Murid {quiz} {item} {at} {school}", "0812 3456 7899", NOW)
                attempt = Attempt(learner_id=learner.id, quiz_id=quiz, edition_id=row.edition_id, number=1, started_at=NOW)
                db.add(attempt)
                db.flush()
                db.add(Answer(attempt_id=attempt.id, item_id=item, typed=typed, mark=mark, score=judging.SCORES[mark],
                              medium="sms", answered_at=NOW))  # fmt: skip

    return write


def teacher(db, two_schools, school="A"):
    return db.get(Staff, getattr(two_schools, school).teacher)


def accept(database, two_schools, quiz, item, key, school="A", **more):
    with database.writing() as db:
        staff = teacher(db, two_schools, school)
        made = judging.accept(db, db.get(Quiz, quiz), item, key, staff, staff.school_id, NOW, **more)
        return made and (made.id, made.changed)


def marks(database, quiz):
    with database.reading() as db:
        query = select(Answer.typed, Answer.mark, Answer.score).join(Attempt, Attempt.id == Answer.attempt_id)
        return [tuple(row) for row in db.execute(query.where(Attempt.quiz_id == quiz).order_by(Answer.id))]


def grouped(database, quiz, item, school=None):
    with database.reading() as db:
        found = judging.groups(judging.answers(db, quiz, item, school))
        return [(group.key, group.shown, group.marks.total(), group.waiting) for group in found]


def undo(database, two_schools, remark, school="A"):
    with database.writing() as db:
        return judging.undo(db, db.get(Remark, remark), teacher(db, two_schools, school), NOW)


ASSIMILATION = (("asimilasi", "wrong"), ("Asimilasi!", "wrong"), (" ASIMILASI", "wrong"), ("fotosintesis", "right"),
                ("fotosintesi", "almost"), ("makan", "wrong"))  # fmt: skip


def test_answers_that_say_the_same_are_one_group(database, quiz, given):
    given(quiz, "i3", *ASSIMILATION)
    assert grouped(database, quiz, "i3") == [
        ("asimilasi", "asimilasi", 3, 3), ("fotosintesi", "fotosintesi", 1, 1), ("fotosintesis", "fotosintesis", 1, 0),
        ("makan", "makan", 1, 1),
    ]  # fmt: skip


def test_options_are_grouped_by_what_was_meant(database, quiz, given):
    given(quiz, "i1", ("2", "wrong"), ("B", "wrong"), ("jawab b", "wrong"), ("batang", "wrong"), ("1", "right"))
    assert grouped(database, quiz, "i1") == [("=batang", "Batang", 4, 4), ("=akar", "Akar", 1, 0)]
    given(quiz, "i4", ("ya", "wrong"), ("betul", "wrong"), ("salah", "right"))
    assert [row[1:] for row in grouped(database, quiz, "i4")] == [("Benar", 2, 2), ("Salah", 1, 0)]


def test_numbers_are_grouped_by_value(database, quiz, given):
    given(quiz, "i2", ("3,5 kg", "wrong"), ("3500 g", "wrong"), ("3,5kg", "wrong"))
    assert [row[2] for row in grouped(database, quiz, "i2")] == [3]


def test_an_accepted_answer_marks_every_past_one(database, quiz, two_schools, given):
    given(quiz, "i3", *ASSIMILATION)
    assert accept(database, two_schools, quiz, "i3", "asimilasi") == (1, 3)
    assert marks(database, quiz) == [
        ("asimilasi", "right", 100), ("Asimilasi!", "right", 100), (" ASIMILASI", "right", 100), ("fotosintesis", "right", 100),
        ("fotosintesi", "almost", 50), ("makan", "wrong", 0),
    ]  # fmt: skip
    assert accept(database, two_schools, quiz, "i3", "asimilasi") is None, "twice is once"
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Remarked)) == 3
        rows = list(results_csv.rows(db, quiz))
        assert [row[9] for row in rows] == ["right"] * 4 + ["almost", "wrong"]


def test_those_who_come_later_find_it_in_the_key_and_who_is_in_it_keeps_her_edition(database, quiz, two_schools, given):
    given(quiz, "i3", ("asimilasi", "wrong"))
    accept(database, two_schools, quiz, "i3", "asimilasi")
    with database.reading() as db:
        row = db.get(Quiz, quiz)
        assert [e.number for e in db.scalars(select(QuizEdition).where(QuizEdition.quiz_id == quiz))] == [1, 2]
        assert authoring.draft_of(row).items[2].key == {"accepted": ["fotosintesis", "fotosintesa", "asimilasi"]}
        assert db.get(QuizEdition, row.edition_id).content == row.draft
        assert {a.edition_id for a in db.scalars(select(Attempt))} == {1}
    assert undo(database, two_schools, 1) == 1
    with database.reading() as db:
        assert authoring.draft_of(db.get(Quiz, quiz)).items[2].key == {"accepted": ["fotosintesis", "fotosintesa"]}


def test_what_waits_in_the_draft_is_not_published_along(database, quiz, two_schools, given):
    given(quiz, "i3", ("asimilasi", "wrong"))
    with database.writing() as db:
        row = db.get(Quiz, quiz)
        row.draft = {**row.draft, "title": {"id": "Belum jadi"}}
    accept(database, two_schools, quiz, "i3", "asimilasi")
    with database.reading() as db:
        row = db.get(Quiz, quiz)
        assert db.get(QuizEdition, row.edition_id).content["title"] == {"id": "Tumbuhan hijau"}
        assert "asimilasi" in row.draft["items"][2]["key"]["accepted"]


def test_it_is_undone_and_may_be_done_again(database, quiz, two_schools, given):
    given(quiz, "i3", *ASSIMILATION)
    before = marks(database, quiz)
    accept(database, two_schools, quiz, "i3", "asimilasi")
    assert undo(database, two_schools, 1) == 3
    assert marks(database, quiz) == before
    assert undo(database, two_schools, 1) == 0
    assert accept(database, two_schools, quiz, "i3", "asimilasi") == (2, 3)
    with database.reading() as db:
        assert [(r.id, who, undone) for r, who, undone in judging.trail(db, quiz, None)] == [
            (2, "Guru A", ""), (1, "Guru A", "Guru A"),
        ]  # fmt: skip


def test_later_arrivals_are_reached_by_pressing_again(database, quiz, two_schools, given):
    given(quiz, "i3", ("asimilasi", "wrong"))
    accept(database, two_schools, quiz, "i3", "asimilasi")
    given(quiz, "i3x", ("nothing", "wrong"))
    with database.writing() as db:
        learner = people.add_learner(db, db.get(Class, two_schools.A.room), "Late", "0812 3456 7899", NOW)
        attempt = Attempt(learner_id=learner.id, quiz_id=quiz, edition_id=1, number=1, started_at=NOW)
        db.add(attempt)
        db.flush()
        late = {"typed": "asimilasi", "mark": "wrong", "score": 0, "medium": "sms", "answered_at": NOW}
        db.add(Answer(attempt_id=attempt.id, item_id="i3", **late))
    assert accept(database, two_schools, quiz, "i3", "asimilasi") == (2, 1)


def test_almost_may_be_decided_and_never_lowers_a_right_one(database, quiz, two_schools, given):
    given(quiz, "i3", ("asimilasi", "wrong"), ("asimilasi", "right"))
    assert accept(database, two_schools, quiz, "i3", "asimilasi", decision="almost") == (1, 1)
    assert marks(database, quiz) == [("asimilasi", "almost", 50), ("asimilasi", "right", 100)]


def test_a_school_decides_for_its_own_learners_alone(database, shared, two_schools, given):
    given(shared, "i3", ("asimilasi", "wrong"))
    given(shared, "i3", ("asimilasi", "wrong"), school="B")
    assert accept(database, two_schools, shared, "i3", "asimilasi", school="B") == (1, 1)
    assert [mark for _, mark, _ in marks(database, shared)] == ["wrong", "right"]
    with database.reading() as db:
        assert judging.trail(db, shared, two_schools.A.school) == []
        assert db.get(Quiz, shared).draft["items"][2]["key"]["accepted"] == ["fotosintesis", "fotosintesa"]


def test_what_was_erased_is_no_answer(database, quiz, two_schools, given):
    given(quiz, "i3", ("", "wrong"), ("asimilasi", "wrong"))
    assert [key for key, *_ in grouped(database, quiz, "i3")] == ["asimilasi"]
    with pytest.raises(Refused):
        accept(database, two_schools, quiz, "i3", "")


def test_what_nobody_answered_cannot_be_accepted(database, quiz, two_schools, given):
    given(quiz, "i3", ("asimilasi", "wrong"))
    with pytest.raises(Refused):
        accept(database, two_schools, quiz, "i3", "osmosis")


def mend(database, two_schools, quiz, item, **changes):
    """A new edition in which ``item`` is changed; then everything is marked by it."""
    with database.writing() as db:
        row, staff = db.get(Quiz, quiz), teacher(db, two_schools)
        at = next(at for at, x in enumerate(QUIZ.items) if x.id == item)
        authoring.save_quiz(db, row, with_item(authoring.draft_of(row), at, **changes), row.version, NOW)
        authoring.publish_quiz(db, row, staff, NOW)
        made = judging.mark_by_key(db, row, authoring.draft_of(row).items[at], staff, staff.school_id, NOW)
        return made and made.changed


def test_a_mended_key_marks_both_ways_and_an_accepted_answer_stays(database, quiz, two_schools, given):
    given(quiz, "i1", ("1", "right"), ("2", "wrong"), ("daun", "wrong"), ("?", "wrong"))
    accept(database, two_schools, quiz, "i1", "=daun")
    assert mend(database, two_schools, quiz, "i1", key={"right": 2}) == 2
    assert [mark for _, mark, _ in marks(database, quiz)] == ["wrong", "right", "right", "wrong"]


def test_an_option_that_moved_is_still_the_one_she_saw(database, quiz, two_schools, given):
    given(quiz, "i1", ("1", "right"), ("2", "wrong"))
    choices = ({"id": "Daun"}, {"id": "Batang"}, {"id": "Akar"})
    assert mend(database, two_schools, quiz, "i1", choices=choices, key={"right": 3}) is None
    assert mend(database, two_schools, quiz, "i1", choices=choices, key={"right": 2}) == 2
    assert [mark for _, mark, _ in marks(database, quiz)] == ["wrong", "right"]


def test_the_older_decision_waits_for_the_newer(database, quiz, two_schools, given):
    given(quiz, "i1", ("2", "wrong"))
    accept(database, two_schools, quiz, "i1", "=batang")
    with database.writing() as db:
        db.get(Remark, 1).mark = ""  # as if it had been marked by a key
    assert mend(database, two_schools, quiz, "i1", key={"right": 3}) == 1
    with pytest.raises(Refused):
        undo(database, two_schools, 1)
    assert (undo(database, two_schools, 2), undo(database, two_schools, 1)) == (1, 1)
    assert marks(database, quiz) == [("2", "wrong", 0)]


def test_a_late_answer_stays_late(database, two_schools, given):
    rules = replace(QUIZ, closes_at=NOW - timedelta(hours=1), late_until=NOW + timedelta(days=1), late_down=20)
    quiz = publish(database, two_schools.A.teacher, rules)
    given(quiz, "i3", ("asimilasi", "wrong"))
    accept(database, two_schools, quiz, "i3", "asimilasi")
    assert marks(database, quiz) == [("asimilasi", "right", 80)]


def test_an_erased_answer_takes_its_trail_along(database, quiz, two_schools, given):
    given(quiz, "i3", ("asimilasi", "wrong"))
    accept(database, two_schools, quiz, "i3", "asimilasi")
    with database.writing() as db:
        db.delete(db.scalars(select(Answer)).one())
    with database.reading() as db:
        assert (db.scalar(select(func.count()).select_from(Remarked)), db.get(Remark, 1).changed) == (0, 1)
    assert undo(database, two_schools, 1) == 0


def test_answers_to_others_are_not_touched(database, quiz, two_schools, given):
    shared = publish(database, two_schools.A.teacher, replace(QUIZ, keyword="LAIN"), shared=True)
    answer(database, quiz, two_schools.A.learner, "wwww", typed="asimilasi")
    given(shared, "i3", ("asimilasi", "wrong"))
    accept(database, two_schools, quiz, "i3", "asimilasi")
    assert [mark for _, mark, _ in marks(database, quiz)] == ["wrong", "wrong", "right", "wrong"]
    assert [mark for _, mark, _ in marks(database, shared)] == ["wrong"]


def test_both_databases_judge_share_and_call_alike(any_database):
    with any_database.writing() as db:
        region = people.region(db, "34.71", "Kota A", "city", "Asia/Jakarta")
        school = people.school(db, "99000001", "SD A", region)
        room = people.class_named(db, school.id, "5A", 5)
        staff = Staff(
            school_id=school.id, name="Guru", login="guru", password_hash="x", role="teacher", language="id", created_at=NOW
        )
        db.add(staff)
        db.flush()
        ids = [people.add_learner(db, room, f"Murid {n}", f"0812 3456 78{n}0", NOW).id for n in range(1, 4)]
        for learner in ids:
            consent.give(db, learner, "Wali", "paper", NOW)
        school_id, room_id, staff_id = school.id, room.id, staff.id
    quiz = publish(any_database, staff_id)
    for learner, given in zip(ids, ("wwww", "rrww", "rrrr"), strict=True):
        answer(any_database, quiz, learner, given, typed="asimilasi")
    with any_database.writing() as db:
        row, staff = db.get(Quiz, quiz), db.get(Staff, staff_id)
        made = judging.accept(db, row, "i3", "asimilasi", staff, school_id, NOW + timedelta(hours=1))
        assert (made.changed, made.is_taught) == (2, True)
        assert judging.undo(db, made, staff, NOW) == 2
        assert [w.right for w in analysis.workings(db, quiz, school_id)] == [2, 2, 1, 1]
        authoring.save_quiz(db, row, replace(authoring.draft_of(row), title={"id": "B"}), row.version, NOW, staff_id)
        assert len(versions.kept(db, "quiz", quiz)) == 1
        course_row = course_authoring.new_course(
            db, staff, Course("X1", {"id": "X"}, (Lesson("a", {"id": "A"}, {"id": "a"}),)), NOW
        )
        authoring.publish_course(db, course_row, staff, NOW)
        shared = sharing.give(db, course_row, staff, "cc-by", "Bu Ani", NOW)
        assert sharing.copy(db, shared, staff, NOW, "Asia/Jakarta") == ("course", "X2")
        assert [x.title for x in sharing.search(db, "bu x")] == ["X"]
        weak, silent = calls.six(calls.progress(db, room_id, NOW), NOW)
        assert ([p.id for p in weak], silent) == (ids[:2], [])
        goes, still = learner_report.goes(db, ids[1])
        assert ([go.points for go in goes], len(still)) == ([50], 2)


def test_who_is_in_the_middle_goes_on_where_she_is(database, quiz, two_schools):
    """She answered the third item; the answer is accepted; her next key answers the fourth of the edition that she began."""
    library, number = Library(), "+6281234567890"
    with database.writing() as db:
        db.get(Learner, two_schools.A.learner).language = "id"

    def say(heard):
        return database.step(lambda hot: converse(hot, library, number, heard, ussd.budget(), NOW)).text

    with database.writing() as db:
        db.query(Consent).delete()
        db.query(Learner).filter(Learner.id != two_schools.A.learner).delete()
    say(Heard("arrived", "DAUN"))
    for key in ("1", "3,25"):
        say(Heard("said", key))
    before = say(Heard("said", "asimilasi"))
    assert accept(database, two_schools, quiz, "i3", "asimilasi") == (1, 1)
    library.expire()
    assert say(Heard("silent")).splitlines()[0] in before
    assert "selesai! 3 dari 4 benar." in say(Heard("said", "2")), (
        "the screen counts what she was told; the records have the new mark"
    )
    assert [mark for _, mark, _ in marks(database, quiz)] == ["right"] * 4


# What is accepted counts for those who come later, in whatever edition they are.


@pytest.fixture
def pupil(database, two_schools):
    """A learner of school A alone on her number, who talks to a library of her own."""
    with database.writing() as db:
        db.get(Learner, two_schools.A.learner).language = "id"
        db.query(Consent).delete()
        db.query(Learner).filter(Learner.id != two_schools.A.learner).delete()
    library = Library()

    def say(*typed, kind="said"):
        library.expire()
        for text in typed:
            heard = Heard(kind, text)
            told = database.step(
                lambda hot, heard=heard: converse(hot, library, "+6281234567890", heard, ussd.budget(), LATER)
            ).text
        return told

    return say


LATER = NOW + timedelta(minutes=1)
KEYS = {"i1": "1", "i2": "3,25", "i3": "fotosintesis", "i4": "2"}


def to_item(database, pupil, item):
    """She begins the quiz anew and answers up to ``item``."""
    with database.writing() as db:
        db.query(Attempt).update({"finished_at": NOW})
        db.query(Conversation).delete()
    pupil("DAUN", kind="arrived")
    for id_, key in KEYS.items():
        if id_ == item:
            return
        pupil(key)


def rows_of(database, item, typed):
    with database.reading() as db:
        return list(db.scalars(select(Answer.mark).where(Answer.item_id == item, Answer.typed == typed)))


@pytest.mark.parametrize(("item", "typed"), [("i1", "2"), ("i2", "99"), ("i3", "asimilasi"), ("i4", "1")])
def test_an_accepted_answer_counts_for_whoever_comes_later_and_undone_no_more(
    database, quiz, two_schools, given, pupil, item, typed
):
    given(quiz, item, (typed, "wrong"))
    with database.reading() as db:
        key = judging.groups(judging.answers(db, quiz, item, None))[0].key
    to_item(database, pupil, item)
    assert pupil(typed).startswith("Salah.")
    remark, _changed = accept(database, two_schools, quiz, item, key)
    to_item(database, pupil, item)
    assert pupil(typed).startswith("Benar!")
    assert set(rows_of(database, item, typed)) == {"right"}
    assert undo(database, two_schools, remark) == 3, "also what was marked right since"
    assert set(rows_of(database, item, typed)) == {"wrong"}
    to_item(database, pupil, item)
    assert pupil(typed).startswith("Salah.")


def test_who_is_in_the_middle_of_an_older_edition_has_it_too(database, quiz, two_schools, given, pupil):
    given(quiz, "i3", ("asimilasi", "wrong"))
    to_item(database, pupil, "i3")
    accept(database, two_schools, quiz, "i3", "asimilasi")
    assert pupil("asimilasi").startswith("Benar!")
    with database.reading() as db:
        held = db.scalar(select(Attempt.edition_id).where(Attempt.learner_id == two_schools.A.learner))
        assert held != db.get(Quiz, quiz).edition_id


def test_almost_is_almost_for_later_ones_and_never_lowers(database, quiz, two_schools, given, pupil):
    given(quiz, "i3", ("asimilasi", "wrong"))
    accept(database, two_schools, quiz, "i3", "asimilasi", decision="almost")
    to_item(database, pupil, "i3")
    assert pupil("asimilasi").startswith("Hampir benar: fotosintesis.")


def test_another_question_in_its_place_is_another_question(database, quiz, two_schools, given, pupil):
    given(quiz, "i1", ("2", "wrong"))
    accept(database, two_schools, quiz, "i1", "=batang")
    with database.writing() as db:
        row = db.get(Quiz, quiz)
        changed = with_item(authoring.draft_of(row), 0, prompt={"id": "Bagian mana yang di dalam tanah?"})
        authoring.save_quiz(db, row, changed, row.version, NOW, two_schools.A.teacher)
        authoring.publish_quiz(db, row, teacher(db, two_schools), NOW)
    to_item(database, pupil, "i1")
    assert pupil("2").startswith("Salah.")


def test_an_option_that_moves_is_still_the_accepted_one(database, quiz, two_schools, given, pupil):
    given(quiz, "i1", ("2", "wrong"))
    accept(database, two_schools, quiz, "i1", "=batang")
    with database.writing() as db:
        row = db.get(Quiz, quiz)
        draft = authoring.draft_of(row)
        changed = with_item(draft, 0, choices=tuple(reversed(draft.items[0].choices)), key={"right": len(draft.items[0].choices)})
        authoring.save_quiz(db, row, changed, row.version, NOW, two_schools.A.teacher)
        authoring.publish_quiz(db, row, teacher(db, two_schools), NOW)
        at = [words["id"] for words in changed.items[0].choices].index("Batang") + 1
    to_item(database, pupil, "i1")
    assert pupil(str(at)).startswith("Benar!")
    to_item(database, pupil, "i1")
    other = next(n for n in (1, 2, 3) if n not in (at, changed.items[0].key["right"]))
    assert pupil(str(other)).startswith("Salah.")


def test_a_school_accepts_for_its_own_learners_alone_later_too(database, shared, two_schools, given, pupil):
    given(shared, "i1", ("2", "wrong"), school="B")
    accept(database, two_schools, shared, "i1", "=batang", school="B")
    to_item(database, pupil, "i1")
    assert pupil("2").startswith("Salah.")
