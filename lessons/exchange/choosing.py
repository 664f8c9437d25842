"""Options with weights, as Moodle has them, as a question of ours with one right option or with several. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.problems import N_, Problem
from lessons.exchange.made import Unread, note

Chosen = tuple[str, dict[str, Any], list[str], str, list[Problem]]


@dataclass(frozen=True, slots=True)
class Option:
    """``weight`` in percent of the question's score; ``feedback`` is what is said to whoever chose it."""

    text: str
    weight: float
    feedback: str = ""


def single(line: int, options: Sequence[Option]) -> Chosen:
    """(kind, key, choices, explanation, notes) where one option is chosen. Raises Unread where not exactly one is right."""
    _enough(options)
    right = [at for at, option in enumerate(options) if option.weight >= 100]
    if not right:
        raise Unread(Problem("", N_("Belum ada pilihan yang benar."), N_("Beri satu pilihan nilai penuh.")))
    if len(right) > 1:
        what = N_("Ada %(n)d pilihan yang benar, padahal hanya satu yang dipilih.")
        raise Unread(
            Problem("", what, N_("Sisakan satu yang benar, atau jadikan soal dengan beberapa jawaban."), facts={"n": len(right)})
        )
    notes = []
    partly = [option.text for option in options if 0 < option.weight < 100]
    if partly:
        notes.append(note(line, N_("Nilai sebagian tidak ikut; ini dihitung salah: %(answers)s."), answers=", ".join(partly)))
    told, more = _told(line, options, right)
    return "multiple_choice", {"right": right[0] + 1}, [option.text for option in options], told, [*notes, *more]


def several(line: int, options: Sequence[Option]) -> Chosen:
    """As ``single`` where every option that carries any weight is to be chosen."""
    _enough(options)
    right = [at for at, option in enumerate(options) if option.weight > 0]
    if not right:
        raise Unread(Problem("", N_("Belum ada pilihan yang benar."), N_("Beri paling sedikit satu pilihan nilai.")))
    told, notes = _told(line, options, right)
    texts = [option.text for option in options]
    if len(options) == 2 and len(right) == 1:  # of two one is right: there is nothing to choose several of
        return "multiple_choice", {"right": right[0] + 1}, texts, told, notes
    return "multiple_response", {"rights": [at + 1 for at in right]}, texts, told, notes


def _enough(options: Sequence[Option]) -> None:
    if len(options) < 2:
        raise Unread(Problem("", N_("Pilihannya kurang dari dua."), N_("Tulis paling sedikit dua pilihan.")))


def _told(line: int, options: Sequence[Option], right: Sequence[int]) -> tuple[str, list[Problem]]:
    """What is said to whoever is right becomes the explanation; what is said to the others has no place."""
    told = next((options[at].feedback for at in right if options[at].feedback), "")
    lost = any(option.feedback for at, option in enumerate(options) if at not in right)
    what = N_("Tanggapan untuk pilihan yang salah tidak ikut: penjelasannya satu untuk semua.")
    return told, [note(line, what)] if lost else []
