from __future__ import annotations

from datetime import timedelta

import pytest

from core.problems import Refused
from lessons import reports, results_csv, scope
from schools import consent, people, staff
from schools.tables import Class, Learner, Staff
from tests.classroom import NOW, QUIZ, answer, publish, with_item


@pytest.fixture
def quiz(database, two_schools):
    return publish(database, two_schools.A.teacher, shared=True)


@pytest.fixture
def siti(database, two_schools):
    """A second learner of school A, with consent."""
    with database.writing() as db:
        learner = people.add_learner(db, db.get(Class, two_schools.A.room), "Siti", "0812 3456 7891", NOW)
        consent.give(db, learner.id, "Ibu Siti", "paper", NOW)
        return learner.id


def counts(database, quiz, school=None):
    with database.reading() as db:
        return [(c.number, c.item.id, c.right, c.almost, c.wrong) for c in reports.by_item(db, quiz, school)]


def rows(database, quiz, school=None):
    with database.reading() as db:
        return reports.by_learner(db, quiz, school)


def test_nothing_came_yet(database, quiz):
    assert counts(database, quiz) == [(1, "i1", 0, 0, 0), (2, "i2", 0, 0, 0), (3, "i3", 0, 0, 0), (4, "i4", 0, 0, 0)]
    assert rows(database, quiz) == []


def test_answers_are_counted_by_question(database, quiz, two_schools, siti):
    answer(database, quiz, two_schools.A.learner, "rwar")
    answer(database, quiz, siti, "rww", finished=False)
    assert counts(database, quiz) == [(1, "i1", 2, 0, 0), (2, "i2", 0, 0, 2), (3, "i3", 0, 1, 1), (4, "i4", 1, 0, 0)]


def test_a_school_sees_its_own_learners_alone(database, quiz, two_schools):
    answer(database, quiz, two_schools.A.learner, "rrrr")
    answer(database, quiz, two_schools.B.learner, "wwww")
    assert [sum(c[2:]) for c in counts(database, quiz, two_schools.A.school)] == [1, 1, 1, 1]
    assert [row.id for row in rows(database, quiz, two_schools.A.school)] == [two_schools.A.learner]
    assert [row.id for row in rows(database, quiz)] == [two_schools.B.learner, two_schools.A.learner]


def test_the_newest_finished_attempt_counts(database, quiz, two_schools):
    learner = two_schools.A.learner
    answer(database, quiz, learner, "wwww", number=1)
    answer(database, quiz, learner, "rrrw", number=2, at=NOW + timedelta(hours=1), medium="sms")
    answer(database, quiz, learner, "w", number=3, finished=False, at=NOW + timedelta(hours=2))
    assert [c[2:] for c in counts(database, quiz)] == [(1, 0, 0), (1, 0, 0), (1, 0, 0), (0, 0, 1)]
    [row] = rows(database, quiz)
    assert (row.right, row.answered, row.total, row.attempts, row.is_finished, row.medium) == (3, 4, 4, 3, True, "sms")
    assert row.at == NOW + timedelta(hours=1, minutes=3)
    assert row.marks == {"i1": "right", "i2": "right", "i3": "right", "i4": "wrong"}


def test_one_under_way_counts_where_none_is_finished(database, quiz, two_schools):
    answer(database, quiz, two_schools.A.learner, "ra", finished=False)
    [row] = rows(database, quiz)
    assert (row.right, row.answered, row.total, row.is_finished) == (2, 2, 4, False)


def test_a_name_wants_consent_and_a_number_is_masked(database, quiz, two_schools):
    answer(database, quiz, two_schools.A.learner, "rrrr")
    answer(database, quiz, two_schools.B.learner, "wwww")
    assert [(row.name, row.number, row.class_name) for row in rows(database, quiz)] == [
        ("Murid B", "•••••••••••890", "5A"),
        ("", "•••••••••••890", "5A"),
    ]


def test_consent_taken_back_takes_the_name_back(database, quiz, two_schools):
    answer(database, quiz, two_schools.B.learner, "wwww")
    with database.writing() as db:
        consent.withdraw(db, two_schools.B.learner, "Wali B", "call", NOW)
    assert [row.name for row in rows(database, quiz)] == [""]


def test_the_weakest_stands_on_top(database, quiz, two_schools, siti):
    answer(database, quiz, two_schools.A.learner, "rrrw")
    answer(database, quiz, siti, "rwww")
    assert [row.id for row in rows(database, quiz)] == [siti, two_schools.A.learner]


