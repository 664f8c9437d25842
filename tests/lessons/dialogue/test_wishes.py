import pytest

from tests.learners import ANI, BUDI, Phone, SmallWorld


@pytest.fixture
def phone():
    phone = Phone(SmallWorld())
    phone.dial()
    return phone


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("menu", "Halo, Siti! Mau apa?"), ("jadwal smp", "RRI Samarinda"),
        ("jadwal nowhere", "Belum ada jadwal untuk NOWHERE. Coba JADWAL SMP atau JADWAL dan nama stasiun."),
        ("NILAI", "Belum ada nilai. Kerjakan satu kuis dulu."),
        ("bahasa", "Pilih bahasa / Choose language:"), ("lessons", "Pilih pelajaran:"), ("kuis", "Pilih kuis:"),
        ("ganti", "Siapa ini?"), ("lanjut", "Halo, Siti! Mau apa?"), ("kuis zzz", "Kuis itu tidak ada."),
        ("kuis pecahan", "1/3 Mana yang sama dengan 1/2?"),
        ("?", "Tekan angka pilihanmu. 0 kembali, 00 menu."), ("zzz", "Pilihan itu tidak ada."),
    ],
)  # fmt: skip
def test_a_word_is_heard_everywhere(phone, said, shown):
    assert phone.say(said).split("\n")[0] == shown


@pytest.mark.parametrize("word", ["jadwal", "nilai", "?"])
def test_what_is_told_between_two_questions_leaves_the_quiz_where_it_is(phone, word):
    phone.say("pecahan", "2")
    going = phone.state.place.going
    phone.say(word)
    assert (phone.state.place.scene, phone.state.place.going, phone.turn.prompt.is_question) == ("question", going, True)
    assert phone.say("0").split("\n")[0] == "Benar! 20 - 20 = 0."


def test_help_by_sms_names_the_words(phone):
    assert phone.on("sms").say("menu", "bantuan").split("\n")[0] == "Balas MENU, KUIS, JADWAL atau NILAI. STOP untuk berhenti."


def test_another_child_takes_the_phone():
    phone = Phone(SmallWorld(ANI, BUDI))
    phone.dial("pecahan")
    phone.say("1", "2", "ganti")
    assert phone.text == "Siapa ini?\n1. Ani\n2. Budi\n3. Murid baru"
    assert phone.say("2").split("\n")[0] == "Halo, Budi! Mau apa?"
    assert phone.say("siapa", "1").split("\n")[0] == "Kuis Pecahan: lanjut di soal 2 dari 3?"


def test_two_quizzes_are_gone_on_with_each_at_its_own_question(phone):
    phone.say("pecahan", "2", "ujian", "1")
    assert phone.say("pecahan").split("\n")[0] == "2/3 Ibu punya 20 kue, dimakan semua. Sisanya berapa?"
    assert phone.say("ujian").split("\n")[0] == "2/2 Berapa 5 x 3?"
