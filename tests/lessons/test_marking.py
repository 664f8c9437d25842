"""The marker over what children type: each row is what is asked, what came in, and the mark that is fair.

None: it cannot be read, and she is asked again. ASKED says what each name of TABLE asks.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from lessons.course import Item
from lessons.kinds import kinds
from lessons.marking import figures, folding, keys, numbers, numerals, typos

R, A, W, N = "right", "almost", "wrong", None


def choice(right, *options):
    return Item("1", "multiple_choice", {"id": "?"}, {"right": right}, tuple({"id": o} for o in options))


def number(text, unit="", tolerance=""):
    return Item("1", "number", {"id": "?"}, {"number": text, "unit": unit, "tolerance": tolerance})


def short(*accepted):
    return Item("1", "short_answer", {"id": "?"}, {"accepted": list(accepted)})


def truth(right):
    return Item("1", "true_false", {"id": "?"}, {"right": right})


ASKED = {
    "daun": choice(2, "Akar", "Daun", "Batang", "Bunga"),
    "angka": choice(2, "10", "12", "1.200", "15"),
    "kecil": choice(3, "2", "3", "4", "5"),  # small numbers that collide with the keys
    "darah": choice(2, "O", "A", "B", "AB"),  # letters that collide with the keys
    "pecahan": choice(1, "3/4", "4/3", "0,34", "34"),
    "tanda": choice(1, "-3", "3/1", "13", "+33"),
    "banding": choice(2, ">", "<", "="),
    "frasa": choice(3, "kupu-kupu", "Jum'at Kliwon", "Karbon dioksida", "Air"),
    "satuan": choice(2, "12 km", "15 km", "12 kg"),
    "mirip": choice(1, "pasar", "kasar", "besar"),
    "benar": truth(True),
    "salah": truth(False),
    "25": number("25"),
    "1.500": number("1.500"),
    "3,5": number("3,5"),
    "35": number("35"),
    "125": number("125"),
    "1/2": number("1/2"),
    "3 km": number("3", "km"),
    "12 cm2": number("12", "cm2"),
    "90 menit": number("90", "menit"),
    "Rp": number("5.000", "Rp"),
    "25%": number("25", "%"),
    "-3": number("-3"),
    "2": number("2"),
    "1,5": number("1,5"),
    "100 ± 5": number("100", "", "5"),
    "3/4": number("3/4"),
    "1234,5": number("1.234,5"),
    "1000000": number("1.000.000"),
    "24 buah": number("24", "buah"),
    "fotosintesis": short("fotosintesis"),
    "Soekarno": short("Soekarno", "Sukarno", "Bung Karno"),
    "delapan": short("delapan"),
    "air": short("air"),
    "pH": short("pH"),
    "Jum'at": short("Jum'at"),
    "H2O": short("H2O"),
    "pernapasan": short("sistem pernapasan"),
    "é": short("Pérez"),
    "<": short("<"),
}

# {what is asked: {the fair mark: what is typed}}
TABLE = {
    # a letter, a digit, the text, with words around it; two answers at once and denials are asked again
    "daun": {
        R: [
            "b", "B", "B.", "b)", "(b)", " b ", "b!", "2", "2.", "#2", "2#", "02", "２", "Ｂ", "𝐛", "②", "٢", "daun",
            "DAUN", "Daun.", "daun!!", "b 👍", "daun 😊", "b\u200b", "b\x00", "jawab b", "Jawab B",
            "jawabannya B", "jwb: b", "jawaban saya b", "jawabannya adalah daun", "pilih b", "pilihan b", "opsi 2",
            "no 2", "nomor 2", "yang b", "yg b kak", "b bu", "b pak guru", "b dong", "yang kedua", "kedua", "ke-2",
            "ke 2", "dua", "second", "the answer is b", "i think b", "b) daun", "B. Daun", "2. Daun", "2 daun",
            "b daun", "b) 12", "b. hijau", "b karena hijau", "soal 2 b", "no 4 b", "itu daun", "daun itu",
            "mungkin b", "bb", "b-daun", "b bukan a",
        ],
        A: ["duan", "daunn"],
        W: [
            "a", "C", "d.", "1", "4", "akar", "Bunga", "aakr", "btang", "pertama", "tiga", "a. akar", "a) 12",
            "soal no 3: a", "a - akar",
        ],
        N: [
            "²", "B²", "9", "5", "0", "e", "-2", "2,5", "22", " d a u n ", "xyz", "", "   ", "???", "👍",
            "\ud800", "lima", "a atau b", "b atau a", "a/b", "a,b", "ab", "1 2", "b. akar", "2 batang", "a) daun",
            "bukan b", "bukan daun", "tidak tahu", "gak tau bu", "not b", "1/2", "akar dan daun", "b -1",
            "b dan c", "apa saja", "menu apa",
        ],
    },
    # options that are numbers
    "angka": {
        R: ["12", "b) 12", "b", "2", "dua belas", "12,0", "jawabannya 12"],
        W: ["10", "1200", "1.200", "15", "sepuluh", "a) 10", "1"],
        N: ["11", "a) 12", "13", "12 13"],
    },
    # options that look like keys: the key that is shown wins
    "kecil": {
        R: ["3", "c", "c. 4", "3. 4"],
        W: ["2", "5", "b"],
        N: ["tiga", "6"],
    },
    "darah": {
        R: ["A", "a", "2", "2. A"],
        W: ["O", "B", "AB", "1"],
        N: ["C", "golongan A"],
    },
    # signs carry meaning
    "pecahan": {
        R: ["3/4", "¾", "3 / 4"],
        W: ["4/3", "34", "0.34"],
        N: ["0,75", "3:4"],
    },
    "tanda": {
        R: ["-3", "−3"],
        W: ["13", "3", "33"],
    },
    "banding": {
        R: ["<", "b"],
        W: [">", "="],
        N: ["?"],
    },
    "frasa": {
        R: ["karbon dioksida", "karbondioksida", "Karbon Dioksida"],
        A: ["Karbon Dioksda"],
        W: ["kupu kupu", "jumat kliwon", "Jum’at Kliwon", "air", "ari"],
        N: ["co2"],
    },
    "satuan": {
        R: ["15 km", "15km", "15"],
        W: ["12 kg"],
        N: ["12", "15 kg"],
    },
    "mirip": {
        R: ["pasar"],
        A: ["pasarr"],
        W: ["kasar", "bsar"],
        N: ["masar"],
    },
    # true or false
    "benar": {
        R: [
            "benar", "BENAR", "Benar.", "betul", "ya", "iya", "y", "b", "1", "true", "yes", "bnr", "tepat",
            "benar bu", "itu benar", "1. benar", "bennar", "btul", "benar karena tidak salah",
        ],
        W: [
            "salah", "s", "t", "tidak", "2", "no", "n", "false", "gak", "nggak kak", "tidak benar", "bukan", "slah",
            "f", "tdk", "kurang benar",
        ],
        N: [
            "3", "0", "a", "", "?", "ya salah", "tidak salah", "benar atau salah", "1 salah", "tidak tahu",
            "²", "12", "ya tidak",
        ],
    },
    "salah": {
        R: ["salah", "S", "2", "tidak", "t", "tidak betul", "wrong", "keliru", "salah pak"],
        W: ["benar", "y", "1"],
    },
    # numbers
    "25": {
        R: [
            "25", " 25 ", "25.", "=25", "x = 25", "dua puluh lima", "Dua Puluh Lima", "duapuluh lima",
            "duapuluhlima", "jawabannya 25", "25 bu", "２５", "٢٥", "25,0", "25.00", "+25", "(25)", "20 + 5 = 25",
            "25 buah", "25apel", "twenty five", "twenty-five", "no 3. 25", "25 25", "50/2", "kurang lebih 25", "25%",
            "2500%", "㉕", "25e0",
        ],
        W: ["24", "52", "25 rbu", "1e25", "2,5", "250", "-25", "dua puluh", "26"],
        N: [
            "dua puluh lma", "2 5", "24 25", "24 atau 25", "25-26", "20+5", "5²", "25 ribuan", "bukan 25",
            "lebih dari 25", ">25", "2_5", "25_0", "l25", "25o", "", "tidak tahu", "???", "banyak",
            "25..5", "2.5.1", "25/0", "NaN", "inf", "0x19", "9" * 5000, "²⁵", "₂₅", "XXV",
        ],
    },
    # dots and commas
    "1.500": {
        R: ["1500", "1.500", "1,500", "1 500", "1.500,00", "1,500.00", "1,5 ribu", "1.5rb", "seribu lima ratus"],
        W: ["1.5", "15.00", "150"],
    },
    "1,5": {
        R: [
            "1.500", "1,500", "1,5", "1.5", "1 1/2", "1½", "3/2", "satu setengah", "satu koma lima", "1 setengah",
            "satu dan setengah", "one and a half",
        ],
        W: ["1500", "11/2", "15"],
    },
    "3,5": {
        R: ["3.5", "3,5", "tiga koma lima", "3 koma 5", "3,50", "7/2"],
        W: ["35"],
    },
    "35": {
        R: ["35"],
        W: ["3.5", "3,5"],
    },
    "1234,5": {
        R: ["1.234,5", "1,234.5", "1234.5", "1234,5"],
        W: ["12345"],
    },
    "1000000": {
        R: ["1,000,000", "1.000.000", "1 juta", "sejuta", "1jt"],
        N: ["1.000.00", "10.00.000"],
    },
    # fractions and negatives
    "125": {R: ["125", "125,0"], W: ["0,125", "0.125", "1,25", "12.5"]},
    "1/2": {
        R: [
            "1/2", "½", "0,5", "0.5", ",5", ".5", "2/4", "50%", "setengah", "separuh", "seperdua", "satu per dua",
            "1 per 2", "half", "lima puluh persen", "nol koma lima",
        ],
        W: ["2/1", "12", "5", "seperempat"],
        N: ["1:2"],
    },
    "3/4": {
        R: [
            "tiga perempat", "tiga per empat", "tigaperempat", "¾", "0,75", "75%", "6/8", "three quarters",
            "3/4 bagian",
        ],
        W: ["4/3", "seperempat"],
    },
    "-3": {
        R: ["-3", "− 3", "–3", "minus tiga", "min 3", "negatif 3", "- 3"],
        W: ["3"],
        N: ["1-4"],
    },
    "2": {
        R: ["2", "②", "dua", "two"],
        N: ["²", "1_0", "dia"],
    },
    # units
    "3 km": {
        R: ["3 km", "3km", "3", "3 KM.", "3000 m", "3.000 meter", "tiga kilometer", "2 km 1000 m", "30 hm"],
        W: ["3 m", "3 kg", "3000", "3000 km", "3 km2"],
    },
    "12 cm2": {
        R: ["12", "12 cm2", "12 cm²", "12cm^2", "12 cm persegi", "12 sentimeter persegi", "1200 mm2"],
        W: ["12 cm", "12 m2", "12 cm3"],
    },
    "90 menit": {
        R: ["90", "1 jam 30 menit", "1,5 jam", "satu setengah jam", "90 mnt", "5400 detik"],
        W: ["1 jam", "90 jam", "1.30"],
    },
    "Rp": {
        R: [
            "Rp 5.000", "Rp5000", "rp. 5.000,-", "5000 rupiah", "5 ribu", "5rb", "5k", "lima ribu rupiah",
            "Rp 5.000,00", "IDR 5,000",
        ],
        W: ["Rp 500", "Rp 50.000"],
    },
    "25%": {
        R: ["25", "25%", "25 persen", "dua puluh lima persen"],
        W: ["0,25", "1/4"],
    },
    "24 buah": {
        R: ["2 lusin", "24 biji", "24"],
        W: ["2"],
    },
    "100 ± 5": {
        R: ["97", "105", "95,0"],
        W: ["94,9", "106"],
    },
    # short answers
    "fotosintesis": {
        R: [
            "fotosintesis", "Fotosintesis.", "FOTOSINTESIS!", "fótosíntesis", "ｆｏｔｏｓｉｎｔｅｓｉｓ",
            "jawabannya fotosintesis", "fotosintesis bu", "fotosintesis 👍", "itu fotosintesis",
        ],
        A: [
            "fotosintesa", "foto sintesis", "fotosintetis", "potosintesis", "fotosintsesi", "jawabannya fotosintesa",
            "fotosintes",
        ],
        W: [
            "fotosin", "respirasi", "bukan fotosintesis", "tidak tahu", "b", "1", "fotosintesis atau respirasi",
            "fotosintesis" * 900,
        ],
        N: ["", "...", "???"],
    },
    "Soekarno": {
        R: ["sukarno", "bung karno", "ir soekarno"],
        A: ["Soekarni", "sukarnoo"],
        W: ["Soeharto", "hatta"],
    },
    "delapan": {
        R: ["8", "Delapan"],
        W: ["delapn", "9", "18", "sembilan"],
    },
    "air": {
        R: ["air", "Air."],
        A: ["ari", "ir"],
        W: ["api", "udara"],
    },
    "pH": {
        R: ["ph"],
        W: ["pg", "p"],
    },
    "Jum'at": {
        R: ["jumat", "Jum’at"],
        A: ["Jumaat"],
        W: ["kamis"],
    },
    "H2O": {
        R: ["h2o", "H₂O"],
        W: ["H²O", "h20", "ho2"],
    },
    "pernapasan": {
        R: ["sistem pernapasan", "Sistem  Pernapasan"],
        A: ["sistim pernafasan"],
        W: ["pernapasan", "sistem pencernaan"],
    },
    "é": {
        R: ["perez"],
        A: ["Peres"],
    },
    "<": {
        R: ["<"],
        N: [">"],
    },
}  # fmt: skip
ROWS = [(asked, typed, mark) for asked, marks in TABLE.items() for mark, many in marks.items() for typed in many]


@pytest.mark.parametrize("asked", sorted({asked for asked, _, _ in ROWS}))
def test_what_is_typed_gets_the_fair_mark(asked):
    """A test for each item; it tells every answer that got another mark."""
    item, wanted = ASKED[asked], [(typed, mark) for of, typed, mark in ROWS if of == asked]
    assert [(typed, kinds()[item.kind].mark(item, typed, "id").mark) for typed, _mark in wanted] == wanted


def test_the_table_is_long_enough():
    assert len(ROWS) > 400


OPTIONS = st.lists(
    st.one_of(
        st.text(alphabet="abdeikmnorstu", min_size=1, max_size=8),
        st.integers(-20, 2000).map(str),
        st.sampled_from(["1/2", "0,5", "2/4", "50%", "3 km", "3 m", "a+b", "a-b", "<", ">", "x²", "x", "Rp 5.000", "dua", "☀"]),
        st.text(min_size=1, max_size=6),
    ),
    min_size=2, max_size=6, unique_by=lambda text: folding.tight(text).strip("()-"),
)  # fmt: skip


@given(st.sampled_from(sorted(ASKED)), st.text(alphabet=st.characters(), max_size=300), st.sampled_from(["id", "en", "xx"]))
def test_no_text_raises(asked, typed, language):
    item = ASKED[asked]
    verdict = kinds()[item.kind].mark(item, typed, language)
    assert (verdict.mark, verdict.score) in {("right", 100), ("almost", 50), ("wrong", 0), (None, 0)}


@given(OPTIONS, st.data())
def test_the_text_of_another_option_is_never_right(options, data):
    right, other = data.draw(st.permutations(range(len(options))))[:2]
    text = options[other]
    is_shown_key = folding.tight(text) in {str(n + 1) for n in range(len(options))}
    item = choice(right + 1, *options)
    for typed in [text, text.upper(), f" {text}. ", f"jawabannya {text}"]:
        if not is_shown_key and folding.tight(text):
            assert kinds()["multiple_choice"].mark(item, typed, "id").mark != "right"


@given(OPTIONS, st.data())
def test_a_key_beside_the_text_of_another_option_is_never_right(options, data):
    right, other = data.draw(st.permutations(range(len(options))))[:2]
    item = choice(right + 1, *options)
    if folding.tight(options[other]).strip("()-") and not keys.hides_letters([[o] for o in options]):
        typed = f"{keys.LETTERS[right]}. {options[other]}"
        # "A. b" beside the options "a-b" and "b" is the text of the first, word by word
        looks_right = any(fold(typed) == fold(options[right]) for fold in (folding.tight, folding.loose))
        said = kinds()["multiple_choice"].mark(item, typed, "id").mark
        assert said != "right" or looks_right or folding.tight(options[other]) == str(right + 1)


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_no_other_number_is_right(key, typed):
    mark = kinds()["number"].mark(number(str(key)), str(typed), "id").mark
    assert mark == ("right" if key == typed else "wrong")


@given(st.integers(0, 999999), st.integers(0, 5), st.sampled_from("0123456789"))
def test_a_number_is_never_taken_for_a_typo(key, at, digit):
    typed = int(str(key)[:at] + digit + str(key)[at + 1 :])
    marks = {kinds()["short_answer"].mark(short(f"tahun {key}"), f"tahun {typed}", "id").mark}
    marks.add(kinds()["short_answer"].mark(short(num2words(key, lang="id")), num2words(typed, lang="id"), "id").mark)
    assert marks == {"right" if typed == key else "wrong"}


@given(st.text(alphabet=st.characters(), min_size=0, max_size=2000).map(lambda t: t * 3))
def test_what_is_read_is_short_however_long_the_message(typed):
    assert len(folding.plain(typed)) <= 2 * folding.CAP
    assert len(folding.tight(typed)) <= 2 * folding.CAP


@pytest.mark.parametrize(
    "typed", ["9" * 5000, "1 " * 5000, "dua" * 5000, "1/" * 5000, "(" * 5000, "ﷺ" * 5000, "½" * 5000, "1." * 5000]
)
def test_hostile_length_is_cut_before_it_is_read(typed, monkeypatch):
    seen = []
    monkeypatch.setattr(numerals, "value", lambda tokens, value=numerals.value: seen.append(len(tokens)) or value(tokens))
    monkeypatch.setattr(figures, "digits", lambda token, digits=figures.digits: seen.append(len(token)) or digits(token))
    for item in ASKED.values():
        kinds()[item.kind].mark(item, typed, "id")
    assert max(seen, default=0) <= 2 * folding.CAP


@given(st.integers(0, 10**9))
def test_indonesian_number_words_are_read_as_they_are_written(n):
    assert numbers.read(num2words(n, lang="id")).values == (n,)


@given(st.integers(0, 10**9))
def test_english_number_words_are_read_as_they_are_written(n):
    assert numbers.read(num2words(n, lang="en").replace(",", "")).values == (n,)


@given(st.integers(1, 99), st.integers(1, 99))
def test_fractions_in_words_are_read_as_they_are_written(over, under):
    said = f"{num2words(over, lang='id')} per {num2words(under, lang='id')}"
    assert numbers.read(said).values == (Fraction(over, under),)


@given(st.decimals(-(10**7), 10**7, places=3))
def test_a_number_is_shown_as_it_is_read(value):
    assert numbers.exact(figures.show(Fraction(value), "id")) == Fraction(value)


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        ("1/2", "0,5", "0.5"), ("12345.5", "12.345,5", "12,345.5"), ("1500", "1500", "1500"), ("-5/4", "-1,25", "-1.25"),
        ("1/3", "1/3", "1/3"), ("0", "0", "0"), ("1/8", "0,125", "0.125"), ("1000000", "1.000.000", "1,000,000"),
        ("0.05", "0,05", "0.05"),
    ],
)  # fmt: skip
def test_a_number_is_shown_as_the_language_prints_it(value, indonesian, english):
    assert (figures.show(Fraction(value), "id"), figures.show(Fraction(value), "en")) == (indonesian, english)


@pytest.mark.parametrize(
    ("typed", "meant", "near"),
    [
        ("ph", "pg", False), ("air", "ari", True), ("jakrata", "jakarta", True), ("jakrat", "jakarta", False),
        ("soekarno", "sukarno", False), ("fotosinteis", "fotosintesis", True), ("potosintetis", "fotosintesis", True),
        ("potosintesa", "fotosintesis", False), ("tiga", "tige", False), ("abc1", "abc2", False), ("air", "air", False),
        ("", "air", False),
    ],
)  # fmt: skip
def test_typos_are_forgiven_by_length(typed, meant, near):
    assert typos.is_typo(typed, meant) == near


def test_t_is_true_in_english_and_no_in_indonesian():
    marks = [kinds()["true_false"].mark(truth(True), "t", language).mark for language in ("id", "en")]
    assert marks == ["wrong", "right"]


def test_the_marker_holds_no_float():
    folder = Path(folding.__file__).parent
    assert [p.name for p in folder.glob("*.py") if "float(" in p.read_text("utf-8")] == []
