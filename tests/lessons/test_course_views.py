from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lessons import course_authoring, course_forms
from lessons.course import Course, Lesson, course_from_json
from lessons.tables import Course as CourseRow
from lessons.tables import CourseEdition
from tests.lessons.test_quiz_views import faults

IPA = Course(
    "IPA7", {"id": "Ciri makhluk hidup"},
    (Lesson("a", {"id": "Bernapas"}, {"id": "Semua makhluk hidup bernapas.\n\nIkan memakai insang."}),
     Lesson("b", {"id": "Bergerak"}, {"id": "Tumbuhan bergerak pelan."})),
    subject="IPA", phase="D", grade="SMP 7",
)  # fmt: skip
NEW = "/teach/courses/new"
EDIT = "/teach/courses/IPA7/edit"


def form_of(course, version=0):
    typed = course_forms.typed_of(course, version)
    fields = dict(typed.fields)
    for at, lesson in enumerate(typed.lessons):
        fields |= {f"lessons.{at}.id": lesson.id, **{f"lessons.{at}.{name}": text for name, text in lesson.fields.items()}}
    return fields


@pytest.fixture
def course(teacher):
    send(teacher, NEW, do="publish")


def send(person, address, course=IPA, page=NEW, version=0, **more):
    return person.client.post(address, data={"csrf_token": person.token(page), **form_of(course, version), **more})


def version(database, code="IPA7"):
    with database.reading() as db:
        return db.scalar(select(CourseRow.version).where(CourseRow.code == code))


def drafts(database):
    with database.reading() as db:
        return {row.code: course_from_json(row.draft) for row in db.scalars(select(CourseRow))}


def test_the_form_gives_back_what_it_was_given(app):
    with app.test_request_context():
        typed = course_forms.read_form(form_of(IPA), lambda: "x")
        assert course_forms.draft_of(typed, IPA) == (IPA, [])


def test_a_course_from_its_first_word_to_learners(teacher, stranger, database):
    assert "Belum ada pelajaran dari sekolah Anda" in teacher.client.get("/teach/courses").text
    saved = send(teacher, NEW, do="save")
    assert (saved.status_code, saved.location) == (303, EDIT)
    page = teacher.client.get(EDIT).text
    assert ("Belum diterbitkan" in page, "Bernapas\nSemua makhluk hidup bernapas." in page) == (True, True)
    assert teacher.client.get("/teach/courses/IPA7").location == EDIT
    assert stranger.client.get("/teach/courses/IPA7").status_code == 404
    published = send(teacher, EDIT, page=EDIT, version=1, do="publish")
    assert published.location == EDIT
    assert "Pelajaran ini terbit." in teacher.client.get(EDIT).text
    assert "Fase D" in teacher.client.get("/teach/courses").text
    assert drafts(database)["IPA7"] == IPA


def test_buttons_move_lessons_and_nothing_typed_is_lost(teacher, course, database):
    page = send(teacher, EDIT, page=EDIT, version=version(database), do="down:0").text
    assert re.findall(r'name="lessons\.\d\.title" [^>]*value="([^"]*)"', page) == ["Bergerak", "Bernapas"]
    page = send(teacher, EDIT, page=EDIT, version=version(database), do="add").text
    assert len(re.findall(r'name="lessons\.\d\.title"', page)) == 3
    page = send(teacher, EDIT, page=EDIT, version=version(database), do="remove:0").text
    assert re.findall(r'name="lessons\.\d\.title" [^>]*value="([^"]*)"', page) == ["Bergerak"]
    assert drafts(database)["IPA7"] == IPA, "only saving saves"


@pytest.mark.parametrize(
    ("medium", "shown"),
    [
        ("ussd", '<samp class="screen" lang="id">Bernapas\nSemua makhluk'),
        ("sms", "Semua makhluk hidup bernapas."),
        ("voice", "kira-kira"),
        ("web", "<p>Ikan memakai insang.</p>"),
    ],
)
def test_the_phone_shows_every_medium(teacher, course, medium, shown):
    part = send(teacher, f"{EDIT}/preview", page=EDIT, medium=medium, at="0").text
    assert (shown in part, "<html" in part) == (True, False)
    assert "segmen" in part
    assert set(re.findall(r'<span id="([^"]+)-fault" hx-swap-oob="true">', part)) <= set(
        re.findall(r'<span id="([^"]+)-fault">', teacher.client.get(EDIT).text)
    )


def test_what_is_wrong_stands_beside_its_field(teacher, database):
    empty = Course("IPA7", {"id": ""}, (Lesson("a", {"id": "Judul"}, {"id": ""}),), phase="C", grade="SMP 7")
    stopped = send(teacher, NEW, empty, do="publish")
    assert stopped.location == f"{EDIT}?stopped=1"
    found = faults(teacher.client.get(stopped.location).text)
    assert sorted(found) == ["lessons.0.text", "phase", "title"]
    assert found["phase"].startswith("SMP 7 termasuk Fase D.")


