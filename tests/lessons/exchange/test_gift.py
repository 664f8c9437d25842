"""GIFT as Moodle reads it: the outcomes are those of question/format/gift and of its examples.txt, on inputs of our own."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.text import clean
from lessons.course import Item
from lessons.exchange import gift, gift_writer, line_of
from lessons.kinds import kinds


def one(text: str) -> Item:
    found = gift.read(text.encode())
    assert (found.problems, len(found.found)) == ((), 1)
    return found.items[0]


def refused(text: str) -> list[tuple[int, str]]:
    found = gift.read(text.encode())
    assert found.found == ()
    return [(line_of(problem), problem.told().what) for problem in found.problems]


def shown(item: Item):
    return item.kind, item.prompt["id"], dict(item.key), [words["id"] for words in item.choices]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Siapa?{~Ani ~Budi =Citra}", ("multiple_choice", "Siapa?", {"right": 3}, ["Ani", "Budi", "Citra"])),
        ("Ani {~minum =makan} nasi.", ("multiple_choice", "Ani ___ nasi.", {"right": 2}, ["minum", "makan"])),
        ("Siapa?{Ani ~Budi =Citra}", ("multiple_choice", "Siapa?", {"right": 3}, ["Ani", "Budi", "Citra"])),
        ("Matahari terbit di barat.{FALSE}", ("true_false", "Matahari terbit di barat.", {"right": False}, [])),
        ("Matahari terbit di timur.{ T }", ("true_false", "Matahari terbit di timur.", {"right": True}, [])),
        ("Benar?{true}", ("short_answer", "Benar?", {"accepted": ["true"]}, [])),
        ("Two plus two equals {=four =4}.", ("short_answer", "Two plus two equals ___.", {"accepted": ["four", "4"]}, [])),
        ("Ibu kota?{Jakarta}", ("short_answer", "Ibu kota?", {"accepted": ["Jakarta"]}, [])),
        ("Tahun?{#1822}", ("number", "Tahun?", {"number": "1822"}, [])),
        ("Tahun?{#1822:1}", ("number", "Tahun?", {"number": "1822", "tolerance": "1"}, [])),
        ("Pi?{#3.1415:0.0005}", ("number", "Pi?", {"number": "3,1415", "tolerance": "0,0005"}, [])),
        ("Pi?{#3.141..3.142}", ("number", "Pi?", {"number": "3,1415", "tolerance": "0,0005"}, [])),
        ("Berapa?{#1..5}", ("number", "Berapa?", {"number": "3", "tolerance": "2"}, [])),
        ("Berapa?{#-2.5}", ("number", "Berapa?", {"number": "-2,5"}, [])),
        ("Berapa?{#=%100%7:0 =%50%7:2}", ("number", "Berapa?", {"number": "7"}, [])),
        ("Berapa?{#3:2~#Salah sekali}", ("number", "Berapa?", {"number": "3", "tolerance": "2"}, [])),
        ("Berapa?{#=1 =2}", ("short_answer", "Berapa?", {"accepted": ["1", "2"]}, [])),
        ("5 itu?{~ \\= 2 + 2 = \\= 2 + 3}", ("multiple_choice", "5 itu?", {"right": 2}, ["= 2 + 2", "= 2 + 3"])),
        ("Tanda {=\\\\ ~\\~ ~\\# ~\\{ ~\\}}", ("multiple_choice", "Tanda", {"right": 1}, ["\\", "~", "#", "{", "}"])),
        ("Pukul 7\\:30\\nlalu?{=siang}", ("short_answer", "Pukul 7:30\nlalu?", {"accepted": ["siang"]}, [])),
        ("::Judul \\: satu:: Apa?{=ya}", ("short_answer", "Apa?", {"accepted": ["ya"]}, [])),
        ("[html]<p>Apa &amp; <b>siapa</b>?</p>{=ya}", ("short_answer", "Apa & siapa?", {"accepted": ["ya"]}, [])),
        ("[markdown]Siapa **dia**?{=ya}", ("short_answer", "Siapa dia?", {"accepted": ["ya"]}, [])),
        ("[plain]a <b>c</b>{=[plain]<i>}", ("short_answer", "a <b>c</b>", {"accepted": ["<i>"]}, [])),
        ("[foo]Apa?{=ya}", ("short_answer", "[foo]Apa?", {"accepted": ["ya"]}, [])),
        ("a<b dan c>d{=ya}", ("short_answer", "a<b dan c>d", {"accepted": ["ya"]}, [])),
        ("// komentar\nApa\nitu?{=ya}", ("short_answer", "Apa itu?", {"accepted": ["ya"]}, [])),
        ("Dua?{~An ~%50%Bu ~%50%Ci ~%-100%Do}", ("multiple_response", "Dua?", {"rights": [2, 3]}, ["An", "Bu", "Ci", "Do"])),
        ("Mana?{~%100%Ani ~Budi}", ("multiple_choice", "Mana?", {"right": 1}, ["Ani", "Budi"])),
        (
            "Jodohkan.{=Italia -> Roma\n=[html]<b>Jepang</b>->Tokyo\n= -> Oslo}",
            ("matching", "Jodohkan.", {"matches": [{"id": "Roma"}, {"id": "Tokyo"}, {"id": "Oslo"}]}, ["Italia", "Jepang"]),
        ),
        ("Apa?{\n=%0%*#salah\n=ya\n}", ("short_answer", "Apa?", {"accepted": ["ya"]}, [])),
    ],
)
def test_a_question_is_read_as_moodle_reads_it(text, expected):
    assert shown(one(text)) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Apa?{F#Salah.#Betul.}", "Salah."),
        ("Apa?{F#Salah.#Betul.####Umum.}", "Umum."),
        ("Apa?{T##Betul.}", "Betul."),
        ("Apa?{=a#Bagus\n~b#Bukan####[html]<i>Karena a.</i>}", "Karena a."),
        ("Apa?{=a #Karena a. ~b}", "Karena a."),
    ],
)
def test_feedback_becomes_the_explanation(text, why):
    assert one(text).explanation == {"id": why}


def test_what_does_not_come_along_is_noted():
    found = gift.read(b"Apa?{~salah#Bukan ~%50%setengah =penuh#Ya}")
    assert [note.told().what for note in found.notes] == [
        "Nilai sebagian tidak ikut; ini dihitung salah: setengah.",
        "Tanggapan untuk pilihan yang salah tidak ikut: penjelasannya satu untuk semua.",
        "Pujian untuk jawaban benar tidak ikut: “Ya”.",
    ]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("\n\nHanya teks.", 3, "Ini teks tanpa soal (description); belum bisa di sini."),
        ("Uraikan!{}", 1, "Ini soal uraian (essay); belum bisa di sini."),
        ("Uraikan!{####Umum}", 1, "Ini soal uraian (essay); belum bisa di sini."),
        ("// x\nApa?{=a", 2, "Kurung kurawal jawaban tidak lengkap."),
        ("Satu {T}\nDua {F}", 1, "Ada dua jawaban dalam satu soal."),
        ("Apa?{=a =b ~c}", 1, "Ada 2 pilihan yang benar, padahal hanya satu yang dipilih."),
        ("Apa?{~a}", 1, "Pilihannya kurang dari dua."),
        ("Berapa?{#3,5}", 1, "Angka ini tidak terbaca: 3,5."),
        ("Berapa?{#}", 1, "Belum ada angka yang benar."),
        ("Apa?{=%50%a}", 1, "Belum ada jawaban yang bernilai penuh."),
        ("Apa?{=*}", 1, "Tanda * (apa saja) belum bisa di sini."),
        ("Apa?{=a =a ~a}", 1, "Ada 2 pilihan yang benar, padahal hanya satu yang dipilih."),
        ("Apa?{1:SHORTANSWER:=x}", 1, "Ini rumpang (cloze) Moodle, bukan GIFT."),
        ("Jodohkan.{=a -> b =c}", 1, "Pasangan ini tidak punya tanda ->."),
        ("{=a}", 1, "Pertanyaan belum ditulis."),
    ],
)
def test_what_cannot_be_taken_is_named_by_its_line(text, line, what):
    assert refused(text) == [(line, what)]


def test_lines_blank_lines_and_categories_part_questions():
    text = "\ufeff$CATEGORY: $course$/top/IPA kelas 5\r\n\r\n// satu\r\nApa?{T}\r\n   \r\n::b::Siapa?{\r\n=Ani}\r\r\n\r\nMana?{F}"
    found = gift.read(text.encode())
    assert (found.title, [(f.line, f.item.prompt["id"]) for f in found.found]) == (
        "IPA kelas 5",
        [(4, "Apa?"), (6, "Siapa?"), (10, "Mana?")],
    )


def test_windows_1252_is_read():
    assert one_bytes("Apa artinya café?{=kopi}".encode("cp1252")) == "Apa artinya café?"


def one_bytes(raw: bytes) -> str:
    return gift.read(raw).items[0].prompt["id"]


def test_the_same_file_gives_the_same_items_and_twins_get_names_of_their_own():
    raw = b"Apa?{T}\n\nApa?{T}\n\nSiapa?{F}"
    ids = [item.id for item in gift.read(raw).items]
    assert (ids == [item.id for item in gift.read(raw).items], len(set(ids))) == (True, 3)


@given(st.binary(max_size=200) | st.text("::{}~=#%->\\n/$[]*.T \n0150", max_size=80).map(str.encode))
@example(b"{#..}")
@example(b"a{~=}")
@example(b"a{#=%1%}")
def test_no_bytes_make_it_raise(raw):
    found = gift.read(raw)
    assert all(not kinds()[item.kind].problems(item) or True for item in found.items)
    assert all(line_of(problem) > 0 for problem in found.problems)


TEXT = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]) | st.sampled_from("~=#{}:\\[]<>&%*/\n"), max_size=30
)
WORDS = (
    TEXT.map(clean)
    .map(lambda text: "\n".join(line.strip() for line in text.split("\n")).strip())
    .filter(lambda text: any(c.isalnum() for c in text) and "\n\n\n" not in text and "\xa0" not in text)
)
ONE_LINE = WORDS.filter(lambda text: "\n" not in text and "->" not in text)


def distinct(texts):
    folded = [text.casefold() for text in texts]
    return len(set(folded)) == len(folded)


CHOICE = st.lists(WORDS, min_size=2, max_size=6).flatmap(
    lambda texts: st.integers(1, len(texts)).map(lambda at: ("multiple_choice", {"right": at}, texts))
)
TRUTH = st.booleans().map(lambda right: ("true_false", {"right": right}, []))
SEVERAL = st.lists(WORDS, min_size=3, max_size=6).flatmap(
    lambda texts: st.sets(st.integers(1, len(texts)), min_size=1).map(
        lambda at: ("multiple_response", {"rights": sorted(at)}, texts)
    )
)
PAIRS = st.tuples(st.lists(ONE_LINE, min_size=2, max_size=6), st.lists(ONE_LINE, min_size=2, max_size=6)).map(
    lambda sides: ("matching", {"matches": [{"id": text} for text in sides[1]]}, sides[0])
)
NUMBER = st.tuples(st.integers(-99999, 99999), st.sampled_from(["", "0,5", "1", "0,0005"])).map(
    lambda pair: ("number", {"number": str(pair[0]), **({"tolerance": pair[1]} if pair[1] else {})}, [])
)
SHORT = st.lists(ONE_LINE, min_size=1, max_size=4, unique=True).map(lambda texts: ("short_answer", {"accepted": texts}, []))


def made(prompt, built, why):
    kind, key, choices = built
    item = Item("", kind, {"id": prompt}, key, tuple({"id": text} for text in choices), {"id": why} if why else {})
    return None if [problem for problem in kinds()[kind].problems(item) if problem.stops] else item


@given(st.lists(st.builds(made, WORDS, CHOICE | SEVERAL | PAIRS | TRUTH | NUMBER | SHORT, WORDS | st.just("")), max_size=4))
def test_what_is_written_is_read_back_equal(items):
    items = [item for item in items if item is not None]
    raw, notes = gift_writer.write(items)
    found = gift.read(raw)
    assert (notes, found.problems) == ([], ()), raw
    assert [(*shown(item), dict(item.explanation)) for item in found.items] == [
        (*shown(item), dict(item.explanation)) for item in items
    ]


def test_what_gift_cannot_carry_is_said():
    unit = Item("a", "number", {"id": "Jarak?", "en": "How far?"}, {"number": "3", "unit": "km"})
    third = Item("b", "number", {"id": "Bagian?"}, {"number": "1/3"})
    raw, notes = gift_writer.write([unit, third], "Satu/dua")
    assert raw == b"$CATEGORY: Satu-dua\n\nJarak?{#3}\n"
    assert [(line_of(note), note.told().what) for note in notes] == [
        (1, "Terjemahannya tidak ikut: GIFT hanya satu bahasa."),
        (1, "Satuan km tidak ikut: tulis di soalnya."),
        (2, "Soal ini tidak bisa ditulis dalam GIFT."),
    ]
