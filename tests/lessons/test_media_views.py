"""What a teacher hands in: with the form, on the pages, at its address."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock, files
from lessons import authoring, media
from lessons.course import Course, Enclosure, Lesson, course_from_json, course_to_json, quiz_from_json
from lessons.media_tables import MediaFile
from lessons.tables import Course as CourseRow
from lessons.tables import Quiz as QuizRow
from tests.classroom import NOW, QUIZ, form_of, publish, with_item
from tests.handed_in import address, body, kept, mp3, ogg, png, reference, upload
from tests.lessons import test_course_views as courses

NEW = "/teach/quizzes/new"


def send(person, quiz=QUIZ, to=NEW, page=NEW, version=0, **more):
    fields = {"csrf_token": person.token(page), **form_of(quiz, version), "do": "save", **more}
    return person.client.post(to, **body(fields))


def draft(database, keyword="DAUN"):
    with database.reading() as db:
        return quiz_from_json(db.scalar(select(QuizRow.draft).where(QuizRow.keyword == keyword)))


def lessons(database, code="IPA7"):
    with database.reading() as db:
        return course_from_json(db.scalar(select(CourseRow.draft).where(CourseRow.code == code))).lessons


def rows(database):
    with database.reading() as db:
        found = db.scalars(select(MediaFile).order_by(MediaFile.id))
        return [(row.school_id, row.digest[:4], row.size, row.media_type, row.name) for row in found]


def faults(page):
    return re.findall(r'class="fault[^"]*">.*?</span>([^<]+)</span>', page)


def test_a_recording_comes_with_the_form(teacher, database, two_schools):
    raw = {"items.0.recording": upload(mp3()), "items.0.recording.en": upload(mp3(1), "C:\\rekam\\question.mp3")}
    saved = send(teacher, **raw)
    assert saved.status_code == 303
    assert dict(draft(database).items[0].audio) == {"id": reference(mp3()), "en": reference(mp3(1))}
    assert replace(draft(database).items[0], audio={}) == QUIZ.items[0]
    school = two_schools.A.school
    assert [row[0] for row in rows(database)] == [school, school]
    page = teacher.client.get(saved.location).text
    assert ("Dengarkan (2 kB)" in page, f'src="{address(mp3())}"' in page, 'preload="none"' in page) == (True, True, True)


def test_what_cannot_be_taken_loses_nothing_that_was_typed(teacher, database):
    typed = with_item(prompt={"id": "Ketikan yang panjang dan belum tersimpan"})
    raw = {"items.0.recording": upload(b"MZ\x90 not sound", "soal.exe"), "items.1.recording": upload(mp3(2), "baik.mp3"),
           "items.2.recording": upload(mp3(size=1_500_001), "panjang.mp3")}  # fmt: skip
    page = send(teacher, typed, **raw).text
    assert "Ketikan yang panjang dan belum tersimpan" in page
    told = [fault for fault in faults(page) if ".exe" in fault or ".mp3" in fault]
    assert told == [
        "soal.exe bukan rekaman yang kami kenal. Pilih MP3, WAV, OGG, atau M4A.",
        "panjang.mp3 lebih besar dari 1,5 MB. Rekam lebih pendek: kira-kira satu setengah menit MP3.",
    ]
    assert f'name="items.1.audio" value="{reference(mp3(2))}"' in page
    assert [row[4] for row in rows(database)] == ["baik.mp3"]
    with database.reading() as db:
        assert db.scalar(select(QuizRow.id)) is None


def test_a_file_larger_than_any_limit_gives_the_form_back(teacher, database):
    page = send(teacher, **{"items.0.recording": upload(mp3(size=12_000_000), "besar.wav")})
    assert (page.status_code, "besar.wav lebih besar dari 1,5 MB" in page.text) == (200, True)
    assert "Tumbuhan hijau" in page.text
    assert send(teacher, **{"items.0.recording": upload(mp3(size=34_000_000))}).status_code == 413


def test_who_has_not_logged_in_sends_nothing_large(client):
    sent = client.post(NEW, **body({"items.0.recording": upload(mp3(size=12_000_000))}))
    assert sent.status_code == 413


def test_a_button_that_only_changes_the_form_keeps_the_file_too(teacher, database):
    page = send(teacher, do="add:number", **{"items.0.recording": upload(mp3())}).text
    assert (f'name="items.0.audio" value="{reference(mp3())}"' in page, 'name="items.4.kind"' in page) == (True, True)
    gone = send(teacher, with_item(audio={"id": reference(mp3()), "en": reference(mp3(1))}), do="silence:0").text
    assert (reference(mp3()) in gone, reference(mp3(1)) in gone) == (False, True)
    gone = send(teacher, with_item(audio={"id": reference(mp3()), "en": reference(mp3(1))}), do="silence:0.en").text
    assert (reference(mp3()) in gone, reference(mp3(1)) in gone) == (True, False)


def test_a_school_has_so_much_room_and_no_more(teacher, app, database):
    app.extensions["settings"].media_mb_per_school = 1
    page = send(
        teacher, **{"items.0.recording": upload(mp3(size=900_000)), "items.1.recording": upload(mp3(1, size=200_000))}
    ).text
    assert [fault for fault in faults(page) if "penuh" in fault] == [
        "Ruang sekolah ini penuh: sudah 0,9 dari 1 MB, dan berkas ini 0,2 MB. "
        "Hapus rekaman atau gambar yang tidak dipakai lagi; malamnya ruangnya kosong."
    ]
    assert send(teacher, **{"items.0.recording": upload(mp3(size=900_000))}).status_code == 303  # the same is there already


def test_a_picture_beside_a_lesson_wants_its_words(teacher, database):
    raw = {"lessons.0.file": upload(png(), "akar.png"), "lessons.1.file": upload(mp3(), "cerita.mp3")}
    more = {**raw, "lessons.1.file_label": "Cerita akar", "do": "publish"}
    stopped = courses.send(teacher, courses.NEW, **more)
    assert stopped.location == f"{courses.EDIT}?stopped=1"
    picture, story = (
        Enclosure("picture", reference(png()), len(png()), {}),
        Enclosure("audio", reference(mp3()), 2_000, {"id": "Cerita akar"}),
    )
    assert [lesson.enclosures for lesson in lessons(database)] == [(picture,), (story,)]
    page = teacher.client.get(stopped.location).text
    assert "Gambar ini belum punya keterangan. Tulis apa yang terlihat, bagi yang tidak bisa melihatnya." in faults(page)
    told = replace(picture, label={"id": "Akar di tanah", "en": "Roots"})
    course = replace(courses.IPA, lessons=(replace(courses.IPA.lessons[0], enclosures=(told,)), courses.IPA.lessons[1]))
    published = courses.send(teacher, courses.EDIT, course, page=courses.EDIT, version=1, do="publish")
    assert published.location == courses.EDIT
    assert [lesson.enclosures for lesson in lessons(database)] == [(told,), ()]


def test_a_refused_picture_keeps_the_words_beside_it(teacher, database):
    large = png().ljust(500_001, b"~")
    page = courses.send(
        teacher, courses.NEW, do="save", **{"lessons.0.file": upload(large, "foto.png"), "lessons.0.file_label": "Sawah"}
    ).text
    assert (
        "foto.png lebih besar dari 500 kB. Kecilkan gambarnya dulu, misalnya dengan tangkapan layar, lalu pilih lagi."
        in faults(page)
    )
    assert ('value="Sawah"' in page, "Semua makhluk hidup bernapas." in page) == (True, True)


def test_an_enclosure_is_dropped_and_the_others_stay(teacher):
    three = tuple(Enclosure("audio", reference(mp3(n)), 2_000, {"id": f"Suara {n}"}) for n in range(3))
    course = replace(courses.IPA, lessons=(replace(courses.IPA.lessons[0], enclosures=three),))
    page = courses.send(teacher, courses.NEW, course, do="drop:0.1").text
    assert re.findall(r'value="(Suara \d)"', page) == ["Suara 0", "Suara 2"]
    assert re.findall(r'name="lessons\.0\.beside\.(\d)\.address"', page) == ["0", "1"]


def test_a_typed_address_of_a_lesson_stays_and_none_is_made_up(teacher, database, two_schools):
    old = Enclosure("picture", "https://x.example/a.png", 48_000, {"id": "Akar"})
    course = replace(courses.IPA, lessons=(replace(courses.IPA.lessons[0], enclosures=(old,)),))
    with database.writing() as db:
        db.add(CourseRow(code="IPA7", school_id=two_schools.A.school, draft=course_to_json(course)))
    made_up = {"lessons.0.beside.1.address": "javascript:alert(1)", "lessons.0.beside.1.label": "Klik"}
    assert courses.send(teacher, courses.EDIT, course, page=courses.EDIT, version=1, do="save", **made_up).status_code == 303
    assert [lesson.enclosures for lesson in lessons(database)] == [(old,)]


def test_a_file_is_given_out_whole_in_part_and_once(client, teacher):
    send(teacher, **{"items.0.recording": upload(mp3())})
    whole = client.get(address(mp3()))
    assert (whole.status_code, whole.content_type, whole.data) == (200, "audio/mpeg", mp3())
    told = ("Cache-Control", "ETag", "X-Content-Type-Options", "Accept-Ranges", "Set-Cookie", "Vary")
    tag = f'"{reference(mp3())[5:69]}"'
    assert [whole.headers.get(name) for name in told] == [
        "public, max-age=31536000, immutable",
        tag,
        "nosniff",
        "bytes",
        None,
        None,
    ]
    part = client.get(address(mp3()), headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.headers["Content-Range"], part.data) == (206, "bytes 10-19/2000", mp3()[10:20])
    rest = client.get(address(mp3()), headers={"Range": "bytes=1990-"})
    assert (rest.status_code, rest.data) == (206, mp3()[1990:])
    assert client.get(address(mp3()), headers={"Range": "bytes=2000-"}).status_code == 416
    again = client.get(address(mp3()), headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(address(mp3()))
    assert (head.status_code, head.content_length, head.data) == (200, 2_000, b"")


def test_only_what_a_row_names_is_given_out(client, teacher, settings):
    send(teacher, **{"items.0.recording": upload(mp3())})
    kept(settings, png())
    wrong = (
        address(png()),
        address(mp3()).replace("mp3", "png"),
        "/files/x.mp3",
        f"/files/{'0' * 64}.mp3",
        f"/files/{'..%2f' * 16}.mp3",
    )
    assert [client.get(each).status_code for each in wrong] == [404] * 5
    files.path_of(settings.instance_dir / "files", reference(mp3())[5:69]).unlink()  # restored without its files
    assert client.get(address(mp3())).status_code == 404


def test_what_is_here_no_more_stops_publishing(teacher, database):
    stopped = send(teacher, with_item(audio={"id": reference(mp3())}), do="publish")
    assert "stopped=1" in stopped.location
    with database.reading() as db:
        assert db.scalar(select(QuizRow.edition_id)) is None


@pytest.fixture
def open_course(database, two_schools):
    beside = (
        Enclosure("picture", reference(png(), 48_000), 48_000, {"id": "Akar <di> tanah"}),
        Enclosure("audio", reference(mp3(), 210_000), 210_000, {}),
        Enclosure("picture", "https://x.example/b.png", 900, {"id": "Batang"}),
    )  # fmt: skip
    course = Course("IPA5", {"id": "IPA 5"}, (Lesson("a", {"id": "Akar"}, {"id": "Akar menyerap air."}, beside),))
    with database.writing() as db:
        row = CourseRow(code="IPA5", draft=course_to_json(course))
        db.add(row)
        db.flush()
        for raw, media_type in ((png(), "image/png"), (mp3(), "audio/mpeg")):
            digest = reference(raw)[5:69]
            db.add(MediaFile(digest=digest, size=len(raw), media_type=media_type, name="x", added_at=NOW))
        db.flush()
        authoring.publish_course(db, row, None, NOW)


def test_a_learner_reads_the_size_before_anything_loads(client, open_course):
    answer = client.get("/learn/IPA5/a")
    page = answer.text
    assert ("<img" in page, "Lihat gambar (48 kB)" in page, "Dengarkan (210 kB)" in page) == (False, True, True)
    assert ('preload="none"' in page, "Akar &lt;di&gt; tanah" in page, "Gambar: Batang (1 kB)" in page) == (True, True, True)
    shown = client.get("/learn/IPA5/a?show=1").text
    assert f'<img src="{address(png())}" alt="Akar &lt;di&gt; tanah"' in shown
    assert [client.get(f"/learn/IPA5/a?show={odd}").status_code for odd in ("x", "-1", "9" * 40, "²", "3")] == [200] * 5
    assert len(gzip.compress(answer.data)) < 8_000


def test_the_preview_shows_it_on_every_medium(teacher):
    beside = (Enclosure("audio", reference(mp3()), 2_000, {"id": "Cerita"}),)
    course = replace(courses.IPA, lessons=(replace(courses.IPA.lessons[0], enclosures=beside),))
    preview = f"{courses.NEW}/preview"
    assert "Dengarkan: Cerita (2 kB)" in courses.send(teacher, preview, course, medium="web").text
    assert "1 gambar atau rekaman tampil di halaman web saja." in courses.send(teacher, preview, course, medium="sms").text
    quiz = send(teacher, with_item(audio={"id": reference(mp3())}), to=f"{NEW}/preview", do="").text
    assert "Pertanyaannya dibunyikan dari rekaman" in quiz
    quiz = send(teacher, with_item(audio={"id": reference(ogg())}), to=f"{NEW}/preview", do="").text
    assert ("Di halaman web saja" in quiz, "Rekaman OGG terdengar di internet" in quiz) == (True, True)


def test_rows_of_what_nothing_names_are_forgotten(teacher, database, two_schools):
    quiz = publish(database, two_schools.A.teacher, with_item(audio={}), now=NOW)
    send(teacher, replace(QUIZ, keyword="LAIN"), **{"items.0.recording": upload(mp3())})
    send(teacher, replace(QUIZ, keyword="GAGAL", title={"id": "x" * 90}), **{"items.0.recording": upload(mp3(1))})
    later = clock.now() + timedelta(minutes=1)
    assert (quiz > 0, [row[1] for row in rows(database)]) == (True, [reference(mp3(n))[5:9] for n in (0, 1)])
    with database.writing() as db:
        assert media.unnamed(db, clock.now() - timedelta(minutes=1)) == []  # a form may be open on it
        assert media.forget(db, media.unnamed(db, later)) == 1
        assert media.digests(db) == {reference(mp3())[5:69]}


def test_a_copy_for_another_school_has_the_recording_as_its_own(teacher, another, database, two_schools):
    send(teacher, do="publish", **{"items.0.recording": upload(mp3())})
    teacher.post("/teach/quizzes/1/share", page="/teach/quizzes/1/share", licence="cc-by-sa", author="Bu Ani")
    another.log_in("guru.b")
    assert another.post("/teach/library/1/copy", page="/teach/library/1").status_code == 303
    assert [row[0] for row in rows(database)] == [two_schools.A.school, two_schools.B.school]
    with database.reading() as db:
        assert media.used(db, two_schools.B.school) == 2_000


def test_a_table_has_the_whole_address(teacher, settings):
    send(teacher, **{"items.0.recording": upload(mp3())})
    assert f"{settings.public_base_url}{address(mp3())}" in teacher.client.get("/teach/quizzes/1/export.csv").text
