"""A teacher puts a recording on a question and a picture beside a lesson; a learner reads how large they are, and has them.

With SCREENSHOTS=1 the pictures of the handbook are taken again, into docs/.
"""

from __future__ import annotations

import os
import time

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lessons.course import course_from_json, quiz_from_json
from lessons.tables import Course, Quiz
from schools.tables import Staff
from tests import services
from tests.browser.test_teacher_journey import PICTURES, WAYS, WIDE, chromium, field, look, reader, settle
from tests.handed_in import address, mp3, ogg, png, reference
from tests.schools.conftest import two_schools

__all__ = ["chromium", "two_schools"]
pytestmark = [pytest.mark.slow, services.needs("chromium", "axe")]
WAYS_NAMED = pytest.mark.parametrize(
    ("javascript", "width"), WAYS, ids=lambda value: {True: "js", False: "plain"}.get(value, str(value))
)


def sound(name="soal.mp3", raw=None):
    return {"name": name, "mimeType": "audio/mpeg", "buffer": raw or mp3(size=209_001)}


def _slowly(route):
    time.sleep(0.8)
    route.continue_()


def picture(page, name, width, javascript):
    if os.environ.get("SCREENSHOTS") and javascript and width == WIDE:
        page.get_by_text("Gambar dan suara").first.evaluate("it => it.scrollIntoView()")
        page.screenshot(path=PICTURES / f"{name}.png")


@WAYS_NAMED
def test_a_question_is_recorded(chromium, served, database, two_schools, javascript, width):
    with reader(chromium, served, javascript=javascript, width=width) as page:
        page.goto("/teach/quizzes/new")
        field(page, "title").fill("Tumbuhan hijau")
        field(page, "keyword").fill("daun")
        field(page, "items.0.prompt").fill("Akar menyerap air?")
        page.get_by_text("Petunjuk, tingkat, dan rekaman").click()
        if javascript:
            settle(page)
        field(page, "items.0.recording").set_input_files(sound("foto.exe", b"MZ not a sound"))
        page.get_by_role("button", name="Angka", exact=True).click()
        expect(page.get_by_text("foto.exe bukan rekaman yang kami kenal.").first).to_be_visible()
        expect(field(page, "items.0.prompt")).to_have_value("Akar menyerap air?")
        look(page, javascript)
        field(page, "items.0.recording").set_input_files(sound())
        page.get_by_role("button", name="Angka", exact=True).click()
        expect(field(page, "items.1.prompt")).to_be_focused()
        expect(page.locator("fieldset.item").first).to_contain_text("Dengarkan (210 kB)")
        look(page, javascript)
        if javascript:
            settle(page)
        page.get_by_role("button", name="Simpan").click()
        expect(page.get_by_role("status").first).to_contain_text("Tersimpan.")
        expect(page.locator("#phone")).to_contain_text("Pertanyaannya dibunyikan dari rekaman")
        with database.reading() as db:
            items = quiz_from_json(db.scalar(select(Quiz.draft))).items
        assert [dict(item.audio) for item in items] == [{"id": reference(mp3(size=209_001))}, {}]
        page.get_by_role("link", name="Terjemahan").click()
        look(page, javascript)
        page.goto("/teach/quizzes/1")
        page.get_by_role("button", name="Hapus rekaman ini").click()
        expect(page.get_by_text("Dengarkan (210 kB)")).to_have_count(0)


@WAYS_NAMED
def test_a_lesson_has_a_picture_that_loads_when_it_is_wanted(chromium, served, database, two_schools, javascript, width):
    with reader(chromium, served, javascript=javascript, width=width) as page:
        page.goto("/teach/courses/new")
        field(page, "title").fill("Tumbuhan")
        field(page, "code").fill("IPA7")
        field(page, "lessons.0.title").fill("Akar")
        field(page, "lessons.0.text").fill("Akar menyerap air dari tanah.")
        page.get_by_text("Gambar dan suara").first.click()
        if javascript:
            settle(page)
            page.route("**/courses/new", _slowly)  # a slow line: the preview that follows the focus must not stop the upload
        for raw, name in ((png(320, 200), "akar.png"), (ogg(), "cerita.ogg")):
            field(page, "lessons.0.file").set_input_files({"name": name, "mimeType": "x/x", "buffer": raw})
            page.get_by_role("button", name="Unggah").click()
            expect(page.locator("fieldset.enclosed")).to_have_count(1 if name == "akar.png" else 2)
            if javascript:
                settle(page)
        expect(page.get_by_text("Gambar ini belum punya keterangan.").first).to_be_visible()
        look(page, javascript)
        field(page, "lessons.0.beside.0.label").fill("Akar tunggang di tanah")
        field(page, "medium").select_option("web")
        if javascript:
            settle(page)
        picture(page, "media-lesson", width, javascript)
        page.get_by_role("button", name="Terbitkan").click()
        expect(page.get_by_role("status").first).to_contain_text("Pelajaran ini terbit.")
        with database.writing() as db:
            course = db.scalars(select(Course)).one()
            lesson = course_from_json(course.draft).lessons[0]
            course.school_id = None  # everybody's
            assert db.get(Staff, two_schools.A.teacher) is not None
        assert [each.address for each in lesson.enclosures] == [reference(png(320, 200)), reference(ogg())]
        page.goto(f"/learn/IPA7/{lesson.id}")
        expect(page.locator("img")).to_have_count(0)
        look(page, javascript)
        page.get_by_role("link", name="Lihat gambar (").click()
        shown = page.get_by_role("img", name="Akar tunggang di tanah")
        expect(shown).to_have_attribute("src", address(png(320, 200)))
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320 if javascript else True
        look(page, javascript)
