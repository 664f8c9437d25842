from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lessons.dialogue.paging import cut, hinted
from lessons.dialogue.turn import Budget, Choice, Prompt
from lessons.render import sms, ussd, voice
from tests.examples import examples

MORE = Choice("9", "Lanjut")
BACK, HOME = Choice("0", "Kembali"), Choice("00", "Menu")
BUDGETS = [ussd.budget(), ussd.budget(120), ussd.budget(100), sms.budget(), sms.budget(1), voice.budget()]

letters = st.characters(categories=["Ll", "Lu", "Nd"], max_codepoint=0x17F) | st.sampled_from("€[]|½×…“ñ€漢😀")
word = st.text(letters, min_size=1, max_size=14)
text = st.lists(st.tuples(word, st.sampled_from([" ", " ", " ", ". ", "\n", "\n\n"])), min_size=1, max_size=90).map(
    lambda parts: "".join(a + b for a, b in parts).strip()
)
label = st.lists(word, min_size=1, max_size=5).map(" ".join)
labels = st.lists(label, max_size=8)
budgets = st.sampled_from(BUDGETS)


def prompts(is_question):
    def made(text, labels, lead, why, wants):
        choices = tuple(Choice(str(n), label, "ABCDEFGH"[n - 1] if is_question else "") for n, label in enumerate(labels, 1))
        moves = (HOME,) if is_question else (BACK, HOME)
        return Prompt(text, choices, lead, why, "key" if choices else wants, moves, is_question)

    return st.builds(made, text, labels, st.just("") | label, st.just("") | text, st.sampled_from(["number", "words"]))


def words(prompts):
    return " ".join(" ".join((p.lead, p.why, p.text)) for p in prompts).split()


@given(prompts(True) | prompts(False), budgets)
@settings(max_examples=examples(150), deadline=None)
@example(Prompt("x " * 300, (Choice("1", "Ya"),), is_question=True), ussd.budget())
def test_every_page_fits(prompt, budget):
    for page in cut(prompt, budget, MORE):
        assert budget.fits(budget.draw(page)), budget.draw(page)


@given(prompts(True) | prompts(False), budgets)
@settings(max_examples=examples(150), deadline=None)
def test_every_choice_appears_once_and_in_order(prompt, budget):
    keys = [choice.key for page in cut(prompt, budget, MORE) for choice in page.choices]
    assert keys == [choice.key for choice in prompt.choices]


@given(prompts(False), budgets)
@settings(max_examples=examples(150), deadline=None)
def test_no_word_of_a_text_is_lost(prompt, budget):
    prompt = replace(prompt, why="", choices=())
    shown = "".join(words(cut(prompt, budget, MORE)))  # a word longer than half a screen may be broken in two
    assert shown == "".join(words([prompt]))


@given(prompts(True), budgets)
@settings(max_examples=examples(150), deadline=None)
def test_no_word_of_a_question_is_lost_and_choices_stand_under_its_end(prompt, budget):
    prompt = replace(prompt, lead="", why="")
    pages = cut(prompt, budget, MORE)
    end = prompt.text[-15:].split()[-1]
    for page in pages:
        assert (page.is_question, page.wants) == ((True, prompt.wants) if page.choices or page is pages[-1] else (False, "key"))
    if prompt.choices:
        assert {page.text.split()[-1][-len(end) :] for page in pages if page.choices and page.text} <= {end}
    told = "".join(words(pages))
    assert [w for w in prompt.text.split() if len(w) < 3 and w not in told] == []


@given(prompts(True) | prompts(False), budgets)
@settings(max_examples=examples(150), deadline=None)
def test_all_but_the_last_page_say_how_to_go_on(prompt, budget):
    pages = cut(prompt, budget, MORE)
    assert [page.moves[:1] for page in pages[:-1]] == [(MORE,)] * (len(pages) - 1)
    assert MORE not in pages[-1].moves


