from __future__ import annotations

import csv as stdlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from lessons import exchange
from lessons.course import Item
from lessons.exchange import csv, line_of, xlsx
from lessons.kinds import kinds
from tests.classroom import QUIZ
from tests.lessons.exchange.test_gift import CHOICE, NUMBER, PAIRS, SEVERAL, SHORT, TRUTH, WORDS, made


def told(found):
    return [(line_of(problem), problem.told().what) for problem in found.problems]


def shown(item):
    return item.kind, item.prompt["id"], dict(item.key), [words["id"] for words in item.choices]


def sheet(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        b"soal,a,b,c,jawaban\nApa?,Akar,Batang,Daun,B\n",
        "\ufeffSoal;A;B;C;Jawaban\r\nApa?;Akar;Batang;Daun;2\r\n".encode(),
        b"JAWABAN\tPilihan C\tpilihan_b\tOption 1\tPertanyaan\nBatang\tDaun\tBatang\tAkar\tApa?\n",
        "sep=;\nsoal;a;b;c;kunci jawaban\nApa?;Akar;Batang;Daun;b.\n".encode("utf-16"),
        b"No,Question,Option A,Option B,Option C,Correct Answer\n1,Apa?,Akar,Batang,Daun,B\n",
        b"Soal,Jawaban A,Jawaban B,Jawaban C,Kunci\nApa?,Akar,Batang,Daun,B\n",
        sheet(["question", "a", "b", "c", "answer"], ["Apa?", "Akar", "Batang", "Daun", 2]),
    ],
)
def test_heads_and_delimiters_of_every_kind_are_read(raw):
    found = xlsx.read(raw) if raw.startswith(b"PK") else csv.read(raw)
    assert (found.problems, [shown(item) for item in found.items]) == (
        (),
        [("multiple_choice", "Apa?", {"right": 2}, ["Akar", "Batang", "Daun"])],
    )


@pytest.mark.parametrize("key", ['{"accepted": 5}', '{"accepted": ["daun"], "matches": 5}', "[]", "5"])
def test_a_key_as_json_has_the_shape_of_one(key):
    out = io.StringIO()
    stdlib.writer(out).writerows([["soal", "jenis", "jawaban", "key_json"], ["Apa?", "isian", "", key]])
    assert told(csv.read(out.getvalue().encode())) == [(2, "Kunci jawaban tidak terbaca: -.")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (";Paus ikan?;;;salah", ("true_false", {"right": False})),
        ("benar/salah;Paus ikan?;;;S", ("true_false", {"right": False})),
        (";12 + 3 = ?;;;15", ("number", {"number": "15"})),
        (";Setengah?;;;0,5", ("number", {"number": "0,5"})),
        (";Siapa?;;;Soekarno | Sukarno", ("short_answer", {"accepted": ["Soekarno", "Sukarno"]})),
        ("isian;Berapa?;;;12", ("short_answer", {"accepted": ["12"]})),
        ("true/false;Paus ikan?;;;F", ("true_false", {"right": False})),
        ("PG;Mana?;x1;x2;x2", ("multiple_choice", {"right": 2})),
    ],
)
def test_the_kind_is_named_or_seen(row, expected):
    found = csv.read(f"jenis;soal;a;b;jawaban\n{row}\n".encode())
    assert found.problems == ()
    assert (found.items[0].kind, dict(found.items[0].key)) == expected


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (";Mana?;x1;x2;c", "Kunci jawaban tidak terbaca: c."),
        (";Mana?;x1;x2;", "Kunci jawaban tidak terbaca: -."),
        ("gambar;Mana?;;;c", "Jenis soal ini tidak dikenal: gambar."),
        (";;x1;x2;a", "Pertanyaan belum ditulis."),
        (";Apa?;;;", "Belum ada jawaban yang diterima."),
        ("angka;Apa?;;;dua puluhan", "Angka ini tidak terbaca."),
    ],
)
def test_a_row_that_cannot_be_taken_is_named(row, what):
    assert told(csv.read(f"jenis;soal;a;b;jawaban\n\n{row}\n".encode())) == [(3, what)]


def test_columns_that_are_missing_double_or_unknown():
    assert told(csv.read(b"soal;pilihan\nApa?;x\n")) == [(1, "Kolom ini tidak ada: answer.")]
    assert told(csv.read(b"soal;pertanyaan;jawaban\nApa?;x;y\n")) == [(1, "Kolom pertanyaan ada dua kali.")]
    found = csv.read(b"soal;warna;jawaban\nApa?;merah;y\n")
    assert [note.told().what for note in found.notes] == ["Kolom yang tidak dikenal tidak dibaca: warna."]


