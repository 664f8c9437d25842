"""Texts with gaps, as Moodle's cloze, gapselect and ddwtos have them, as a cloze question. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.problems import N_, Problem
from lessons.exchange.made import Unread, number, several_numbers

_EMBEDDED = re.compile(r"\{\d*:([A-Z_]+):((?:\\.|[^\\{}])*)\}", re.S)
_WORDS = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}
_CHOICE = re.compile(r"(MULTICHOICE|MC)(_?[VHS]{0,2})")
_BRACKETS = str.maketrans("[]", "()")  # a bracket of the text itself would be a gap


def embedded(text: str) -> str:
    """The prompt of a cloze question of ours: ``Ibu kota {1:SHORTANSWER:=Jakarta}`` is ``Ibu kota [Jakarta]``."""
    gaps = [_accepted(found[1], found[2]) for found in _EMBEDDED.finditer(text)]
    return _cloze(_EMBEDDED.split(text)[::3], gaps)


def numbered(text: str, boxes: Sequence[str]) -> str:
    """The same of ``Ibu kota [[1]]``: the number is the box that belongs there. That there were others to choose from is lost."""
    parts = re.split(r"\[\[(\d{1,3})\]\]", text)
    gaps = []
    for place in parts[1::2]:
        if not 1 <= int(place) <= len(boxes):
            raise Unread(Problem("", N_("Kotak %(n)s tidak punya isi."), facts={"n": place}))
        gaps.append([boxes[int(place) - 1]])
    return _cloze(parts[::2], gaps)


def _cloze(between: Sequence[str], gaps: Sequence[Sequence[str]]) -> str:
    if not gaps:
        raise Unread(Problem("", N_("Teks ini tidak punya rumpang."), N_("Periksa tanda kurungnya.")))
    if any(sign in text for gap in gaps for text in gap for sign in "[]|;"):
        raise Unread(Problem("", N_("Ada rumpang yang jawabannya memuat tanda [ ] | atau ;."), N_("Hapus tanda itu.")))
    parts = [part.translate(_BRACKETS) for part in between]
    return "".join([parts[0], *(f"[{'|'.join(gap)}]{part}" for gap, part in zip(gaps, parts[1:], strict=True))])


def _accepted(name: str, answers: str) -> list[str]:
    """What is fully right in one gap."""
    if name not in _WORDS and name not in ("NUMERICAL", "NM") and not _CHOICE.fullmatch(name):
        raise Unread(Problem("", N_("Rumpang %(kind)s belum bisa di sini."), facts={"kind": name}))
    right = []
    for piece in re.split(r"(?<!\\)~", answers):
        piece = re.split(r"(?<!\\)#", piece, maxsplit=1)[0].strip()
        weight = re.match(r"%(-?\d{1,3}(?:\.\d+)?)%", piece)
        if piece.startswith("=") or (weight and float(weight[1]) >= 100):
            right.append(re.sub(r"\\(.)", r"\1", piece[1:] if piece.startswith("=") else piece[weight.end() :]).strip())  # type: ignore[union-attr]
    if name in ("NUMERICAL", "NM"):
        values = [(number(text.partition(":")[0]), number(text.partition(":")[2] or "0")) for text in right]
        known = [(value, margin) for value, margin in values if value is not None and margin is not None]
        if len(known) != len(values) or any(margin for _, margin in known):
            raise Unread(
                Problem("", N_("Rumpang angka dengan toleransi belum bisa di sini."), N_("Jadikan soal angka tersendiri."))
            )
        kind, key = several_numbers(known) if known else ("", {})
        right = key.get("accepted", [key.get("number", "")]) if kind else []
    if not right or any("*" in text for text in right):
        raise Unread(Problem("", N_("Ada rumpang tanpa jawaban yang benar."), N_("Beri satu jawaban tanda = di depannya.")))
    return right
