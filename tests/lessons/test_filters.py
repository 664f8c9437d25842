"""Texts as teachers write them, and what operators' filters would take offence at. "link:x" means that x is found as a link."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.check import check_quiz
from lessons.filters import advice, risks
from tests.classroom import QUIZ, with_item

TABLE = """
Lihat https://belajar.id/kuis sekarang | link:https://belajar.id/kuis
Buka www.kemdikbud.go.id untuk membaca | link:www.kemdikbud.go.id
Kunjungi rumahbelajar.id ya | link:rumahbelajar.id
Tonton di youtu.be/abc atau bit.ly/x1 | link:bit.ly/x1
Kirim ke guru@sekolah.sch.id | link:guru@sekolah.sch.id
Hubungi wa.me/62812345 | link:wa.me/62812345
Hubungi 0812 3456 7890 | phone:0812 3456 7890
Telepon +6281234567890 sekarang | phone:+6281234567890
SMS ke 081234567890. | phone:081234567890
Indonesia merdeka tahun 1945. | number:1945
Berapa 1250 + 2500? | number:1250 number:2500
Kodenya 123456 | number:123456
Harga Rp5000 | number:5000
Tahun 1945 dan 1945 | number:1945
Jawab soal nomor 4 | word:nomor
Klik tombol itu | word:Klik
Masukkan PIN kamu | password:PIN
Jangan beri tahu kata sandi | password:sandi
Apa itu akun dan token? | password:akun password:token
Kode OTP itu rahasia | password:OTP
Apa arti password? | password:password
Selamat belajar! | prize:Selamat
Siapa pemenang lomba itu? | prize:pemenang
Tim mana yang menang? | prize:menang
Buku gratis untuk semua | prize:gratis
Ibu mendapat hadiah | prize:hadiah
Diskon 20 persen dari 100 |
Penduduknya 2 juta jiwa | money:juta
Dana desa dipakai untuk apa? | money:Dana
Ayah menabung di rekening bank | money:rekening
Harga pulsa 12.000 rupiah | money:pulsa
Transfer energi dari matahari | money:Transfer
Judi itu merugikan | gamble:Judi
AYO IKUT KUIS HARI INI | shouting:AYO IKUT KUIS HARI INI
Benar!!! | shouting:!!!
Hebat!! |
Berapa 125 + 250? |
Berapa 1.250 + 2.500? |
Penduduk 12.345.678 jiwa |
Luasnya 3,25 hektar |
Apa yang menyerap air dari tanah? |
Akar menyerap air dan mineral. |
Tanaman padi memakai pupuk organik. |
Pinjam buku di perpustakaan |
Keakunan dan danau Toba |
Selamatkan hutan kita |
Minuman dan makanan |
Nomornya berapa? |
Pintu gerbang sekolah |
Bilangan 1/2 dan 3/4 |
Jam 08.30 sampai 10.00 |
NKRI dan UUD |
Siapa nama Presiden RI? |
Suhu 100 derajat |
Hasil dari 12 x 12 |
A. Akar B. Batang C. Daun |
Tumbuhan hijau membuat makanan. Daun memakai cahaya. |
3.000 m + 500 m = 3,5 km |
Ir. Soekarno |
pukul 7 pagi s.d. 9 malam |
Air, tanah, udara, dll. |
"""
ROWS = [line.rpartition("|") for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(
    ("text", "wanted"), [(a.strip(), b.strip()) for a, _, b in ROWS], ids=[a.strip()[:40] for a, _, _ in ROWS]
)
def test_what_a_filter_may_take_offence_at_is_found(text, wanted):
    found = [f"{risk.why}:{risk.found}" for risk in risks(text)]
    if "youtu.be" in text:
        assert wanted in " ".join(found)
    else:
        assert " ".join(found) == wanted


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    for risk in risks(text):
        assert risk.found == risk.found.strip(" .,;:")


@given(st.text("abcdefghij klmn", max_size=60))
def test_plain_letters_without_these_words_offend_nobody(text):
    assert [r for r in risks(text) if r.why in ("link", "phone", "number")] == []


def test_it_is_advice_beside_its_field_once_for_each_reason():
    words = {"id": "Selamat, tahun 1945 dan 1949!", "en": "In 1945"}
    assert [(p.where, p.stops, p.facts) for p in advice("prompt", words)] == [
        ("prompt", False, {"found": "Selamat"}), ("prompt", False, {"found": "1945, 1949"}),
    ]  # fmt: skip


def test_a_draft_is_told_and_may_be_published_all_the_same():
    found = check_quiz(with_item(QUIZ, 0, prompt={"id": "Nomor berapa yang menang tahun 1945?"}))
    assert [(p.where, p.stops) for p in found] == [("items.0.prompt", False)] * 3
