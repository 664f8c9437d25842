from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from core.problems import Refused
from lessons import authoring
from lessons.course import Course, Item, Lesson, course_to_json, quiz_to_json
from lessons.tables import ContentVersion, CourseEdition, Quiz, QuizEdition
from lessons.tables import Course as CourseRow
from schools.tables import Staff
from tests.classroom import NOW, QUIZ, publish, with_item
from tests.examples import examples


@pytest.fixture
def write(database, two_schools):
    """Does something with a session and the teacher of school A, in one transaction."""

    def do(work, teacher=two_schools.A.teacher):
        with database.writing() as db:
            return work(db, db.get(Staff, teacher))

    return do


def _new(write, quiz=QUIZ):
    return write(lambda db, staff: authoring.new_quiz(db, staff, quiz, NOW).id)


def _version(database):
    with database.reading() as db:
        return db.scalar(select(ContentVersion.number)) or 0


def test_a_new_quiz_is_her_schools_draft(write, database, two_schools):
    quiz_id = _new(write)
    with database.reading() as db:
        row = db.get(Quiz, quiz_id)
        assert (row.school_id, row.staff_id, row.keyword, row.edition_id) == (
            two_schools.A.school,
            two_schools.A.teacher,
            "DAUN",
            None,
        )
        assert authoring.draft_of(row) == replace(QUIZ, id=quiz_id, school=two_schools.A.school)


def test_a_draft_without_a_usable_keyword_is_kept(write, database):
    quiz_id = _new(write, replace(QUIZ, keyword=""))
    with database.reading() as db:
        row = db.get(Quiz, quiz_id)
        assert (row.keyword, row.draft["keyword"]) == ("KUIS1", "")


def test_a_keyword_that_is_taken_is_refused_with_a_free_one(write, database, two_schools):
    _new(write)
    with pytest.raises(Refused) as caught:
        write(lambda db, staff: authoring.new_quiz(db, staff, QUIZ, NOW), teacher=two_schools.B.teacher)
    assert [(p.where, str(p)) for p in caught.value.problems] == [
        ("keyword", "Kata kunci DAUN sudah dipakai kuis lain. Yang masih bebas: DAUN2.")
    ]
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Quiz)) == 1


def test_saving_a_taken_keyword_changes_nothing(write, database):
    _new(write)
    other = _new(write, replace(QUIZ, keyword="AKAR"))
    with pytest.raises(Refused):
        write(lambda db, staff: authoring.save_quiz(db, db.get(Quiz, other), QUIZ, 1, NOW))
    with database.reading() as db:
        row = db.get(Quiz, other)
        assert (row.keyword, row.draft["keyword"], row.version) == ("AKAR", "AKAR", 1)


def test_a_second_writer_is_told_and_overwrites_nothing(write, database):
    quiz_id = _new(write)
    first, second = replace(QUIZ, title={"id": "Pertama"}), replace(QUIZ, title={"id": "Kedua"})
    write(lambda db, staff: authoring.save_quiz(db, db.get(Quiz, quiz_id), first, 1, NOW))
    with pytest.raises(Refused) as caught:
        write(lambda db, staff: authoring.save_quiz(db, db.get(Quiz, quiz_id), second, 1, NOW))
    assert [problem.where for problem in caught.value.problems] == ["version"]
    with database.reading() as db:
        row = db.get(Quiz, quiz_id)
        assert (row.draft["title"], row.version) == ({"id": "Pertama"}, 2)


def test_a_writer_between_reading_and_writing_is_noticed(write):
    quiz_id = _new(write)

    def overtaken(db, staff):
        row = db.get(Quiz, quiz_id)
        db.execute(update(Quiz.__table__).values(version=7))
        authoring.save_quiz(db, row, replace(QUIZ, title={"id": "Kedua"}), 1, NOW)

    with pytest.raises(Refused) as caught:
        write(overtaken)
    assert [problem.where for problem in caught.value.problems] == ["version"]


def test_saving_what_is_there_already_is_no_new_version(write, database):
    quiz_id = _new(write)
    write(lambda db, staff: authoring.save_quiz(db, db.get(Quiz, quiz_id), QUIZ, 1, NOW + timedelta(hours=1)))
    with database.reading() as db:
        assert db.get(Quiz, quiz_id).version == 1


def test_publishing_freezes_an_edition_and_tells_every_process(write, database, two_schools):
    quiz_id = publish(database, two_schools.A.teacher)
    before = _version(database)
    changed = replace(QUIZ, title={"id": "Baru"})

    def save(db, staff):
        authoring.save_quiz(db, db.get(Quiz, quiz_id), changed, db.get(Quiz, quiz_id).version, NOW)

    write(save)
    with database.reading() as db:
        row = db.get(Quiz, quiz_id)
        assert db.get(QuizEdition, row.edition_id).content == quiz_to_json(QUIZ)
    write(lambda db, staff: authoring.publish_quiz(db, db.get(Quiz, quiz_id), staff, NOW))
    with database.reading() as db:
        editions = db.scalars(select(QuizEdition).order_by(QuizEdition.number)).all()
        assert [(e.number, e.content["title"]) for e in editions] == [(1, {"id": "Tumbuhan hijau"}), (2, {"id": "Baru"})]
        assert db.get(Quiz, quiz_id).edition_id == editions[1].id
    assert _version(database) == before + 1


def test_publishing_what_is_published_makes_no_edition(write, database, two_schools):
    quiz_id = publish(database, two_schools.A.teacher)
    before = _version(database)
    edition = write(lambda db, staff: authoring.publish_quiz(db, db.get(Quiz, quiz_id), staff, NOW).number)
    assert (edition, _version(database)) == (1, before)


