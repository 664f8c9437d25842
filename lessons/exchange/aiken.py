"""Aiken, read as Moodle reads it (question/format/aiken).

A question on one line, options ``A) `` or ``A. `` in capitals, ``ANSWER: B``. Nothing separates questions but that line. What
begins otherwise begins a question, so a lower-case ``a)`` does, and what stood before it was not finished.
"""

from __future__ import annotations

import re

from core.problems import N_
from lessons.exchange import Read, words
from lessons.exchange.made import Maker

_OPTION = re.compile(r"[A-Z][).]")
_SMALL = re.compile(r"[a-z][).]")


def read(raw: bytes) -> Read:
    maker = Maker()
    begun: tuple[int, str] | None = None
    options: list[str] = []
    lines = words.text_of(raw).split("\n")
    for at, line in enumerate(lines, 1):
        if maker.is_full:
            return Read("aiken", tuple(maker.found), tuple(maker.problems))
        line = line.strip()
        if len(line.encode()) < 2:
            continue
        is_option, is_answer = bool(_OPTION.match(line)), line.startswith("ANSWER:")
        if begun is None and (is_option or is_answer):
            maker.refuse(at, N_("Di sini belum ada pertanyaannya."), N_("Tulis pertanyaan di satu baris, di atas pilihannya."))
        elif is_option:
            options.append(line[2:].strip())
        elif is_answer and begun is not None:
            _finish(maker, at, begun, options, line.partition(":")[2].strip()[:1])
            begun, options = None, []
        else:
            if begun is not None:
                _unfinished(maker, at, begun[1], line, bool(options))
            begun, options = (at, line), []
    if begun is not None:
        _unfinished(maker, begun[0], begun[1])
    return Read("aiken", tuple(maker.found), tuple(maker.problems))


def _finish(maker: Maker, at: int, begun: tuple[int, str], options: list[str], answer: str) -> None:
    line, prompt = begun
    right = ord(answer) - ord("A") if answer else -1
    if len(options) < 2:
        maker.refuse(at, N_("Pilihannya kurang dari dua."), N_("Tulis paling sedikit dua pilihan."))
    elif not 0 <= right < len(options):
        what = N_("ANSWER menunjuk pilihan yang tidak ada: %(letter)s.")
        maker.refuse(at, what, N_("Tulis huruf besar dari pilihan yang benar, misalnya ANSWER: B."), letter=answer or "-")
    else:
        maker.add(line, "multiple_choice", prompt, {"right": right + 1}, options)


def _unfinished(maker: Maker, at: int, prompt: str, then: str = "", has_options: bool = True) -> None:
    what, remedy = (
        N_("Soal sebelum ini tidak selesai: %(prompt)s"),
        N_("Tutup tiap soal dengan baris ANSWER: dan satu huruf besar."),
    )
    if _SMALL.match(then):
        remedy = N_("Huruf pilihan harus huruf besar: A) atau A.")
    elif then.upper().startswith("ANSWER"):
        remedy = N_("Tulis ANSWER: dengan huruf besar dan titik dua langsung di belakangnya.")
    elif not has_options:
        remedy = N_("Pertanyaan Aiken satu baris saja: gabungkan dengan baris ini.")
    maker.refuse(at, what, remedy, prompt=prompt[:60])
