"""Each medium draws the same prompts its own way, and measures what it drew."""

import pytest

from lessons.dialogue.turn import Choice, Prompt
from lessons.render import sms, ussd, voice, web

HOME, BACK, MORE = Choice("00", "Menu"), Choice("0", "Kembali"), Choice("9", "Lanjut")
QUESTION = Prompt(
    "2/3 Berapa 2 × 3?",
    (Choice("1", "5", "A"), Choice("2", "6", "B")),
    "Benar!",
    "1 + 1 = 2.",
    moves=(HOME,),
    is_question=True,
)
LIST = Prompt("Pilih kuis:", (Choice("1", "Pecahan"),), moves=(MORE, BACK))
STATEMENT = Prompt("4/5 9 < 10.", (Choice("1", "Benar"), Choice("2", "Salah")), is_question=True)


def test_ussd_has_digits_and_the_way_home():
    assert ussd.draw(QUESTION) == "Benar! 1 + 1 = 2.\n2/3 Berapa 2 x 3?\n1. 5\n2. 6\n00.Menu"
    assert ussd.draw(LIST) == "Pilih kuis:\n1. Pecahan\n9.Lanjut 0.Kembali"


def test_sms_has_letters_and_no_reminder_under_a_question():
    assert sms.draw(QUESTION) == "Benar! 1 + 1 = 2.\n2/3 Berapa 2 x 3?\nA. 5\nB. 6"
    assert sms.draw(LIST) == "Pilih kuis:\n1. Pecahan\n9.Lanjut 0.Kembali"
    assert sms.draw(STATEMENT) == "4/5 9 < 10.\n1. Benar\n2. Salah"


def test_sms_says_how_to_go_on_where_a_question_has_pages():
    assert sms.draw(Prompt("Apa?", (Choice("1", "x", "A"),), moves=(MORE, HOME), is_question=True)) == "Apa?\nA. x\n9.Lanjut"


def test_voice_speaks_sentences():
    assert voice.draw(QUESTION) == "Benar! 1 + 1 = 2. 2/3 Berapa 2 × 3? 1: 5. 2: 6. 00: Menu."
    assert voice.draw(Prompt("RRI\n09.00 WITA: Dongeng.\n\nLagi", lead=" ")) == "RRI. 09.00 WITA: Dongeng. Lagi."
    assert voice.draw(Prompt(" \n ")) == ""


def test_the_web_shows_all_parts():
    assert web.draw(QUESTION) == "Benar!\n1 + 1 = 2.\n2/3 Berapa 2 × 3?\n1. 5\n2. 6\n00. Menu"


@pytest.mark.parametrize(
    ("budget", "holds", "is_too_much"),
    [
        (ussd.budget(), "a" * 160, "a" * 161), (ussd.budget(), "€" * 80, "€" * 80 + "a"), (ussd.budget(), "漢" * 70, "漢" * 71),
        (ussd.budget(182), "a" * 182, "a" * 183), (sms.budget(), "a" * 459, "a" * 460), (sms.budget(), "漢" * 201, "漢" * 202),
        (sms.budget(1), "a" * 160, "a" * 161), (voice.budget(), "漢" * 600, "a" * 601),
    ],
)  # fmt: skip
def test_a_budget_measures_as_its_medium_does(budget, holds, is_too_much):
    assert (budget.fits(holds), budget.fits(is_too_much)) == (True, False)


def test_only_an_sms_costs_more_when_it_is_longer():
    assert [b.cost("a" * 161) for b in (ussd.budget(), sms.budget(), voice.budget(), web.budget())] == [1, 2, 1, 1]
    assert web.budget().fits("a" * 10**6) is True
