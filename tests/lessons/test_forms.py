from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.problems import Refused
from lessons import forms
from lessons.course import Item, Quiz
from tests.classroom import QUIZ, form_of, with_item
from tests.examples import examples

BLANK = Quiz("", {"id": ""}, (), time_zone="Asia/Jayapura")


@pytest.fixture(autouse=True)
def _context(app):
    """Its sentences are translated, so it wants an application."""


def ids():
    numbers = count(1)
    return lambda: f"new{next(numbers)}"


def read(fields):
    return forms.read_form(fields, ids())


def draft(fields, base=BLANK):
    return forms.draft_of(read(fields), base)


ENGLISH = replace(
    with_item(
        prompt={"id": "Apa yang menyerap air?", "en": "What takes in water?"},
        choices=({"id": "Akar", "en": "Root"}, {"id": "Daun", "en": "Leaf"}),
    ),
    title={"id": "Tumbuhan", "en": "Plants"},
    attempts=3,
    opens_at=datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
    closes_at=datetime(2026, 11, 24, 14, 59, tzinfo=UTC),
    time_zone="Asia/Makassar",
)


@pytest.mark.parametrize(
    "quiz",
    [QUIZ, ENGLISH, with_item(at=2, key={"accepted": {"id": ["akar"], "en": ["root", "a root"]}})],
    ids=["id", "en", "both"],
)
def test_a_draft_comes_back_from_its_form_unchanged(quiz):
    assert draft(form_of(quiz), replace(quiz, items=(), title={"id": ""})) == (quiz, [])


word = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)


@st.composite
def quizzes(draw):
    items = []
    for at in range(draw(st.integers(1, 4))):
        prompt, why = {"id": draw(word)}, {"id": draw(word)} if draw(st.booleans()) else {}
        items.append(
            draw(
                st.sampled_from(
                    [
                        Item(f"i{at}", "multiple_choice", prompt, {"right": 2}, tuple({"id": f"{at}{n}"} for n in range(3)), why),
                        Item(f"i{at}", "true_false", prompt, {"right": at % 2 == 0}, explanation=why),
                        Item(f"i{at}", "number", prompt, {"number": "1.234,5", "tolerance": "0,5"}, explanation=why),
                        Item(f"i{at}", "short_answer", prompt, {"accepted": [draw(word)]}, explanation=why),
                    ]
                )
            )
        )
    return Quiz("AKAR", {"id": draw(word)}, tuple(items), attempts=draw(st.integers(0, 99)))


@settings(max_examples=examples(60), deadline=None)
@given(quizzes())
def test_any_draft_comes_back_as_core_text_cleans_it(quiz):
    once, problems = draft(form_of(quiz), replace(quiz, items=()))
    again, _ = draft(form_of(once), replace(quiz, items=()))
    assert (problems, again) == ([], once)
    assert [(item.id, item.kind, len(item.choices)) for item in once.items] == [
        (item.id, item.kind, len(item.choices)) for item in quiz.items
    ]


def test_opening_is_local_to_the_school():
    quiz, problems = draft({"opens_at": "2026-11-24T08:00", "closes_at": "2026-11-24 21.30".replace(".", ":")})
    assert (quiz.opens_at, quiz.closes_at, problems) == (
        datetime(2026, 11, 23, 23, 0, tzinfo=UTC),
        datetime(2026, 11, 24, 12, 30, tzinfo=UTC),
        [],
    )


def test_a_time_that_comes_twice_is_the_first_and_one_in_a_gap_is_at_the_offset_before():
    base = replace(BLANK, time_zone="Europe/Paris")
    twice, _ = draft({"opens_at": "2026-10-25T02:30"}, base)
    gap, _ = draft({"opens_at": "2026-03-29T02:30"}, base)
    assert (twice.opens_at, gap.opens_at) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize("typed", ["besok", "2026-13-01T08:00", "0001-01-01T00:00", "2026-11-24T08:00+07:00", "²"])
