"""GIFT, read as Moodle reads it (question/format/gift): questions between blank lines, the answers in braces.

Where a phone can do less, the question comes without it and a note says so: partial credit, wildcards, what is said to a wrong
answer. Physical line ends of a text are blanks; ``\\n`` is a line end. A gap is drawn ``___``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from core.problems import N_, Problem
from lessons.exchange import Read, words
from lessons.exchange.choosing import Option, several, single
from lessons.exchange.made import Maker, Unread, note, number, praised, several_numbers
from lessons.exchange.pairs import matching

GAP = "___"
_CONTROLS = ":#={}~"
_PUT_BY = {c: chr(0xE000 + at) for at, c in enumerate(_CONTROLS)} | {"n": "\ue010"}  # clean() lets none of these through
_BACK = {ord(sign): "\n" if c == "n" else c for c, sign in _PUT_BY.items()}
_WEIGHT = re.compile(r"%(-*[0-9]{1,2}\.?[0-9]*)%")
_FORMS = ("moodle", "html", "plain", "markdown")


def read(raw: bytes) -> Read:
    maker, titles = Maker(), []
    for line, lines in blocks(words.text_of(raw)):
        if maker.is_full:
            break
        text = "\n".join(" " if part.startswith("//") else part for part in lines).strip()
        line += next((at for at, part in enumerate(lines) if not part.startswith("//")), 0)
        text = re.sub(r"\\([\\:#={}~n])", lambda found: _PUT_BY.get(found[1], "\\"), text)
        if text.startswith("$CATEGORY:"):
            category, _, text = text.partition("\n")
            titles.append(_back(category[len("$CATEGORY:") :]).strip().rstrip("/").rsplit("/", 1)[-1])
            line += 1
        if not text.strip():
            continue
        try:
            _question(maker, line, text.strip())
        except Unread as unread:
            for problem in unread.problems:
                maker.refuse(line, problem.what, problem.remedy, **problem.facts)
    title = titles[0] if len(set(titles)) == 1 and not titles[0].startswith("$") else ""
    return Read("gift", tuple(maker.found), tuple(maker.problems), title)


def blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, stripped lines) of what stands between blank lines."""
    held: list[str] = []
    for at, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            held.append(line.strip())
        elif held:
            yield at - len(held), held
            held = []


def _question(maker: Maker, line: int, text: str) -> None:
    if text.startswith("::"):
        name, closed, rest = text[2:].partition("::")
        text = rest.strip() if closed else name
    begin, end = text.find("{"), text.find("}")
    if begin < 0 and end < 0:
        raise _unread(N_("Ini teks tanpa soal (description); belum bisa di sini."), N_("Pindahkan ke bacaan pelajaran."))
    if begin < 0 or end < begin:
        raise _unread(N_("Kurung kurawal jawaban tidak lengkap."), N_("Tulis jawaban di antara { dan }, tanpa baris kosong."))
    before, answer, after = text[:begin], text[begin + 1 : end].strip(), text[end + 1 :]
    if "{" in after:
        raise _unread(N_("Ada dua jawaban dalam satu soal."), N_("Beri baris kosong di antara dua soal, atau tulis \\{."))
    form, prompt = _formed(before + (GAP if after else "") + after, "moodle")
    answer, general = _general(answer)
    notes = _pictures(line, prompt, general)
    prompt, why = _shown(prompt, form), _text(general, form)
    if re.match(r"\d*:[A-Z_]+:", answer):
        raise _unread(N_("Ini rumpang (cloze) Moodle, bukan GIFT."), N_("Ekspor sebagai Moodle XML."))
    if not answer:
        raise _unread(N_("Ini soal uraian (essay); belum bisa di sini."), N_("Ubah menjadi jawaban singkat."))
    if answer.startswith("#"):
        _numerical(maker, line, prompt, answer[1:], form, why, notes)
    elif "~" in answer:
        _choices(maker, line, prompt, answer, form, why, notes)
    elif "=" in answer and "->" in answer:
        _matching(maker, line, prompt, answer, form, why, notes)
    elif answer.partition("#")[0].strip() in ("T", "TRUE", "F", "FALSE"):
        said, _, feedback = answer.partition("#")
        wrong, _, right = feedback.partition("#")
        why = why or _text(wrong, form) or _text(right, form)
        maker.add(line, "true_false", prompt, {"right": said.strip()[0] == "T"}, explanation=why, notes=notes)
    else:
        _short(maker, line, prompt, answer, form, why, notes)


def _choices(maker: Maker, line: int, prompt: str, answer: str, form: str, why: str, notes: list[Problem]) -> None:
    options = []
    for piece in answer.replace("=", "~=").split("~"):
        piece = piece.strip()
        if not piece:
            continue
        if piece.startswith("="):
            weight, piece = 100.0, piece[1:]
        else:
            weight, piece = _weighed(piece, 0.0)
        options.append(_option(piece, weight, form))
    build = single if "=" in answer else several
    kind, key, choices, told, more = build(line, options)
    why, praise = praised(line, why, told)
    maker.add(line, kind, prompt, key, choices, why, notes=[*notes, *more, *praise])


def _short(maker: Maker, line: int, prompt: str, answer: str, form: str, why: str, notes: list[Problem]) -> None:
    weighed = [_weighed(piece, 100.0) for piece in _pieces(answer)]
    options = [_option(piece, weight, form) for weight, piece in weighed]
    accepted, told, more = accepted_of(line, options)
    why, praise = praised(line, why, told)
    maker.add(line, "short_answer", prompt, {"accepted": accepted}, explanation=why, notes=[*notes, *more, *praise])


