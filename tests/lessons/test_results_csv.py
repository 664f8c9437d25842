from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lessons import reports, results_csv
from lessons.dialogue import sheets
from lessons.results_csv import plain, safe
from lessons.tables import Answer
from tests.classroom import answer, publish, with_item
from tests.learners import SEPULUH

CONTRACT = "attempt, learner_id, learner, msisdn, class, quiz_id, item_id, prompt, answer, mark, score, medium, answered_at"


@pytest.fixture
def quiz(database, two_schools):
    return publish(database, two_schools.A.teacher, shared=True)


def read(database, quiz, school=None, **how):
    with database.reading() as db:
        text = results_csv.write(results_csv.rows(db, quiz, school), **how)
    delimiter = ";" if how.get("excel") else ","
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def test_the_columns_are_those_of_the_contract(database, quiz):
    with database.reading() as db:
        head = results_csv.write(results_csv.rows(db, quiz)).splitlines()[0]
    assert head == CONTRACT.replace(", ", ",")


def test_each_answer_of_every_attempt_is_a_row(database, quiz, two_schools):
    answer(database, quiz, two_schools.B.learner, "ra", number=1, typed="akar", medium="sms", finished=False)
    answer(database, quiz, two_schools.B.learner, "w", number=2, typed="-3")
    rows = read(database, quiz)
    assert [(r["attempt"], r["item_id"], r["answer"], r["mark"], r["score"], r["medium"]) for r in rows] == [
        ("1", "i1", "akar", "right", "100", "sms"),
        ("2", "i1", "-3", "wrong", "0", "ussd"),
        ("1", "i2", "akar", "almost", "50", "sms"),
    ]
    assert rows[0] == {
        "attempt": "1",
        "learner_id": str(two_schools.B.learner),
        "learner": "Murid B",
        "msisdn": "+6281234567890",
        "class": "5A",
        "quiz_id": str(quiz),
        "item_id": "i1",
        "prompt": "Apa yang menyerap air dari tanah?",
        "answer": "akar",
        "mark": "right",
        "score": "100",
        "medium": "sms",
        "answered_at": "2026-11-23T10:10:00+09:00",
    }


def test_a_name_wants_consent(database, quiz, two_schools):
    answer(database, quiz, two_schools.A.learner, "r")
    assert [(r["learner"], r["msisdn"]) for r in read(database, quiz)] == [("", "+6281234567890")]


def test_a_school_gets_its_own_learners_alone(database, quiz, two_schools):
    answer(database, quiz, two_schools.A.learner, "r")
    answer(database, quiz, two_schools.B.learner, "r")
    assert [r["learner_id"] for r in read(database, quiz, two_schools.A.school)] == [str(two_schools.A.learner)]


def test_for_excel_it_has_semicolons_and_a_mark(database, quiz, two_schools):
    answer(database, quiz, two_schools.B.learner, "r", typed="daun; akar")
    with database.reading() as db:
        text = results_csv.write(results_csv.rows(db, quiz), excel=True)
    assert text[:20] == "\ufeffattempt;learner_id;"[:20]
    assert read(database, quiz, excel=True)[0]["answer"] == "daun; akar"


def test_a_prompt_that_is_a_command_carries_none(database, two_schools):
    quiz = publish(database, two_schools.A.teacher, with_item(prompt={"id": "=HYPERLINK(1)"}))
    answer(database, quiz, two_schools.A.learner, "r", typed='@SUM(1;"2")\nx')
    [row] = read(database, quiz)
    assert (row["prompt"], row["answer"]) == ("'=HYPERLINK(1)", '\'@SUM(1;"2")\nx')
    assert (plain(row["prompt"]), plain(row["answer"])) == ("=HYPERLINK(1)", '@SUM(1;"2")\nx')


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("@A1", "'@A1"),
        ("+A1", "'+A1"),
        ("-A1", "'-A1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("＠x", "'＠x"),
        ("-3+cmd|' /C calc'!A0", "'-3+cmd|' /C calc'!A0"),
        ("x;=1", "x;'=1"),
        ("x,@y", "x,'@y"),
        ("x\n=1", "x\n'=1"),
        ("'=1", "''=1"),
        ("+6281234567890", "+6281234567890"),
        ("-3", "-3"),
        ("-3,5", "-3,5"),
        ("5, -3 dan 2", "5, -3 dan 2"),
        ("daun", "daun"),
        ("'daun", "'daun"),
        ("3 - 2 = 1", "3 - 2 = 1"),
        ("", ""),
    ],
)
def test_a_command_gets_an_apostrophe_and_a_number_none(cell, kept):
    assert safe(cell) == kept