def test_a_time_that_cannot_be_read_is_told_and_kept(typed):
    fields = {"opens_at": typed}
    quiz, problems = draft(fields)
    assert (quiz.opens_at, [p.where for p in problems], read(fields).fields["opens_at"]) == (None, ["opens_at"], typed)


@pytest.mark.parametrize(("typed", "kept"), [("", 0), (" 3 ", 3), ("99", 99)])
def test_attempts_are_a_small_number(typed, kept):
    assert draft({"attempts": typed})[0].attempts == kept


@pytest.mark.parametrize("typed", ["100", "-1", "²", "tiga", "1e9", "9" * 5000])
def test_other_attempts_are_told(typed):
    assert [p.where for p in draft({"attempts": typed})[1]][-1] == "attempts"


def test_numbers_stay_as_they_were_written():
    quiz, problems = draft(
        {"items.0.kind": "number", "items.0.number": " 1.234,5 ", "items.0.tolerance": "", "items.0.unit": "km"}
    )
    assert (quiz.items[0].key, problems) == ({"number": "1.234,5", "unit": "km"}, [])


def test_accepted_answers_are_one_to_a_line():
    quiz, _ = draft({"items.0.kind": "short_answer", "items.0.accepted": "  foto  sintesis \r\n\r\nfotosintesa\n"})
    assert quiz.items[0].key == {"accepted": ["foto sintesis", "fotosintesa"]}


def test_choices_left_blank_at_the_end_are_none():
    fields = {f"items.0.choices.{n}": text for n, text in enumerate(["Akar", "", "Daun", "  "])}
    quiz, _ = draft({"items.0.kind": "multiple_choice", "items.0.right": "3", **fields})
    assert (quiz.items[0].choices, quiz.items[0].key) == (({"id": "Akar"}, {"id": ""}, {"id": "Daun"}), {"right": 3})


def test_the_keyword_is_read_as_it_is_typed():
    assert draft({"keyword": " ipa 5 "})[0].keyword == "IPA5"


def test_what_another_kind_would_use_is_kept():
    typed = read({"items.0.kind": "number", "items.0.choices.0": "Akar", "items.0.number": "3"})
    assert typed.items[0].fields == {"choices.0": "Akar", "number": "3"}
    assert forms.draft_of(typed, BLANK)[0].items[0].choices == ()


def test_buttons_move_questions():
    typed = read(form_of(QUIZ))

    def after(*buttons):
        found = typed
        for button in buttons:
            found = forms.pressed(found, button, ids())
        return [item.id for item in found.items], found.at()

    assert after("up:1") == (["i2", "i1", "i3", "i4"], 0)
    assert after("down:0") == (["i2", "i1", "i3", "i4"], 1)
    assert after("remove:2") == (["i1", "i2", "i4"], 1)
    assert after("add:number") == (["i1", "i2", "i3", "i4", "new1"], 4)
    assert after("show:2") == (["i1", "i2", "i3", "i4"], 2)
    assert after("remove:0", "remove:0", "remove:0", "remove:0") == (["new1"], 0)


@pytest.mark.parametrize("button", ["", "up:0", "down:3", "up:9", "remove:-1", "remove:²", "show:9999", "add:oracle", "x:1"])
def test_other_buttons_change_nothing(button):
    typed = read(form_of(QUIZ))
    assert [item.id for item in forms.pressed(typed, button, ids()).items] == ["i1", "i2", "i3", "i4"]


def test_a_choice_more_is_room_for_one():
    typed = read(form_of(QUIZ))
    rows = [typed.items[0].rows()]
    for _ in range(4):
        typed = forms.pressed(typed, "choice:0", ids())
        rows.append(typed.items[0].rows())
    assert rows == [4, 5, 6, 6, 6]


def test_fifty_questions_and_no_more():
    typed = read({f"items.{n}.prompt": "x" for n in range(50)})
    assert len(typed.items) == 50
    with pytest.raises(Refused):
        forms.pressed(typed, "add:number", ids())
    with pytest.raises(Refused):
        read({f"items.{n}.prompt": "x" for n in range(51)})


