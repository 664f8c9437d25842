from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from lessons import authoring
from lessons.course import Course, Lesson, course_to_json
from lessons.tables import Course as CourseRow
from lessons.tables import Quiz as QuizRow
from tests.classroom import QUIZ, answer, publish

GIFT = "Siapa?{~Ani =Budi}\n\nBerapa?{#12}\n"


@pytest.fixture
def course(database, two_schools):
    with database.writing() as db:
        lessons = (Lesson("l1", {"id": "Daun"}, {"id": "Daun hijau."}),)
        db.add(CourseRow(code="IPA5", draft=course_to_json(Course("IPA5", {"id": "IPA"}, lessons))))
        db.add(
            CourseRow(code="MILIKA", school_id=two_schools.A.school, draft=course_to_json(Course("MILIKA", {"id": "A"}, lessons)))
        )
    return "IPA5"


@pytest.fixture
def run(app, course, tmp_path):
    def call(text, *arguments, name="soal ipa.txt", code="IPA5"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return app.test_cli_runner().invoke(args=["import-quiz", str(path), "--course", code, *arguments])

    return call


def quizzes(database):
    with database.reading() as db:
        rows = db.scalars(select(QuizRow).order_by(QuizRow.id)).all()
        return [
            (
                row.keyword,
                row.school_id,
                row.edition_id is not None,
                [item.prompt["id"] for item in authoring.draft_of(row).items],
            )
            for row in rows
        ]


def test_a_file_becomes_a_draft_and_again_changes_nothing(run, database):
    done = run(GIFT)
    assert (done.exit_code, done.stderr, done.stdout.splitlines()) == (
        0,
        "",
        ["line 1: Pilihan ganda: Siapa? -> Budi", "line 3: Angka: Berapa? -> 12", "quiz 1 SOALIPA: 2 soal, baru"],
    )
    assert quizzes(database) == [("SOALIPA", None, False, ["Siapa?", "Berapa?"])]
    assert run(GIFT).stdout.splitlines()[-1] == "quiz 1 SOALIPA: 2 soal, sama, tidak ada yang berubah"
    assert run(GIFT, name="lain.txt").stdout.splitlines()[-1] == "quiz 1 SOALIPA: 2 soal, sama, tidak ada yang berubah"
    assert run(GIFT + "\nMana?{T}").stdout.splitlines()[-1] == "quiz 1 SOALIPA: 3 soal, diubah"
    assert quizzes(database) == [("SOALIPA", None, False, ["Siapa?", "Berapa?", "Mana?"])]


def test_a_dry_run_changes_nothing(run, database):
    done = run(GIFT, "--dry-run")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "SOALIPA: 2 soal, baru (dry run)")
    assert quizzes(database) == []


def test_a_refused_line_keeps_everything_out(run, database):
    for more in ((), ("--dry-run",)):
        done = run(GIFT + "\nUraikan!{}\n", *more)
        assert (done.exit_code, done.stdout, done.stderr.splitlines()) == (
            1,
            "",
            [
                "line 5: Ini soal uraian (essay); belum bisa di sini. Ubah menjadi jawaban singkat.",
                "Tidak ada yang diimpor: 1 baris ditolak.",
            ],
        )
    assert quizzes(database) == []
    assert run(GIFT + "\nUraikan!{}\n", "--skip-bad").exit_code == 0
    assert quizzes(database) == [("SOALIPA", None, False, ["Siapa?", "Berapa?"])]
    assert run("Uraikan!{}\n", "--skip-bad").exit_code == 1


def test_keyword_title_school_and_publishing(run, database, two_schools):
    done = run(GIFT, "--keyword", "ipa 9", "--title", "Ulangan", "--school", "99000001", "--publish")
    assert done.exit_code == 0
    assert quizzes(database) == [("IPA9", two_schools.A.school, True, ["Siapa?", "Berapa?"])]
    with database.reading() as db:
        draft = authoring.draft_of(db.get(QuizRow, 1))
    assert (draft.title, draft.course, draft.time_zone) == ({"id": "Ulangan"}, "IPA5", "Asia/Jakarta")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--keyword", "STOP"), "IPA5", "Kata kunci ini tidak bisa dipakai."),
        (("--keyword", "DAUN"), "IPA5", "Kata kunci DAUN sudah dipakai kuis lain."),
        (("--school", "11111111"), "IPA5", "Sekolah dengan NPSN 11111111 tidak ada."),
        ((), "TIDAKADA", "Pelajaran TIDAKADA tidak ada."),
        (("--school", "99000002"), "MILIKA", "Pelajaran MILIKA milik sekolah lain."),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(run, database, two_schools, arguments, code, told):
    publish(database, two_schools.A.teacher)
    done = run(GIFT, *arguments, code=code)
    assert (done.exit_code, done.stderr.partition(". ")[0].rstrip(".\n") + ".", len(quizzes(database))) == (1, told, 1)


def test_a_schools_course_makes_its_quizzes_that_schools(run, database, two_schools):
    assert run(GIFT, code="milika").exit_code == 0
    assert quizzes(database)[0][:2] == ("SOALIPA", two_schools.A.school)


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"PK\x03\x04 broken", b"<a/>", b"\0" * 99, b"x" * (10 * 1024 * 1024 + 1)])
def test_a_file_that_is_nothing_is_refused_with_a_sentence(run, database, raw):
    done = run(raw)
    assert (done.exit_code, isinstance(done.exception, SystemExit), bool(done.stderr), quizzes(database)) == (1, True, True, [])


@pytest.mark.parametrize("format_", ["gift", "csv", "xlsx"])
def test_an_exported_quiz_comes_back(app, run, database, two_schools, tmp_path, format_):
    publish(database, two_schools.A.teacher, QUIZ)
    path = tmp_path / f"keluar.{format_}"
    done = app.test_cli_runner().invoke(args=["export-quiz", "1", "--format", format_, "--output", str(path)])
    assert done.exit_code == 0
    assert run(path.read_bytes(), name=path.name).exit_code == 0
    assert quizzes(database)[1][3] == [item.prompt["id"] for item in QUIZ.items]


def test_results_as_xlsx_are_texts_and_numbers(app, database, two_schools, tmp_path):
    quiz = publish(database, two_schools.A.teacher)
    answer(database, quiz, two_schools.B.learner, "rw", typed="=1+1")
    path = tmp_path / "hasil.xlsx"
    done = app.test_cli_runner().invoke(args=["export-results", "--quiz", str(quiz), "--format", "xlsx", "--output", str(path)])
    assert (done.exit_code, done.stderr) == (0, f"{path}: 2 answers.\n")
    sheet = load_workbook(io.BytesIO(path.read_bytes())).active
    rows = list(sheet.iter_rows(min_row=2))
    assert [cell.value for cell in sheet[1]][:4] == ["attempt", "learner_id", "learner", "msisdn"]
    assert [(row[3].value, row[8].value, row[8].data_type, row[10].value) for row in rows] == [
        ("+6281234567890", "=1+1", "s", 100),
        ("+6281234567890", "=1+1", "s", 0),
    ]
    assert app.test_cli_runner().invoke(args=["export-results", "--quiz", "99", "--format", "xlsx"]).exit_code == 1