def accepted_of(line: int, options: list[Option]) -> tuple[list[str], str, list[Problem]]:
    """(what is accepted, what is said to the first of it, notes). Raises Unread where nothing is fully right."""
    notes: list[Problem] = []
    right = [option for option in options if option.weight >= 100 and option.text]
    if any("*" in option.text.replace("\\*", "") for option in right):
        raise _unread(N_("Tanda * (apa saja) belum bisa di sini."), N_("Tulis jawaban yang diterima satu per satu."))
    partly = [option for option in options if 0 < option.weight < 100]
    if partly:
        names = ", ".join(option.text for option in partly)
        notes.append(note(line, N_("Nilai sebagian tidak ikut; ini dihitung salah: %(answers)s."), answers=names))
    if not right:
        raise _unread(N_("Belum ada jawaban yang bernilai penuh."), N_("Beri satu jawaban nilai 100%."))
    told = next((option.feedback for option in right if option.feedback), "")
    return list(dict.fromkeys(option.text.replace("\\*", "*") for option in right)), told, notes


def _numerical(maker: Maker, line: int, prompt: str, answer: str, form: str, why: str, notes: list[Problem]) -> None:
    answer = answer.partition("~")[0]
    right: list[tuple[Decimal, Decimal]] = []
    partly: list[str] = []
    told = ""
    for piece in _pieces(answer):
        weight, piece = _weighed(piece, 100.0)
        said, _, feedback = piece.partition("#")
        if weight >= 100:
            right.append(_range(_back(said).strip()))
            told = told or _text(feedback, form)
        elif weight > 0:
            partly.append(_back(said).strip())
    if not right:
        raise _unread(N_("Belum ada angka yang benar."), N_("Tulis misalnya {#12} atau {#3.14:0.01}."))
    if partly:
        notes = [*notes, note(line, N_("Nilai sebagian tidak ikut; ini dihitung salah: %(answers)s."), answers=", ".join(partly))]
    kind, key = several_numbers(right)
    why, praise = praised(line, why, told)
    maker.add(line, kind, prompt, key, explanation=why, notes=[*notes, *praise])


def _range(said: str) -> tuple[Decimal, Decimal]:
    """(value, tolerance) of ``3.14``, ``3.14:0.01`` or ``3.1..3.2``."""
    if said.find("..") > 0:
        low, high = number(said.split("..", 1)[0]), number(said.split("..", 1)[1])
        if low is not None and high is not None:
            return (low + high) / 2, abs(high - low) / 2
    value, _, margin = said.partition(":")
    read_value, tolerance = number(value), number(margin) if margin.strip() else number("0")
    if read_value is None or tolerance is None:
        what = N_("Angka ini tidak terbaca: %(text)s.")
        raise Unread(Problem("", what, N_("Dalam GIFT angka ditulis dengan titik: 3.5, bukan 3,5."), facts={"text": said[:40]}))
    return read_value, abs(tolerance)


def _matching(maker: Maker, line: int, prompt: str, answer: str, form: str, why: str, notes: list[Problem]) -> None:
    pairs = []
    for piece in _pieces(answer):
        left, arrow, right = piece.partition("->")
        if not arrow:
            raise _unread(N_("Pasangan ini tidak punya tanda ->."), N_("Tulis =kiri -> kanan."))
        pairs.append((_text(left, form), _shown(right, "plain")))
    kind, key, choices = matching(pairs)
    maker.add(line, kind, prompt, key, choices, why, notes=notes)


def _pieces(answer: str) -> list[str]:
    return [piece.strip() for at, piece in enumerate(answer.split("=")) if at or piece.strip()]


def _option(piece: str, weight: float, form: str) -> Option:
    said, _, feedback = piece.partition("#")
    return Option(_text(said, form), weight, _text(feedback, form))


def _weighed(piece: str, otherwise: float) -> tuple[float, str]:
    """(weight in percent, the rest)."""
    found = _WEIGHT.match(piece)
    if not found:
        return otherwise, piece
    sign = -1 if found[1].startswith("-") else 1
    return sign * float(found[1].lstrip("-")), piece[found.end() :]


def _general(answer: str) -> tuple[str, str]:
    """(the answers, what is said to everybody)."""
    before, found, after = answer.rpartition("####")
    return (before.strip(), after) if found else (answer, "")


def _formed(text: str, otherwise: str) -> tuple[str, str]:
    """(the text's form, the text without the word for it): "[html]<b>x</b>"."""
    text = text.strip()
    name, closed, rest = text[1:].partition("]")
    return (name, rest) if text.startswith("[") and closed and name in _FORMS else (otherwise, text)


def _text(text: str, form: str) -> str:
    form, text = _formed(text, form)
    return _shown(text, form)


def _shown(text: str, form: str) -> str:
    return words.plain(_back(" ".join(line for line in text.split("\n") if line.strip())), form)


def _back(text: str) -> str:
    return text.translate(_BACK)


def _pictures(line: int, *texts: str) -> list[Problem]:
    if any(words.has_picture(_back(text)) for text in texts):
        return [note(line, N_("Gambar atau suara di soal ini tidak ikut."), N_("Periksa apakah soalnya masih bisa dijawab."))]
    return []


def _unread(what: str, remedy: str) -> Unread:
    return Unread(Problem("", what, remedy))