def test_a_code_belongs_to_one_course(teacher, stranger, course, database):
    page = send(stranger, NEW, do="save").text
    assert ("Kode IPA7 sudah dipakai pelajaran lain." in page, "IPA8" in page) == (True, True)
    assert "Kode ini tidak bisa dipakai." in send(stranger, NEW, do="save", code="5").text
    send(teacher, EDIT, page=EDIT, version=version(database), do="save", code="LAIN")
    assert list(drafts(database)) == ["IPA7"], "a code that others know does not change"


def test_two_writers_are_told(teacher, course, database):
    old = version(database) - 1
    page = send(teacher, EDIT, page=EDIT, version=old, do="save", **{"lessons.0.title": "Lain"}).text
    assert "Pelajaran ini sudah diubah di tempat lain" in page
    assert 'value="Lain"' in page
    assert drafts(database)["IPA7"] == IPA


def test_signs_are_rewritten_with_one_button(teacher, course, database):
    odd = form_of(IPA, version(database)) | {"lessons.0.text": "“Insang” – alat napas… ½"}
    token = teacher.token(EDIT)
    shown = teacher.client.post(EDIT, data={"csrf_token": token, **odd, "do": "show:0"}).text
    assert "Tulis ulang untuk SMS" in shown
    page = teacher.client.post(EDIT, data={"csrf_token": token, **odd, "do": "rewrite"}).text
    assert ("&#34;Insang&#34; - alat napas... 1/2" in page, "Tulis ulang untuk SMS" in page) == (True, False)


def test_it_is_copied_put_away_and_brought_back(teacher, stranger, course, database):
    assert teacher.post("/teach/courses/IPA7/duplicate", page=EDIT).location == "/teach/courses/IPA8/edit"
    assert drafts(database)["IPA8"].title == {"id": "Ciri makhluk hidup (2)"}
    assert stranger.post("/teach/courses/IPA7/archive", page=NEW).status_code == 404
    gone = teacher.post("/teach/courses/IPA7/archive", page=EDIT)
    assert "Pelajaran IPA7 diarsipkan." in teacher.client.get(gone.location).text
    assert "IPA7" not in teacher.client.get("/learn").text
    teacher.post("/teach/courses/IPA7/restore", page=gone.location)
    assert "Pelajaran ini kembali." in teacher.client.get(EDIT).text


def test_a_copy_of_everybodys_course_is_of_what_is_published(teacher, course, database):
    with database.writing() as db:
        row = db.scalar(select(CourseRow).where(CourseRow.code == "IPA7"))
        row.school_id, row.draft = None, {**row.draft, "title": {"id": "Belum untuk siapa pun"}}
    teacher.post("/teach/courses/IPA7/duplicate", page=NEW)
    assert drafts(database)["IPA8"].title == {"id": "Ciri makhluk hidup (2)"}


def test_another_school_cannot_change_it(teacher, stranger, course, database):
    assert stranger.client.get(EDIT).status_code == 404
    for address in (EDIT, f"{EDIT}/preview", "/teach/courses/IPA7/duplicate"):
        assert send(stranger, address, do="save").status_code == 404


@pytest.mark.parametrize(
    "data",
    [{}, {"title": "\0\u202e"}, {"lessons.0.text": "x" * 30_000}, {"lessons.999.text": "x"}, {"do": "remove:²"}, {"do": "up:99"},
     {f"lessons.{n}.title": "x" for n in range(61)}, {f"x{n}": "y" for n in range(1900)},
     {"medium": "fax", "at": "-1", "language": "xx"}],
    ids=["empty", "nul", "long", "far", "no digit", "no lesson", "61 lessons", "1900 fields", "odd"],
)  # fmt: skip
def test_a_hostile_form_gets_a_page(teacher, data):
    for address in (NEW, f"{NEW}/preview"):
        answer = teacher.client.post(address, data={"csrf_token": teacher.token(NEW), **data})
        assert answer.status_code in (200, 303, 400, 413)


def test_publishing_makes_editions(teacher, course, database):
    for title in ("Satu", "Satu", "Dua"):
        send(teacher, EDIT, page=EDIT, version=version(database), do="publish", title=title)
    with database.reading() as db:
        assert [e.number for e in db.scalars(select(CourseEdition).order_by(CourseEdition.number))] == [1, 2, 3]


def test_a_free_code_keeps_its_stem(database, teacher, course):
    with database.reading() as db:
        assert [course_authoring.free_code(db, wanted) for wanted in ("IPA7", "BARU", "", "1X", "X" * 20)] == [
            "IPA8", "BARU", "KURSUS2", "KURSUS3", "X" * 20,
        ]  # fmt: skip


def test_the_criterion_goes_through_the_form_and_nonsense_is_the_usual_one(app):
    with app.test_request_context():
        for typed, meant in (("5/6", "5/6"), ("", "3/4"), ("9/1", "3/4"), ("<b>", "3/4")):
            form = course_forms.read_form({**form_of(IPA), "criterion": typed}, lambda: "x")
            assert course_forms.draft_of(form, IPA)[0].criterion == meant
