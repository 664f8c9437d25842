"""Rows of a table as questions, and back: what CSV and XLSX share. docs/teacher.md lists the columns. Pure.

Any order and case of columns, in English or Indonesian; ``.en`` (or another language) after a name is that language's text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.problems import N_, Problem
from core.sheets import Row
from lessons.course import FIRST, Item, Words
from lessons.exchange import Read, at_line
from lessons.exchange.keys import is_key
from lessons.exchange.made import Maker, note
from lessons.kinds import kinds
from lessons.marking import numbers

LETTERS = "abcdef"
COLUMNS = {  # what a head may say: our column
    "id": "id", "nomor id": "id",
    "kind": "kind", "jenis": "kind", "type": "kind", "tipe": "kind", "jenis soal": "kind",
    "prompt": "prompt", "soal": "prompt", "pertanyaan": "prompt", "question": "prompt", "teks soal": "prompt",
    "answer": "answer", "jawaban": "answer", "kunci": "answer", "kunci jawaban": "answer", "key": "answer", "right": "answer",
    "correct": "answer", "correct answer": "answer", "jawaban benar": "answer", "benar": "answer", "kunci soal": "answer",
    "tolerance": "tolerance", "toleransi": "tolerance", "unit": "unit", "satuan": "unit",
    "explanation": "explanation", "penjelasan": "explanation", "pembahasan": "explanation", "feedback": "explanation",
    "hint": "hint", "petunjuk": "hint", "audio": "audio", "rekaman": "audio", "lesson": "lesson", "bacaan": "lesson",
    "level": "level", "key_json": "key_json", "choices_json": "choices_json",
    **{f"{word}{sign}{name}": letter for at, letter in enumerate(LETTERS) for name in (letter, str(at + 1))
       for word in ("choice", "pilihan", "opsi", "option", "jawaban", "answer") for sign in ("", " ", "_")},
    **{letter: letter for letter in LETTERS},
}  # fmt: skip
KINDS = {
    "pilihan ganda": "multiple_choice", "pg": "multiple_choice", "mc": "multiple_choice", "multichoice": "multiple_choice",
    "pilihan ganda kompleks": "multiple_response", "pgk": "multiple_response", "beberapa jawaban": "multiple_response",
    "benar salah": "true_false", "benar/salah": "true_false", "benar atau salah": "true_false", "bs": "true_false",
    "truefalse": "true_false", "tf": "true_false", "true/false": "true_false", "true or false": "true_false",
    "numeric": "number", "angka": "number", "bilangan": "number", "numerical": "number",
    "menjodohkan": "matching", "match": "matching", "jodohkan": "matching", "mengurutkan": "ordering", "urutan": "ordering",
    "rumpang": "cloze", "isian rumpang": "cloze", "pilihan ganda, beberapa benar": "multiple_response",
    "jawaban singkat": "short_answer", "isian": "short_answer", "isian singkat": "short_answer", "shortanswer": "short_answer",
}  # fmt: skip
_TRUE, _FALSE = {"true", "t", "benar", "b", "ya", "y"}, {"false", "f", "salah", "s", "tidak", "n"}


def folded(head: str) -> str:
    return " ".join(head.lower().replace("_", " ").split()) if head.strip().lower() not in COLUMNS else head.strip().lower()


def read(rows: Sequence[Row], format: str) -> Read:
    """The questions of a table whose first row that is not blank is its head."""
    maker = Maker()
    filled = [row for row in rows if not row.is_blank]
    if not filled:
        return Read(format)
    head, unknown, problem = _head(filled[0])
    if problem:
        return Read(format, (), (problem,))
    for row in filled[1:]:
        if maker.is_full:
            break
        _question(maker, row, head)
    if unknown and maker.found:
        what = N_("Kolom yang tidak dikenal tidak dibaca: %(names)s.")
        first = maker.found[0]
        maker.found[0] = type(first)(first.line, first.item, (note(filled[0].line, what, names=", ".join(unknown)), *first.notes))
    return Read(format, tuple(maker.found), tuple(maker.problems))


def _head(row: Row) -> tuple[dict[tuple[str, str], int], list[str], Problem | None]:
    """{(column, language): its place}, what is not known, and what makes it no head."""
    head: dict[tuple[str, str], int] = {}
    unknown = []
    for at, cell in enumerate(row.cells):
        name, _, language = (
            cell.strip().lower().rpartition(".") if re.search(r"\.[a-z]{2,3}$", cell.strip().lower()) else (cell, "", FIRST)
        )
        column = COLUMNS.get(folded(name))
        if column is None:
            unknown += [cell] if cell else []
        elif (column, language) in head:
            what = N_("Kolom %(name)s ada dua kali.")
            return head, unknown, at_line(row.line, what, N_("Hapus salah satunya."), name=cell)
        else:
            head[column, language] = at
    missing = [
        name
        for name in ("prompt", "answer")
        if (name, FIRST) not in head and not (name == "answer" and ("key_json", FIRST) in head)
    ]
    if missing:
        what, remedy = N_("Kolom ini tidak ada: %(names)s."), N_("Baris pertama menyebut kolom, misalnya soal;a;b;c;d;jawaban.")
        return head, unknown, at_line(row.line, what, remedy, names=", ".join(missing))
    return head, unknown, None


def _question(maker: Maker, row: Row, head: Mapping[tuple[str, str], int]) -> None:
    def words(column: str) -> dict[str, str]:
        places = {language: at for (name, language), at in head.items() if name == column and at < len(row.cells)}
        found = {language: row.cells[at] for language, at in places.items() if row.cells[at]}
        return {FIRST: found.get(FIRST, ""), **found}

    used = set(head.values())
    if any(at in used for at in row.formulas):
        cell = next(f"{_column_name(at)}{row.line}" for at in row.formulas if at in used)
        maker.refuse(
            row.line, N_("Sel %(cell)s berisi rumus; rumus tidak dihitung."), N_("Ganti dengan isinya (tempel nilai)."), cell=cell
        )
        return
    if len(row.cells) > max(used) + 1 and any(row.cells[max(used) + 1 :]) and len(row.cells) > len(head) + 20:
        maker.refuse(row.line, N_("Baris ini punya terlalu banyak kolom."), N_("Periksa tanda pemisahnya."))
        return
    prompt, answer = words("prompt"), words("answer")
    choices = [words(letter) for letter in LETTERS]
    while choices and not any(choices[-1].values()):
        choices.pop()
    wanted = words("kind")[FIRST]
    kind = _kind(wanted, choices, answer[FIRST])
    if kind is None:
        maker.refuse(
            row.line,
            N_("Jenis soal ini tidak dikenal: %(kind)s."),
            N_("Pilih: %(known)s."),
            kind=wanted,
            known=", ".join(kinds()),
        )
        return
    said = words("key_json")[FIRST]
    try:
        key = json.loads(said) if said else _key(kind, answer, choices, words)
        shown = json.loads(words("choices_json")[FIRST] or "null")
    except (ValueError, RecursionError):
        key, shown = None, None
    if not isinstance(key, dict) or not is_key(key) or not (shown is None or _are_words(shown)):
        what = N_("Kunci jawaban tidak terbaca: %(answer)s.")
        maker.refuse(row.line, what, _REMEDY.get(kind, N_("Periksa kolom jawaban.")), answer=answer[FIRST][:60] or "-")
        return
    if choices and "choices" not in kinds()[kind].fields if kind in kinds() else False:
        choices = []
    level = words("level")[FIRST]
    more: dict[str, Any] = {name: {code: text for code, text in words(name).items() if text} for name in ("hint", "audio")}
    more |= {"lesson": words("lesson")[FIRST][:20], "level": int(level) if re.fullmatch(r"[1-9]\d?", level) else 0}
    shown = choices if shown is None else shown
    maker.add(row.line, kind, prompt, key, shown, words("explanation"), id=_id(words("id")[FIRST]), **more)


_REMEDY = {
    "multiple_choice": N_("Tulis huruf pilihan yang benar, misalnya B."),
    "multiple_response": N_("Tulis huruf semua pilihan yang benar, misalnya A, C."),
    "true_false": N_("Tulis benar atau salah."),
    "matching": N_("Tulis sisi kanannya urut, dipisah tanda |."),
}


def _kind(wanted: str, choices: Sequence[Words], answer: str) -> str | None:
    """The kind that a row names, or where it names none the one that it looks like."""
    if wanted:
        said = " ".join(wanted.lower().replace("_", " ").split())
        name = KINDS.get(said) or KINDS.get(wanted.strip().lower()) or said.replace(" ", "_")
        return name if name in kinds() or name in KINDS.values() else None
    if choices:
        return "multiple_response" if len(_letters(answer, choices) or ()) > 1 else "multiple_choice"
    if answer.lower() in _TRUE | _FALSE - {"b", "s", "t", "f", "y", "n"}:
        return "true_false"
    return "number" if re.fullmatch(r"[-+]?[\d.,/ ]+%?", answer) and numbers.exact(answer) is not None else "short_answer"


def _key(kind: str, answer: Words, choices: Sequence[Words], words: Any) -> dict[str, Any] | None:
    if kind in ("multiple_choice", "multiple_response"):
        right = _letters(answer[FIRST], choices)
        if not right or (kind == "multiple_choice" and len(right) != 1):
            return None
        return {"right": right[0]} if kind == "multiple_choice" else {"rights": right}
    if kind == "matching":
        rights = [text.strip() for text in answer[FIRST].split("|")]
        return {"matches": [{FIRST: text} for text in rights]} if len(rights) > 1 else None
    if kind in ("ordering", "cloze"):
        return {}
    if kind == "true_false":
        said = answer[FIRST].lower()
        return {"right": said in _TRUE} if said in _TRUE | _FALSE else None
    if kind == "number":
        more = {name: words(name)[FIRST] for name in ("tolerance", "unit")}
        return {"number": answer[FIRST], **{name: text for name, text in more.items() if text}}
    if kind == "short_answer":
        by_language = {code: [t.strip() for t in text.split("|") if t.strip()] for code, text in answer.items() if text}
        return {"accepted": by_language.get(FIRST, []) if set(by_language) <= {FIRST} else by_language}
    return None


def _letters(answer: str, choices: Sequence[Words]) -> list[int] | None:
    """Places (from 1) of the options that ``answer`` names: by letter, by number, or by the text of one."""
    texts = [{text.lower() for text in words.values() if text} for words in choices]
    parts = [part for part in re.split(r"(?:[\s,;&+]|\bdan\b|\band\b)+", answer.lower().strip(" .)")) if part]
    if len(parts) == 1 and parts[0].isalpha() and len(parts[0]) > 1 and set(parts[0]) <= set(LETTERS[: len(choices)]):
        parts = sorted(set(parts[0])) if not any(answer.lower().strip() in text for text in texts) else parts
    places = []
    for part in parts:
        part = part.rstrip(".)")
        at = LETTERS.find(part) + 1 if len(part) == 1 and part.isalpha() else int(part) if re.fullmatch(r"[1-6]", part) else 0
        if not 1 <= at <= len(choices):
            same = [place for place, text in enumerate(texts, 1) if answer.lower().strip() in text]
            return same if len(same) == 1 else None
        places.append(at)
    return list(dict.fromkeys(places))


def _are_words(held: Any) -> bool:
    return isinstance(held, list) and all(isinstance(w, dict) and all(isinstance(t, str) for t in w.values()) for w in held)


def _id(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_-]{1,20}", text) else ""


def _column_name(at: int) -> str:
    return (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)


def rows_of(items: Sequence[Item]) -> tuple[list[str], list[list[str]]]:
    """(head, rows): a table that ``read`` reads back to the same items."""
    languages = [FIRST, *sorted({code for item in items for words in _all_words(item) for code in words} - {FIRST})]
    head = ["id", "kind"]
    for name in ("prompt", *LETTERS, "answer", "tolerance", "unit", "explanation", "hint", "audio", "lesson", "level"):
        spoken = languages if name not in ("tolerance", "unit", "lesson", "level") else [FIRST]
        head += [name if code == FIRST else f"{name}.{code}" for code in spoken]
    head += ["key_json", "choices_json"]
    found = []
    for item in items:
        cells = _cells(item)
        found.append([cells.get(name, "") for name in head])
    kept = [name for at, name in enumerate(head) if name in ("id", "kind", "prompt", "answer") or any(row[at] for row in found)]
    return kept, [[row[head.index(name)] for name in kept] for row in found]


def _cells(item: Item) -> dict[str, str]:
    cells = {"id": item.id, "kind": item.kind, "lesson": item.lesson, "level": str(item.level or "")}
    texts = [("prompt", item.prompt), ("explanation", item.explanation), ("hint", item.hint), ("audio", item.audio)]
    plain_choices = len(item.choices) <= len(LETTERS)
    texts += list(zip(LETTERS, item.choices, strict=False)) if plain_choices else []
    for name, words in texts:
        cells |= {name if code == FIRST else f"{name}.{code}": text for code, text in words.items()}
    answer = _answer(item)
    if answer is None:
        cells["key_json"] = json.dumps(dict(item.key), ensure_ascii=False)
    else:
        cells |= answer
    if not plain_choices:
        cells["choices_json"] = json.dumps([dict(words) for words in item.choices], ensure_ascii=False)
    return cells


def _answer(item: Item) -> dict[str, str] | None:
    """The key in the columns of a person; None where only JSON says it exactly."""
    key, right = item.key, item.key.get("right")
    if item.kind == "multiple_choice" and set(key) == {"right"} and type(right) is int and 0 < right <= len(LETTERS):
        return {"answer": LETTERS[right - 1].upper()}
    rights = key.get("rights")
    if item.kind == "multiple_response" and set(key) == {"rights"} and isinstance(rights, list | tuple):
        if all(type(at) is int and 0 < at <= len(LETTERS) for at in rights) and len(set(rights)) == len(rights):
            return {"answer": ", ".join(LETTERS[at - 1].upper() for at in rights)}
    elif item.kind in ("ordering", "cloze") and not key:
        return {"answer": ""}
    elif item.kind == "matching" and set(key) == {"matches"} and isinstance(key["matches"], list | tuple):
        if all(isinstance(w, dict) and set(w) == {FIRST} and _is_tidy(w[FIRST]) and "|" not in w[FIRST] for w in key["matches"]):
            return {"answer": " | ".join(words[FIRST] for words in key["matches"])}
    elif item.kind == "true_false" and set(key) == {"right"} and isinstance(right, bool):
        return {"answer": "benar" if right else "salah"}
    elif item.kind == "number" and set(key) <= {"number", "tolerance", "unit"} and all(_is_tidy(v) for v in key.values()):
        return {"answer": str(key.get("number", "")), **{n: str(key[n]) for n in ("tolerance", "unit") if n in key}}
    elif item.kind == "short_answer" and set(key) == {"accepted"}:
        held = key["accepted"]
        by_language = dict(held) if isinstance(held, Mapping) else {FIRST: held}
        if set(by_language) == {FIRST} and isinstance(held, Mapping):
            return None
        if all(isinstance(v, list | tuple) and v and all(_is_tidy(t) and "|" not in t for t in v) for v in by_language.values()):
            return {"answer" if code == FIRST else f"answer.{code}": " | ".join(texts) for code, texts in by_language.items()}
    return None


def _is_tidy(text: Any) -> bool:
    return isinstance(text, str) and bool(text) and text == text.strip()


def _all_words(item: Item) -> list[Words]:
    accepted = item.key.get("accepted")
    said = [item.prompt, item.explanation, item.hint, item.audio, *item.choices]
    return [*said, accepted] if isinstance(accepted, Mapping) else said
