"""A course with its recordings as one file: there and back, and what hostile hands make of one."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from sqlalchemy import select

from core.problems import Refused
from lessons import course_bundle
from lessons.course import Course, Enclosure, Lesson, course_from_json, quiz_from_json
from lessons.exchange import course_file
from lessons.exchange.course_file import Held
from lessons.media_tables import MediaFile
from lessons.tables import Course as CourseRow
from lessons.tables import Quiz as QuizRow
from schools.tables import School
from tests.classroom import QUIZ, form_of, with_item
from tests.handed_in import address, body, kept, mp3, png, reference, upload
from tests.lessons import test_course_views as courses

BESIDE = (Enclosure("picture", reference(png()), len(png()), {"id": "Akar"}),)
COURSE = Course("IPA7", {"id": "IPA"}, (Lesson("a", {"id": "Akar"}, {"id": "Akar menyerap air."}, BESIDE),))
HELD = Held(COURSE, (replace(with_item(audio={"id": reference(mp3())}), course="IPA7"),))
SOUND, PICTURE = reference(mp3())[5:69], reference(png())[5:69]


def packed(held=HELD, **more):
    """The bytes of a bundle; ``more`` are its files by digest."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("course.json", course_file.write(held))
        for name, raw in more.items():
            bundle.writestr(f"files/{name}" if len(name) == 64 else name, raw)
    return into


@pytest.fixture
def folder(settings):
    for raw in (mp3(), png()):
        kept(settings, raw)
    return settings.instance_dir / "files"


def test_a_bundle_is_read_back_to_the_same_and_is_the_same_bytes_twice(folder, tmp_path):
    first, second = io.BytesIO(), io.BytesIO()
    course_bundle.write(HELD, folder, first)
    course_bundle.write(HELD, folder, second)
    assert first.getvalue() == second.getvalue()
    assert course_bundle.is_bundle(first)
    assert course_bundle.read(first) == HELD
    back = course_bundle.keep(first, HELD, tmp_path / "there")
    assert [(one.digest, one.size) for one in back] == sorted([(SOUND, 2_000), (PICTURE, len(png()))])


def test_what_is_no_bundle_is_not_taken_for_one():
    for raw in (b"", b"PK\x03\x04", b"{}", packed().getvalue()[:-5], packed().getvalue() + b"tail"):
        assert course_bundle.is_bundle(io.BytesIO(raw)) is False
    sheet = io.BytesIO()
    with zipfile.ZipFile(sheet, "w") as book:
        book.writestr("[Content_Types].xml", "<x/>")
    assert course_bundle.is_bundle(sheet) is False


def test_a_long_list_of_contents_is_not_even_read():
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as bundle:
        bundle.writestr("course.json", course_file.write(HELD))
        for n in range(course_bundle.MOST_FILES + 1):
            bundle.writestr(f"x{n}", b"")
    assert course_bundle.is_bundle(into) is False
    with pytest.raises(Refused):
        course_bundle.read(into)


