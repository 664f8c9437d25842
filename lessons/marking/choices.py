"""Which option was meant. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lessons.marking import folding, numbers, numerals, rewording, truth, typos

LETTERS = "abcdef"
Option = Sequence[str]  # the text of one option, in each of its languages

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


def hides_digits(options: Sequence[Option]) -> bool:
    """True where an option's text is another option's digit ("2" standing third): letters would leave open what "2" means."""
    return any(_is_key(text, at, len(options)) for at, texts in enumerate(options) for text in texts)


def hides_letters(options: Sequence[Option]) -> bool:
    """True where an option's text is another option's letter: "B" standing first."""
    return any(
        t in LETTERS[: len(options)] and t != LETTERS[at]
        for at, texts in enumerate(options)
        for t in map(folding.tight, texts)
        if t
    )


def _is_key(text: str, at: int, count: int) -> bool:
    folded = folding.tight(text)
    return len(folded) == 1 and folded.isdigit() and 1 <= int(folded) <= count and int(folded) != at + 1


def pick(typed: str, options: Sequence[Option]) -> int | None:
    """Index of the option that ``typed`` means: its digit (from 1), its letter, or its text. None: asked again.

    The key that is shown wins: "3" is the third option even where another one reads "3"; for such options no letters are
    shown on any medium (``hides_digits``), so that the digit is what she sees beside the text. A number beyond the options
    is their text. Where option texts are themselves letters, no letters are shown, and a letter is the text. Key and text
    that contradict each other ("B. Daun" where Daun is C), two keys, and a denial ("bukan b") are not readable.
    A misspelt text is the option it is near, if it is near to one alone: it is in front of her, spelling is not asked.
    """
    written = "".join(text for texts in options for text in texts)
    typed = folding.undecorated(typed, written)
    text = folding.tight(typed)
    if not text:
        return None
    around = "".join(c for c in _AROUND if c not in written)  # signs that an option has say something
    for said in dict.fromkeys((text, text.strip(around))):
        if (found := _key(said, options)) is not None:
            return found
    if (found := _text(typed, options)) is not None:
        return found
    raw = _KEYED.match(folding.bare(folding.plain(typed)).strip(around))
    if raw and (at := _key(raw[1], options)) is not None and (said_too := _text(raw[2], options)) is not None:
        return at if said_too == at else None  # key and text, before any of it could be taken for filling
    kept = _kept(options)
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
        return _instead(whole, options)
    for said in dict.fromkeys((whole, folding.tight(whole))):
        if (found := _key(said, options)) is not None:
            return found
    if (found := _text(whole, options)) is not None or (found := _text(_DATED.sub("", whole), options)) is not None:
        return found
    said_again = whole.split()
    if len(said_again) > 1 and len(set(said_again)) == 1 and not numerals.pieces(said_again[0]):
        return found if (found := _key(said_again[0], options)) is not None else _text(said_again[0], options)  # b b b
    if len(whole) > 1 and len(set(whole)) == 1 and whole[0] in LETTERS:
        return _key(whole[0], options)  # bb: held down
    if (found := _after(whole, options)) is not None:
        return found
    bare = next((f for text in folding.undressed(whole) if (f := _text(text, options)) is not None), None)
    if bare is not None and not _says_otherwise(" ".join(folding.words(whole)), bare, options):
        return bare
    return _keyed(whole, options) if _KEYED.match(whole) else _ordinal(whole, options)


_INSTEAD = re.compile(
    r"^(?:bukan|bkn|dudu|not)\s+(?P<no>.+?)[\s,]+(?:tapi|tp|tetapi|melainkan|nanging|but)\s+(?P<yes>.+)$"
    r"|^(?P<first>[^,]+?)[\s,]+(?:dan )?(?:bukan|bkn|dudu|not)\s+(?P<last>.+)$"
)


def _instead(text: str, options: Sequence[Option]) -> int | None:
    """Of two options the one that is said where the other is denied: "bukan a tapi b", "b, bukan a"."""
    match = _INSTEAD.match(text)
    if not match:
        return None
    yes, no = match["yes"] or match["first"], match["no"] or match["last"]
    if any(w in folding.NEGATIONS or w in folding.UNSURE for w in folding.words(f"{yes} {no}")):
        return None
    said, denied = (pick(folding.unfilled(part), options) for part in (yes, no))
    return said if said is not None and denied is not None and said != denied else None


def _unsigned(text: str, options: Sequence[Option]) -> str:
    """``text`` without a signature that names no option."""
    bare = folding.unsigned(text, after_comma=True)
    name = [word for word in folding.words(text[len(bare) :]) if not word.isdigit()]
    is_said = any(_within(" ".join(name), texts) for texts in options) or any(
        _key(word, options) is not None for word in name[:-1]
    )
    return text if is_said else bare


def _yes_or_no(typed: str, options: Sequence[Option]) -> int | None:
    """Of "iya" or "nggak", where one option says yes and another no."""
    yes = [at for at, texts in enumerate(options) if any(folding.loose(text) in _YES for text in texts)]
    no = [at for at, texts in enumerate(options) if any(folding.loose(text) in _NO for text in texts)]
    if len(yes) != 1 or len(no) != 1 or any(_key(word, options) is not None for word in folding.words(typed)):
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
    named = {at for w in said if (at := _key(w, options)) is not None}
    named |= {at for at, texts in enumerate(options) if _within(" ".join(said), texts)}
    return "several" if len(named) > 1 else ""


def _dashed(text: str) -> str:
    """``text`` without a sign before or behind it: "- b", "=b", "b -"; a minus before a number stays."""
    return re.sub(r"^=\s*|^[-~]+\s*(?=[^\W\d])|\s*-$", "", text)


def _kept(options: Sequence[Option]) -> frozenset[str]:
    """The options that are a word of filling elsewhere: "ya" is an answer where it is an option."""
    return frozenset(fold(text) for texts in options for text in texts for fold in (folding.tight, folding.loose))


def _denies(words: Sequence[str]) -> bool:
    if words[:1] == ["no"] and len(words) > 1 and words[1].isdigit():
        words = words[1:]  # nomor 2
    return any(w in folding.NEGATIONS or w in folding.UNSURE for w in words)


def _key(text: str, options: Sequence[Option]) -> int | None:
    text = text.strip(" ().,:")
    if len(text) == 2 and text[0] == "0" and text not in _kept(options):
        text = text[1]
    if len(text) == 1:
        if text in "123456789" and int(text) <= len(options):
            return int(text) - 1
        if text in LETTERS[: len(options)] and not hides_letters(options):
            return LETTERS.index(text)
    return None


def _keyed(core: str, options: Sequence[Option]) -> int | None:
    """A key and something after it: "b) 12", "2 batang", "b karena ...". The rest must not say another option."""
    match = _KEYED.match(core)
    if not match:
        return None
    at, rest = (
        _key(match[1], options),
        folding.unfilled(match[2], _kept(options)),
    )
    if at is None:
        return None
    said = _text(match[2], options)
    if said is None:
        said = _text(rest, options)
    if said is not None:
        return said if said == at else None
    head = (rest.split() or [""])[0]
    if head.strip(".,:)") in folding.BECAUSE or rest == match[1] or all(w in folding.FILLERS for w in rest.split()):
        return at
    other = folding.words(rest)
    if not _JUDGED.isdisjoint(other):
        return None  # "b - salah"
    if not other or any(_key(w, options) not in (None, at) for w in other) or other[0] in ("atau", "or", "dan", "and"):
        return None
    is_marked = bool(re.match(r"^\w+(?:\s*[).:(~]|\s-|\s(?:dari|dr|by|ttd|nama)\s)", core)) and match[1].isalpha()
    return at if is_marked and not any(_within(rest, texts) for i, texts in enumerate(options) if i != at) else None


def _after(core: str, options: Sequence[Option]) -> int | None:
    """The text of an option and then its key: "daun (b)". Both must say the same one."""
    match = _AFTER.match(core)
    at = _key(match[2], options) if match else None
    if match is None or at is None:
        return None
    return at if _text(folding.unfilled(match[1].strip(_AROUND)), options) == at else None


def _within(rest: str, texts: Option) -> bool:
    """True where an option's words stand in ``rest``."""
    return any(
        (t := folding.loose(text) or folding.tight(text)) and f" {t} " in f" {' '.join(folding.words(rest))} " for text in texts
    )


