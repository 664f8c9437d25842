"""A teacher writes a quiz, sees the phone beside it, publishes and reads what came: with JavaScript and without, wide and narrow.

With SCREENSHOTS=1 the pictures of the handbook are taken again, into docs/.
"""

from __future__ import annotations

import os
from contextlib import contextmanager

import pytest
from playwright.sync_api import Error, expect, sync_playwright

from core.settings import ROOT
from demo.commands import seed
from schools import consent, people
from schools.tables import Class
from tests import services
from tests.classroom import NOW, QUIZ, answer, publish
from tests.schools.conftest import PASSWORD, two_schools
from workers.inbox import answer_waiting

__all__ = ["two_schools"]
pytestmark = [pytest.mark.slow, services.needs("chromium", "axe")]
expect.set_options(timeout=15_000)  # a machine with other work on it takes its time
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WIDE, NARROW = 1280, 240
WAYS = [(True, WIDE), (True, NARROW), (False, WIDE), (False, NARROW)]
PICTURES = ROOT / "docs"
CUT_SHORT = ("htmx:afterRequest", "htmx:sendAbort")  # a button's request took the place of the phone's


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=services.chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def reader(chromium, address, *, javascript=True, width=WIDE, login="guru.a", forgiven="", **more):
    """A page of somebody who has logged in (of anybody where ``login`` is ""). What its console says at the end must be nothing,
    but that an answer had the status ``forgiven``, where a test asks for that."""
    context = chromium.new_context(
        base_url=address, java_script_enabled=javascript, viewport={"width": width, "height": 900}, **{"locale": "id-ID", **more}
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    if login:
        page.goto("/login")
        field(page, "login").fill(login)
        field(page, "password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button").click()
    yield page
    context.close()
    assert [words for words in said if not (words.startswith(CUT_SHORT) or (forgiven and f"status of {forgiven}" in words))] == []


def field(page, name):
    return page.locator(f"[id='{name}']")


def look(page, javascript):
    """It fits its width, and axe finds nothing. A page that gives way to the next while it is looked at is looked at no more:
    the next one is."""
    if not javascript:
        return
    for last in (False, False, True):
        page.wait_for_load_state("load")
        try:
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            page.evaluate(services.AXE.read_text(encoding="utf-8"))
            found = page.evaluate(
                "axe.run().then(done => done.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 120))]))"
            )
        except Error:
            if last:
                raise
            continue
        assert (wide <= 0, found) == (True, []), page.url
        return


@pytest.mark.parametrize(("javascript", "width"), WAYS, ids=lambda value: {True: "js", False: "plain"}.get(value, str(value)))
def test_a_teacher_writes_a_quiz_and_reads_what_came(chromium, served, database, two_schools, javascript, width):
    with reader(chromium, served, javascript=javascript, width=width) as page:
        look(page, javascript)
        page.get_by_role("link", name="Tulis kuis pertama").click()
        _write(page, javascript)
        look(page, javascript)
        _see_what_does_not_fit(page, javascript)
        page.get_by_role("button", name="Terbitkan").click()
        expect(page.get_by_role("status").first).to_contain_text("Murid memulainya dengan mengirim DAUN.")
        look(page, javascript)
        _read_results(page, database, two_schools, javascript)
        look(page, javascript)
        with page.expect_download() as download:
            page.get_by_role("link", name="Unduh CSV").click()
        assert download.value.suggested_filename == "hasil-DAUN.csv"
        page.goto("/teach/")
        look(page, javascript)


def _write(page, javascript):
    field(page, "title").fill("Tumbuhan hijau")
    field(page, "keyword").fill("daun")
    field(page, "items.0.prompt").fill("Bagian tumbuhan yang menyerap air dari tanah?")
    for at, text in enumerate(("Akar", "Batang", "Daun", "Bunga")):
        field(page, f"items.0.choices.{at}").fill(text)
    page.get_by_role("radio", name="Pilihan A benar").check()
    field(page, "items.0.explanation").fill("Akar menyerap air dan mineral.")
    _draw(page, javascript)
    screen = page.locator("#phone .phone .screen").first
    expect(screen).to_contain_text("1/1 Bagian tumbuhan yang menyerap air dari tanah?")
    expect(screen).to_contain_text("1. Akar")
    expect(page.locator("#phone .phone")).to_contain_text("/ 160 septet")
    page.get_by_role("button", name="Angka", exact=True).click()
    expect(field(page, "items.1.prompt")).to_be_focused()
    if javascript:
        settle(page)
    field(page, "items.1.prompt").fill("Berapa kg 2,5 kg dan 750 g?")
    _draw(page, javascript)
    expect(page.get_by_text("Belum ada jawaban yang benar.").first).to_be_visible()
    field(page, "items.1.number").fill("3,25")
    field(page, "items.1.unit").fill("kg")
    _draw(page, javascript)
    expect(page.get_by_text("Siap diterbitkan")).to_be_visible()


def settle(page):
    """What was swapped in answers only once htmx has looked at it, some hundredths of a second later. (Not by waiting for a
    function: what is looked at a second time is evaluated in the page, and its Content-Security-Policy forbids that.)"""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def _draw(page, javascript):
    """Without JavaScript the phone follows a button."""
    if not javascript:
        page.get_by_role("button", name="Pratinjau").last.click()


def _see_what_does_not_fit(page, javascript):
    field(page, "items.1.prompt").fill("Berapa kg beras yang dibeli ibu? " * 7)
    _draw(page, javascript)
    expect(page.locator("#phone mark.over").first).to_be_visible()
    field(page, "items.1.prompt").fill("Berapa kg 2,5 kg dan 750 g?")
    _draw(page, javascript)
    expect(page.locator("#phone mark.over")).to_have_count(0)


def _read_results(page, database, two_schools, javascript):
    page.get_by_role("link", name="Lihat hasilnya").click()
    expect(page.get_by_role("main")).to_contain_text("Belum ada jawaban.")
    answer(database, 1, two_schools.A.learner, "rw")
    if not javascript:  # else it looks again by itself
        page.get_by_role("link", name="Segarkan").click()
    expect(page.get_by_text("Soal 2 paling sulit: 1 dari 1 jawaban salah.").first).to_be_visible()
    page.get_by_role("link", name="Yang tersulit dulu").click()
    expect(page.locator("tbody th").first).to_contain_text("2. Berapa kg 2,5 kg dan 750 g?")


def test_a_questions_kind_may_change_and_nothing_typed_is_lost(chromium, served, two_schools):
    with reader(chromium, served) as page:
        page.goto("/teach/quizzes/new")
        field(page, "items.0.prompt").fill("Apa itu?")
        field(page, "items.0.choices.0").fill("Akar")
        field(page, "items.0.kind").select_option("true_false")
        expect(page.get_by_role("radio", name="Salah")).to_be_visible()
        settle(page)
        field(page, "items.0.kind").select_option("multiple_choice")
        expect(field(page, "items.0.choices.0")).to_have_value("Akar")
        expect(field(page, "items.0.prompt")).to_have_value("Apa itu?")


def test_the_phone_turns_to_the_question_that_is_written(chromium, served, two_schools):
    with reader(chromium, served) as page:
        page.goto("/teach/quizzes/new")
        field(page, "items.0.prompt").fill("Yang pertama?")
        page.get_by_role("button", name="Jawaban singkat", exact=True).click()
        expect(field(page, "items.1.prompt")).to_be_focused()
        settle(page)
        field(page, "items.1.prompt").fill("Yang kedua?")
        expect(page.locator("#phone .screen").first).to_contain_text("2/2 Yang kedua?")
        settle(page)
        page.get_by_role("button", name="Soal sebelumnya di telepon").click()
        expect(page.locator("#phone .screen").first).to_contain_text("1/2 Yang pertama?")
        field(page, "items.1.prompt").focus()
        expect(page.locator("#phone .screen").first).to_contain_text("2/2 Yang kedua?")


if os.environ.get("SCREENSHOTS") == "1":

    def test_the_phone_is_taken_in_the_middle_of_a_quiz(chromium, served, app):
        with app.app_context():
            made = seed()
        with reader(chromium, served, login="", width=970) as page:
            page.goto("/phone")
            field(page, "number").select_option(made["schools"]["B"]["learners"][3]["msisdn"])
            page.get_by_role("button", name="Ganti telepon").click()
            for at, text in enumerate((made["quiz"]["keyword"], made["quiz"]["items"][0]["right"])):
                field(page, "text").fill(text)
                page.get_by_role("button", name="Kirim SMS").click()
                expect(page.locator("#thread .mine")).to_have_count(at + 1)
                with app.app_context():
                    answer_waiting()
                expect(page.locator("#thread li")).to_have_count(2 * at + 2)
                settle(page)
            page.get_by_role("button", name="Kirim", exact=True).click()
            expect(page.locator("#screen")).not_to_contain_text("Siap.")
            settle(page)
            page.locator(".phone").evaluate("it => scrollTo(0, it.getBoundingClientRect().top + scrollY - 14)")
            page.screenshot(path=PICTURES / "phone.png", clip={"x": 0, "y": 0, "width": 970, "height": 720}, scale="css")

    def test_the_pictures_are_taken(chromium, served, database, two_schools):
        quiz = publish(database, two_schools.A.teacher)
        names = ("Ayu Contoh", "Bagus Contoh", "Citra Contoh", "Dimas Contoh", "Endah Contoh", "Fitri Contoh")
        for at, (name, marks) in enumerate(zip(names, ("rrrr", "rwar", "wwwr", "rrar", "rwwr", "rr"), strict=True)):
            with database.writing() as db:
                learner = people.add_learner(db, db.get(Class, two_schools.A.room), name, f"0812 3456 78{at}0", NOW).id
                consent.give(db, learner, "Wali", "paper", NOW)
            answer(database, quiz, learner, marks, finished=len(marks) == len(QUIZ.items), medium=("sms", "ussd")[at % 2])
        with reader(chromium, served) as page:
            page.goto(f"/teach/quizzes/{quiz}")
            page.locator("[id='items.0']").evaluate("it => scrollTo(0, it.offsetTop - 24)")
            page.screenshot(path=PICTURES / "teacher-form.png")
            page.goto(f"/teach/quizzes/{quiz}/results")
            page.screenshot(path=PICTURES / "results.png")
