from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons import analysis
from lessons.tables import Answer, Attempt
from schools import people
from schools.tables import Class
from tests.classroom import NOW, publish


def marks(*rows):
    return [{f"i{at}": letter == "r" for at, letter in enumerate(row)} for row in rows]


def test_few_learners_or_no_spread_say_nothing():
    assert analysis.discrimination("i0", marks(*["rw", "wr"] * 4)) is None
    assert analysis.discrimination("i0", marks(*["rw", "rr"] * 9)) is None
    assert analysis.discrimination("i9", marks(*["rw", "wr"] * 9)) is None


def test_an_item_that_the_strong_know_discriminates():
    strong, weak = ["rrrr"] * 5, ["wwww"] * 5
    assert analysis.discrimination("i0", marks(*strong, *weak)) == 1.0
    assert analysis.discrimination("i0", marks(*["wrrr"] * 5, *["rwww"] * 5)) == -1.0


def test_it_is_the_correlation_of_a_textbook():
    # right:rest pairs (1, .5) x 4, (1, 0) x 2, (0, .5) x 1, (0, 0) x 5: r = .3/(.5 * .25 * 2 * ...), worked out by hand to 0.51
    rows = ["rrw"] * 4 + ["rww"] * 2 + ["wrw"] + ["www"] * 5
    assert analysis.discrimination("i0", marks(*rows)) == pytest.approx(0.51, abs=0.005)


@given(st.lists(st.text("rw", min_size=3, max_size=3), max_size=40))
def test_it_is_a_correlation(rows):
    found = analysis.discrimination("i0", marks(*rows))
    assert found is None or -1 <= found <= 1


def test_wrong_options_are_counted_and_those_that_attract_are_named(database, two_schools):
    quiz = publish(database, two_schools.A.teacher)
    with database.writing() as db:
        room = db.get(Class, two_schools.A.room)
        for at, typed in enumerate(["1"] * 6 + ["2", "b", "B.", "batang"] + ["3"]):
            learner = people.add_learner(db, room, f"M{at}", "0812 3456 7899", NOW)
            attempt = Attempt(learner_id=learner.id, quiz_id=quiz, edition_id=1, number=1, started_at=NOW)
            db.add(attempt)
            db.flush()
            mark = "right" if typed == "1" else "wrong"
            db.add(Answer(attempt_id=attempt.id, item_id="i1", typed=typed, mark=mark, score=0, medium="sms", answered_at=NOW))
    with database.reading() as db:
        first, second, *_ = analysis.workings(db, quiz, two_schools.A.school)
        nobody, *_ = analysis.workings(db, quiz, two_schools.B.school)
    assert [(o.shown, o.count, o.mark, o.attracts) for o in first.options] == [
        ("Akar", 6, "right", False), ("Batang", 4, "wrong", True), ("Daun", 1, "wrong", False),
    ]  # fmt: skip
    assert (first.answers, first.right, first.says, second.says, nobody.says) == (11, 6, "alike", "few", "few")
