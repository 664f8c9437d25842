"""What is written and not said is said, in her language; a recording stands between two sentences."""

import pytest

from lessons.dialogue.speech import speech
from lessons.dialogue.turn import Choice, Prompt
from lessons.render.voice import Piece, draw, pieces


class Here:
    @staticmethod
    def _(phrase, **values):
        return phrase % values if values else phrase


SPEECH = speech(Here)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Mana yang sama dengan 1/2?", "Mana yang sama dengan 1 per 2?"),
        ("Berapa 4 x 3?", "Berapa 4 kali 3?"),
        ("2,5 kg dan 750 g?", "2,5 kilogram dan 750 gram?"),
        ("20 - 20 = 0.", "20 dikurangi 20 sama dengan 0."),
        ("-5 + 3 = ?", "minus 5 ditambah 3 sama dengan ?"),
        ("Isi: 3 + ___ = 9", "Isi: 3 ditambah titik-titik sama dengan 9."),
        ("Rp 12.500", "12.500 rupiah."),
        ("9 < 10.", "9 kurang dari 10."),
        ("12 : 4 = ?", "12 dibagi 4 sama dengan ?"),
        ("luas 5 m²", "luas 5 meter persegi."),
        ("09.00-10.00 WITA: Pecahan", "09.00-10.00 WITA: Pecahan."),
        ("Ibu-ibu 3 orang, jam 7:30", "Ibu-ibu 3 orang, jam 7:30."),
        ("tahun 2024-2025", "tahun 2024-2025."),
    ],
)
def test_signs_are_said_and_dates_left_alone(written, said):
    assert draw(Prompt(written, speech=SPEECH)) == said


def test_keys_are_said_one_by_one():
    prompt = Prompt("Mana?", (Choice("1", "2/3"),), moves=(Choice("00", "Menu"),), speech=SPEECH)
    assert draw(prompt) == "Mana? Tekan 1 untuk 2 per 3. Tekan 0 0 untuk Menu."


def test_a_recording_is_played_in_place_of_the_words():
    prompt = Prompt("Mana?", (Choice("1", "A"),), "Benar!", audio="https://x.example/1.mp3", speech=SPEECH, language="en")
    said = [Piece("say", "Benar!"), Piece("play", "https://x.example/1.mp3"), Piece("say", "Tekan 1 untuk A.")]
    assert pieces(draw(prompt)) == ("en", said)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "/x.mp3", 'https://x/"><Say>', "https://x y", "ftp://x/1", "https://x/\x03"]
)
def test_what_is_no_address_of_a_recording_is_not_played(address):
    assert pieces(draw(Prompt("Mana?", audio=address))) == ("", [Piece("say", "Mana?")])


def test_an_ordinary_text_is_one_piece():
    assert pieces("Halo. Mau apa?") == ("", [Piece("say", "Halo. Mau apa?")])
    assert pieces("") == ("", [])