def test_fifty_thousand_fields_are_refused():
    with pytest.raises(Refused):
        read({f"x{n}": "" for n in range(50_000)})


def test_an_empty_form_is_a_quiz_with_one_blank_question():
    quiz, problems = draft({})
    assert ([item.id for item in quiz.items], quiz.items[0].prompt, problems) == (["new1"], {"id": ""}, [])


@pytest.mark.parametrize("item_id", ["", "a b", "x" * 21, "../../x", "i1\x00", "<b>"])
def test_a_strange_or_repeated_id_is_replaced(item_id):
    typed = read({"items.0.id": "i1", "items.1.id": item_id, "items.2.id": "i1"})
    assert [item.id for item in typed.items][1:] in (["new1", "new2"], ["i1", "new1"])
    assert len({item.id for item in typed.items}) == 3


def test_nul_and_lone_surrogates_do_not_pass():
    quiz, problems = draft({"title": "A\x00B\ud800C", "items.0.prompt": "\u202eX\x07"})
    assert (quiz.title, quiz.items[0].prompt, problems) == ({"id": "ABC"}, {"id": "X"}, [])


def test_what_is_too_long_is_told_beside_its_field_and_shown_again():
    fields = {"title": "x" * 81, "items.0.kind": "multiple_choice", "items.0.choices.1": "y" * 301}
    _, problems = draft(fields)
    assert [(p.where, p.stops) for p in problems] == [("title", True), ("items.0.choices.1", True)]
    assert len(read(fields).fields["title"]) == 81


def test_unknown_names_are_ignored():
    typed = read({"items.0.school_id": "7", "school": "7", "items.0.right.en": "1", "items.1000.prompt": "x", "version": "3"})
    assert (typed.fields, [item.fields for item in typed.items]) == ({"version": "3"}, [{}])


@settings(max_examples=examples(150), deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(form_of(QUIZ)))
        | st.from_regex(r"items\.\d{1,3}\.[a-z.]{1,12}", fullmatch=True)
        | st.text(max_size=12),
        st.text(max_size=40),
        max_size=30,
    ),
    st.text(max_size=12),
)
def test_no_form_raises_anything_but_refused(fields, button):
    try:
        typed = forms.pressed(read(fields), button, ids())
    except Refused:
        return
    quiz, _ = forms.draft_of(typed, BLANK)
    assert 1 <= len(quiz.items) <= 50


SEVERAL = (
    Item("k1", "multiple_response", {"id": "Mana?"}, {"rights": [1, 3]},
         ({"id": "Padi", "en": "Rice"}, {"id": "Ayam"}, {"id": "Jagung"})),
    Item("k2", "ordering", {"id": "Urutkan"}, {}, ({"id": "Telur"}, {"id": "Ulat"}, {"id": "Kupu-kupu"})),
    Item("k3", "matching", {"id": "Pasangkan"}, {"matches": [{"id": "air", "en": "water"}, {"id": "gula"}, {"id": "buah"}]},
         ({"id": "Akar"}, {"id": "Daun"})),
    Item("k4", "cloze", {"id": "Akar menyerap [air]."}, {}),
    Item("k5", "short_answer", {"id": "Jual beli di mana?"}, {"accepted": ["pasar"], "refused": ["kasar", "besar"]}),
    Item("k6", "number", {"id": "Berapa?"}, {"number": "10..12"}),
)  # fmt: skip


@pytest.mark.parametrize("item", SEVERAL, ids=lambda item: item.kind)
def test_every_kind_comes_back_from_its_form_unchanged(item):
    quiz = replace(QUIZ, items=(item,))
    typed = forms.read_form(form_of(quiz), lambda: "new")
    assert forms.draft_of(typed, quiz)[0].items == (item,)


@pytest.mark.parametrize("item", SEVERAL, ids=lambda item: item.kind)
def test_a_new_question_of_every_kind_is_read_without_what_it_had(item):
    quiz = replace(QUIZ, items=(item,))
    typed = forms.read_form(form_of(quiz), lambda: "new")
    assert forms.draft_of(typed, replace(quiz, items=()))[0].items == (item,)
