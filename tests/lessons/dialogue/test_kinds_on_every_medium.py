"""Each kind of question is asked and answered on each medium through the real conversation, or is said not to suit it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lessons.check import check_quiz
from lessons.course import Item
from lessons.dialogue import happenings as h
from lessons.kinds import kinds, unsuited
from tests.learners import MTK4, PECAHAN, RAGAM, SITI, Phone, Quiz, SmallWorld, choice

MEDIA = ("ussd", "sms", "voice", "web")
ITEMS = {
    "multiple_choice": (choice("a", "Mana yang hijau?", ("Daun", "Langit", "Api"), 1), "1", "3"),
    "true_false": (Item("b", "true_false", {"id": "9 lebih kecil dari 10."}, {"right": True}), "1", "2"),
    "number": (Item("c", "number", {"id": "Berapa 1/2 dari 25?"}, {"number": "12,5"}), "12,5", "13"),
    "short_answer": (Item("d", "short_answer", {"id": "Apa yang menyerap air?"}, {"accepted": ["akar"]}), "akar", "daun"),
    "multiple_response": (RAGAM.items[0], "13", "2"),
    "ordering": (RAGAM.items[1], "2341", "3214"),
    "matching": (RAGAM.items[2], "21", "12"),
    "cloze": (RAGAM.items[3], "air; tanah", "api; langit"),
}


def asked(medium, *items):
    quiz = Quiz("UJI", {"id": "Uji"}, items, id=77, edition=770, school=1)
    phone = Phone(SmallWorld(SITI, quizzes=(quiz,))).on(medium)
    phone.dial("UJI")
    return phone


def answers(phone):
    return [(fact.item, fact.typed, fact.mark) for fact in phone.world.happenings if isinstance(fact, h.Answered)]


def test_every_kind_is_here():
    assert set(ITEMS) == set(kinds())


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("kind", ITEMS)
@pytest.mark.parametrize("is_right", [True, False])
def test_it_is_answered_or_said_not_to_suit(kind, medium, is_right):
    item, right, wrong = ITEMS[kind]
    phone = asked(medium, item)
    typed = right if is_right else wrong
    if medium in unsuited(item):
        assert "jawablah lewat SMS atau USSD" in phone.text
        assert "jawablah lewat SMS atau USSD" in phone.say("1")
        assert answers(phone) == [], "no key that she presses is marked wrong"
        return
    phone.say(typed.replace(",", "*") if medium == "voice" else typed)
    assert answers(phone) == [(item.id, typed, "right" if is_right else "wrong")]


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("matching", "Tekan 2 untuk menyerap air. Tekan semua angkanya berurutan, lalu pagar. Tekan 0 0"),
        ("number", "Berapa 1 per 2 dari 25? Tekan angkanya, lalu pagar. Bintang untuk koma. Tekan 0 0"),
        ("multiple_choice", "Tekan 3 untuk Api. Tekan 0 0"),
    ],
)
def test_a_caller_hears_which_keys_to_press_after_the_choices_or_a_recording(kind, how):
    item = ITEMS[kind][0]
    assert how in asked("voice", item).text
    heard = asked("voice", replace(item, audio={"id": "https://a.example/1.mp3"})).text
    assert ("lalu pagar" in heard) is (kind != "multiple_choice")


def test_what_a_caller_cannot_say_waits_for_a_message():
    phone = asked("voice", ITEMS["short_answer"][0], ITEMS["true_false"][0], ITEMS["cloze"][0], ITEMS["multiple_choice"][0])
    assert phone.text.startswith("Soal 2 dari 4. 9 lebih kecil")
    assert phone.say("1").startswith("Benar! Soal 4 dari 4. Mana yang hijau?")
    assert phone.say("1").startswith("Benar! Soal 1 dari 4. Apa yang menyerap air? Soal ini tidak bisa dijawab")
    phone.on("sms").say("LANJUT")
    assert phone.text == "1/4 Apa yang menyerap air?"
    assert phone.say("akar").split("\n")[1].startswith("3/4 Akar menyerap")
    assert phone.say("air; tanah").split("\n")[1] == "Uji selesai! 4 dari 4 benar."
    assert [item for item, _, _ in answers(phone)] == ["b", "a", "d", "r4"]


def test_practice_by_voice_asks_what_keys_can_answer():
    world = SmallWorld(SITI)
    world.waiting = [(11, "p3"), (11, "p1")]
    phone = Phone(world).on("voice")
    phone.dial()
    assert phone.say("LATIHAN").startswith("Soal 1 dari 1. Mana yang sama dengan 1 per 2?")


def test_a_ladder_by_voice_asks_what_keys_can_answer():
    words = tuple(replace(PECAHAN.items[2], id=f"w{n}") for n in range(3))
    quiz = replace(PECAHAN, items=(words[0], PECAHAN.items[0], *words[1:]))
    quiz = replace(quiz, items=tuple(replace(item, level=1) for item in quiz.items))
    phone = Phone(SmallWorld(SITI, quizzes=(quiz,), courses=(MTK4,))).on("voice")
    phone.dial()
    phone.say("LATIHAN")
    assert "Mana yang sama dengan 1 per 2?" in phone.say("1")


def test_a_number_below_nought_is_said_not_to_suit_a_call():
    item = Item("n", "number", {"id": "Berapa 3 - 5?"}, {"number": "-2"})
    assert list(unsuited(item)) == ["voice"]
    assert unsuited(replace(item, key={"number": "2"})) == {}
    assert [p.what for p in check_quiz(Quiz("UJI", {"id": "Uji"}, (item,), id=1)) if p.where == "items.0.number"] == [
        "Lewat telepon suara murid tidak bisa mengetik tanda minus."
    ]