def _text(typed: str, options: Sequence[Option]) -> int | None:
    for fold in (folding.tight, folding.loose, rewording.hour):
        said = fold(typed)
        same = {at for at, texts in enumerate(options) if said and any(fold(t) == said for t in texts)}
        if same:
            return same.pop() if len(same) == 1 else None
    for reworded in (folding.loose(folding.doubled(typed)), rewording.reworded(folding.loose(typed))):
        same = {
            at
            for at, texts in enumerate(options)
            if reworded and any(rewording.reworded(folding.loose(t)) == reworded for t in texts)
        }
        if len(same) == 1:
            return same.pop()
    if (numeric := _by_number(typed, options)) is not None:
        return numeric
    said = folding.loose(typed)
    for dressed in (said.removesuffix("nya"), folding.squeezed(said) if folding.is_held(said) else ""):  # daunnya, dauuun
        held: Callable[[str], str] = folding.squeezed if folding.is_held(said) else str
        same = {
            at for at, texts in enumerate(options) if len(dressed) > 2 and any(held(folding.loose(t)) == dressed for t in texts)
        }
        if dressed != said and same:
            return same.pop() if len(same) == 1 else None
    near = [at for at, texts in enumerate(options) if any(typos.is_typo(said, folding.loose(t)) for t in texts)]
    return near[0] if len(near) == 1 and not _says_otherwise(said, near[0], options) else None


