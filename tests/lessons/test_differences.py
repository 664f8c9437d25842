from __future__ import annotations

from dataclasses import replace

from lessons.course import Course, Lesson, course_to_json, quiz_to_json
from lessons.differences import differences
from tests.classroom import NOW, QUIZ, with_item


def told(before, after):
    found = differences(quiz_to_json(before), quiz_to_json(after))
    return [
        (c.what % c.facts if c.facts else c.what, "".join(t for t, _ in c.before), "".join(t for t, _ in c.after)) for c in found
    ]


def test_the_same_is_no_difference():
    assert told(QUIZ, QUIZ) == []


def test_every_kind_of_change_is_said():
    assert told(QUIZ, replace(QUIZ, title={"id": "Daun"}, draw=2, shuffle=True)) == [
        ("Judul", "Tumbuhan hijau", "Daun"), ("Berapa soal ditanyakan", "", "2"), ("Urutan diacak", "", "✓"),
    ]  # fmt: skip
    assert told(QUIZ, replace(QUIZ, closes_at=NOW)) == [("Ditutup", "", "2026-11-23T01:10:00+00:00")]
    assert told(QUIZ, with_item(at=0, key={"right": 3})) == [("Soal 1: kunci", "Akar", "Daun")]
    assert told(QUIZ, with_item(at=2, key={"accepted": ["fotosintesis"]})) == [
        ("Soal 3: kunci", "fotosintesis, fotosintesa", "fotosintesis"),
    ]  # fmt: skip


def test_items_come_go_and_move():
    a, b, c, d = QUIZ.items
    assert told(QUIZ, replace(QUIZ, items=(a, b, c))) == [("Soal 4 dihapus", "Paus bernapas dengan insang.", "")]
    assert told(replace(QUIZ, items=(a, b)), replace(QUIZ, items=(a, b, c)))[0][:1] == ("Soal 3 baru",)
    swapped = told(QUIZ, replace(QUIZ, items=(b, a, c, d)))
    assert [what for what, _, _ in swapped] == ["Soal 2 menjadi soal 1", "Soal 1 menjadi soal 2"]
    assert [what for what, _, _ in told(QUIZ, replace(QUIZ, items=(b, c, d)))] == ["Soal 1 dihapus"]


def test_the_words_that_changed_are_marked():
    [change] = differences(
        quiz_to_json(QUIZ), quiz_to_json(with_item(at=0, prompt={"id": "Apa yang menyerap cahaya dari tanah?"}))
    )
    assert change.before == (("Apa yang menyerap ", False), ("air", True), (" dari tanah?", False))
    assert change.after == (("Apa yang menyerap ", False), ("cahaya", True), (" dari tanah?", False))


def test_a_language_is_named():
    [change] = differences(quiz_to_json(QUIZ), quiz_to_json(replace(QUIZ, title={"id": "Tumbuhan hijau", "en": "Green plants"})))
    assert (change.language, change.after) == ("en", (("Green plants", True),))


def test_a_course_too():
    before = Course("X1", {"id": "X"}, (Lesson("a", {"id": "A"}, {"id": "satu"}),))
    after = replace(before, grade="SD 5", lessons=(Lesson("a", {"id": "A"}, {"id": "dua"}), Lesson("b", {"id": "B"}, {"id": ""})))
    found = differences(course_to_json(before), course_to_json(after))
    assert [c.what % c.facts for c in found] == ["Kelas", "Bacaan 1: isi", "Bacaan 2 baru"]