def test_a_question_that_fits_is_one_page_and_the_reminder_gives_way_first():
    question = Prompt("x" * 120, (Choice("1", "a" * 14), Choice("2", "b" * 14)), moves=(HOME,), is_question=True)
    assert cut(question, ussd.budget(), MORE) == [replace(question, moves=())]
    assert cut(question, ussd.budget(182), MORE) == [question]


def test_an_explanation_that_would_cost_a_segment_is_left_out():
    prompt = Prompt("2/10 " + "x" * 100, (), "Salah. Jawaban: 7.", "y" * 60, is_question=True)
    assert cut(prompt, sms.budget(), MORE) == [replace(prompt, why="")]
    dear = replace(prompt, text="x" * 150)
    assert cut(dear, sms.budget(), MORE) == [dear]  # the second segment is paid for anyway


def test_a_verdict_without_room_gets_a_page_of_its_own():
    prompt = Prompt("2/10 " + "x" * 100, (), "Salah. Jawaban: 7.", "y" * 60, moves=(HOME,), is_question=True)
    assert cut(prompt, ussd.budget(), MORE) == [
        Prompt("Salah. Jawaban: 7. " + "y" * 60, moves=(MORE,)),
        replace(prompt, lead="", why=""),
    ]


def test_words_are_broken_where_the_budget_says():  # A-12 of the field's cases
    tiny = Budget("ussd", lambda p: p.text, lambda text: len(text) <= 5)
    assert [page.text for page in cut(Prompt("fo bar bz qx"), tiny, MORE)] == ["fo", "bar", "bz qx"]


def test_a_long_list_is_shown_under_its_head_page_by_page():
    choices = tuple(Choice(str(n), "x" * 44) for n in range(1, 6))
    prompt = Prompt("Pilih kuis:", choices, moves=(BACK,))
    pages = cut(prompt, ussd.budget(), MORE)
    assert [(page.text, [c.key for c in page.choices], [m.key for m in page.moves]) for page in pages] == [
        ("Pilih kuis:", ["1", "2"], ["9", "0"]),
        ("Pilih kuis:", ["3", "4"], ["9", "0"]),
        ("Pilih kuis:", ["5"], ["0"]),
    ]


def test_a_long_text_is_not_said_again_above_the_rest_of_its_choices():
    choices = tuple(Choice(str(n), "x" * 40) for n in range(1, 4))
    pages = cut(Prompt("y" * 60, choices, moves=(BACK,)), ussd.budget(), MORE)
    assert [page.text for page in pages] == ["y" * 60, ""]


def test_a_choice_longer_than_a_screen_is_shortened_and_keeps_its_key():
    (first, second) = cut(Prompt("Yang mana?", (Choice("1", "a" * 200), Choice("2", "b")), is_question=True), ussd.budget(), MORE)
    assert (first.text, [c.key for c in first.choices], len(first.choices[0].label)) == ("Yang mana?", ["1"], 137)
    assert second.choices == (Choice("2", "b"),)


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_nothing_to_say_is_a_page_too(text):
    assert cut(Prompt(text), ussd.budget(), MORE) == [Prompt(text)]


def test_a_hint_stands_above_the_same_page_where_there_is_room():
    page = Prompt("x" * 90, (Choice("1", "a"),), moves=(HOME,))
    assert hinted(page, "Tekan 1.", ussd.budget()) == replace(page, lead="Tekan 1.")
    assert hinted(replace(page, text="x" * 145), "Tekan 1.", ussd.budget()) == replace(page, text="x" * 145)
    assert hinted(page, "", ussd.budget()) == page


def test_for_a_hint_the_beginning_of_a_question_gives_way():
    page = Prompt(" ".join(["kata"] * 29), (Choice("1", "a"),), moves=(HOME,), is_question=True)
    shown = hinted(page, "Tekan 1 sampai 1.", ussd.budget())
    assert (shown.lead, shown.moves, shown.text[:6], ussd.budget().fits(ussd.draw(shown))) == (
        "Tekan 1 sampai 1.",
        (),
        "..kata",
        True,
    )
