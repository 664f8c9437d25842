"""What changed between two drafts, said so that a teacher can read it. Pure; works on the JSON of lessons.course."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from core.problems import N_
from lessons import enclosed
from lessons.course import FIRST
from lessons.kinds import kinds

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """``what`` is a phrase in Indonesian with ``facts`` in it ("Soal %(n)d: pertanyaan"). ``before`` and ``after`` are pieces of
    text, each with whether it is only there.
    """

    what: str
    facts: Mapping[str, object]
    before: tuple[tuple[str, bool], ...] = ()
    after: tuple[tuple[str, bool], ...] = ()
    language: str = field(default=FIRST)


_PLAIN = {
    "keyword": N_("Kata kunci"), "opens_at": N_("Dibuka"), "after": N_("Dibuka setelah siaran"), "closes_at": N_("Ditutup"),
    "attempts": N_("Berapa kali boleh"),
    "late_until": N_("Terlambat diterima sampai"), "late_down": N_("Pengurangan bila terlambat"),
    "draw": N_("Berapa soal ditanyakan"),
    "shuffle": N_("Urutan diacak"), "course": N_("Bagian dari pelajaran"), "subject": N_("Mata pelajaran"), "phase": N_("Fase"),
    "grade": N_("Kelas"), "is_open": N_("Terbuka"), "licence": N_("Lisensi"), "criterion": N_("Syarat lulus"),
}  # fmt: skip
_OF_ITEM = {
    "prompt": N_("Soal %(n)d: pertanyaan"), "explanation": N_("Soal %(n)d: penjelasan"), "hint": N_("Soal %(n)d: petunjuk"),
    "kind": N_("Soal %(n)d: jenis"), "key": N_("Soal %(n)d: kunci"), "choices": N_("Soal %(n)d: pilihan"),
    "audio": N_("Soal %(n)d: rekaman"),
}  # fmt: skip
_OF_LESSON = {
    "title": N_("Bacaan %(n)d: judul"),
    "text": N_("Bacaan %(n)d: isi"),
    "enclosures": N_("Bacaan %(n)d: gambar dan suara"),
}


def differences(before: Content, after: Content) -> list[Change]:
    """Every change from one content of a quiz or a course to another, in the order of the form."""
    found = _words(N_("Judul"), {}, before.get("title", {}), after.get("title", {}))
    for name, what in _PLAIN.items():
        found += _text(what, {}, _shown(before.get(name)), _shown(after.get(name)))
    for part, fields, added, gone, moved in (
        ("items", _OF_ITEM, N_("Soal %(n)d baru"), N_("Soal %(n)d dihapus"), N_("Soal %(was)d menjadi soal %(n)d")),
        ("lessons", _OF_LESSON, N_("Bacaan %(n)d baru"), N_("Bacaan %(n)d dihapus"), N_("Bacaan %(was)d menjadi bacaan %(n)d")),
    ):
        old = {x["id"]: (n, x) for n, x in enumerate(before.get(part, ()), 1)}
        new = {x["id"]: (n, x) for n, x in enumerate(after.get(part, ()), 1)}
        for id_, (n, x) in old.items():
            if id_ not in new:
                found.append(Change(gone, {"n": n}, before=((_title(x), True),)))
        stayed = [id_ for id_ in old if id_ in new]
        for id_, (n, x) in new.items():
            if id_ not in old:
                found.append(Change(added, {"n": n}, after=((_title(x), True),)))
                continue
            was = old[id_][0]
            if stayed.index(id_) != [i for i in new if i in old].index(id_):
                found.append(Change(moved, {"n": n, "was": was}, before=((_title(x), False),), after=((_title(x), False),)))
            for name, what in fields.items():
                a, b = old[id_][1].get(name), x.get(name)
                if name in ("prompt", "explanation", "hint", "title", "text"):
                    found += _words(what, {"n": n}, a or {}, b or {})
                else:
                    found += _text(what, {"n": n}, _part(name, old[id_][1]), _part(name, x))
    return found


def _words(what: str, facts: Mapping[str, object], before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    found = []
    for language in dict.fromkeys((FIRST, *before, *after)):
        found += _text(what, facts, before.get(language, ""), after.get(language, ""), language)
    return found


def _text(what: str, facts: Mapping[str, object], before: str, after: str, language: str = FIRST) -> list[Change]:
    return [] if before == after else [Change(what, facts, *_pieces(before, after), language)]


def _pieces(before: str, after: str) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    """Both texts in pieces of words, those that only one has marked."""
    a, b = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    if len(a) + len(b) > 4000:
        return ((before, True),), ((after, True),)
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if i < j:
            left.append(("".join(a[i:j]), tag != "equal"))
        if k < m:
            right.append(("".join(b[k:m]), tag != "equal"))
    return tuple(left), tuple(right)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else ""
    return "" if value in (None, 0, "") else str(value)


def _title(part: Mapping[str, Any]) -> str:
    words = part.get("prompt") or part.get("title") or {}
    return str(words.get(FIRST, ""))


def _part(name: str, item: Mapping[str, Any]) -> str:
    """A key or a list of choices as one text."""
    value = item.get(name)
    if name == "kind":
        return kinds()[value].label if value in kinds() else str(value)
    if name == "choices":
        return "\n".join(" / ".join(words.values()) for words in value or ())
    if name == "audio":
        return "\n".join(_file(said) for said in (value or {}).values())
    if name == "enclosures":
        return "\n".join(f"{_file(x['address'])} {' / '.join(x['label'].values())}".strip() for x in value or ())
    right, choices = (value or {}).get("right"), item.get("choices") or ()
    if isinstance(right, int) and not isinstance(right, bool) and 1 <= right <= len(choices):
        return str(choices[right - 1].get(FIRST, ""))
    return "\n".join(_flat(part) for part in (value or {}).values())


def _file(reference: str) -> str:
    """What was handed in by the beginning of its digest, which tells two of one size apart."""
    found = enclosed.read(reference)
    return f"{found.ending.upper()} {-(-found.size // 1000)} kB ({found.digest[:6]})" if found else reference


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(_flat(part) for part in value.values())
    return ", ".join(_flat(part) for part in value) if isinstance(value, list | tuple) else _shown(value) or str(value)
