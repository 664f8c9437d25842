from __future__ import annotations

from lessons.course import Item
from lessons.dialogue.turn import Choice
from lessons.kinds import Asked, Verdict
from lessons.kinds.true_false import kind

ITEM = Item("1", "true_false", {"id": "Daun hijau.", "en": "Leaves are green."}, {"right": True})


def test_the_words_are_shown_and_no_letters():
    assert kind.ask(ITEM, "id") == Asked("Daun hijau.", (Choice("1", "Benar"), Choice("2", "Salah")), "key")
    assert kind.ask(ITEM, "en").choices == (Choice("1", "True"), Choice("2", "False"))


def test_b_is_benar_and_never_the_second_option():
    assert kind.mark(ITEM, "B", "id") == Verdict("right", 100, "Benar")


def test_a_key_is_needed():
    assert [(p.where, p.stops) for p in kind.problems(Item("1", "true_false", {"id": "?"}, {"right": "ya"}))] == [("right", True)]
    assert kind.problems(ITEM) == []
