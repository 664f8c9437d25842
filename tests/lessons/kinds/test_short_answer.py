from __future__ import annotations

from lessons.course import Item
from lessons.kinds import Asked, Verdict
from lessons.kinds.short_answer import kind


def item(accepted, prompt="Apa?"):
    return Item("1", "short_answer", {"id": prompt}, {"accepted": accepted})


def found(item):
    return [p.where for p in kind.problems(item) if p.stops]


def test_words_are_wanted():
    assert kind.ask(item(["air"]), "id") == Asked("Apa?", (), "words")


def test_a_typo_is_accepted_half_and_the_right_spelling_is_shown():
    assert kind.mark(item(["akar", "fotosintesis"]), "potosintesis", "id") == Verdict("almost", 50, "akar", "fotosintesis")


def test_each_language_shows_its_own_first_answer_and_takes_all():
    both = item({"id": ["penyebut"], "en": ["denominator"]})
    shown = [kind.mark(both, "x", language).right for language in ("id", "en", "jv")]
    marks = [kind.mark(both, typed, "id").mark for typed in ("penyebut", "denominator", "Denominater")]
    assert (shown, marks) == (["penyebut", "denominator", "penyebut"], ["right", "right", "almost"])


def test_a_typo_that_is_another_accepted_answer_is_right():
    assert kind.mark(item(["pasar", "kasar"]), "kasar", "id").mark == "right"


def test_what_stops_a_teacher_is_named_at_its_field():
    assert found(item(["air"])) == []
    assert found(item([])) == ["accepted"]
    assert found(item(["  ", "?"])) == ["accepted"]
    assert found(item("air")) == []
    assert found(item(["a" * 101])) == ["accepted"]
    assert found(item(["air"], prompt="")) == ["prompt"]
