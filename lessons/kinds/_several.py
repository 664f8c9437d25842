"""What the kinds share that want several things at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from core.problems import N_, Problem
from lessons.course import FIRST, Words
from lessons.kinds import Verdict
from lessons.kinds._wording import is_same
from lessons.marking import folding

MOST = 6


def partly(parts: Sequence[int], right: str, why: str = N_("%(n)d dari %(total)d benar."), extra: int = 0) -> Verdict:
    """The verdict on an answer of several ``parts``, each scored 0 to 100: right where all are whole, almost from half on, else
    wrong with what it is worth. Each of ``extra`` takes a part away. ``why`` is told with n, total and extra.
    """
    score = max(0, sum(parts) - 100 * extra) // len(parts) if parts else 0
    told = {"n": sum(part > 0 for part in parts), "total": len(parts), "extra": extra}
    if parts and score == 100:
        return Verdict("right", 100, right)
    return Verdict("almost" if score >= 50 else "wrong", score, right, why=why if told["n"] else "", facts=told)


def shuffled(item_id: str, count: int) -> list[int]:
    """An order of ``count`` things, the same for everybody and on every machine, and for two and more never the right one."""
    order = sorted(range(count), key=lambda at: sha256(f"{item_id}:{at}".encode()).digest())
    return order[1:] + order[:1] if order == list(range(count)) else order


def option_problems(field: str, options: Sequence[Words], fewest: int, what: str, remedy: str) -> list[Problem]:
    """What is wrong with a row of texts that a learner must tell apart."""
    found = []
    if len(options) < fewest:
        found.append(Problem(field, what, remedy))
    if len(options) > MOST:
        found.append(Problem(field, N_("Pilihannya lebih dari enam."), N_("Sisakan paling banyak enam; empat paling baik.")))
    for at, words in enumerate(options):
        if not folding.plain(words.get(FIRST, "")):
            found.append(Problem(f"{field}.{at}", N_("Pilihan ini masih kosong."), N_("Isi pilihannya, atau hapus.")))
        elif any(is_same(words, other) for other in options[:at]):
            found.append(Problem(f"{field}.{at}", N_("Pilihan ini sama dengan pilihan lain."), N_("Ubah salah satunya.")))
        if any(len(text) > folding.CAP // 2 for text in words.values()):
            found.append(Problem(f"{field}.{at}", N_("Pilihan ini terlalu panjang."), N_("Pendekkan sampai 100 huruf.")))
    return found


def words_list(held: Any) -> list[Words]:
    """Texts by language, of whatever a file holds."""
    if not isinstance(held, list | tuple):
        return []
    return [words for each in held if (words := {FIRST: each} if isinstance(each, str) else _words(each)) is not None]


def _words(held: Any) -> Words | None:
    if not isinstance(held, dict):
        return None
    return {str(code): text for code, text in held.items() if isinstance(text, str)}
