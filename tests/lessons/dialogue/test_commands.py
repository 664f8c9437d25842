import pytest

from lessons.dialogue.commands import RESERVED, asks_for_quiz, is_help, keyword_of, reminder_of, scene_of


@pytest.mark.parametrize(
    ("said", "scene"),
    [
        ("menu", "menu"), (" Menu. ", "menu"), ("JADWAL", "on_air"), ("jadwal smp", "on_air"), ("on  air", "on_air"),
        ("Timetable", "on_air"),
        ("nilai", "results"), ("LANGUAGE", "language"), ("ganti", "who"), ("lanjut", "resume"), ("kuis", "quizzes"),
        ("menu baru", None), ("jadwalku", None), ("kuis pecahan", None), ("", None), ("1", None), ("B", None), ("...", None),
    ],
)  # fmt: skip
def test_a_word_names_a_scene(said, scene):
    assert scene_of(said) == scene


@pytest.mark.parametrize(
    ("said", "keyword"),
    [
        (" join ", "JOIN"), ("join this", "JOIN"), (" FoO bar", "FOO"), ("PECAHAN*1*2", "PECAHAN"), ("kuis pecahan", "PECAHAN"),
        ("REG pecahan", "PECAHAN"), ("ikut", "IKUT"), ("pecahan!", "PECAHAN"), ("(pecahan)", "PECAHAN"), ("", ""), ("*", ""),
        ("2*1", "2"),
    ],
)  # fmt: skip
def test_the_first_word_may_be_a_keyword(said, keyword):  # K-1, K-4 of the field's cases
    assert keyword_of(said) == keyword


@pytest.mark.parametrize(("said", "help_"), [("?", True), ("Bantuan", True), ("info.", True), ("bantu", False), ("", False)])
def test_help_is_asked_for(said, help_):
    assert is_help(said) is help_


@pytest.mark.parametrize(("said", "asks"), [("kuis xyz", True), ("QUIZ 7", True), ("kuis", True), ("kuisku", False), ("", False)])
def test_a_quiz_is_asked_for_by_whatever_name(said, asks):
    assert asks_for_quiz(said) is asks


def test_no_command_can_be_a_keyword():
    assert [w for w in ("MENU", "JADWAL", "INFO", "REG", "KUIS", "LANJUT", "PECAHAN") if w not in RESERVED] == ["PECAHAN"]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("INGATKAN 101", ("101", False)), ("ingatkan  j12.", ("J12", False)), ("Remind 101", ("101", False)),
        ("ingatkan belajar di rri", ("BELAJAR DI RRI", False)), ("INGATKAN", ("", False)), ("ingatkan saya 101", ("101", False)),
        ("INGATKAN BATAL", ("", True)), ("INGATKAN 101 BATAL", ("101", True)), ("ingatkan batal 101", ("101", True)),
        ("ingatkan 101 stop", ("101", True)), ("ingatkan stop", ("", True)), ("remind off", ("", True)),
        ("ingatkan jangan", ("", True)), ("JADWAL", None), ("INGAT", None), ("101", None), ("", None),
        ("mengingatkan 101", None), ("INGATKAN " + "x" * 99, ("X" * 40, False)),
    ],
)  # fmt: skip
def test_a_reminder_of_a_programme_is_asked_for_and_ended(said, read):
    assert reminder_of(said) == read
