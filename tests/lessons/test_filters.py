"""Texts as teachers write them, and what operators' filters would take offence at. "link:x" means that x is found as a link."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.problems import Problem
from lessons.check import check_quiz
from lessons.filters import advice, on_route, risks, strictest
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
Indonesia merdeka pada 17-8-1945. | number:1945
Perang Diponegoro: 1825-1830 | number:1825 number:1830
Tahun ajaran 2026/2027 | number:2026 number:2027
Tahun 45 Indonesia merdeka |
Angkatan 66 dan angkatan 98 |
Sumpah Pemuda tanggal 28 Oktober 1928 | number:1928
Abad ke-7 kerajaan Sriwijaya berdiri |
Pasal 33 ayat 3 UUD 45 |
Nilai pi kira-kira 3,14 |
Nilai pi kira-kira 3,1416 | number:3,1416
Bulatkan 0,12345 sampai dua angka | number:0,12345
Bilangan 999 ditambah 1 |
Bilangan 9999 ditambah 1 | number:9999
Seribu sama dengan 1.000 |
Sejuta sama dengan 1.000.000 |
Sepuluh ribu ditulis 10000 | number:10000
1000 gram = 1 kg | number:1000
1 km = 1.000 m |
3000 m sama dengan berapa km? | number:3000
24 x 25 = 600 |
125 x 8 = 1000 | number:1000
7/8 dari 64 |
Pukul 08.30 atau 20.30? |
Pukul 0830 | number:0830
Suhu minus 12 derajat |
Kode pos Yogyakarta 55281 | number:55281
Garuda terbang 11000 meter tingginya | number:11000
Jumlah sudut segitiga 180 derajat |
Jumlah sudut segi empat 360 derajat |
FPB dari 12, 18 dan 24 |
KPK dari 6 dan 8 |
Angka romawi MCMXLV |
Angka romawi XIV dibaca empat belas |
10^3 = 1.000 |
10²³ bilangan yang besar |
Avogadro 6,02 x 10²³ |
Rp 12.500 dibagi 5 |
Uang Rp5.000 dibelikan 2 buku |
Uang Rp 50000 dibelikan buku | number:50000
１９４５ tahun merdeka | number:1945
Hitung 12 345 + 1 |
Nomor absenmu berapa? | word:Nomor
No. 4: siapa penemu lampu? |
Soal no 4 dan no 5 |
Kerjakan halaman 45 nomor 3 | word:nomor
Sinomor dan sanomor bukan kata |
Penomoran halaman |
Dinomori satu sampai lima |
NOMOR URUT TIGA SAJA | word:NOMOR
Pinang dan kelapa |
Pinggir sungai |
Spin bola ke kanan |
Opini penulis |
Pintar berhitung |
Pin di dada Pramuka | password:Pin
Akuntansi adalah pencatatan |
Akun itu milik siapa? | password:Akun
Tokennya habis |
Token listrik di rumah | password:Token
Sandi Morse dalam Pramuka | password:Sandi
Sandiwara radio |
Persandian |
Verifikasi jawaban dengan menghitung lagi | password:Verifikasi
Danau Toba di Sumatera |
Danau terluas di Indonesia? |
Pendanaan proyek |
Dana umum dipakai untuk jalan | money:Dana
Sedana dengan |
Jutaan bintang di langit |
Penduduk 270 juta jiwa | money:juta
Miliaran sel |
Jarak 150 juta km | money:juta
Satu miliar ada sembilan nol | money:miliar
Triliun sel tubuh |
Selamatan di desa |
Keselamatan kerja |
Menyelamatkan diri dari gempa |
Selamat pagi, Bu Guru | prize:Selamat
Ucapan selamat ulang tahun | prize:selamat
Alat penyelamat |
Hadiahnya buku |
Perhiasan dan hadiah | prize:hadiah
Kemenangan pejuang |
Dimenangkan oleh siapa? |
Siapa menang dalam lomba lari? | prize:menang
Gratisan |
Bonusnya apa? |
Undian dengan mata uang | prize:Undian
Promosi kesehatan |
Poster promo kesehatan | prize:promo
Kreditur dan debitur |
Kartu kredit adalah apa? | money:kredit
Cicilan pertama | money:Cicilan
Pinjam uang di koperasi |
Bunga pinjaman koperasi 2 persen | money:pinjaman
Investasi jangka panjang | money:Investasi
Pulsar adalah bintang |
Saldo kas kelas Rp 250.000 | money:Saldo
Tunaikan tugasmu |
Bayar tunai Rp 500 | money:tunai
Kredit poin pelanggaran | money:Kredit
Rekeningnya |
Perjudian merugikan |
Pejudo Indonesia |
Pokerface |
Slot waktu siaran | gamble:Slot
Taruhan dalam permainan dadu | gamble:Taruhan
Klik kanan tetikus | word:Klik
Diklik dua kali |
Klikitik bunyi api |
Buka situs kemdikbud.go.id | link:kemdikbud.go.id
Baca di https://id.wikipedia.org/wiki/Daun | link:https://id.wikipedia.org/wiki/Daun
Situs berakhiran .id milik Indonesia |
Contoh alamat: nama@contoh.com | link:nama@contoh.com
Nama domain .sch.id untuk sekolah | link:sch.id
dll.com | link:dll.com
Kalimat.Kalimat lagi |
Makan.minum.tidur |
Berat 2,5 kg.Tinggi 1,2 m |
A.Akar B.Batang |
Jawab:A.Akar |
s.d.id bukan situs | link:s.d.id
Tanya ke 08123456789 | phone:08123456789
Telepon (021) 555 |
Telepon 021-5551234 | number:5551234
Hubungi 112 bila darurat |
Nomor darurat 112 | word:Nomor
Hubungi +62 812-3456-7890 | phone:+62 812-3456-7890
ISBN 978-602-8519-93-9 | number:8519
NIK terdiri dari 16 angka |
Nilai ujian 100 |
SUKU BANGSA DI INDONESIA | shouting:SUKU BANGSA DI INDONESIA
NKRI HARGA MATI |
DNA, RNA dan ATP |
HURUF BESAR di awal |
BMKG BNPB KPK MPR DPR | shouting:BMKG BNPB KPK MPR DPR
Benar? Salah? |
Yakin?! |
Yakin??? | shouting:???
Wow!!!! Hebat | shouting:!!!!
Siapa? Di mana? Kapan? |
Isi titik-titik ... ini |
Ibu kota Kalimantan Timur adalah ... |
Lawan kata "besar" adalah ... |
Burung garuda punya 17 bulu sayap |
Bulu ekor garuda ada 8, leher 45 |
Apa warna bendera Indonesia? |
Siapa pencipta lagu Indonesia Raya? |
Cuaca hari ini cerah |
Air mendidih pada 100 °C |
Luas persegi dengan sisi 12 cm |
Volume kubus bersisi 5 cm |
Keliling lingkaran berjari-jari 7 cm |
Berapa hasil 3/4 + 1/8? |
Berapa persen 15 dari 60? |
Faktor dari 36 adalah ... |
Bilangan prima sesudah 97? |
Zat hijau daun disebut apa? |
Planet terdekat dengan matahari? |
Hewan pemakan tumbuhan disebut herbivora |
Simpan uang di celengan |
Pancasila sila ke-3 |
Gotong royong membersihkan kelas |
Rapat kerja OSIS |
Makna peribahasa "air beriak tanda tak dalam" |
Antonim dari kata rajin |
Tanggal 17 Agustus kita upacara |
Presiden ke-4 Indonesia |
Ketik A, B atau C |
Kamu hebat! Coba lagi. |
Kode soal A12 |
Kelas 5A dan 5B |
Umur kakek 75 tahun |
Besok libur. |
Password dan PIN jangan dibagi | password:Password password:PIN
Dana, akun dan token | money:Dana password:akun password:token
otp OTP Otp | password:otp
Selamat, kamu menang hadiah 5 juta! | prize:Selamat prize:menang prize:hadiah money:juta
Transferlah energi |
Cashback 10 persen | prize:Cashback
Voucher belanja | prize:Voucher
Ayah ke kasino | gamble:kasino
Togel dan judi online itu dilarang | gamble:Togel gamble:judi
Login ke laman belajar | password:Login
Angka 1111 genap atau ganjil? | number:1111
Pangkat 2^10 = 1024 | number:1024
Gunung Semeru 3676 m | number:3676
Gunung Semeru 3.676 m |
Virus H5N1 |
Formula C6H12O6 |
Penduduk desa 875 orang |
Tahun 0045 | number:0045
Tahun 2.026 |
"""
ROWS = [line.rpartition("|") for line in TABLE.strip().splitlines()]