@given(st.text("=+-@'\" \t\r\n;,|a1＝＋.(!", max_size=10) | st.text(max_size=20))
@example("\t'=")
def test_what_was_typed_can_be_had_back(cell):
    assert plain(safe(cell)) == cell


@given(st.text("=+-@'\" \t\r\n;,|a1＝＋.(!", max_size=10))
def test_no_cell_begins_like_a_command(cell):
    kept = safe(cell).lstrip(" \t\r\n'\"") if safe(cell)[:1] != "'" else ""
    assert kept[:1] not in ("=", "@", "＝", "＋")
    assert kept[:1] not in ("+", "-") or kept[1:2].isdigit()


def test_the_command_prints_every_school(app, database, quiz, two_schools, tmp_path):
    answer(database, quiz, two_schools.A.learner, "r")
    answer(database, quiz, two_schools.B.learner, "w")
    run = app.test_cli_runner()
    printed = run.invoke(args=["export-results", "--quiz", str(quiz), "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(printed.output, newline="")))
    assert (printed.exit_code, [r["learner_id"] for r in rows]) == (0, [str(two_schools.A.learner), str(two_schools.B.learner)])
    target = tmp_path / "out.csv"
    written = run.invoke(args=["export-results", "--quiz", str(quiz), "--excel", "--output", str(target)])
    assert (written.exit_code, target.read_bytes()[:3], target.read_text("utf-8").count("\n")) == (0, b"\xef\xbb\xbf", 3)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--quiz", "99"],
        ["--quiz", "1", "--format", "pdf"],
        ["--quiz", "1", "--output", "/no/such/x"],
        ["--quiz", "x"],
        ["--quiz", "9" * 20],
    ],
)
def test_the_command_refuses_with_a_sentence(app, quiz, arguments):
    done = app.test_cli_runner().invoke(args=["export-results", *arguments])
    assert done.exit_code != 0
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_what_stands_on_her_paper_is_told_plainly(database, quiz, two_schools):
    """She wrote on variant B, where the options and questions have other places."""
    with database.reading() as db:
        held = next(iter(reports.editions(db, quiz).values()))
    entries = sheets.sheet(held, "B")
    number = next(n for n, entry in enumerate(entries, 1) if entry.item.id == "i1")
    answer(database, quiz, two_schools.A.learner, "r", typed="B")
    with database.writing() as db:
        db.query(Answer).update({"sheet": "B"})
    with database.reading() as db:
        text = results_csv.write(results_csv.rows(db, quiz, more=True), more=True)
        [row] = csv.DictReader(io.StringIO(text))
    letter = "ABCD"[entries[number - 1].order.index(1)]
    assert (row["answer"], row["answer_text"], row["sheet"]) == ("B", "Batang", f"B{number} {letter}")
    assert list(row) == [*CONTRACT.split(", "), "answer_text", "sheet"]


@pytest.mark.parametrize("variant", "ABCD")
def test_a_paper_and_its_results_say_the_same(variant):
    for n, entry in enumerate(sheets.sheet(SEPULUH, variant), 1):
        said = sheets.read(SEPULUH, f"{variant.lower() if variant != 'A' else ''} {n}c")[1]
        typed = next(each.typed for each in said if each.is_named)
        assert sheets.on_sheet(SEPULUH, entry.item.id, variant, typed) == f"{variant}{n} C"
    assert sheets.on_sheet(SEPULUH, "s4", "", "A") == ""
