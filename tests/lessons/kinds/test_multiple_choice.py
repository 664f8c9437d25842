from __future__ import annotations

from lessons.course import Item
from lessons.dialogue.turn import Choice
from lessons.kinds import Asked, Verdict
from lessons.kinds.multiple_choice import kind

PLANT = ({"id": "Akar", "en": "Root"}, {"id": "Daun", "en": "Leaf"})


def item(*options, right=1, prompt="Apa?"):
    return Item("1", "multiple_choice", {"id": prompt}, {"right": right}, tuple({"id": o} for o in options))


def found(item):
    return [(p.where, p.stops) for p in kind.problems(item)]


def test_options_have_digits_and_letters():
    asked = kind.ask(Item("1", "multiple_choice", {"id": "Apa?", "en": "What?"}, {"right": 2}, PLANT), "en")
    assert asked == Asked("What?", (Choice("1", "Root", "A"), Choice("2", "Leaf", "B")), "key")


def test_options_that_look_like_another_ones_key_have_digits_alone():
    letters = [
        [c.letter for c in kind.ask(i, "id").choices] for i in (item("2", "3"), item("1", "2"), item("B", "C"), item("A", "C"))
    ]
    assert letters == [["", ""], ["A", "B"], ["", ""], ["A", "B"]]


def test_the_right_answer_is_shown_as_its_text_alone():
    asked = Item("1", "multiple_choice", {"id": "?"}, {"right": 2}, PLANT)
    assert kind.mark(asked, "a", "en") == Verdict("wrong", 0, "Leaf")


def test_the_text_of_either_language_is_read():
    asked = Item("1", "multiple_choice", {"id": "?"}, {"right": 2}, PLANT)
    assert [kind.mark(asked, typed, "id").mark for typed in ("leaf", "daun", "root")] == ["right", "right", "wrong"]


def test_what_stops_a_teacher_is_named_at_its_field():
    assert found(item("Akar", "Daun")) == []
    assert found(item("Akar", "Daun", prompt=" ")) == [("prompt", True)]
    assert found(item("Akar")) == [("choices", True)]
    assert found(item(*"uvwxyzt")) == [("choices", True)]
    assert found(item("Akar", "", "Daun")) == [("choices.1", True)]
    assert found(item("Akar", "akar.")) == [("choices.1", True)]
    assert found(item("Akar", "Daun", right=3)) == [("right", True)]
    assert found(item("Akar", "Daun", right=None)) == [("right", True)]
    assert found(item("Akar", "D" * 101)) == [("choices.1", True)]


def test_small_numbers_that_are_other_options_keys_are_advised_against():
    assert (found(item("2", "3", "4")), found(item("1", "2", "3")), found(item("10", "20"))) == ([("choices", False)], [], [])