def test_what_a_filter_may_take_offence_at_is_found():
    """Every row at once: {text: (what is found, what the table says)} of those that differ."""
    different = {}
    for text, wanted in ((a.strip(), b.strip()) for a, _, b in ROWS):
        found = " ".join(f"{risk.why}:{risk.found}" for risk in risks(text))
        if not (wanted in found if "youtu.be" in text else found == wanted):
            different[text] = (found, wanted)
    assert different == {}


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


@pytest.mark.parametrize(
    ("route", "found"),
    [
        ("strict", ["prize", "number", "word", "link", "phone", "gamble", "shouting"]),
        ("registered", ["link", "phone", "gamble"]), ("none", []),
        ("unheard of", ["prize", "number", "word", "link", "phone", "gamble", "shouting"]),
    ],
)  # fmt: skip
def test_a_route_filters_what_it_filters(route, found):
    text = "Selamat! Tahun 1945 nomor 4, lihat bit.ly/x1 atau 0812 3456 7890, slot waktu???"
    assert [risk.why for risk in risks(text, route)] == found
    told = [*advice("prompt", {"id": text}), Problem("prompt", "Pendekkan.")]
    assert on_route(told, route) == [*advice("prompt", {"id": text}, route), told[-1]]


def test_the_strictest_of_several_routes_counts():
    assert [strictest(routes) for routes in (["none", "registered"], ["none", "strict"], ["none"], [], ["odd", "none"])] == [
        "registered", "strict", "none", "strict", "odd",
    ]  # fmt: skip


def test_there_are_two_hundred_texts():
    assert len({text.strip() for text, _, _ in ROWS}) >= 200