@pytest.mark.parametrize(
    "more",
    [
        {SOUND: mp3(1)},  # another's bytes
        {SOUND: b"\0" * 40_000_000},  # a bomb
        {SOUND: mp3(size=2_000_000)},
        {SOUND: b"<html>"},
        {PICTURE: png().ljust(600_000, b"~")},
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(app, tmp_path, more):
    with pytest.raises(Refused):
        course_bundle.keep(packed(**more), HELD, tmp_path)
    assert [file for file in tmp_path.rglob("*") if file.is_file() and file.name in (SOUND, PICTURE)] == []


def test_other_names_are_never_looked_at(app, tmp_path):
    bundle = packed(**{"../../evil": b"x", "/etc/evil": b"x", f"files/../{SOUND}": mp3(), SOUND: mp3(), PICTURE: png()})
    course_bundle.keep(bundle, HELD, tmp_path / "files")
    assert sorted(file.name for file in (tmp_path / "files").rglob("*") if file.is_file()) == sorted([SOUND, PICTURE])
    assert list(tmp_path.rglob("*evil*")) == []


def test_packed_small_and_coming_out_large_is_refused(app, tmp_path, monkeypatch):
    monkeypatch.setattr(course_bundle, "MOST_BYTES", 1_000_000)
    raws = [mp3(n, size=600_000) for n in range(2)]
    items = tuple(replace(QUIZ.items[n], audio={"id": reference(raw)}) for n, raw in enumerate(raws))
    held = Held(COURSE, (replace(QUIZ, items=items),))
    with pytest.raises(Refused):
        course_bundle.keep(packed(held, **{reference(raw)[5:69]: raw for raw in raws}), held, tmp_path)


def rows(database):
    with database.reading() as db:
        return sorted((row.school_id, row.digest) for row in db.scalars(select(MediaFile)))


def test_a_course_goes_to_another_school_with_all_that_is_beside_it(teacher, another, database, two_schools, settings):
    beside = {"lessons.0.file": upload(png(), "akar.png"), "lessons.0.file_label": "Akar"}
    assert courses.send(teacher, courses.NEW, do="publish", **beside).status_code == 303
    page = "/teach/quizzes/new"
    fields = {"csrf_token": teacher.token(page), **form_of(replace(QUIZ, course="IPA7")), "do": "save"}
    assert teacher.client.post(page, **body({**fields, "items.0.recording": upload(mp3())})).status_code == 303
    out = teacher.client.get("/teach/courses/IPA7/export.json")
    assert (out.content_type, out.headers["Content-Disposition"]) == (
        "application/zip",
        "attachment; filename=IPA7.kentongan.zip",
    )
    renamed = course_bundle.read(io.BytesIO(out.data))
    renamed = Held(replace(renamed.course, code="IPA8"), tuple(replace(q, keyword="LAIN") for q in renamed.quizzes))
    (settings.instance_dir / "files" / SOUND[:2] / SOUND).unlink()
    with database.writing() as db:
        db.query(MediaFile).delete()
    raw = packed(renamed, **{SOUND: mp3(), PICTURE: png()}).getvalue()
    another.log_in("guru.b")
    report = another.client.post(
        "/teach/import", **body({"csrf_token": another.token("/teach/import"), "file": upload(raw, "x.zip")})
    )
    assert (report.status_code, rows(database)) == (200, [])
    held = _held(report.text)
    done = another.client.post("/teach/import/course", data={"csrf_token": another.token("/teach/import"), "held": held})
    assert done.status_code == 303
    school = two_schools.B.school
    assert rows(database) == sorted([(school, SOUND), (school, PICTURE)])
    with database.reading() as db:
        [quiz] = [quiz_from_json(q.draft) for q in db.scalars(select(QuizRow).where(QuizRow.school_id == school))]
        course = course_from_json(db.scalar(select(CourseRow.draft).where(CourseRow.code == "IPA8")))
    assert dict(quiz.items[0].audio) == {"id": reference(mp3())}
    assert course.lessons[0].enclosures == BESIDE
    assert teacher.client.get(address(mp3())).data == mp3()


def _held(page):
    return page.split('name="held" value="')[1].split('"')[0]


def test_by_command_there_and_back(app, database, two_schools, settings, tmp_path):
    file = tmp_path / "ipa.zip"
    file.write_bytes(packed(**{SOUND: mp3(), PICTURE: png()}).getvalue())
    run = app.test_cli_runner().invoke
    with database.reading() as db:
        npsn = db.get(School, two_schools.A.school).npsn
    tried = run(args=["import-course", str(file), "--school", npsn, "--dry-run"])
    assert (tried.exit_code, rows(database)) == (0, [])
    done = run(args=["import-course", str(file), "--school", npsn, "--publish"])
    assert (done.exit_code, [row[0] for row in rows(database)]) == (0, [two_schools.A.school] * 2)
    out = tmp_path / "back.zip"
    assert run(args=["export-course", "IPA7", "--output", str(out)]).exit_code == 0
    with out.open("rb") as back:
        assert course_bundle.read(back) == HELD
    again = run(args=["import-course", str(out), "--school", npsn])
    assert (again.exit_code, again.output.count("sama, tidak ada yang berubah")) == (0, 2)
    table = run(args=["export-quiz", "1", "--format", "csv"]).output
    assert f"{settings.public_base_url}{address(mp3())}" in table
    sheet = tmp_path / "daun.csv"
    sheet.write_text(table)
    home = run(args=["import-quiz", str(sheet), "--course", "IPA7", "--keyword", "DAUN", "--school", npsn])
    assert (home.exit_code, "sama, tidak ada yang berubah" in home.output) == (0, True)
