"""What a printed sheet's answers are answered with, in one segment. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from core import gsm7
from lessons.dialogue.sheets import Unread

_ROOM = 150  # septets of the reply: what is left of a segment takes the way home
_SHOWN = 3  # numbers of missing items that the reply shows how to send

Phrases = Callable[..., str]


@dataclass(slots=True)
class Tally:
    """How the items of a paper stand, by their numbers there.

    ``wrong`` are with their right answers; ``empty`` were left so, ``missing`` were not named and stay open; ``kept`` had another
    answer before, which counts.
    """

    code: str
    title: str
    total: int
    right: int = 0
    almost: int = 0
    wrong: dict[int, str] = field(default_factory=dict)
    empty: list[int] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)


def told(_: Phrases, tally: Tally) -> str:
    """The longest report that is one segment: with the right answers, with the numbers alone, with neither."""
    forms = [gsm7.rewrite(text) for text in _forms(_, tally)]
    return next((text for text in forms if gsm7.is_gsm7(text) and gsm7.units(text) <= _ROOM), forms[-1])


def _forms(_: Phrases, tally: Tally) -> Iterator[str]:
    label = f"{tally.code} {tally.title}"
    keyed = ", ".join(f"{number}={key}" for number, key in tally.wrong.items())
    empty = _("Kosong: %(numbers)s.", numbers=ranges(tally.empty)) if tally.empty else ""
    kept = _("Sudah dijawab: %(numbers)s.", numbers=ranges(tally.kept)) if tally.kept else ""
    for name in (label, label[:40].rstrip(), tally.code):
        head = _head(_, name, tally)
        for numbers in (keyed, ranges(tally.wrong)):
            wrong = _("Salah: %(numbers)s.", numbers=numbers) if tally.wrong else ""
            yield " ".join(part for part in (head, wrong, empty, kept, _missing(_, tally, _SHOWN)) if part)
    for counted in (False, True):
        yield " ".join(part for part in (_head(_, tally.code, tally), _missing(_, tally, 1, counted)) if part)


def _head(_: Phrases, name: str, tally: Tally) -> str:
    said = {"quiz": name, "right": tally.right, "almost": tally.almost, "total": tally.total}
    if tally.missing:
        said["answered"] = tally.total - len(tally.missing) - len(tally.empty)
        if tally.almost:
            return _("%(quiz)s: %(answered)d dari %(total)d dijawab, %(right)d benar, %(almost)d hampir.", **said)
        return _("%(quiz)s: %(answered)d dari %(total)d dijawab, %(right)d benar.", **said)
    if tally.almost:
        return _("%(quiz)s: %(right)d dari %(total)d benar, %(almost)d hampir.", **said)
    return _("%(quiz)s: %(right)d dari %(total)d benar.", **said)


def _missing(_: Phrases, tally: Tally, shown: int, counted: bool = False) -> str:
    """What is missing and how it is sent, with dots where the letters go: an example's letters would be copied."""
    if not tally.missing:
        return ""
    example = " ".join([tally.code, *(f"{number}..." for number in tally.missing[:shown])])
    if counted:
        return _("Kurang %(n)d soal. Kirim: %(example)s", n=len(tally.missing), example=example)
    return _("Kurang: %(numbers)s. Kirim: %(example)s", numbers=ranges(tally.missing), example=example)


def unread(_: Phrases, code: str, total: int, fault: Unread) -> str:
    """Why nothing was marked, and how to send it."""
    if fault.beyond is not None:
        return _(
            "%(code)s: nomor %(n)d tidak ada, soalnya %(total)d. Belum ada yang dinilai; kirim lagi.",
            code=code, n=fault.beyond, total=total,
        )  # fmt: skip
    if fault.twice:
        return _(
            "%(code)s: nomor %(n)d tertulis dua kali. Belum ada yang dinilai; kirim lagi.", code=code, n=fault.twice
        )  # fmt: skip
    if fault.number and fault.letters:
        return _(
            "%(code)s: jawaban nomor %(n)d tidak terbaca, pilihannya %(letters)s. Belum ada yang dinilai; kirim lagi.",
            code=code, n=fault.number, letters=", ".join(fault.letters),
        )  # fmt: skip
    if fault.number:
        return _("%(code)s: jawaban nomor %(n)d tidak terbaca. Belum ada yang dinilai; kirim lagi.", code=code, n=fault.number)
    return _(
        "%(code)s: ada %(n)d jawaban untuk %(total)d soal. Belum ada yang dinilai; kirim lagi, beri - untuk yang kosong.",
        code=code, n=fault.count, total=total,
    )  # fmt: skip


def ranges(numbers: Iterable[int]) -> str:
    """[1, 2, 3, 7] is "1-3, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
