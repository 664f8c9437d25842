"""A teacher imports a file with faults, reads the report, mends it and imports; an admin erases a person. Wide and narrow."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from tests import services
from tests.browser.test_teacher_journey import PICTURES, WAYS, WIDE, chromium, field, look, reader
from tests.schools.conftest import two_schools

__all__ = ["chromium", "two_schools"]
pytestmark = [pytest.mark.slow, services.needs("chromium", "axe")]
IDS = {"ids": lambda value: {True: "js", False: "plain"}.get(value, str(value))}
GIFT = """$CATEGORY: IPA kelas 5

Apa yang menyerap air dari tanah?{~Batang =Akar#Akar menyerap air. ~%50%Daun}

Jodohkan hewan dengan makanannya.{=Sapi -> rumput =Kucing -> ikan =Ayam -> jagung}

Uraikan proses fotosintesis!{}

Ibu menjual 12 kue seharga Rp 2.500. Berapa rupiah uangnya?{#30000}
"""


@pytest.mark.parametrize(("javascript", "width"), WAYS, **IDS)
def test_a_teacher_imports_a_file_with_a_fault(chromium, served, two_schools, tmp_path, javascript, width):
    bad, good = tmp_path / "ipa.gift", tmp_path / "ipa-2.gift"
    bad.write_text(GIFT)
    good.write_text(GIFT.replace("fotosintesis!{}", "fotosintesis!{=daun membuat makanan}"))
    with reader(chromium, served, javascript=javascript, width=width) as page:
        page.get_by_role("link", name="Impor soal").first.click()
        look(page, javascript)
        field(page, "file").set_input_files(bad)
        page.get_by_role("button", name="Periksa berkas").click()
        expect(page.get_by_text("3 soal terbaca, 1 baris ditolak")).to_be_visible()
        expect(page.get_by_role("alert")).to_contain_text("Baris 7: Ini soal uraian (essay)")
        expect(page.locator(".screen").first).to_contain_text("Apa yang menyerap air dari tanah?")
        look(page, javascript)
        if os.environ.get("SCREENSHOTS") and javascript and width == WIDE:
            page.screenshot(path=PICTURES / "import-report.png", clip={"x": 0, "y": 0, "width": WIDE, "height": 900})
        page.get_by_role("link", name="Pilih berkas lain").click()
        field(page, "file").set_input_files(good)
        page.get_by_role("button", name="Periksa berkas").click()
        page.get_by_role("button", name="Impor 4 soal").click()
        expect(page.get_by_role("status").first).to_contain_text("Kuis ini menjadi draf.")
        expect(field(page, "title")).to_have_value("IPA kelas 5")
        expect(field(page, "items.3.number")).to_have_value("30000")
        with page.expect_download() as download:
            page.get_by_role("link", name="GIFT", exact=True).click()
        assert download.value.suggested_filename == "IPAKELAS5.gift.txt"


@pytest.mark.parametrize(("javascript", "width"), WAYS, **IDS)
def test_a_school_imports_its_learners(chromium, served, two_schools, tmp_path, javascript, width):
    path = tmp_path / "murid.csv"
    path.write_text("nama;nomor;kelas;persetujuan;wali;cara\nTuti;081233334444;5A;setuju;Bu Tuti;kertas\nTono;021;5A;;;\n")
    with reader(chromium, served, javascript=javascript, width=width) as page:
        page.goto("/school/")
        page.get_by_role("link", name="Impor murid").click()
        look(page, javascript)
        field(page, "file").set_input_files(path)
        page.get_by_role("button", name="Periksa berkas").click()
        expect(page.get_by_role("alert")).to_contain_text("Baris 3: Nomor ini tidak terbaca.")
        look(page, javascript)
        page.get_by_role("button", name="Impor 1 murid").click()
        expect(page.get_by_role("status").first).to_contain_text("1 murid baru, 0 diubah.")
        expect(page.get_by_role("link", name="Tuti")).to_be_visible()
        look(page, javascript)


@pytest.mark.parametrize(("javascript", "width"), WAYS, **IDS)
def test_an_admin_erases_a_person(chromium, served, two_schools, javascript, width):
    with reader(chromium, served, javascript=javascript, width=width, login="admin", forgiven="422") as page:
        page.goto("/school/choose")
        page.get_by_role("button", name="Buka SD B").click()
        page.get_by_role("link", name="Murid B").click()
        look(page, javascript)
        page.get_by_role("link", name="Hapus datanya…").click()
        look(page, javascript)
        for typed in ("Murid", "Murid B"):
            field(page, "confirm").fill(typed)
            page.get_by_role("button", name="Hapus datanya").click()
        expect(page.get_by_role("status").first).to_contain_text("sudah dihapus")
        look(page, javascript)
        expect(page.get_by_role("link", name="Murid B")).to_have_count(0)
