from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core import gsm7
from gateway import opt_out
from lessons.check import KEYWORD, after_wrong, check_course, check_quiz
from lessons.course import Course, Item, Lesson, Quiz
from lessons.dialogue import commands
from lessons.render import sms, ussd, voice, web

PLANT = Item(
    "a", "multiple_choice", {"id": "Apa yang hijau?"}, {"right": 2}, ({"id": "Akar"}, {"id": "Daun"}), {"id": "Karena klorofil."}
)
QUIZ = Quiz("IPA5", {"id": "Tumbuhan"}, (PLANT, replace(PLANT, id="b")))
COURSE = Course("IPA5", {"id": "IPA"}, (Lesson("1", {"id": "Daun"}, {"id": "Daun itu hijau."}),))
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def found(quiz, budgets=None):
    return [(p.where, p.stops) for p in check_quiz(quiz, budgets)]


def test_a_sound_quiz_has_no_problem():
    assert check_quiz(QUIZ) == []


def test_what_stops_a_quiz_is_named_at_its_field():
    assert found(replace(QUIZ, title={"id": " "})) == [("title", True)]
    assert found(replace(QUIZ, items=())) == [("items", True)]
    assert found(replace(QUIZ, opens_at=NOW, closes_at=NOW)) == [("closes_at", True)]
    assert found(replace(QUIZ, opens_at=NOW, closes_at=NOW + timedelta(hours=1))) == []
    assert found(replace(QUIZ, attempts=-1)) == [("attempts", True)]
    assert found(replace(QUIZ, items=(PLANT, PLANT))) == [("items.1", True)]
    assert found(replace(QUIZ, items=(replace(PLANT, kind="essay"),))) == [("items.0.kind", True)]
    assert found(replace(QUIZ, items=(PLANT, replace(PLANT, id="b", key={})))) == [("items.1.right", True)]


def test_a_word_that_already_means_something_is_no_keyword():
    words = opt_out.STOP | opt_out.MAYBE_STOP | opt_out.START | opt_out.MAYBE_START | set(commands.SCENES) | commands.HELP
    spoken_for = {word for word in words if KEYWORD.fullmatch(word)}
    assert {word for word in spoken_for if found(replace(QUIZ, keyword=word)) != [("keyword", True)]} == set()


def test_keywords_are_two_to_twelve_capitals_and_digits():
    words = ["IPA5", "AB", "A", "5A", "ipa", "IPA 5", "ABCDEFGHIJKL", "ABCDEFGHIJKLM", "IPA-5", ""]
    assert [w for w in words if found(replace(QUIZ, keyword=w)) == []] == ["IPA5", "AB", "ABCDEFGHIJKL"]


def test_what_one_language_has_the_others_are_advised_to_have():
    item = replace(PLANT, prompt={"id": "Apa?", "en": "What?"})
    problems = check_quiz(replace(QUIZ, items=(item,)))
    assert [p.where for p in problems] == ["title", "items.0.explanation", "items.0.choices.0", "items.0.choices.1"]
    assert {(p.stops, p.facts["language"]) for p in problems} == {(False, "en")}


def test_a_question_longer_than_a_screen_is_advised_with_its_exact_length():
    item = replace(PLANT, prompt={"id": "x" * 150}, explanation={})
    problems = check_quiz(replace(QUIZ, items=(item,)))
    drawn = f"1/1 {'x' * 150}\n1. Akar\n2. Daun"
    assert [(p.where, p.stops, dict(p.facts)) for p in problems] == [
        ("items.0.prompt", False, {"count": len(drawn), "limit": limit}) for limit in (160, 160)
    ]
    assert str(problems[0]).startswith(f"Soal ini {len(drawn)} huruf; satu layar memuat 160.")


def test_room_is_measured_to_the_very_character():
    bare = len("1/1 \n1. Akar\n2. Daun")
    for length, problems in ((160 - bare, []), (161 - bare, ["items.0.prompt"])):
        item = replace(PLANT, prompt={"id": "x" * length}, explanation={})
        assert [p.where for p in check_quiz(replace(QUIZ, items=(item,)), [ussd.budget()])] == problems


def test_an_explanation_that_does_not_fit_with_the_next_question_is_advised():
    first = replace(PLANT, explanation={"id": "y" * 110})
    quiz = replace(QUIZ, items=(first, replace(PLANT, id="b")))
    problems = check_quiz(quiz, [ussd.budget(), sms.budget()])
    count = gsm7.septets(ussd.draw(after_wrong(quiz, 0, "id")))
    assert [(p.where, p.stops, p.facts["count"]) for p in problems] == [("items.0.explanation", False, count)] * 2
    assert count == len(f"Salah. Jawaban: Daun. {'y' * 110}\n2/2 Apa yang hijau?\n1. Akar\n2. Daun")


def test_media_where_a_long_text_is_simply_long_advise_nothing():
    item = replace(PLANT, prompt={"id": "x" * 400})
    assert (found(replace(QUIZ, items=(item,)), [web.budget(), voice.budget()]), found(replace(QUIZ, items=(item,)), [])) == (
        [],
        [],
    )


def test_letters_that_make_a_message_dear_are_named():
    item = replace(PLANT, prompt={"id": "Apa itu я dan 字?"})
    problems = check_quiz(replace(QUIZ, items=(item,)), [])
    assert [(p.where, p.stops, p.facts["signs"]) for p in problems] == [("items.0.prompt", False, "я 字")]


def test_signs_that_are_rewritten_are_named_with_their_rewrite():
    item = replace(PLANT, prompt={"id": "Berapa 3 × ½ …"})
    problems = check_quiz(replace(QUIZ, items=(item,)), [])
    assert [(p.where, p.facts["signs"]) for p in problems] == [("items.0.prompt", "½ = 1/2, × = x, … = ...")]


def test_a_question_that_needs_ucs2_is_measured_by_seventy():
    item = replace(PLANT, prompt={"id": "я" * 60}, explanation={})
    problems = [p for p in check_quiz(replace(QUIZ, items=(item,)), [ussd.budget(), sms.budget()]) if "count" in p.facts]
    assert [dict(p.facts) for p in problems] == [{"count": 80, "limit": 70}] * 2


def test_facts_find_their_places_in_a_translation():
    item = replace(PLANT, prompt={"id": "я" * 60}, explanation={})
    problem = next(p for p in check_quiz(replace(QUIZ, items=(item,)), [ussd.budget()]) if "count" in p.facts)
    told = problem.told(lambda phrase: "%(limit)d, but %(count)d" if "%(count)d" in phrase else "Shorter!")
    assert (told.what, told.remedy, told.facts) == ("70, but 80", "Shorter!", {})


def test_a_course_wants_a_title_a_code_and_lessons_with_words():
    def where(**changes):
        return [p.where for p in check_course(replace(COURSE, **changes)) if p.stops]

    empty = Lesson("2", {"id": ""}, {"id": " "})
    assert (where(), where(title={}), where(code="ipa 5"), where(lessons=())) == ([], ["title"], ["code"], ["lessons"])
    assert where(lessons=(*COURSE.lessons, empty)) == ["lessons.1.title", "lessons.1.text"]
    assert where(lessons=COURSE.lessons * 2) == ["lessons.1"]
