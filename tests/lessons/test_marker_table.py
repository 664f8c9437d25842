"""The table of what children type (marker_table.txt), row by row, and what is true of whatever they type."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.course import Item
from lessons.kinds import kinds, mark_answer
from lessons.marking import folding

TABLE = Path(__file__).with_name("marker_table.txt")


def read_item(line: str) -> Item:
    """The item of a section's head."""
    kind, _colon, rest = line.removeprefix("== ").partition(": ")
    if kind == "multiple_choice":
        options = rest.split(" | ")
        right = next(n for n, text in enumerate(options, 1) if text.startswith("*"))
        return Item("1", kind, {"id": "?"}, {"right": right}, tuple({"id": text.removeprefix("*")} for text in options))
    if kind == "multiple_response":
        options = rest.split(" | ")
        rights = [n for n, text in enumerate(options, 1) if text.startswith("*")]
        return Item("1", kind, {"id": "?"}, {"rights": rights}, tuple({"id": text.removeprefix("*")} for text in options))
    if kind == "ordering":
        return Item("1", kind, {"id": "?"}, {}, tuple({"id": text} for text in rest.split(" | ")))
    if kind == "matching":
        pairs = [pair.split("=") for pair in rest.split(" | ")]
        return Item("1", kind, {"id": "?"}, {"matches": [{"id": to} for _, to in pairs]}, tuple({"id": of} for of, _ in pairs))
    if kind == "cloze":
        return Item("1", kind, {"id": rest}, {})
    if kind == "true_false":
        return Item("1", kind, {"id": "?"}, {"right": rest == "benar"})
    if kind == "number":
        number, unit, tolerance = re.fullmatch(r"(\S+)(?: unit (\S+))?(?: ~ (\S+))?", rest).groups()
        return Item("1", kind, {"id": "?"}, {"number": number, "unit": unit or "", "tolerance": tolerance or ""})
    accepted, _not, refused = rest.partition(" not ")
    key = {"accepted": accepted.split(" | "), "refused": refused.split(", ") if refused else []}
    return Item("1", kind, {"id": "?"}, key)


def rows() -> list[tuple[Item, str, str | None]]:
    found, item = [], None
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("== "):
            item = read_item(line)
        elif line and not line.startswith("#"):
            mark, _colon, typed = line.partition(": ")
            inputs = [re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), text) for text in typed.split(" ¦ ")]
            found += [(item, text, None if mark == "again" else mark) for text in inputs]
    return found


ROWS = rows()
ITEMS = list({id(item): item for item, _, _ in ROWS}.values())


@pytest.mark.parametrize("item", ITEMS, ids=[f"{n}: {item.kind}" for n, item in enumerate(ITEMS)])
def test_each_row_gets_its_mark(item):
    """A test for each section of the table; it tells every row that got another mark."""
    wanted = [(typed, mark) for of, typed, mark in ROWS if of is item]
    assert [(typed, kinds()[item.kind].mark(item, typed, "id").mark) for typed, _mark in wanted] == wanted


def test_the_table_is_long():
    assert len(ROWS) >= 400


@given(st.sampled_from(ITEMS), st.text(alphabet=st.characters(), max_size=120), st.sampled_from(["id", "en", "jv", "su"]))
def test_no_text_raises_and_every_mark_has_its_score(item, typed, language):
    verdict = kinds()[item.kind].mark(item, typed, language)
    least, most = {"right": (100, 100), "almost": (50, 99), "wrong": (0, 49), None: (0, 0)}[verdict.mark]
    assert least <= verdict.score <= most
    assert isinstance(verdict.why, str)


AROUND = st.sampled_from(
    ["", "jawab ", "jwb: ", "jawabannya ", "saya pilih ", "kak ", "hmm ", "(", "- ", "hmmm ", "sing ", "kula pilih "]
)
BEHIND = st.sampled_from(
    [
        "",
        ".",
        " kak",
        " terima kasih bu",
        " kalau tidak salah",
        " karena begitu",
        ")",
        " 👍",
        "!!",
        " ya",
        " -Budi kls 5",
        " :D",
        " wae",
    ]
)


@given(AROUND, BEHIND, st.integers(0, 3), st.integers(1, 4), st.booleans())
def test_never_is_another_option_right(before, behind, said, right, by_text):
    options = ["Akar tunggang", "Daun lebar", "Batang keras", "Bunga merah"]
    typed = f"{before}{options[said] if by_text else 'ABCD'[said]}{behind}"
    assert mark_answer("multiple_choice", {"right": right}, typed, options).mark == ("right" if said + 1 == right else "wrong")


@given(st.integers(0, 10**6), st.integers(0, 10**6), AROUND.filter(lambda text: text != "- "), BEHIND)
def test_never_is_another_number_right(key, said, before, behind):
    assert mark_answer("number", {"number": str(key)}, f"{before}{said}{behind}").mark == ("right" if key == said else "wrong")


SCRIPTS = st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９", "०१२३४५६७८९"])


