from __future__ import annotations

import contextlib
import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from core import sheets
from core.problems import Refused


def refused(raw: bytes) -> str:
    with pytest.raises(Refused) as caught:
        sheets.read(raw)
    return caught.value.problems[0].what


def packed(**parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in parts.items():
            file.writestr(name.replace("__", "/"), body)
    return out.getvalue()


def book(fill) -> bytes:
    made = Workbook()
    fill(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_rows_keep_the_line_where_they_begin():
    rows = sheets.read(b'a,b\r\n"x\r\ny",1\r\n\r\nz,2\r\n')
    assert [(row.line, row.cells) for row in rows] == [(1, ("a", "b")), (2, ("x\ny", "1")), (4, ()), (5, ("z", "2"))]


@pytest.mark.parametrize(
    ("raw", "cells"),
    [
        (b"\xef\xbb\xbfa;b", ("a", "b")),
        ("a\tb".encode("utf-16"), ("a", "b")),
        ("é;ü".encode("cp1252"), ("é", "ü")),
        (b'"a;b",c', ("a;b", "c")),
        (b"a|b", ("a", "b")),
        (b"a\0,b", ("a", "b")),
    ],
)
def test_marks_encodings_and_delimiters(raw, cells):
    assert sheets.read(raw)[0].cells == cells


def test_the_first_sheet_that_is_shown_is_read():
    def fill(made):
        made.active.sheet_state = "hidden"
        made.active.append(["hidden"])
        made.create_sheet("two").append(["a", 6281234567890.0, 0.5, True, None, None])

    assert [row.cells for row in sheets.read(book(fill))] == [("a", "6281234567890", "0,5", "true")]


def test_blank_rows_at_the_end_of_a_long_sheet_do_no_harm():
    def fill(made):
        made.active.append(["a"])
        made.active.cell(1_048_576, 1).number_format = "0"

    assert [row.cells for row in sheets.read(book(fill))] == [("a",)]


def test_bombs_and_broken_files_are_refused_at_once():
    lies = packed(xl__a="0" * 20_000_000)
    began = time.thread_time()
    assert refused(lies) == "Berkas ini membesar terlalu banyak bila dibuka."
    assert refused(packed(**{f"n{n}": "" for n in range(1001)})) == "Berkas ini membesar terlalu banyak bila dibuka."
    entity = packed(**{"xl__workbook.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'})
    assert refused(entity) == "Berkas ini bukan XLSX yang utuh."
    assert refused(packed(**{"..__..__x": "y"})) == "Berkas ini bukan XLSX yang utuh."
    assert refused(b"PK\x03\x04 and nothing") == "Berkas ini bukan XLSX yang utuh."
    assert refused(b"\xd0\xcf\x11\xe0 old") == "Ini berkas XLS lama atau terkunci sandi."
    assert refused(b"a" * (sheets.MOST_BYTES + 1)) == "Berkas ini lebih dari 10 MB."
    assert time.thread_time() - began < 10


def test_too_many_rows_columns_and_letters_are_refused():
    assert refused(b"a\n" * 20_001) == "Berkas ini lebih dari 20.000 baris."
    assert refused(b"a," * 61 + b"b") == "Baris ini punya terlalu banyak kolom."
    assert refused(b"a,b\n" + b"x" * 5001) == "Ada sel yang terlalu panjang."


def test_a_text_is_written_as_a_text():
    texts = ["=1+1", "+62812", "@x", "-1", "#N/A", "\x01\ud800a", "x" * 40_000]
    raw = sheets.write_xlsx(["teks", "n"], [[text, 7] for text in texts], "Hasil: [A]/*?")
    cells = list(load_workbook(io.BytesIO(raw)).active.iter_rows(min_row=2))
    assert [cell.data_type for row in cells for cell in row] == ["s", "n"] * len(texts)
    assert [row[0].value for row in cells][:6] == ["=1+1", "+62812", "@x", "-1", "#N/A", "a"]


@given(st.binary(max_size=300) | st.text('"\n\r,;\t=', max_size=60).map(str.encode))
def test_no_bytes_raise_anything_but_refused(raw):
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"sep=;\n"):
        with contextlib.suppress(Refused):
            sheets.read(start + raw)


def test_a_quote_that_is_never_closed_is_named_by_its_line():
    with pytest.raises(Refused) as raised:
        sheets.read_csv(b'a,b\n1,2\n"3,4\n5,6\n')
    assert [(problem.where, problem.told().remedy) for problem in raised.value.problems] == [
        ("line 3", "Tutup tanda kutipnya, atau hapus.")
    ]
    assert [row.cells for row in sheets.read_csv(b'a,b\n"1\n2",x\n5" pipa,"6\n7"\n')] == [
        ("a", "b"), ("1\n2", "x"), ('5" pipa', "6\n7"),
    ]  # fmt: skip
