from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.problems import Refused
from lessons import forms, wordings
from lessons.course import Course, Enclosure, Item, Lesson, Quiz
from lessons.exchange import course_file
from lessons.exchange.course_file import Held
from lessons.kinds import kinds
from tests.lessons.exchange.test_gift import CHOICE, NUMBER, PAIRS, SEVERAL, SHORT, TRUTH, WORDS

SPOKEN = st.builds(lambda text, other: {"id": text, **({"en": other} if other else {})}, WORDS, WORDS | st.just(""))
KEYS = st.text("ABCD0123456789", min_size=1, max_size=8)


def item(id, prompt, built, why, hint, level):
    kind, key, choices = built
    return Item(id, kind, prompt, key, tuple({"id": text} for text in choices), why, hint, {}, "", level)


ITEMS = st.builds(
    item, KEYS, SPOKEN, CHOICE | SEVERAL | PAIRS | TRUTH | NUMBER | SHORT, SPOKEN, SPOKEN | st.just({}), st.integers(0, 9)
)
INSTANTS = st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
LICENCE = st.sampled_from(["", "cc-by"])
CREDITS = st.lists(WORDS, max_size=2).map(tuple)
QUIZZES = st.builds(
    Quiz, KEYS, SPOKEN, st.lists(ITEMS, max_size=3).map(tuple), INSTANTS, INSTANTS, st.just("Asia/Jayapura"), st.integers(0, 9),
    course=st.just("IPA5"), shuffle=st.booleans(), draw=st.integers(0, 5), licence=LICENCE, credits=CREDITS,
)  # fmt: skip
ENCLOSURES = st.lists(st.builds(Enclosure, st.just("audio"), WORDS, st.integers(0, 9999), SPOKEN), max_size=1).map(tuple)
COURSES = st.builds(
    Course, st.just("IPA5"), SPOKEN, st.lists(st.builds(Lesson, KEYS, SPOKEN, SPOKEN, ENCLOSURES), max_size=3).map(tuple), WORDS,
    is_open=st.booleans(), licence=LICENCE, credits=CREDITS,
)  # fmt: skip


@given(st.builds(Held, COURSES, st.lists(QUIZZES, max_size=3).map(tuple)))
def test_a_course_goes_out_and_comes_back_equal(held):
    raw = course_file.write(held)
    assert course_file.read(raw) == held
    assert course_file.write(course_file.read(raw)) == raw


ONE = json.loads(course_file.write(Held(Course("IPA5", {"id": "IPA"}, (Lesson("l1", {"id": "a"}, {"id": "b"}),)), (Quiz("DAUN", {"id": "x"}, (Item("i", "true_false", {"id": "?"}, {"right": True}),)),))))  # fmt: skip # noqa: E501


def changed(path, value):
    told = json.loads(json.dumps(ONE))
    *way, last = path
    held = told
    for step in way:
        held = held[step]
    held[last] = value
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"format": "kentongan-course", "version": 1}', b"NaN",
        changed(["version"], 2), changed(["format"], "x"), changed(["course"], 5), changed(["course", "title"], "IPA"),
        changed(["course", "title", "id"], 5), changed(["course", "lessons"], None),
        changed(["course", "lessons", 0, "id"], "x" * 21),
        changed(["quizzes"], {"a": 1}), changed(["quizzes", 0, "items", 0, "id"], 7),
        changed(["quizzes", 0, "items", 0, "key"], []),
        changed(["quizzes", 0, "items", 0, "choices"], ["x"]), changed(["quizzes", 0, "opens_at"], "besok"),
        changed(["quizzes", 0, "opens_at"], "2026-01-01T00:00:00"), changed(["quizzes", 0, "attempts"], 2**40),
        changed(["quizzes", 0, "attempts"], True), changed(["quizzes", 0, "keyword"], None), b" " * (course_file.MOST_BYTES + 1),
    ],
    ids=range(24),
)  # fmt: skip
def test_what_is_no_course_is_refused(raw):
    with pytest.raises(Refused):
        course_file.read(raw)


# What a form and a translation page could not open. A key is otherwise its kind's own affair.
SHAPES = st.sampled_from([None, 5, "x", 1.5, True, [], [1], ["a"], [[]], [{"id": "a"}], [{"id": 5}], {}, {"id": "a"}, {"id": ["a"]}, {"id": 5}])  # fmt: skip # noqa: E501
NAMES = st.sampled_from(["right", "rights", "accepted", "refused", "matches", "number", "tolerance", "unit", "other"])


@given(st.sampled_from(sorted(kinds())), st.dictionaries(NAMES, SHAPES, max_size=3))
def test_whatever_key_is_taken_can_be_shown_and_translated(kind, key):
    raw = json.loads(changed(["quizzes", 0, "items", 0, "key"], key))
    raw["quizzes"][0]["items"][0]["kind"] = kind
    try:
        held = course_file.read(json.dumps(raw).encode())
    except Refused:
        return
    [quiz] = held.quizzes
    assert [item.id for item in forms.typed_of(quiz).items] == ["i"]
    assert {wording.name for wording in wordings.of_quiz(quiz)} >= {"title", "i.prompt"}
    assert wordings.quiz_with(quiz, "en", {"title": "y", "i.accepted": "z"}).title == {"id": "x", "en": "y"}


@pytest.mark.parametrize(
    "key", [{"matches": 5}, {"matches": ["a"]}, {"accepted": {"id": 5}}, {"rights": {"a": 1}}, {"refused": [1]}, {"right": "1"}]
)
def test_a_key_that_is_none_is_refused(key):
    with pytest.raises(Refused):
        course_file.read(changed(["quizzes", 0, "items", 0, "key"], key))


def test_a_kind_of_another_release_is_named():
    with pytest.raises(Refused, match="Jenis soal tarik-garis belum ada di sini"):
        course_file.read(changed(["quizzes", 0, "items", 0, "kind"], "tarik-garis"))


def test_texts_go_through_the_gate():
    assert course_file.read(changed(["course", "title", "id"], "a\0\ud800b")).course.title == {"id": "ab"}


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda x: st.lists(x) | st.dictionaries(st.text(max_size=5), x), max_leaves=8), st.sampled_from([["course"], ["quizzes"], ["quizzes", 0], ["course", "lessons", 0], ["quizzes", 0, "items", 0]]))  # fmt: skip # noqa: E501
def test_no_value_raises_anything_but_refused(value, path):
    try:
        course_file.read(changed(path, value))
    except Refused as no:
        assert str(no)  # noqa: PT017