@given(
    st.integers(0, 10**6),
    st.integers(-20, 20) | st.sampled_from([10, 100, 1000]),
    AROUND.filter(lambda t: t != "- "),
    BEHIND,
    SCRIPTS,
)
def test_never_is_a_number_nearby_right(key, off, before, behind, script):
    said = abs(key + off) if abs(off) <= 20 else key * off
    typed = f"{before}{str(said).translate(str.maketrans('0123456789', script))}{behind}"
    assert mark_answer("number", {"number": str(key)}, typed).mark == ("right" if key == said else "wrong")
    assert mark_answer("short_answer", {"accepted": [str(key)]}, typed).mark == ("right" if key == said else "wrong")


@given(
    AROUND, BEHIND, st.permutations(range(4)), st.sampled_from([". ", ") ", " ", ", ", ": ", " = ", "-", " - ", " (", "/", "~"]),
    st.booleans(), st.booleans(),
)  # fmt: skip
def test_never_is_one_right_where_key_and_text_contradict(before, behind, order, between, text_first, by_digit):
    options = ["Akar tunggang", "Daun lebar", "Batang keras", "Bunga merah"]
    at, other = order[:2]
    key = str(at + 1) if by_digit else "ABCD"[at]
    parts = (options[other], key) if text_first else (key, options[other])
    for right in (at, other):
        assert (
            mark_answer("multiple_choice", {"right": right + 1}, f"{before}{between.join(parts)}{behind}", options).mark
            != "right"
        )


UNITS = st.sampled_from(
    ["N", "joule", "volt", "liter", "kg", "jam", "m", "cm", "km2", "km³", "°C", "F", "%", "‰", "apel", "Hz", "kkal"]
)


@given(st.integers(1, 10**4), UNITS, st.sampled_from(["", " "]))
def test_never_is_another_unit_right(key, unit, blank):
    assert mark_answer("number", {"number": str(key), "unit": "km"}, f"{key}{blank}{unit}").mark != "right"


@given(st.integers(10, 10**6), st.data())
def test_never_is_a_number_taken_for_a_slip(key, data):
    digits = list(str(key))
    at = data.draw(st.integers(0, len(digits) - 2))
    digits[at], digits[at + 1] = digits[at + 1], digits[at]
    typed = "".join(digits)
    right = int(typed) == key and typed[0] != "0"
    if typed[0] != "0":
        marks = {
            mark_answer("number", {"number": str(key)}, typed).mark,
            mark_answer("short_answer", {"accepted": [str(key)]}, typed).mark,
        }
        assert marks == {"right" if right else "wrong"}


@pytest.mark.parametrize("no", ["bukan ", "tidak ", "gak ", "bkn ", "selain ", "jangan "])
@given(item=st.sampled_from([item for item in ITEMS if item.kind != "true_false"]))
def test_what_is_denied_is_never_right(no, item):
    shown = kinds()[item.kind].mark(item, "", "id").right
    marks = ("almost", "wrong", None) if item.kind == "cloze" else ("wrong", None)  # of several gaps one alone is denied
    assert kinds()[item.kind].mark(item, no + shown, "id").mark in marks


@pytest.mark.parametrize(
    ("kind", "key", "typed", "why"),
    [
        ("number", {"number": "3", "unit": "km"}, "3 m", "Angkanya benar, satuannya belum."),
        ("number", {"number": "3"}, "3 atau 4", "Tulis satu angka saja, yang sudah dihitung."),
        ("number", {"number": "3"}, "4", ""),
        ("multiple_choice", {"right": 1}, "a atau b", "Pilih satu jawaban saja."),
        ("multiple_choice", {"right": 1}, "bukan a", "Tulis jawaban yang kamu pilih, bukan yang tidak."),
        ("multiple_choice", {"right": 1}, "tidak tahu", "Tidak apa-apa. Tebak saja, atau balas MENU."),
        ("multiple_choice", {"right": 1}, "x", ""),
    ],
)
def test_the_marker_says_why(kind, key, typed, why):
    assert mark_answer(kind, key, typed, ["Akar", "Daun"]).why == why


WORDY = st.lists(
    st.sampled_from(sorted({*folding.FILLERS, *folding.NEGATIONS, *folding.UNSURE, *folding.BECAUSE, "benar", "salah", "daun"})),
    min_size=2, max_size=4, unique_by=folding.loose,
)  # fmt: skip


@given(WORDY, st.data())
def test_options_that_are_filling_elsewhere_are_options_here(options, data):
    said, right = data.draw(st.permutations(range(len(options))))[:2]
    for typed in (options[said], f"{options[said]}.", f"{'ABCD'[said]}. {options[said]}", f"{'ABCD'[right]}. {options[said]}"):
        assert mark_answer("multiple_choice", {"right": right + 1}, typed, options).mark != "right", typed
    assert mark_answer("multiple_choice", {"right": said + 1}, options[said], options).mark == "right"