def test_publishing_stops_on_what_stops(write, database):
    quiz_id = _new(write, with_item(at=1, key={}))
    with pytest.raises(Refused) as caught:
        write(lambda db, staff: authoring.publish_quiz(db, db.get(Quiz, quiz_id), staff, NOW))
    assert [problem.where for problem in caught.value.problems] == ["items.1.number"]
    with database.reading() as db:
        assert (db.get(Quiz, quiz_id).edition_id, db.scalar(select(func.count()).select_from(QuizEdition))) == (None, 0)


def test_an_archived_quiz_is_not_published(write):
    quiz_id = _new(write)
    write(lambda db, staff: authoring.archive(db, db.get(Quiz, quiz_id), NOW))
    with pytest.raises(Refused):
        write(lambda db, staff: authoring.publish_quiz(db, db.get(Quiz, quiz_id), staff, NOW))


def test_putting_away_frees_the_keyword_and_coming_back_takes_another(write, database, two_schools):
    quiz_id = publish(database, two_schools.A.teacher)
    write(lambda db, staff: authoring.archive(db, db.get(Quiz, quiz_id), NOW))
    other = publish(database, two_schools.B.teacher)
    write(lambda db, staff: authoring.restore(db, db.get(Quiz, quiz_id), NOW))
    with database.reading() as db:
        row = db.get(Quiz, quiz_id)
        assert (row.archived_at, row.keyword, row.draft["keyword"], row.edition_id) == (None, "DAUN2", "DAUN2", None)
        assert db.get(Quiz, other).keyword == "DAUN"


def test_coming_back_with_a_free_keyword_changes_nothing_else(write, database, two_schools):
    quiz_id = publish(database, two_schools.A.teacher)
    write(lambda db, staff: authoring.archive(db, db.get(Quiz, quiz_id), NOW))
    write(lambda db, staff: authoring.restore(db, db.get(Quiz, quiz_id), NOW))
    with database.reading() as db:
        row = db.get(Quiz, quiz_id)
        assert (row.archived_at, row.keyword, row.edition_id is None) == (None, "DAUN", False)


def test_a_copy_is_her_own_draft_with_its_own_ids(write, database, two_schools):
    opened = replace(QUIZ, opens_at=NOW, closes_at=NOW + timedelta(days=1), late_until=NOW + timedelta(days=2), late_down=20)
    quiz_id = publish(database, two_schools.A.teacher, opened)
    copy_id = write(
        lambda db, staff: authoring.duplicate(db, db.get(Quiz, quiz_id), staff, NOW, "Asia/Jayapura").id,
        teacher=two_schools.B.teacher,
    )
    write(lambda db, staff: authoring.publish_quiz(db, db.get(Quiz, copy_id), staff, NOW).id, teacher=two_schools.B.teacher)
    with database.reading() as db:
        row = db.get(Quiz, copy_id)
        copy = authoring.draft_of(row)
        assert (row.school_id, row.keyword, row.edition_id) == (two_schools.B.school, "DAUN2", 2)
        assert (copy.opens_at, copy.closes_at, copy.time_zone, copy.title) == (
            None,
            None,
            "Asia/Jayapura",
            {"id": "Tumbuhan hijau (2)"},
        )
        assert [replace(item, id="") for item in copy.items] == [replace(item, id="") for item in QUIZ.items]
        assert not {item.id for item in copy.items} & {item.id for item in QUIZ.items}


def test_a_course_is_published_once(write, database):
    course = Course("IPA5", {"id": "IPA 5"}, (Lesson("a", {"id": "Daun"}, {"id": "Daun membuat makanan."}),))

    def make(db, staff):
        row = CourseRow(code="IPA5", draft=course_to_json(course))
        db.add(row)
        db.flush()
        return [authoring.publish_course(db, row, staff, NOW).number for _ in range(2)]

    assert write(make) == [1, 1]
    assert _version(database) == 1
    with database.reading() as db:
        assert db.scalars(select(CourseEdition.content)).all() == [course_to_json(course)]


def test_a_course_without_lessons_is_not_published(write):
    def make(db, staff):
        row = CourseRow(code="IPA5", draft=course_to_json(Course("IPA5", {"id": "IPA 5"}, ())))
        db.add(row)
        db.flush()
        authoring.publish_course(db, row, staff, NOW)

    with pytest.raises(Refused):
        write(make)


def test_a_quiz_joins_only_a_course_her_school_may_use(write, database, two_schools):
    course = Course("IPA5", {"id": "IPA 5"}, (Lesson("a", {"id": "Daun"}, {"id": "Daun."}),))

    def make(db, staff):
        db.add(CourseRow(code="IPA5", school_id=two_schools.B.school, draft=course_to_json(course)))
        db.flush()
        return authoring.new_quiz(db, staff, replace(QUIZ, course="IPA5"), NOW).course_id

    assert write(make) is None


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.text(max_size=14) | st.from_regex(r"[A-Z][A-Z0-9]{1,11}", fullmatch=True))
def test_a_suggested_keyword_is_always_one_and_free(write, wanted):
    def suggest(db, staff):
        db.add(Quiz(keyword=wanted[:20], draft=quiz_to_json(QUIZ), updated_at=NOW))
        db.flush()
        found = authoring.free_keyword(db, wanted)
        taken = set(db.scalars(select(Quiz.keyword)))
        db.rollback()
        return found, taken

    found, taken = write(suggest)
    assert (authoring.is_keyword(found), found in taken) == (True, False)


def test_item_ids_are_short_and_never_twice():
    made = {authoring.new_item_id() for _ in range(1000)}
    assert (len(made), {len(each) for each in made}) == (1000, {8})
    assert isinstance(authoring.blank_quiz("Asia/Jakarta", "KUIS1", "number").items[0], Item)