def test_a_question_that_was_replaced_stands_last(database, two_schools, app):
    from lessons import authoring
    from lessons.tables import Quiz
    from schools.tables import Staff

    quiz = publish(database, two_schools.A.teacher)
    answer(database, quiz, two_schools.A.learner, "w")
    with database.writing() as db:
        row = db.get(Quiz, quiz)
        authoring.save_quiz(db, row, with_item(id="neu"), row.version, NOW)
        authoring.publish_quiz(db, row, db.get(Staff, two_schools.A.teacher), NOW)
    assert [(c[1], c[4]) for c in counts(database, quiz)] == [("neu", 0), ("i2", 0), ("i3", 0), ("i4", 0), ("i1", 1)]


def test_who_has_not_begun_is_known_where_somebody_has(database, quiz, two_schools, siti):
    def waiting():
        with database.reading() as db:
            return reports.not_yet(db, quiz, two_schools.A.school)

    assert waiting() == []
    answer(database, quiz, two_schools.A.learner, "r", finished=False)
    assert waiting() == [("5A", "Siti", "•••••••••••891")]
    answer(database, quiz, siti, "r", finished=False)
    assert waiting() == []


def test_learners_and_answers_of_each_quiz(database, quiz, two_schools):
    answer(database, quiz, two_schools.A.learner, "rr", number=1)
    answer(database, quiz, two_schools.A.learner, "r", number=2)
    answer(database, quiz, two_schools.B.learner, "rrrr")
    with database.reading() as db:
        assert reports.answers_of(db, [quiz, 99], None) == {quiz: (2, 7)}
        assert reports.answers_of(db, [quiz], two_schools.A.school) == {quiz: (1, 3)}
        assert reports.answers_of(db, [], None) == {}


def test_classes_are_counted_by_phones(database, two_schools, siti):
    with database.writing() as db:
        db.add(Learner(school_id=two_schools.A.school, class_id=two_schools.A.room, name="Tanpa", created_at=NOW))
    with database.reading() as db:
        assert (reports.class_sizes(db, two_schools.A.school), reports.class_sizes(db, None)) == ([("5A", 2)], [])


def test_the_weakest_come_first_and_almost_is_half(database, two_schools):
    quiz = publish(database, two_schools.A.teacher)
    answer(database, quiz, two_schools.A.learner, "rrrw")
    answer(database, quiz, two_schools.B.learner, "rraw")
    assert [(row.id, row.right, row.share) for row in rows(database, quiz)] == [
        (two_schools.B.learner, 3, 0.625), (two_schools.A.learner, 3, 0.75),
    ]  # fmt: skip


def test_hardness_is_a_share():
    some = reports.ItemCounts(1, QUIZ.items[0], right=1, almost=0, wrong=3)
    assert (some.answers, some.share_wrong, reports.ItemCounts(2, QUIZ.items[1]).share_wrong) == (4, 0.75, 0.0)


def test_both_databases_write_publish_and_count_alike(any_database):
    with any_database.writing() as db:
        region = people.region(db, "34.71", "Kota", "city", "Asia/Jakarta")
        school = people.school(db, "99000001", "SD", region)
        room = people.class_named(db, school.id, "5A", 5)
        teacher = staff.create(db, "guru", "Guru", "teacher", "no hash", NOW, school_id=school.id).id
        learners = [people.add_learner(db, room, name, f"0812 3456 789{at}", NOW).id for at, name in enumerate("AB")]
        school_id = school.id
    quiz = publish(any_database, teacher)
    with pytest.raises(Refused):
        publish(any_database, teacher)
    answer(any_database, quiz, learners[0], "rw", finished=False)
    assert counts(any_database, quiz, school_id) == [
        (1, "i1", 1, 0, 0),
        (2, "i2", 0, 0, 1),
        (3, "i3", 0, 0, 0),
        (4, "i4", 0, 0, 0),
    ]
    assert [(row.right, row.answered) for row in rows(any_database, quiz, school_id)] == [(1, 2)]
    with any_database.reading() as db:
        assert reports.answers_of(db, [quiz], school_id) == {quiz: (1, 2)}
        assert reports.class_sizes(db, school_id) == [("5A", 2)]
        assert [row[8] for row in results_csv.rows(db, quiz, school_id)] == ["1", "1"]
        assert [row.id for row in scope.quizzes(db, db.get(Staff, teacher))] == [quiz]
        assert reports.not_yet(db, quiz, school_id) == []
