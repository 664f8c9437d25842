"""Moodle XML. Entities are never resolved, nothing is fetched, a document type is refused. Rich text becomes plain. Pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from core import xml
from core.problems import N_, Problem
from lessons.exchange import Read, at_line, words
from lessons.exchange.choosing import Option, several, single
from lessons.exchange.gaps import embedded, numbered
from lessons.exchange.gift import accepted_of
from lessons.exchange.made import Maker, Unread, note, number, praised, several_numbers
from lessons.exchange.pairs import matching, ordering

_FORMS = {"html": "html", "plain_text": "plain", "markdown": "markdown", "moodle_auto_format": "moodle"}
Built = tuple[str, dict[str, Any], list[str], str, list[Problem]]


def read(raw: bytes) -> Read:
    parser = xml.etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = xml.etree.fromstring(raw.strip(b"\0 \t\r\n") if raw[:2] not in (b"\xff\xfe", b"\xfe\xff") else raw, parser)
    except (xml.etree.XMLSyntaxError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", 0) or 0
        return Read("xml", (), (at_line(line, N_("Berkas XML ini tidak utuh."), N_("Ekspor lagi dari Moodle.")),))
    if root.getroottree().docinfo.internalDTD is not None:
        what = N_("Berkas XML ini berisi deklarasi (DOCTYPE), yang tidak dibaca.")
        return Read("xml", (), (at_line(1, what, N_("Ekspor lagi dari Moodle.")),))
    if root.tag not in ("quiz", "question"):
        what = N_("Ini XML, tetapi bukan soal Moodle.")
        return Read("xml", (), (at_line(root.sourceline or 1, what, N_("Di Moodle: Bank soal, Ekspor, Moodle XML.")),))
    maker, titles = Maker(), []
    for question in [root] if root.tag == "question" else root.iterfind("question"):
        if maker.is_full:
            break
        line = question.sourceline or 0
        name = (question.get("type") or "").strip()
        if name == "category":
            titles.append(words.plain(_raw(question.find("category")), "plain").rstrip("/").rsplit("/", 1)[-1])
            continue
        try:
            _question(maker, line, name, question)
        except Unread as unread:
            for problem in unread.problems:
                maker.refuse(line, problem.what, problem.remedy, **problem.facts)
    title = titles[0] if len(set(titles)) == 1 and not titles[0].startswith("$") else ""
    return Read("xml", tuple(maker.found), tuple(maker.problems), title)


def _question(maker: Maker, line: int, name: str, question: Any) -> None:
    build = _BUILDERS.get(name)
    if build is None:
        what = N_("Jenis soal Moodle %(kind)s belum bisa di sini.")
        raise Unread(Problem("", what, N_("Ubah jenisnya, atau hapus dari berkas."), facts={"kind": name or "?"}))
    rich = question.find("questiontext")
    prompt, why = _text(rich), _text(question.find("generalfeedback"))
    notes = []
    if any(words.has_picture(_raw(part)) for part in (rich, question.find("generalfeedback"), *question.iterfind("answer"))):
        remedy = N_("Periksa apakah soalnya masih bisa dijawab.")
        notes.append(note(line, N_("Gambar atau suara di soal ini tidak ikut."), remedy))
    if name in ("cloze", "gapselect", "ddwtos"):
        boxes = [_text(box) for box in (*question.iterfind("selectoption"), *question.iterfind("dragbox"))]
        gapped = embedded(prompt) if name == "cloze" else numbered(prompt, boxes)
        maker.add(line, "cloze", gapped, {}, (), why, notes=notes)
        return
    kind, key, choices, told, more = build(line, question)
    why, praise = (why or told, []) if kind == "true_false" else praised(line, why, told)
    maker.add(line, kind, prompt, key, choices, why, notes=[*notes, *more, *praise])


def _multichoice(line: int, question: Any) -> Built:
    is_single = (question.findtext("single") or "true").strip().lower() in ("true", "1")
    return (single if is_single else several)(line, _options(question))


def _truefalse(line: int, question: Any) -> Built:
    options = _options(question)
    right = [option for option in options if option.weight >= 100]
    if len(right) != 1 or right[0].text.lower() not in ("true", "false"):
        raise Unread(Problem("", N_("Belum ada jawaban yang benar."), N_("Beri true atau false nilai 100.")))
    wrong = next((option.feedback for option in options if option.weight < 100 and option.feedback), "")
    return "true_false", {"right": right[0].text.lower() == "true"}, [], wrong or right[0].feedback, []


def _shortanswer(line: int, question: Any) -> Built:
    accepted, told, notes = accepted_of(line, _options(question))
    return "short_answer", {"accepted": accepted}, [], told, notes


def _numerical(line: int, question: Any) -> Built:
    right: list[tuple[Decimal, Decimal]] = []
    partly, told, notes = [], "", []
    for answer in question.iterfind("answer"):
        weight, text = _weight(answer), _text(answer)
        if 0 < weight < 100:
            partly.append(text)
        elif weight >= 100:
            value, margin = number(text, comma=True), number((answer.findtext("tolerance") or "0").strip() or "0", comma=True)
            if value is None or margin is None:
                raise Unread(Problem("", N_("Angka ini tidak terbaca: %(text)s."), facts={"text": text[:40] or "-"}))
            right.append((value, abs(margin)))
            told = told or _text(answer.find("feedback"))
    if not right:
        raise Unread(Problem("", N_("Belum ada angka yang benar."), N_("Beri satu angka nilai 100.")))
    if partly:
        notes.append(note(line, N_("Nilai sebagian tidak ikut; ini dihitung salah: %(answers)s."), answers=", ".join(partly)))
    kind, key = several_numbers(right)
    units = [
        (unit.findtext("multiplier") or "1", words.plain(unit.findtext("unit_name") or "", "plain"))
        for unit in question.iter("unit")
    ]
    named = [name for factor, name in units if number(factor) == 1 and name]
    if named and kind == "number":
        key["unit"] = named[0]
    return kind, key, [], told, notes


def _matching(line: int, question: Any) -> Built:
    pairs = [(_text(pair), _text(pair.find("answer"))) for pair in question.iterfind("subquestion")]
    return *matching(pairs), "", []


def _ordering(line: int, question: Any) -> Built:
    ordered = sorted(question.iterfind("answer"), key=_weight)
    return *ordering([_text(answer) for answer in ordered]), "", []


def _never(line: int, question: Any) -> Built:
    raise AssertionError("has a reader of its own")


_BUILDERS: dict[str, Callable[[int, Any], Built]] = {
    "multichoice": _multichoice, "truefalse": _truefalse, "shortanswer": _shortanswer, "numerical": _numerical,
    "matching": _matching, "ordering": _ordering, "cloze": _never, "gapselect": _never, "ddwtos": _never,
}  # fmt: skip


def _options(question: Any) -> list[Option]:
    return [Option(_text(answer), _weight(answer), _text(answer.find("feedback"))) for answer in question.iterfind("answer")]


def _weight(answer: Any) -> float:
    text = (answer.get("fraction") or "0").strip()
    return float(text) if re.fullmatch(r"-?\d{1,6}(\.\d{1,10})?", text) else 0.0


def _raw(element: Any) -> str:
    """The text of an element as it stands in the file: in its <text>, which may say that it is base64."""
    if element is None:
        return ""
    inner = element.find("text")
    inner = element if inner is None else inner
    text = "".join(inner.itertext()) if len(inner) else inner.text or ""
    if element.get("encoding") == "base64":
        try:
            text = base64.b64decode(text, validate=False).decode("utf-8", "replace")
        except ValueError:
            text = ""
    return text


def _text(element: Any) -> str:
    """The same as plain words."""
    if element is None:
        return ""
    form = _FORMS.get((element.get("format") or "html").strip(), "html")
    return words.plain(_raw(element), form)