def _says_otherwise(said: str, at: int, options: Sequence[Option]) -> bool:
    """True where a word of ``said`` is the key of another option than ``at``, or denies: it is no slip of a long text."""
    own = {word for text in options[at] for word in folding.loose(text).split()}
    return any(_key(w, options) not in (None, at) or w in folding.NEGATIONS or w == "g" for w in said.split() if w not in own)


def _by_number(typed: str, options: Sequence[Option]) -> int | None:
    """An option that is a number, typed in another dress: "1200" for "1.200", "12" for "12 km". A fraction stays a fraction."""
    said = numbers.read(typed)
    if said is None or not (_is_bare_number(typed) or numerals.is_numeral(folding.loose(typed))):
        return None
    if any(w in LETTERS[: len(options)] for w in folding.words(typed)):
        return None  # "12 (b)": number and key are judged together
    if hides_digits(options) and any(1 <= value <= len(options) for value in said.values):
        return None  # "tiga": the third, or the one that reads 3
    near = []
    for at, texts in enumerate(options):
        read = next((q for t in texts if _is_bare_number(t) and (q := numbers.read(t))), None)
        if read is None or any(numbers.is_other_form(typed, t) for t in texts):
            continue
        if "/" in folding.plain(typed) and any("/" in folding.plain(t) for t in texts):
            continue  # 2/4 is not 1/2 here: which of them is asked may be the very question
        if set(said.values) & {read.values[0]} and (said.unit == read.unit or said.unit is None):
            near.append(at)
    return near[0] if len(near) == 1 else None


def _is_bare_number(text: str) -> bool:
    """A number with at most a unit: not "Tahun 1945" or "2 akar dan 3 daun"."""
    return len(folding.plain(text).split()) <= 3 and bool(re.match(r"^(rp\.? ?)?[+-]?[\d.,]+", folding.plain(text)))


def _ordinal(core: str, options: Sequence[Option]) -> int | None:
    core = re.sub(r"^ke\s*-?\s*(\w+)$", r"\1", core) if re.match(r"^ke[\s-]|^ke\d$", core) else core
    if (found := _key(core, options)) is not None:
        return found
    for at, names in enumerate(_ORDINALS[: len(options)]):
        if core in names.split():
            return at
    parts = numerals.pieces(core)
    counted = numerals.value(list(parts)) if parts else None
    if counted is None or counted.denominator > 1 or not 1 <= counted <= len(options) or hides_digits(options):
        return None
    return int(counted) - 1
