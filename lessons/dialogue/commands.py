"""Words that work everywhere. STOP is not among them: it is about messages, and the gateway hears it first."""

from __future__ import annotations

import re

# The scene that each word leads to, in Indonesian and English alike: a child types what she knows.
SCENES = {
    "MENU": "menu", "JADWAL": "on_air", "SIARAN": "on_air", "NILAI": "results", "HASIL": "results", "RESULTS": "results",
    "BAHASA": "language", "LANGUAGE": "language", "PELAJARAN": "courses", "LESSONS": "courses", "KUIS": "quizzes",
    "QUIZ": "quizzes", "SIAPA": "who", "WHO": "who", "GANTI": "who", "LANJUT": "resume",
    "CONTINUE": "resume", "ON AIR": "on_air", "TIMETABLE": "on_air", "LATIHAN": "today", "PRACTICE": "today", "PIN": "pin",
    "WEB": "web",
}  # fmt: skip
HELP = frozenset({"BANTUAN", "TOLONG", "HELP", "INFO", "?"})
_FOR_A_QUIZ = frozenset({"KUIS", "QUIZ"})
_BEFORE_KEYWORD = _FOR_A_QUIZ | {"IKUT", "REG", "DAFTAR", "JAWAB"}
# Words about messages, which the gateway hears before us; a test holds them equal to gateway.opt_out's.
_OF_MESSAGES = frozenset(
    [
        "STOP", "STOPALL", "STOPSEMUA", "BERHENTI", "HENTI", "HENTIKAN", "UNREG", "UNSUB", "UNSUBSCRIBE", "OPTOUT", "REVOKE",
        "OFF", "END", "QUIT", "CANCEL", "BATAL", "KELUAR", "REMOVE", "ARRET", "TD", "START", "MULAI", "UNSTOP", "REG", "ON",
        "RESUME", "YES", "Y", "YA",
    ]
)  # fmt: skip
_HINT = frozenset({"PETUNJUK", "HINT", "CLUE"})
_REMIND = frozenset({"INGATKAN", "INGATIN", "PENGINGAT", "REMIND"})
RESERVED = frozenset(SCENES) | HELP | _BEFORE_KEYWORD | _OF_MESSAGES | _HINT | _REMIND
"""Words that cannot be a quiz's keyword: it would never be reached."""


def scene_of(said: str) -> str | None:
    """The scene that ``said`` names, alone or as its first word ("JADWAL SMP")."""
    word = _plain(said)
    return SCENES.get(word) or (SCENES.get(word.split(" ")[0]) if word.startswith(("JADWAL ", "SIARAN ")) else None)


def rest_of(said: str) -> str:
    """What follows the first word: "SMP" of "jadwal smp"; "" where nothing does."""
    return _plain(said).partition(" ")[2][:40]


_NO = frozenset({"STOP", "MATI", "OFF", "HAPUS", "TIDAK", "NO", "REMOVE"})
_NO_MORE = _NO | {"BATAL", "BATALKAN", "BERHENTI", "JANGAN", "LAGI", "CANCEL", "END"}


def hour_of(said: str) -> int | None:
    """The hour of "LATIHAN 16" (also "16.00"); -1 for "LATIHAN STOP"; None for all else."""
    found = re.fullmatch(
        r"(?:LATIHAN|PRACTICE) (?:(?:JAM|PUKUL|AT) )?([0-9]{1,2})(?:[.:]00)?|(?:LATIHAN|PRACTICE) ([A-Z]+)", _plain(said)
    )
    if found is None:
        return None
    if found[1]:
        return int(found[1])
    return -1 if found[2] in _NO else None


def reminder_of(said: str) -> tuple[str, bool] | None:
    """(which programme, whether no more) of "INGATKAN 101", "INGATKAN 101 BATAL", "INGATKAN BATAL"; None for all else."""
    first, _blank, rest = _plain(said).partition(" ")
    if first not in _REMIND:
        return None
    words = rest.split()
    ends = bool(words) and (words[0] in _NO_MORE or words[-1] in _NO_MORE)
    which = [word for word in words if word not in _NO_MORE] if ends else words
    while which and which[0] in ("SAYA", "AKU", "ME", "ACARA", "SIARAN"):
        which = which[1:]
    return " ".join(which)[:40], ends


def pin_of(said: str) -> str | None:
    """The PIN of "PIN 42"; "" for "PIN HAPUS"; None for all else."""
    found = re.fullmatch(r"PIN ([0-9]{2}|[A-Z]+)", _plain(said))
    if found is None:
        return None
    return found[1] if found[1].isdigit() else "" if found[1] in _NO else None


def is_help(said: str) -> bool:
    return _plain(said) in HELP


def keyword_of(said: str) -> str:
    """The word of ``said`` that may be a quiz's keyword: the first, or the second after KUIS, IKUT, REG."""
    words = said.upper().replace("*", " ").replace("#", " ").split()
    if len(words) > 1 and words[0] in _BEFORE_KEYWORD:
        words = words[1:]
    return words[0].strip(_AROUND) if words else ""


def asks_for_quiz(said: str) -> bool:
    """True for "KUIS" and something after it."""
    return _plain(said).split(" ")[0] in _FOR_A_QUIZ


_AROUND = ".,;:!\"'()"


def _plain(said: str) -> str:
    """Upper case, single blanks, without a full stop at the end: "Menu." is MENU."""
    return " ".join(said.upper().split()).strip(_AROUND) or said.strip()
