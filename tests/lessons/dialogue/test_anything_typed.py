"""Whatever is typed, in whatever order, on whichever medium: a screen that fits, and nobody is marked twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.dialogue.state import State
from lessons.dialogue.turn import Heard
from lessons.dialogue.world import Person
from tests.examples import examples
from tests.learners import BUDGETS, Phone, SmallWorld

WORDS = [
    "", "*", "#", "**", "0", "00", "9", "1", "2", "3", "4", "7", "A", "b", "?", "MENU", "JADWAL", "JADWAL SMP", "LATIHAN",
    "LATIHAN 16", "LATIHAN STOP", "WEB", "HASIL", "LANJUT", "MTK5", "MTK5*1", "Q1 ABC", "Q1", "Q", "Q99 A", "ANI B", "BUDI 1",
    "PIN 12", "INGATKAN", "INGATKAN 1", "INGATKAN 101", "INGATKAN BATAL",
    "12", "1/2", "akar",
    "petunjuk", "  ", "B.", "terima kasih", "ya", "Q1A-", "9" * 200,
]  # fmt: skip
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["said"] * 8 + ["arrived", "silent", "left"]),
        st.sampled_from(WORDS) | st.text(max_size=12),
        st.sampled_from([""] * 6 + sorted(BUDGETS)),
    ),
    max_size=14,
)
PEOPLE = {
    "one": (Person(1, "Ani"),),
    "nobody": (Person(1),),
    "three": (Person(1, "Ani"), Person(2, "Budi", pin="11"), Person(3, "Budi")),
}


class Indonesian(SmallWorld):
    """The tests' own catalog of English is not whole: whatever language is chosen, Indonesian is spoken."""

    def phrases(self, language):
        return super().phrases("id")


@pytest.mark.parametrize("people", PEOPLE)
@settings(max_examples=examples(60))
@given(DEEDS)
def test_a_screen_follows_whatever_is_typed(people, deeds):
    phone = Phone(Indonesian(*PEOPLE[people]), state=State())
    for kind, text, medium in deeds:
        if medium:
            phone.on(medium)
        phone.hear(Heard(kind, text))
