"""What every question kind promises, over whatever lies in lessons/kinds: a newcomer is tested unasked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.course import Item
from lessons.kinds import kinds

FIELDS = {"choices", "right", "number", "tolerance", "unit", "accepted", "refused", "rights", "matches"}
KEYS = st.dictionaries(
    st.sampled_from(sorted(FIELDS)),
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.lists(st.text(max_size=9), max_size=3)
    ),
)
WORDS = st.dictionaries(st.sampled_from(["id", "en"]), st.text(alphabet=st.characters(), max_size=30))
ALL = pytest.mark.parametrize("kind", kinds().values(), ids=list(kinds()))


def test_there_are_kinds():
    assert len(kinds()) >= 4


@ALL
def test_a_kind_is_named_as_its_module_and_has_a_label(kind):
    assert (kinds()[kind.name], bool(kind.label), set(kind.fields) <= FIELDS) == (kind, True, True)


@ALL
def test_an_empty_item_cannot_be_asked_and_says_what_to_do(kind):
    found = kind.problems(Item("1", kind.name, {}, {}))
    assert [p for p in found if p.where == "prompt" and p.stops] != []
    assert [p for p in found if not p.what or not p.remedy or p.where == ""] == []


@ALL
@given(prompt=WORDS, key=KEYS, options=st.lists(WORDS, max_size=8), typed=st.text(alphabet=st.characters(), max_size=60))
def test_no_item_raises_however_broken(kind, prompt, key, options, typed):
    item = Item("1", kind.name, prompt, key, tuple(options))
    kind.problems(item)
    asked, verdict = kind.ask(item, "id"), kind.mark(item, typed, "en")
    assert asked.wants in ("key", "keys", "number", "words")
    assert verdict.score in {"right": {100}, "almost": range(50, 100), "wrong": range(50), None: {0}}[verdict.mark]
    assert verdict.why % verdict.facts is not None


@ALL
@given(prompt=WORDS, key=KEYS, options=st.lists(WORDS, max_size=8))
def test_an_item_without_problems_is_marked_right_by_its_own_answer(kind, prompt, key, options):
    item = Item("1", kind.name, prompt, key, tuple(options))
    if any(problem.stops for problem in kind.problems(item)):
        return
    shown = kind.mark(item, "", "id").right
    asked = kind.ask(item, "id")
    typed = [choice.key for choice in asked.choices] if asked.wants == "key" else [shown]
    assert [kind.mark(item, text, "id").mark for text in typed].count("right") == 1


@ALL
def test_silence_is_never_marked(kind):
    item = Item("1", kind.name, {"id": "?"}, {"right": 1, "number": "1", "accepted": ["a"]}, ({"id": "a"}, {"id": "b"}))
    assert [kind.mark(item, typed, "id").mark for typed in ("", "   ", "\x00")] == [None, None, None]
