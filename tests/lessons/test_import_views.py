from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from lessons import authoring
from lessons.course import Course, Lesson
from lessons.exchange import course_file, csv, gift, xlsx
from lessons.exchange.course_file import Held
from lessons.tables import Course as CourseRow
from lessons.tables import Quiz as QuizRow
from tests.classroom import QUIZ, answer, publish

GIFT = "Siapa?{~Ani =Budi}\n\nBerapa?{#12}\n"


def send(person, text, **fields):
    raw = text if isinstance(text, bytes) else text.encode()
    data = {"csrf_token": person.token("/teach/import"), "file": (io.BytesIO(raw), fields.pop("name", "soal ipa.txt")), **fields}
    return person.client.post("/teach/import", data=data, content_type="multipart/form-data")


def confirm(person, report, what="quiz"):
    held = re.search(r'name="held" value="([^"]+)"', report.text).group(1)
    return person.post(f"/teach/import/{what}", page="/teach/import", held=held)


def quizzes(database):
    with database.reading() as db:
        return [
            (row.keyword, row.school_id, [i.prompt["id"] for i in authoring.draft_of(row).items])
            for row in db.scalars(select(QuizRow))
        ]


def test_a_report_changes_nothing_and_its_button_does_what_it_showed(person, database, two_schools):
    person.log_in("guru.a")
    report = send(person, GIFT)
    assert (report.status_code, quizzes(database)) == (200, [])
    assert [words in report.text for words in ("2 soal terbaca", "Siapa?", "Jawaban: Budi", "SOALIPA", "Baris 3")] == [True] * 5
    answer_ = confirm(person, report)
    assert (answer_.status_code, quizzes(database)) == (303, [("SOALIPA", two_schools.A.school, ["Siapa?", "Berapa?"])])
    assert "sudah sama dengan berkas ini" in send(person, GIFT).text


def test_refused_lines_are_named_and_the_good_ones_can_be_taken(person, database):
    person.log_in("guru.a")
    report = send(person, GIFT + "\nUraikan <b>!{}\n")
    assert [words in report.text for words in ("1 baris ditolak", "Baris 5:", "Impor 2 soal yang baik")] == [True] * 3
    assert confirm(person, report).status_code == 303
    assert quizzes(database)[0][2] == ["Siapa?", "Berapa?"]


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe\x00", b"PK\x03\x04", b"<x/>", b"{}", b'{"format": "kentongan-course"}', b"Uraikan!{}"]
)
def test_what_holds_no_question_is_said(person, database, raw):
    person.log_in("guru.a")
    report = send(person, raw)
    assert (report.status_code, quizzes(database)) == (422, [])


def test_markup_in_a_file_is_words(person):
    person.log_in("guru.a")
    report = send(person, "[plain]<script>alert(1)</script>?{=[plain]<img src=x onerror=y>}")
    assert ("<script>alert" in report.text, "<img" in report.text, "&lt;script&gt;" in report.text) == (False, False, True)


def test_no_file_no_course_and_a_bad_keyword_are_told_in_the_form(person, database):
    person.log_in("guru.a")
    token = person.token("/teach/import")
    assert person.client.post("/teach/import", data={"csrf_token": token}).status_code == 422
    assert "Pelajaran NONO tidak ada." in send(person, GIFT, course="NONO").text
    assert "Kata kunci ini tidak bisa dipakai." in send(person, GIFT, keyword="STOP").text


def test_a_report_of_another_or_an_altered_one_does_nothing(person, another, database):
    person.log_in("guru.a")
    report = send(person, GIFT)
    held = re.search(r'name="held" value="([^"]+)"', report.text).group(1)
    assert person.post("/teach/import/quiz", page="/teach/import", held=held[:-3] + "abc").status_code == 400
    another.log_in("guru.b")
    assert another.post("/teach/import/quiz", page="/teach/import", held=held).status_code == 400
    assert quizzes(database) == []


