"""Which option was meant. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessons.marking import folding, keys, numerals, rewording, truth, wordings
from lessons.marking.keys import LETTERS, Option

_ORDINALS = ["pertama kesatu first", "kedua second", "ketiga third", "keempat fourth", "kelima fifth", "keenam sixth"]
_KEYED = re.compile(r"^([a-f]|\d{1,2})(?:\s*(?:[).:,;=/(~]+|-(?=\s|[^\W\d_]{2}))\s*|\s+|(?<=[a-f])(?=\d))(\S.*)$")
_AFTER = re.compile(r"^(\S.*?)(?:\s*[,;:=(-]+\s*|\s+)([a-f]|\d)\s*\)?$")  # the text, and its key after it: "daun (b)"
_QUESTION = re.compile(
    r"^(?:soal|question|pertanyaan|(?:no|nomor|nomer|nmr)\b\.?(?=\s*\d+\W*[a-f]\b))\s*(?:no|nomor|nomer|nmr)?\.?\s*\d{1,2}\s*[:.)=,-]?\s*(?=\S)"
)
_NUMBERED = re.compile(r"^(?:no|nomor|nomer|nmr)\.?\s*(?=\d\s*\W*$)|^(?:no|nomor|nomer|nmr)\.\s*(?=[a-f]\W*$)")
_AROUND = " .,;:!?'\"*#()[]{}_/"
_HOPES = re.compile(
    r"\b(?:semoga|moga|mudah2an|mudah-mudahan) (?:benar|betul|bener|bnr|btl)\b"
    r"|^(?:jawaban(?:nya)?|kak|menurut saya)? ?\b(?:yang|yg) (?:benar|bener|bnr|betul|tepat)(?: adalah| ialah| itu)?:?(?= )"
)
_DATED = re.compile(r"^(?:pada )?(?:tahun|thn|th|tanggal|tgl|pukul|jam)\.? (?=\d)")
_JUDGED = folding.bag("salah slh keliru semua semuanya")
_YES = folding.bag("ya iya benar betul setuju yes true")
_NO = folding.bag("tidak salah bukan no false")


def pick(typed: str, options: Sequence[Option], slips: bool = True) -> int | None:
    """Index of the option that ``typed`` means: its digit (from 1), its letter, or its text. None: asked again.

    The key that is shown wins: "3" is the third option even where another one reads "3"; for such options no letters are
    shown on any medium (``hides_digits``), so that the digit is what she sees beside the text. A number beyond the options
    is their text. Where option texts are themselves letters, no letters are shown, and a letter is the text. Key and text
    that contradict each other ("B. Daun" where Daun is C), two keys, and a denial ("bukan b") are not readable.
    A misspelt text is the option it is near, if it is near to one alone; without ``slips`` it is none, but beside a key.
    """
    written = "".join(text for texts in options for text in texts)
    typed = folding.undecorated(typed, written)
    text = folding.tight(typed)
    if not text:
        return None
    around = "".join(c for c in _AROUND if c not in written)  # signs that an option has say something
    for said in dict.fromkeys((text, text.strip(around))):
        if (found := keys.key(said, options)) is not None:
            return found
    if (found := wordings.meant(typed, options, slips)) is not None:
        return found
    raw = _KEYED.match(folding.bare(folding.plain(typed)).strip(around))
    if raw and (at := keys.key(raw[1], options)) is not None and (said_too := wordings.meant(raw[2], options)) is not None:
        return at if said_too == at else None  # key and text, before any of it could be taken for filling
    kept = keys.kept(options)
    whole = _unsigned(folding.reasoned(_HOPES.sub("", folding.bare(folding.plain(typed))), kept), options).strip(around)
    whole = _NUMBERED.sub("", _QUESTION.sub("", folding.unfilled(_QUESTION.sub("", whole), kept))).strip(around)
    whole = (folding.unfilled(whole, kept) if "-" in written or "=" in written else _dashed(folding.unfilled(whole, kept))).strip(
        around
    )
    if (found := _yes_or_no(typed, options)) is not None:
        return found
    if not whole:
        return None
    if (found := rewording.comparison((whole, folding.loose(typed)), options)) is not None:
        return found
    if _denies(folding.words(whole)):
        return _instead(whole, options, slips)
    for said in dict.fromkeys((whole, folding.tight(whole))):
        if (found := keys.key(said, options)) is not None:
            return found
    for said in (whole, _DATED.sub("", whole)):
        if (found := wordings.meant(said, options, slips)) is not None:
            return found
    said_again = whole.split()
    if len(said_again) > 1 and len(set(said_again)) == 1 and not numerals.pieces(said_again[0]):
        found = keys.key(said_again[0], options)  # b b b
        return found if found is not None else wordings.meant(said_again[0], options, slips)
    if len(whole) > 1 and len(set(whole)) == 1 and whole[0] in LETTERS:
        return keys.key(whole[0], options)  # bb: held down
    if (found := _after(whole, options)) is not None:
        return found
    bare = next((f for text in folding.undressed(whole) if (f := wordings.meant(text, options, slips)) is not None), None)
    if bare is not None and not wordings.says_otherwise(" ".join(folding.words(whole)), bare, options):
        return bare
    return _keyed(whole, options) if _KEYED.match(whole) else _ordinal(whole, options)


_INSTEAD = re.compile(
    r"^(?:bukan|bkn|dudu|not)\s+(?P<no>.+?)[\s,]+(?:tapi|tp|tetapi|melainkan|nanging|but)\s+(?P<yes>.+)$"
    r"|^(?P<first>[^,]+?)[\s,]+(?:dan )?(?:bukan|bkn|dudu|not)\s+(?P<last>.+)$"
)


def _instead(text: str, options: Sequence[Option], slips: bool) -> int | None:
    """Of two options the one that is said where the other is denied: "bukan a tapi b", "b, bukan a"."""
    match = _INSTEAD.match(text)
    if not match:
        return None
    yes, no = match["yes"] or match["first"], match["no"] or match["last"]
    if any(w in folding.NEGATIONS or w in folding.UNSURE for w in folding.words(f"{yes} {no}")):
        return None
    said, denied = pick(folding.unfilled(yes), options, slips), pick(folding.unfilled(no), options)
    return said if said is not None and denied is not None and said != denied else None


def _unsigned(text: str, options: Sequence[Option]) -> str:
    """``text`` without a signature that names no option."""
    bare = folding.unsigned(text, after_comma=True)
    name = [word for word in folding.words(text[len(bare) :]) if not word.isdigit()]
    is_said = any(wordings.within(" ".join(name), texts) for texts in options) or any(
        keys.key(word, options) is not None for word in name[:-1]
    )
    return text if is_said else bare


def _yes_or_no(typed: str, options: Sequence[Option]) -> int | None:
    """Of "iya" or "nggak", where one option says yes and another no."""
    yes = [at for at, texts in enumerate(options) if any(folding.loose(text) in _YES for text in texts)]
    no = [at for at, texts in enumerate(options) if any(folding.loose(text) in _NO for text in texts)]
    if len(yes) != 1 or len(no) != 1 or any(keys.key(word, options) is not None for word in folding.words(typed)):
        return None
    said = truth.read_truth(typed, "id")
    return None if said is None else yes[0] if said else no[0]


def why_not(typed: str, options: Sequence[Option]) -> str:
    """Why ``pick`` gives None, as a word: "denied", "unsure", "several", or "" for what names no option."""
    said = folding.words(folding.unsaid(folding.bare(folding.plain(typed))))
    if any(w in folding.UNSURE for w in said):
        return "unsure"
    if any(w in folding.NEGATIONS for w in said):
        return "denied"
    named = {at for w in said if (at := keys.key(w, options)) is not None}
    named |= {at for at, texts in enumerate(options) if wordings.within(" ".join(said), texts)}
    return "several" if len(named) > 1 else ""


def _dashed(text: str) -> str:
    """``text`` without a sign before or behind it: "- b", "=b", "b -"; a minus before a number stays."""
    return re.sub(r"^=\s*|^[-~]+\s*(?=[^\W\d])|\s*-$", "", text)


def _denies(words: Sequence[str]) -> bool:
    if words[:1] == ["no"] and len(words) > 1 and words[1].isdigit():
        words = words[1:]  # nomor 2
    return any(w in folding.NEGATIONS or w in folding.UNSURE for w in words)


def _keyed(core: str, options: Sequence[Option]) -> int | None:
    """A key and something after it: "b) 12", "2 batang", "b karena ...". The rest must not say another option."""
    match = _KEYED.match(core)
    if not match:
        return None
    at, rest = (
        keys.key(match[1], options),
        folding.unfilled(match[2], keys.kept(options)),
    )
    if at is None:
        return None
    said = wordings.meant(match[2], options)
    if said is None:
        said = wordings.meant(rest, options)
    if said is not None:
        return said if said == at else None
    head = (rest.split() or [""])[0]
    if head.strip(".,:)") in folding.BECAUSE or rest == match[1] or all(w in folding.FILLERS for w in rest.split()):
        return at
    other = folding.words(rest)
    if not _JUDGED.isdisjoint(other):
        return None  # "b - salah"
    if not other or any(keys.key(w, options) not in (None, at) for w in other) or other[0] in ("atau", "or", "dan", "and"):
        return None
    is_marked = bool(re.match(r"^\w+(?:\s*[).:(~]|\s-|\s(?:dari|dr|by|ttd|nama)\s)", core)) and match[1].isalpha()
    named = any(wordings.within(rest, texts, slips=True) for i, texts in enumerate(options) if i != at)
    return at if is_marked and not named else None


def _after(core: str, options: Sequence[Option]) -> int | None:
    """The text of an option and then its key: "daun (b)". Both must say the same one."""
    match = _AFTER.match(core)
    at = keys.key(match[2], options) if match else None
    if match is None or at is None:
        return None
    return at if wordings.meant(folding.unfilled(match[1].strip(_AROUND)), options) == at else None


def _ordinal(core: str, options: Sequence[Option]) -> int | None:
    core = re.sub(r"^ke\s*-?\s*(\w+)$", r"\1", core) if re.match(r"^ke[\s-]|^ke\d$", core) else core
    if (found := keys.key(core, options)) is not None:
        return found
    for at, names in enumerate(_ORDINALS[: len(options)]):
        if core in names.split():
            return at
    parts = numerals.pieces(core)
    counted = numerals.value(list(parts)) if parts else None
    if counted is None or counted.denominator > 1 or not 1 <= counted <= len(options) or keys.hides_digits(options):
        return None
    return int(counted) - 1
