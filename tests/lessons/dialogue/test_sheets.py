"""Printed sheets: what each variant holds, and how a message with all the answers is read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.course import Item
from lessons.dialogue import sheets
from lessons.dialogue.sheets import Unread, addressed, read, right, sheet
from lessons.kinds import kinds
from tests.learners import PECAHAN, SEPULUH

TRUTH = Item("t1", "true_false", {"id": "Daun hijau."}, {"right": True})
SEVERAL = Item("m1", "multiple_response", {"id": "?"}, {"rights": [1, 3]}, tuple({"id": t} for t in ("Padi", "Ayam", "Jagung")))
MIXED = replace(PECAHAN, items=(PECAHAN.items[0], TRUTH, PECAHAN.items[1], SEVERAL, PECAHAN.items[2]))


def letters(quiz, variant):
    return "".join(right(entry, "id") for entry in sheet(quiz, variant))


def marks(quiz, behind):
    found = read(quiz, behind)
    return found if isinstance(found, Unread) else [(said.item.id, mark_of(said)) for said in found[1]]


def mark_of(said):
    return kinds()[said.item.kind].mark(said.item, said.typed, "id").mark if said.typed else "open"


def test_variant_a_is_the_quiz_as_it_is():
    assert [(e.item.id, e.order) for e in sheet(SEPULUH)] == [(item.id, (0, 1, 2)) for item in SEPULUH.items]


def test_variants_have_the_same_items_in_orders_that_never_change():
    ids = [[entry.item.id for entry in sheet(SEPULUH, variant)] for variant in "ABCD"]
    assert (len({tuple(each) for each in ids}), {tuple(sorted(each)) for each in ids}) == (4, {tuple(sorted(ids[0]))})
    assert [letters(SEPULUH, variant) for variant in "ABCD"] == ["AAAAAAAAAA", "CABABCCABB", "BABABBBBAC", "CABACBBAAA"]


def test_another_edition_is_shuffled_otherwise():
    assert letters(replace(SEPULUH, edition=22), "B") != letters(SEPULUH, "B")


def test_options_that_speak_of_others_stay_where_they_are():
    item = Item("x", "multiple_choice", {"id": "?"}, {"right": 3}, tuple({"id": t} for t in ("Akar", "Daun", "Semua benar")))
    assert {sheet(replace(SEPULUH, items=(item,)), variant)[0].order for variant in "ABCD"} == {(0, 1, 2)}


def test_a_quiz_that_draws_draws_for_paper_too():
    bank = replace(SEPULUH, draw=4)
    drawn = [{entry.item.id for entry in sheet(bank, variant)} for variant in "ABCD"]
    assert ({len(ids) for ids in drawn}, len({tuple(sorted(ids)) for ids in drawn}) > 1) == ({4}, True)


@pytest.mark.parametrize("variant", "ABCD")
def test_the_key_of_each_variant_is_all_right(variant):
    expected = [(entry.item.id, "right") for entry in sheet(SEPULUH, variant)]
    key = letters(SEPULUH, variant)
    name = variant.lower()
    for behind in (f"{name} {key[:5]} {key[5:]}", f" {name} {' '.join(key)}", f"{name}:{key}", f"{name} {'-'.join(key)}"):
        assert marks(SEPULUH, behind.lower()) == expected
    assert read(SEPULUH, f"{name}{key}".lower())[0] == variant


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Q7 ABDCA BBACD", (7, " abdca bbacd")), ("q7abdcabbacd", (7, "abdcabbacd")), ("Q7: A-B-D", (7, ": a-b-d")),
        ("Q 7 ab", (7, " ab")), ("Q7", (7, "")), ("lembar Q12B abc", (12, "b abc")), ("Ｑ７ ＡＢ", (7, " ab")),
        ("Kak, Q7 ABDCA BBACD", (7, " abdca bbacd")), ("halo bu q7 a b d", (7, " a b d")), ("kak q1 kak", None),
        ("q1234567890 a", None), ("Q", None), ("QA", None), ("IPA5", None), ("7", None), ("", None), ("a q7 b", None),
    ],
)  # fmt: skip
def test_a_code_is_found_at_the_beginning(said, found):
    assert addressed(said) == found


@pytest.mark.parametrize(
    "behind",
    [" aaaaa aaaaa", "aaaaaaaaaa", ": a-a-a-a-a-a-a-a-a-a", " a,a,a,a,a,a,a,a,a,a", " a a a a a a a a a a",
     "*aaaaaaaaaa", " 1111111111",
     " 1a 2a 3a 4a 5a 6a 7a 8a 9a 10a", " 1a2a3a4a5a6a7a8a9a10a", " 1.a 2.a 3.a 4.a 5.a 6.a 7.a 8.a 9.a 10.a", "a aaaaa aaaaa",
     " 10=a 9=a 8=a 7=a 6=a 5=a 4=a 3=a 2=a 1=a", " aaaaaaaaaa terima kasih kak", "\taaaaa\naaaaa",
     " aaaaa aaaaa -budi kls 5", " aaaaa aaaaa 👍", " (aaaaa aaaaa)", ' "aaaaaaaaaa"',
     " 1-a 2-a 3-a 4-a 5-a 6-a 7-a 8-a 9-a 10-a"],
)  # fmt: skip
def test_answers_are_read_however_they_are_parted(behind):
    assert marks(SEPULUH, behind) == [(item.id, "right") for item in SEPULUH.items]


@pytest.mark.parametrize("behind", [" aa-aaxaa.b", " aa-aa xaa.b", " 1a 2a 3? 4a 5a 7a 8a 10b", " a,a,-,a,a,x,a,a,.,b"])
def test_what_is_left_open_is_open(behind):
    expected = ["right", "right", "open", "right", "right", "open", "right", "right", "open", "wrong"]
    assert [mark for _, mark in marks(SEPULUH, behind)] == expected


@pytest.mark.parametrize(
    ("behind", "fault"),
    [
        (" aaaa", Unread(count=4)), (" aaaaa aaaaa aa", Unread(count=12)), (" aaaaa aaaaaa", Unread(count=11)),
        (" aaaaa aaaae", Unread(number=10, letters="ABC")),
        (" 1a 2a 11a", Unread(beyond=11)), (" 1a 2e", Unread(number=2, letters="ABC")), (" 1a 1b", Unread(twice=1)),
        (" 0a 1a", Unread(beyond=0)), (" 8... 9... 10...", None),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(behind, fault):
    found = read(SEPULUH, behind)
    assert (found if fault else any(said.is_named for said in found[1])) == (fault or False)


@pytest.mark.parametrize("behind", [" 8c 9b 10a", " 8...C 9... B 10 ... a", " 8=c,9=b,10=a", " 8c9b10a", " 8.c 9.b 10.a"])
def test_what_is_not_named_is_no_answer_at_all(behind):
    found = read(SEPULUH, behind.lower())[1]
    assert [(n, said.typed) for n, said in enumerate(found, 1) if said.is_named] == [(8, "C"), (9, "B"), (10, "A")]


def test_as_many_letters_as_items_are_left_are_theirs():
    done = [item.id for item in SEPULUH.items if item.id not in ("s6", "s9")]
    found = read(SEPULUH, " bc", done)[1]
    assert [(said.item.id, said.typed) for said in found if said.is_named] == [("s6", "B"), ("s9", "C")]
    assert read(SEPULUH, " bca", done) == Unread(count=3)


@pytest.mark.parametrize(
    "behind", [" B B 0 AC pembilang", " bb 0 ac pembilang", " 1b 2b 3=0 4=ac 5=pembilang", " 5:pembilang 1:b 2:b 3:0 4:ca",
               " b,b,0,ac,pembilang"]
)  # fmt: skip
def test_kinds_without_letters_take_a_word(behind):
    assert marks(MIXED, behind.lower()) == [(item.id, "right") for item in MIXED.items]


def test_true_and_false_are_b_and_s():
    entry = sheet(MIXED)[1]
    assert (sheets.shown(entry, "id"), right(entry, "id")) == ([("B", "Benar"), ("S", "Salah")], "B")


@given(st.text(alphabet=st.characters(), max_size=200), st.sampled_from([SEPULUH, MIXED]))
def test_no_text_raises(text, quiz):
    addressed(text)
    found = read(quiz, text)
    assert isinstance(found, Unread) or len(found[1]) == len(quiz.items)


@given(st.lists(st.sampled_from("abc-"), min_size=10, max_size=10), st.sampled_from("ABCD"))
def test_every_letter_is_the_option_that_is_printed_there(typed, variant):
    found = read(SEPULUH, f"{variant.lower()} {''.join(typed)}")
    entries = sheet(SEPULUH, variant)
    expected = ["" if c == "-" else "ABC"[entry.order["abc".index(c)]] for c, entry in zip(typed, entries, strict=True)]
    assert [said.typed for said in found[1]] == expected