def test_a_quiz_goes_out_in_every_format_to_its_own_school_alone(person, another, database, two_schools):
    quiz = publish(database, two_schools.A.teacher)
    person.log_in("guru.a")
    for format_, reader in (("gift", gift), ("csv", csv), ("xlsx", xlsx)):
        answer_ = person.client.get(f"/teach/quizzes/{quiz}/export.{format_}")
        found = reader.read(answer_.data)
        assert (answer_.status_code, [i.prompt["id"] for i in found.items]) == (200, [i.prompt["id"] for i in QUIZ.items])
    assert person.client.get(f"/teach/quizzes/{quiz}/export.pdf").status_code == 404
    another.log_in("guru.b")
    assert another.client.get(f"/teach/quizzes/{quiz}/export.csv").status_code == 404


def test_results_are_a_sheet_of_her_own_school(person, database, two_schools):
    quiz = publish(database, two_schools.A.teacher, shared=True)
    answer(database, quiz, two_schools.A.learner, "r", typed="=1+1")
    answer(database, quiz, two_schools.B.learner, "w")
    person.log_in("guru.a")
    sheet = load_workbook(io.BytesIO(person.client.get(f"/teach/quizzes/{quiz}/results.xlsx").data)).active
    assert [(row[1].value, row[8].value, row[8].data_type) for row in sheet.iter_rows(min_row=2)] == [
        (two_schools.A.learner, "=1+1", "s")
    ]


COURSE = Held(
    Course("IPA7", {"id": "IPA"}, (Lesson("l1", {"id": "Daun"}, {"id": "Hijau."}),), licence="cc-by-4.0", credits=("Bu Sri",)),
    (QUIZ,),
)


def test_a_course_comes_in_and_goes_out_equal(person, another, database, two_schools):
    person.log_in("guru.a")
    report = send(person, course_file.write(COURSE), name="x.json")
    assert [words in report.text for words in ("IPA7: IPA, baru", "DAUN: Tumbuhan hijau, baru", "Bu Sri")] == [True] * 3
    assert quizzes(database) == []
    assert confirm(person, report, "course").status_code == 303
    with database.reading() as db:
        row = db.scalar(select(CourseRow))
        assert (row.code, row.school_id, row.edition_id) == ("IPA7", two_schools.A.school, None)
    raw = person.client.get("/teach/courses/IPA7/export.json").data
    held = course_file.read(raw)
    assert (held.course, [quiz.items for quiz in held.quizzes]) == (COURSE.course, [QUIZ.items])
    again = send(person, raw, name="x.json").text
    assert again.count("sama, tidak ada yang berubah") == 2
    another.log_in("guru.b")
    assert another.client.get("/teach/courses/IPA7/export.json").status_code == 404
    assert "Kode IPA7 sudah dipakai pelajaran lain." in send(another, raw, name="x.json").text


def test_a_course_whose_keyword_is_taken_gets_a_free_one_and_again_finds_it(app, database, two_schools, tmp_path):
    publish(database, two_schools.B.teacher, QUIZ)
    path = tmp_path / "ipa.json"
    path.write_bytes(course_file.write(COURSE))
    run = app.test_cli_runner()
    done = run.invoke(args=["import-course", str(path), "--school", "99000001", "--publish"])
    assert (done.exit_code, done.stdout.splitlines()) == (
        0,
        ["IPA7: IPA, baru", "DAUN2: Tumbuhan hijau, baru (kata kunci DAUN sudah dipakai)"],
    )
    done = run.invoke(args=["import-course", str(path), "--school", "99000001"])
    assert [line.split(", ", 1)[1][:4] for line in done.stdout.splitlines()] == ["sama", "sama"]
    out = run.invoke(args=["export-course", "ipa7"])
    assert course_file.read(out.stdout_bytes).course == COURSE.course
    assert run.invoke(args=["import-course", str(path)]).exit_code == 1
    assert run.invoke(args=["export-course", "NONO"]).exit_code == 1


def test_other_roles_and_nobody_import_nothing(person):
    assert person.client.get("/teach/import").status_code == 303
    person.log_in("jadwal")
    assert person.client.get("/teach/import").status_code == 404
