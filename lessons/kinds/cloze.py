"""Cloze: a text with gaps. The answers stand in brackets in the text itself: "Akar menyerap [air], daun butuh [cahaya|sinar]".

Where several are accepted the first is shown. No key. Answered with semicolons, "air; cahaya", or in any way that leaves no
doubt; each gap is marked as a short answer is, and counts its share. From half on it is "almost".
"""

from __future__ import annotations

import re

from core.problems import N_, Problem
from lessons.course import FIRST, Item, say
from lessons.kinds import Asked, Verdict
from lessons.kinds._several import partly
from lessons.kinds._wording import UNREADABLE, prompt_problems
from lessons.kinds.short_answer import read_words
from lessons.marking import folding, series

_GAP = re.compile(r"\[([^\[\]]*)\]")
MOST = 6


class Cloze:
    name = "cloze"
    label = N_("Isian rumpang")
    fields: tuple[str, ...] = ()
    note = N_(
        "Tulis jawabannya di dalam kurung siku: Akar menyerap [air] dari [tanah|bumi]. "
        "Murid mengisi semuanya dalam satu pesan: air; tanah."
    )
    unsuited = {"voice": N_("Lewat telepon suara murid tidak bisa mengetik kata.")}

    def problems(self, item: Item) -> list[Problem]:
        found = prompt_problems(item)
        if found:
            return found
        count = len(_gaps(item.prompt.get(FIRST, "")))
        if not count:
            found.append(
                Problem(
                    "prompt", N_("Belum ada bagian yang rumpang."), N_("Tulis jawabannya di dalam kurung siku, misalnya [air].")
                )
            )
        if count > MOST:
            found.append(Problem("prompt", N_("Bagian yang rumpang lebih dari enam."), N_("Bagilah menjadi dua soal.")))
        for language, text in item.prompt.items():
            gaps = _gaps(text)
            where = "prompt" if language == FIRST else f"prompt.{language}"
            if text.strip() and len(gaps) != count:
                found.append(
                    Problem(where, N_("Jumlah bagian rumpangnya tidak sama di tiap bahasa."), N_("Samakan kurung sikunya."))
                )
            if any(not accepted for accepted in gaps):
                found.append(Problem(where, N_("Ada kurung siku yang kosong."), N_("Tulis jawabannya di dalamnya.")))
            if any(";" in text or len(text) > folding.CAP // 4 for accepted in gaps for text in accepted):
                found.append(Problem(where, N_("Ada jawaban yang terlalu panjang."), N_("Pendekkan, dan tanpa titik koma.")))
            if "[" in _GAP.sub("", text) or "]" in _GAP.sub("", text):
                found.append(Problem(where, N_("Ada kurung siku yang tidak ditutup."), N_("Periksa tanda [ dan ].")))
        return found

    def ask(self, item: Item, language: str) -> Asked:
        text = say(item.prompt, language)
        several = len(_gaps(text)) > 1
        number = iter(range(1, 100))
        return Asked(_GAP.sub(lambda _match: f"({next(number)})___" if several else "___", text), (), "words")

    def mark(self, item: Item, typed: str, language: str) -> Verdict:
        gaps = accepted(item, language)
        if not gaps or not all(gaps):
            return UNREADABLE
        shown = "; ".join(texts[0] for texts in gaps)
        if not any(c.isalnum() for c in folding.plain(typed)):
            return Verdict(None, 0, shown)
        parts = _in_sentence(typed, item) or series.blanks(typed, len(gaps))
        if parts is None:
            parts = series.blanks(folding.unfilled(folding.plain(typed)), len(gaps))
        if parts is None:
            why = N_("Ada %(total)d isian. Pisahkan dengan titik koma; beri - untuk yang kosong.")
            return Verdict(None, 0, shown, why=why, facts={"total": len(gaps)})
        found = [read_words(part, texts, []) for part, texts in zip(parts, gaps, strict=True)]
        return partly([0 if verdict is None else verdict.score for verdict in found], shown)


def accepted(item: Item, language: str) -> list[list[str]]:
    """For each gap what is accepted, in every language, ``language``'s own first."""
    first = _gaps(say(item.prompt, language))
    others = [gaps for text in item.prompt.values() if len(gaps := _gaps(text)) == len(first)]
    return [list(dict.fromkeys([*own, *(text for gaps in others for text in gaps[at])])) for at, own in enumerate(first)]


def _in_sentence(typed: str, item: Item) -> list[str] | None:
    """What stands in the gaps where she typed the sentence itself, whole or a piece around them; else None."""
    whole = folding.words(typed)
    for text in item.prompt.values():
        around = [folding.words(part) for part in _GAP.split(text)[::2]]
        if len(around) < 2 or not any(around) or not all(around[1:-1]):
            continue
        first, last = around[0], around[-1]
        head = next((n for n in range(min(len(first), len(whole)), 0, -1) if whole[:n] == first[-n:]), 0)
        tail = next((n for n in range(min(len(last), len(whole) - head), 0, -1) if whole[-n:] == last[:n]), 0)
        said = " ".join(whole[head : len(whole) - tail])
        match = re.fullmatch("(.+?)".join(["", *(f" {re.escape(' '.join(part))} " for part in around[1:-1]), ""]), said)
        if match and (len(around) > 2 or head or tail):
            return list(match.groups())
    return None


def _gaps(text: str) -> list[list[str]]:
    return [[part.strip() for part in inside.split("|") if folding.tight(part)] for inside in _GAP.findall(text)]


kind = Cloze()
