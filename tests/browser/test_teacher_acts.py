"""What a teacher does with results and courses: accepts an answer and takes it back, finds whom to call, writes a course beside
its phone, translates it, shares it; another school copies it. With JavaScript and without, wide and narrow.

With SCREENSHOTS=1 the pictures of the handbook are taken again, into docs/.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core import clock
from schools import consent, people
from schools.tables import Class, Learner
from tests import services
from tests.browser.test_teacher_journey import NARROW, PICTURES, WAYS, WIDE, chromium, field, look, reader, settle
from tests.classroom import answer, publish
from tests.schools.conftest import two_schools

__all__ = ["chromium", "two_schools"]
pytestmark = [pytest.mark.slow, services.needs("chromium", "axe")]
NAMES = {True: "js", False: "plain"}


def named(value):
    return NAMES.get(value, str(value)) if isinstance(value, bool) else str(value)


@pytest.fixture
def classroom(database, two_schools):
    """Twelve learners of 5A have answered; three of them that leaves assimilate."""
    now = clock.now()
    quiz = publish(database, two_schools.A.teacher, now=now)
    with database.writing() as db:
        ids = []
        for at in range(12):
            learner = people.add_learner(db, db.get(Class, two_schools.A.room), f"Anak {at + 1}", f"0812 3456 79{at:02d}", now)
            consent.give(db, learner.id, "Wali", "paper", now)
            ids.append(learner.id)
    for at, learner in enumerate(ids):
        marks = "rrwr" if at < 3 else "wwrr" if at < 7 else "rrrr"
        answer(database, quiz, learner, marks, at=now - timedelta(hours=2), typed="asimilasi" if at < 3 else "2")
    return quiz


@pytest.mark.parametrize(("javascript", "width"), WAYS, ids=named)
def test_a_teacher_accepts_an_answer_for_all_and_takes_it_back(chromium, served, classroom, javascript, width):
    with reader(chromium, served, javascript=javascript, width=width) as page:
        page.goto("/teach/quizzes/1/results")
        page.get_by_role("link", name="3. Cara daun membuat makanan?").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Soal 3")
        look(page, javascript)
        page.get_by_role("button", name="3 jawaban menjadi benar: asimilasi").click()
        expect(page.get_by_role("status").first).to_contain_text("3 jawaban menjadi benar: asimilasi.")
        expect(page.locator("#trail")).to_contain_text("asimilasi diterima sebagai benar")
        look(page, javascript)
        page.locator("#trail").get_by_role("button", name=re.compile("Urungkan: ")).click()
        expect(page.get_by_role("status").first).to_contain_text("3 jawaban kembali ke nilai semula.")
        expect(page.get_by_role("button", name="3 jawaban menjadi benar: asimilasi")).to_be_visible()
        look(page, javascript)


@pytest.mark.parametrize(("javascript", "width"), WAYS, ids=named)
def test_a_teacher_finds_whom_to_call_and_what_to_ask(chromium, served, classroom, javascript, width):
    with reader(chromium, served, javascript=javascript, width=width) as page:
        page.get_by_role("link", name="Siapa yang perlu ditelepon").click()
        page.get_by_role("link", name="5A").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Telepon hari ini: kelas 5A")
        expect(page.locator(".callings li")).to_have_count(6)
        first = page.locator(".callings li").first
        expect(first).to_contain_text("Tanyakan:")
        expect(page.get_by_text("+62812")).to_have_count(0)
        look(page, javascript)
        first.get_by_role("link", name="Tampilkan nomor").click()
        expect(page.get_by_text("+62812")).to_have_count(1)
        who = page.locator(".callings li h2").first.text_content()
        page.get_by_role("button", name=f"Sudah ditelepon: {who}", exact=True).click()
        expect(page.get_by_role("status").first).to_contain_text("Dicatat: sudah ditelepon.")
        expect(page.locator(".callings li h2").first).not_to_have_text(who)
        look(page, javascript)
        page.locator(".callings li h2 a").first.click()
        expect(page.get_by_role("heading", name="Yang masih salah")).to_be_visible()
        look(page, javascript)


@pytest.mark.parametrize(("javascript", "width"), WAYS, ids=named)
def test_a_teacher_writes_a_course_beside_its_phone(chromium, served, two_schools, javascript, width):
    with reader(chromium, served, javascript=javascript, width=width) as page:
        page.goto("/teach/courses")
        page.get_by_role("link", name="Tulis pelajaran pertama").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Pelajaran baru")
        field(page, "title").fill("Ciri makhluk hidup")
        field(page, "code").fill("IPA7")
        field(page, "phase").select_option("D")
        field(page, "lessons.0.title").fill("Bernapas")
        field(page, "lessons.0.text").fill("Semua makhluk hidup bernapas. " * 9)
        _draw(page, javascript)
        expect(page.locator("#phone .screen")).to_have_count(2)
        page.get_by_role("button", name="Tambah bacaan").click()
        expect(field(page, "lessons.1.title")).to_be_focused()
        field(page, "lessons.1.title").fill("Bergerak")
        field(page, "lessons.1.text").fill("“Tumbuhan” bergerak pelan.")
        _draw(page, javascript)
        expect(page.locator("#phone .screen").first).to_contain_text("Bergerak")
        page.get_by_role("button", name="Naikkan bacaan 2").click()
        expect(field(page, "lessons.0.title")).to_have_value("Bergerak")
        page.get_by_role("button", name="Tulis ulang untuk SMS").click()
        expect(field(page, "lessons.0.text")).to_have_value('"Tumbuhan" bergerak pelan.')
        look(page, javascript)
        page.get_by_role("button", name="Terbitkan").click()
        expect(page.get_by_role("status").first).to_contain_text("Pelajaran ini terbit.")
        look(page, javascript)


def _draw(page, javascript):
    if not javascript:
        page.get_by_role("button", name="Pratinjau").last.click()


@pytest.mark.parametrize(("javascript", "width"), [(True, WIDE), (False, NARROW)], ids=named)
def test_a_quiz_is_translated_undone_shared_and_copied_by_another_school(chromium, served, classroom, javascript, width):
    with reader(chromium, served, javascript=javascript, width=width) as page:
        page.goto("/teach/quizzes/1")
        page.get_by_role("link", name="Terjemahan").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Terjemahan")
        field(page, "to").select_option("jv")
        page.get_by_role("button", name="Buka").click()
        expect(page.get_by_text("10 teks belum ada dalam Basa Jawa.")).to_be_visible()
        field(page, "w.title").fill("Tanduran ijo")
        look(page, javascript)
        page.get_by_role("button", name="Simpan terjemahan").click()
        expect(page.get_by_role("status").first).to_contain_text("Tersimpan. 9 teks belum ada.")
        page.goto("/teach/quizzes/1/history")
        expect(page.locator("ins").first).to_have_text("Tanduran ijo")
        look(page, javascript)
        page.get_by_role("button", name="Urungkan: kembali ke sini").click()
        expect(page.get_by_role("status").first).to_contain_text("Draf kembali seperti waktu itu.")
        page.get_by_role("link", name="Bagikan").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Bagikan ke semua sekolah")
        look(page, javascript)
        page.get_by_role("button", name="Bagikan", exact=True).click()
        expect(page.get_by_role("status").first).to_contain_text("Semua sekolah bisa menyalinnya sekarang.")
    with reader(chromium, served, javascript=javascript, width=width, login="guru.b") as page:
        page.goto("/teach/library")
        look(page, javascript)
        page.get_by_role("link", name="Tumbuhan hijau").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Tumbuhan hijau")
        look(page, javascript)
        page.get_by_role("button", name="Salin ke kelas saya").click()
        expect(page.get_by_role("status").first).to_contain_text("Penulis dan lisensinya tetap disebut.")
        expect(field(page, "keyword")).to_have_value("DAUN2")


if os.environ.get("SCREENSHOTS") == "1":
    NAMED = ("Adi Saputra", "Budi Hartono", "Citra Lestari", "Dewi Anggraini", "Eko Prasetyo", "Fitri Handayani",
             "Gilang Ramadhan", "Hana Safitri", "Indra Wijaya", "Joko Susilo", "Kiki Amelia", "Laras Ayu")  # fmt: skip

    def test_the_pictures_of_the_handbook(chromium, served, classroom, database):
        with database.writing() as db:
            for name, learner in zip(
                NAMED, db.query(Learner).filter(Learner.name.like("Anak %")).order_by(Learner.id), strict=True
            ):
                learner.name = name
        with reader(chromium, served) as page:
            page.goto("/teach/quizzes/1/items/i3")
            page.get_by_role("heading", name="Jawaban yang belum dihitung benar").evaluate("it => scrollTo(0, it.offsetTop - 24)")
            page.screenshot(path=PICTURES / "accept.png")
            page.goto("/teach/classes/1")
            page.screenshot(path=PICTURES / "calls.png")
            page.goto("/teach/courses/new")
            field(page, "title").fill("Ciri makhluk hidup")
            field(page, "code").fill("IPA7")
            field(page, "subject").fill("IPA")
            field(page, "phase").select_option("D")
            field(page, "grade").fill("SMP 7")
            field(page, "lessons.0.title").fill("Bernapas")
            field(page, "lessons.0.text").fill(
                "Semua makhluk hidup bernapas. Manusia memakai paru-paru, ikan insang, dan serangga trakea.\n\n"
                "Tumbuhan bernapas lewat stomata, mulut kecil di daunnya."
            )
            expect(page.locator("#phone .screen").first).to_contain_text("Manusia memakai")
            settle(page)
            page.locator("[id='subject']").evaluate("it => scrollTo(0, it.offsetTop - 120)")
            page.screenshot(path=PICTURES / "course-form.png")
