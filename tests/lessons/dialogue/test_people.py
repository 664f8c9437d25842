"""The people of one number: how they are shown, whom a message names, and what is left of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.course import Item, Quiz
from lessons.dialogue.people import called, hashed, is_right, labels, nickname
from lessons.dialogue.world import Person
from tests.learners import Phone, SmallWorld, replace

ANI_S, ANI_W, BUDI = (Person(n, name, language="id") for n, name in enumerate(("Ani Sari", "Ani Wati", "Budi Utomo"), 1))
NAMELESS, SECOND_BUDI = Person(4, language="id"), Person(5, "BUDI UTOMO", language="id")
FAMILY = (ANI_S, ANI_W, BUDI, NAMELESS)


def say(phrase, **values):
    return phrase % values


def whom(said, people=FAMILY):
    found = called(said, people, say)
    return None if found is None else ([person.id for person in found.people], found.pin, found.rest)


def test_namesakes_have_numbers_and_the_nameless_theirs():
    assert labels((BUDI, NAMELESS, SECOND_BUDI), say) == ["Budi Utomo 1", "Murid 2", "BUDI UTOMO 2"]
    assert labels(FAMILY, say) == ["Ani Sari", "Ani Wati", "Budi Utomo", "Murid 4"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("BUDI B", ([3], "", "B")),
        ("budi: b) 12", ([3], "", "b) 12")),
        ("Budi, 3 km", ([3], "", "3 km")),
        ("Budi", ([3], "", "")),
        ("budi utomo b", ([3], "", "b")),
        ("Búdi b", ([3], "", "b")),
        ("ani wati 5", ([2], "", "5")),
        ("ani b", ([1, 2], "", "b")),
        ("murid 4 a", ([4], "", "a")),
        ("murid 3 a", None),
        ("b budi", None),
        ("budiman b", None),
        ("2", None),
        ("", None),
        ("B", None),
        ("dadah", None),
    ],
)
def test_a_message_begins_with_a_name_as_the_phone_shows_it(said, meant):
    assert whom(said) == meant


def test_the_second_of_two_namesakes_is_meant_by_her_number():
    people = (BUDI, SECOND_BUDI)
    assert whom("budi utomo 2 b", people) == ([5], "", "b")
    assert whom("budi b", people) == ([3, 5], "", "b")


def test_a_pin_stands_between_name_and_answer():
    locked = replace(BUDI, pin=hashed(BUDI, "42"))
    assert whom("Budi 42 b", (ANI_S, locked)) == ([3], "42", "b")
    assert whom("Budi 7 b", (ANI_S, locked)) == ([3], "", "7 b")
    assert whom("Budi 42", (ANI_S, BUDI)) == ([3], "", "42")  # without a PIN it is her answer
    assert [is_right(locked, pin) for pin in ("42", "24", "")] == [True, False, False]
    assert hashed(BUDI, "42") != hashed(ANI_S, "42")


def test_a_pin_in_a_message_counts_as_one_that_was_asked_for():
    phone = Phone(SmallWorld(ANI_S, replace(BUDI, pin=hashed(BUDI, "42")))).on("sms")
    phone.say("budi 41 sepuluh", "budi 40 sepuluh")
    assert phone.say("budi 42 sepuluh").split("\n")[0] == "1/10 Berapa 4 x 3?"
    assert phone.say("budi 41 A").split("\n")[0] == "PIN salah. Sisa 2 kali."  # the right one forgot those before
    phone.say("budi 41 A")
    told = "PIN salah terlalu sering. Coba lagi 15 menit lagi, atau minta gurumu menghapus PIN-nya."
    assert [phone.say("budi 41 A"), phone.say("budi 42 A"), phone.say("budi A")] == [told] * 3


@given(st.text(max_size=60))
def test_any_message_names_somebody_or_nobody(said):
    found = called(said, FAMILY, say)
    assert found is None or (found.people and set(found.people) <= set(FAMILY))


@pytest.mark.parametrize(
    ("typed", "name"),
    [("cici", "Cici"), ("  dewi  sri ", "Dewi Sri"), ("nur'aini", "Nur'aini"), ("x", ""), ("12", ""), ("<b>ani</b>", "B Ani B"),
     ("a" * 40, "A" + "a" * 11), ("", "")],
)  # fmt: skip
def test_a_nickname_is_letters_and_short(typed, name):
    assert nickname(typed) == name


def test_two_of_one_first_name_are_told_apart_and_the_answer_is_kept():
    phone = Phone(SmallWorld(ANI_S, ANI_W, BUDI)).on("sms")
    phone.say("ani wati sepuluh")
    assert phone.say("ani A") == "Siapa ini?\n1. Ani Sari\n2. Ani Wati"
    assert phone.say("2").split("\n")[1] == "2/10 Berapa 5 x 3?"
    assert phone.say("ani sari sepuluh").split("\n")[0] == "1/10 Berapa 4 x 3?"


def test_a_name_that_is_a_part_of_the_answer_is_an_answer():
    who = Item("w", "short_answer", {"id": "Apa nama organisasi tahun 1908?"}, {"accepted": ["Budi Utomo"]})
    yes = Item("y", "true_false", {"id": "Api panas."}, {"right": False})
    world = SmallWorld(
        ANI_S, BUDI, Person(6, "Ya", language="id"), quizzes=(Quiz("SEJARAH", {"id": "Sejarah"}, (who, yes), id=9, edition=91),)
    )
    phone = Phone(world).on("sms")
    phone.say("ani sejarah", "Budi Utomo", "ya")
    assert [(fact.learner, fact.typed, fact.mark) for fact in world.happenings if hasattr(fact, "typed")] == [
        (1, "Budi Utomo", "right"),
        (1, "ya", "wrong"),
    ]
