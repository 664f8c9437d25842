from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.course import Item
from lessons.kinds import ask, mark
from lessons.readings import reading

STEPS = tuple({"id": text, "en": english} for text, english in (("telur", "egg"), ("ulat", "grub"), ("kupu", "moth")))
ORDER = Item("o", "ordering", {"id": "Urutkan"}, {}, STEPS)
SEVERAL = Item("s", "multiple_response", {"id": "Mana?"}, {"rights": [1, 3]}, STEPS)
MATCHES = [{"id": "air"}, {"id": "gula"}]
PAIRS = Item("p", "matching", {"id": "Jodohkan"}, {"matches": MATCHES}, ({"id": "akar"}, {"id": "daun"}))
KEYS = {item.id: [choice.label for choice in ask(item, "id").choices] for item in (ORDER, PAIRS)}


@pytest.mark.parametrize("typed", ["CAB", "3 1 2", "c, a, b"])
def test_an_order_is_shown_in_the_words_that_its_letters_stand_for(typed):
    assert reading(ORDER, typed).shown == ", ".join(KEYS["o"][at] for at in (2, 0, 1))


@pytest.mark.parametrize(
    ("item", "typed", "shown"),
    [
        (SEVERAL, "CA", "telur, kupu"), (SEVERAL, "1", "telur"), (SEVERAL, "egg, moth", "telur, kupu"),
        (PAIRS, "AB", f"akar={KEYS['p'][0]}; daun={KEYS['p'][1]}"), (PAIRS, "akar=gula; daun=air", "akar=gula; daun=air"),
        (SEVERAL, "tidak  tahu", "tidak tahu"), (PAIRS, "A", "A"), (ORDER, "", ""),
    ],
)  # fmt: skip
def test_what_was_meant_is_shown_and_what_nobody_can_read_as_it_was_typed(item, typed, shown):
    assert reading(item, typed).shown == shown


@pytest.mark.parametrize("item", [ORDER, SEVERAL, PAIRS], ids=lambda item: item.kind)
def test_the_right_answer_is_shown_as_it_is_told(item):
    right = mark(item, "", "id").right
    assert reading(item, right).shown == right


@given(st.sampled_from([ORDER, SEVERAL, PAIRS]), st.text(max_size=30))
def test_anything_typed_is_shown(item, typed):
    assert isinstance(reading(item, typed).shown, str)
