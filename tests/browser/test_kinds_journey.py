"""A teacher writes a question of each of the kinds that want several answers, publishes, prints the sheet, and reads its key."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from tests import services
from tests.browser.test_teacher_journey import NARROW, PICTURES, WIDE, chromium, field, look, reader
from tests.schools.conftest import two_schools

__all__ = ["chromium", "two_schools"]
pytestmark = [pytest.mark.slow, services.needs("chromium", "axe")]
WAYS = [(True, WIDE), (True, NARROW), (False, NARROW)]


@pytest.mark.parametrize(("javascript", "width"), WAYS, ids=lambda value: {True: "js", False: "plain"}.get(value, str(value)))
def test_each_kind_is_written_published_and_printed(chromium, served, two_schools, javascript, width):
    with reader(chromium, served, javascript=javascript, width=width) as page:
        page.goto("/teach/quizzes/new")
        field(page, "title").fill("Tumbuhan dan hewan")
        field(page, "keyword").fill("RAGAM")
        field(page, "items.0.prompt").fill("Bagian yang menyerap air?")
        for at, text in enumerate(("Akar", "Batang", "Daun")):
            field(page, f"items.0.choices.{at}").fill(text)
        field(page, "items.0.right").check()
        _several(page)
        _in_order(page)
        _in_pairs(page)
        _with_gaps(page)
        look(page, javascript)
        _picture(page, f"kinds-form-{width}.png", javascript)
        page.get_by_role("button", name="Terbitkan").click()
        expect(page.get_by_role("status").first).to_contain_text("Murid memulainya dengan mengirim RAGAM.")
        page.get_by_role("link", name="Cetak lembar soal").click()
        page.get_by_role("link", name="4", exact=True).click()
        expect(page.locator("article.paper")).to_have_count(4)
        look(page, javascript)
        _picture(page, f"sheet-{width}.png", javascript)
        page.get_by_role("link", name="Kunci jawaban").click()
        expect(page.get_by_role("row")).to_have_count(6)
        look(page, javascript)
        _picture(page, f"sheet-key-{width}.png", javascript)


def _add(page, name, at):
    page.get_by_role("button", name=name, exact=True).click()
    expect(field(page, f"items.{at}.prompt")).to_be_attached()


def _several(page):
    _add(page, "Pilihan ganda, beberapa benar", 1)
    field(page, "items.1.prompt").fill("Mana yang tumbuhan?")
    for at, text in enumerate(("Padi", "Ayam", "Jagung", "Sapi")):
        field(page, f"items.1.choices.{at}").fill(text)
    for at in (0, 2):
        page.locator(f"[name='items.1.rights.{at}']").check()


def _in_order(page):
    _add(page, "Mengurutkan", 2)
    field(page, "items.2.prompt").fill("Urutkan daur hidup kupu-kupu")
    for at, text in enumerate(("Telur", "Ulat", "Kepompong", "Kupu-kupu")):
        field(page, f"items.2.choices.{at}").fill(text)


def _in_pairs(page):
    _add(page, "Menjodohkan", 3)
    field(page, "items.3.prompt").fill("Tugas apa?")
    for at, (left, right) in enumerate((("Akar", "menyerap air"), ("Daun", "membuat makanan"), ("Batang", "menopang"))):
        field(page, f"items.3.choices.{at}").fill(left)
        field(page, f"items.3.matches.{at}").fill(right)


def _with_gaps(page):
    _add(page, "Isian rumpang", 4)
    field(page, "items.4.prompt").fill("Akar menyerap [air] dari [tanah|bumi].")


def _picture(page, name, javascript):
    if javascript and os.environ.get("SCREENSHOTS"):
        page.screenshot(path=os.environ.get("SHOTS", PICTURES) + f"/{name}", full_page=True)