def test_a_formula_is_named_and_never_computed():
    raw = sheet(["soal", "jawaban", "lain"], ["=1+1", "2", None], ["Apa?", "=SUM(1,2)", None], ["Apa?", "ya", "=1"])
    found = xlsx.read(raw)
    assert told(found) == [
        (2, "Sel A2 berisi rumus; rumus tidak dihitung."),
        (3, "Sel B3 berisi rumus; rumus tidak dihitung."),
    ]
    assert [item.prompt["id"] for item in found.items] == ["Apa?"]
    assert csv.read(b"soal;jawaban\n=1+1;dua\n").items[0].prompt == {"id": "=1+1"}


def test_numbers_of_a_sheet_are_written_as_indonesians_do():
    found = xlsx.read(sheet(["soal", "jawaban"], ["Pi?", 3.141], ["Berapa?", 1500]))
    assert [dict(item.key) for item in found.items] == [{"number": "3,141"}, {"number": "1500"}]


def test_the_classrooms_quiz_goes_out_and_comes_back():
    for write, read in ((csv.write, csv.read), (xlsx.write, xlsx.read), (lambda i: csv.write(i, excel=True), csv.read)):
        assert read(write(QUIZ.items)).items == QUIZ.items


OTHER = Item(
    "x1", "multiple_choice", {"id": "Apa?", "en": "What?"}, {"right": 2}, ({"id": "=1+1", "en": "x"}, {"id": "@b"}), {"en": "y"}
)


EVERY = (
    Item("m1", "multiple_response", {"id": "Mana?"}, {"rights": [1, 3]}, ({"id": "x1"}, {"id": "x2"}, {"id": "x3"})),
    Item("m2", "matching", {"id": "Jodohkan"}, {"matches": [{"id": "air"}, {"id": "gula"}]}, ({"id": "akar"}, {"id": "daun"})),
    Item("m3", "ordering", {"id": "Urutkan"}, {}, ({"id": "s1"}, {"id": "d2"}, {"id": "t3"}), hint={"id": "Hitung"}, level=2),
    Item("m4", "cloze", {"id": "Akar menyerap [air|H2O]", "en": "Roots take [water]"}, {}, audio={"id": "a.mp3"}, lesson="l1"),
    Item(
        "m5", "matching", {"id": "Lagi"}, {"matches": [{"id": "a|b", "en": "x"}, {"id": "c"}]}, ({"id": "akar"}, {"id": "daun"})
    ),
)


def test_every_kind_goes_out_and_comes_back():
    assert {item.kind for item in (*EVERY, *QUIZ.items)} == set(kinds())
    for write, read in ((csv.write, csv.read), (xlsx.write, xlsx.read)):
        found = read(write(EVERY))
        assert (found.problems, found.items) == ((), EVERY)


def test_languages_and_commands_come_back_and_no_cell_is_a_command():
    raw = csv.write([OTHER])
    assert csv.read(raw).items == (OTHER,)
    assert [cell for row in stdlib.reader(io.StringIO(raw.decode())) for cell in row if cell[:1] in ("=", "@")] == []
    book = load_workbook(io.BytesIO(xlsx.write([OTHER])))
    assert [cell.data_type for row in book.active.iter_rows() for cell in row if cell.value is not None] == ["s"] * len(
        [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    )


@given(st.lists(st.builds(made, WORDS, CHOICE | SEVERAL | PAIRS | TRUTH | NUMBER | SHORT, WORDS | st.just("")), max_size=4))
def test_what_is_written_is_read_back_equal(items):
    items = [item for item in items if item is not None]
    for write, read in ((csv.write, csv.read), (xlsx.write, xlsx.read)):
        found = read(write(items))
        assert (found.problems, [(*shown(i), i.explanation) for i in found.items]) == (
            (),
            [(*shown(i), i.explanation) for i in items],
        )


@given(st.binary(max_size=200) | st.text('soal,jawaban;a\n"=1\t|', max_size=80).map(lambda t: f"soal;a;jawaban\n{t}".encode()))
def test_no_bytes_make_it_raise(raw):
    csv.read(raw)
    xlsx.read(raw)
    xlsx.read(b"PK\x03\x04" + raw)


def test_what_excel_writes_above_a_table_tells_that_it_is_one():
    raw = b"sep=;\r\nsoal;a;b;jawaban\r\nApa, itu?;x1;x2;A\r\n"
    assert [shown(item)[1] for name in ("", "x.xlsx", "x.txt") for item in exchange.read(raw, name).items] == ["Apa, itu?"] * 3
