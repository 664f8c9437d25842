"""Aiken as Moodle reads it: capitals only, one line a question, and what was not finished is named."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lessons.exchange import aiken, line_of


def read(text: str):
    found = aiken.read(text.encode())
    items = [(f.line, f.item.prompt["id"], [c["id"] for c in f.item.choices], f.item.key["right"]) for f in found.found]
    return items, [(line_of(problem), problem.told().what) for problem in found.problems]


def test_both_ways_of_writing_options_are_read():
    text = "\ufeffApa menyerap air?\r\nA) Batang\r\nB) Akar\r\nANSWER: B\r\n\r\nSiapa?\r\nA. Ani\r\nB.Budi\r\nANSWER:A"
    assert read(text) == (
        [(1, "Apa menyerap air?", ["Batang", "Akar"], 2), (6, "Siapa?", ["Ani", "Budi"], 1)],
        [],
    )


def test_faults_are_those_that_moodle_names():
    text = (
        "Satu pilihan\nA) Saja\nANSWER: A\n\nA) Tanpa soal\n\nANSWER: tanpa soal\n\nBaik\nA) x1\nB) x2\nANSWER: A\n\n"
        "Tidak selesai\nA) y1\nB) y2\n\nBaik juga\nA)z1\nB)z2\nANSWER: B"
    )
    items, problems = read(text)
    assert [item[:2] for item in items] == [(9, "Baik"), (18, "Baik juga")]
    assert problems == [
        (3, "Pilihannya kurang dari dua."),
        (5, "Di sini belum ada pertanyaannya."),
        (7, "Di sini belum ada pertanyaannya."),
        (18, "Soal sebelum ini tidak selesai: Tidak selesai"),
    ]


def test_small_letters_are_no_options_and_no_answers():
    assert read("Apa?\na) satu\nb) dua\nANSWER: A")[1] == [
        (2, "Soal sebelum ini tidak selesai: Apa?"),
        (3, "Soal sebelum ini tidak selesai: a) satu"),
        (4, "Pilihannya kurang dari dua."),
    ]
    assert read("Apa?\nA) satu\nB) dua\nANSWER: b")[1] == [(4, "ANSWER menunjuk pilihan yang tidak ada: b.")]
    assert read("Apa?\nA) satu\nB) dua\nanswer: A")[1] == [
        (4, "Soal sebelum ini tidak selesai: Apa?"),
        (4, "Soal sebelum ini tidak selesai: answer: A"),
    ]


def test_an_answer_without_an_option_and_a_file_that_stops():
    assert read("Apa?\nA) satu\nB) dua\nANSWER: C\nLalu?\nA) x1") == (
        [],
        [(4, "ANSWER menunjuk pilihan yang tidak ada: C."), (5, "Soal sebelum ini tidak selesai: Lalu?")],
    )


def test_signs_of_html_are_words():
    assert read("Apakah <b> & itu?\nA) 1 < 2\nB) x > y\nANSWER: A") == ([(1, "Apakah <b> & itu?", ["1 < 2", "x > y"], 1)], [])


@given(st.binary(max_size=200) | st.text("AB).: \nANSWERxy", max_size=80).map(str.encode))
def test_no_bytes_make_it_raise(raw):
    assert all(line_of(problem) > 0 for problem in aiken.read(raw).problems)


def test_the_remedy_says_what_the_line_lacks():
    def remedy(text):
        return next(problem.told().remedy for problem in aiken.read(text.encode()).problems)

    whole = "Tutup tiap soal dengan baris ANSWER: dan satu huruf besar."
    assert remedy("Apa\nitu?\nA) satu\nB) dua\nANSWER: A") == "Pertanyaan Aiken satu baris saja: gabungkan dengan baris ini."
    assert remedy("Apa?\na) satu\nb) dua\nANSWER: A") == "Huruf pilihan harus huruf besar: A) atau A."
    written = "Tulis ANSWER: dengan huruf besar dan titik dua langsung di belakangnya."
    assert remedy("Apa?\nA) satu\nB) dua\nAnswer: A") == written
    assert remedy("Apa?\nA) satu\nB) dua\nANSWER : A") == written
    assert remedy("Apa?\nA) satu\nB) dua\nLalu?\nA) x\nB) y\nANSWER: A") == whole
    assert remedy("Apa?\nA) satu\nB) dua") == whole
