"""Several options in one answer: "AC", "a,c", "1 3", "a dan c", "akar, daun"; in pairs "1B 2A 3C". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessons.marking import choices, folding
from lessons.marking.keys import LETTERS, Option

_PARTS = re.compile(
    r"\s*[,;/&+<>\n|]\s*|\s*->\s*|\s+-+\s+|\s+(?:dan|and|lalu|kemudian|terus|then|serta|sama|dengan|karo|lan|jeung)\s+"
)
_JOINING = folding.bag(
    "dan and lalu kemudian terus then serta sama ke ama plus n urutannya urutan mulai dari dengan dgn sm juga karo lan jeung "
    "sareng beserta dulu trus trs baru pertama terakhir habis"
)
_ARROWS = dict.fromkeys(map(ord, "→⇒➜➔➡⟶"), ">")
_OR = folding.bag("atau or entah")
_PAIR = re.compile(r"(\d)\s*[-=.:)>(]*\s*(?:([a-f])(?![^\W\d_])|(\d)(?!\d))")


def keys(typed: str, count: int) -> list[int] | None:
    """The options (from 0) that a run of letters or of digits names, in its order: "AC", "a, c", "1 dan 3", "132".

    None where anything else stands in it, or a key beyond ``count``. Once for each time it is typed.
    """
    core = _core(typed)
    if core is None:
        return None
    numbered = re.findall(r"(\d)\s*[.=)]?\s*([a-f])(?![^\W\d_])", core)
    if len(numbered) == count and not re.sub(r"\d\s*[.=)]?\s*[a-f]|[\s,;]", "", core):  # 1c 2b 3d
        core = " ".join(letter for number, letter in numbered) if "".join(n for n, _ in numbered) == "123456"[:count] else core
    words = [word for word in re.findall(r"[^\W_]+", re.sub(r"(?<=\d)dan(?=\d)", " ", core)) if word not in _JOINING]
    run = "".join(words)
    if not run or not re.fullmatch(r"[-\s,;./&+>|()^a-z0-9]*", core) or "^" in core:
        return None
    letters = LETTERS[:count]
    if all(c in letters for c in run):
        return [letters.index(c) for c in run]
    if all(c in "123456789"[:count] for c in run):
        return [int(c) - 1 for c in run]
    if all(re.fullmatch(r"0[1-9]", word) for word in words):
        return keys(" ".join(word[1] for word in words), count)
    return None


def texts(typed: str, options: Sequence[Option], slips: bool = True) -> list[int] | None:
    """The options whose texts (or keys) stand beside one another, parted by commas or *dan*. None where one names none."""
    core = _core(typed)
    if core is None:
        return None
    listed = re.split(r"(?:^|[\s,;]+)\(?(\d)[.)]?\s+", f" {core}")
    is_listed = len(listed) > 4 and not listed[0].strip() and listed[1::2] == [str(n + 1) for n in range(len(listed) // 2)]
    ways = (
        [listed[2::2]] if is_listed and all(any(c.isalpha() for c in part) for part in listed[2::2]) else []
    )  # 1. telur 2. ulat
    for parted in (*ways, _PARTS.split(core), re.split(r"\s+(?=[a-f][.)]?\s)", core), core.split(), core.split("-")):
        parts = [part.removesuffix(" dulu") for part in parted if part.strip(" .,;")]
        if 0 < len(parts) <= 2 * len(options):
            found = [choices.pick(part, options, slips) for part in parts]
            if None not in found:
                return [at for at in found if at is not None]
    return None


def several(typed: str, options: Sequence[Option], slips: bool = True) -> list[int] | None:
    """What ``keys`` or ``texts`` read; the text of one option comes before its letters ("ada" may be a text)."""
    whole = choices.pick(typed, options)
    if whole is not None and folding.tight(typed) in {folding.tight(text) for text in options[whole]}:
        return [whole]
    found = keys(typed, len(options))
    return found if found is not None else texts(typed, options, slips)


def pairs(typed: str, lefts: Sequence[Option], rights: Sequence[Option], slips: bool = True) -> list[int] | None:
    """For each of ``lefts`` its right option: "1B 2A 3C" in any order, "BAC" or "213" in the order of ``lefts``, or their texts
    ("akar=air; daun=gula"). None where one is missing or is said twice.
    """
    core = _core(typed)
    if core is None:
        return None
    found: dict[int, int] = {}
    said = list(_PAIR.finditer(core))
    if len(said) == len(lefts) and not re.sub(r"[\s,;.()-]|dan", "", _PAIR.sub("", core)):
        for match in said:
            left, right = int(match[1]) - 1, LETTERS.index(match[2]) if match[2] else int(match[3]) - 1
            found[left] = right
        if set(found) == set(range(len(lefts))) and all(0 <= right < len(rights) for right in found.values()):
            return [found[at] for at in range(len(lefts))]
    if any(sign in core for sign in "=:") or " - " in core:
        return _by_text(core, lefts, rights, slips) or _by_lefts(core, lefts, rights, slips)
    run = several(core, rights, slips)
    return run if run is not None and len(run) == len(lefts) else _by_lefts(core, lefts, rights, slips)


def _by_text(core: str, lefts: Sequence[Option], rights: Sequence[Option], slips: bool) -> list[int] | None:
    found: dict[int, int] = {}
    for part in re.split(r"[;,\n]|\s+dan\s+", core):
        left, _sign, right = (bit.strip() for bit in (re.sub(r"\s-\s|:", "=", part, count=1)).partition("="))
        at, to = choices.pick(left, lefts), choices.pick(right, rights, slips)
        if at is None or to is None or at in found:
            return None
        found[at] = to
    return [found[at] for at in range(len(lefts))] if len(found) == len(lefts) else None


def _by_lefts(core: str, lefts: Sequence[Option], rights: Sequence[Option], slips: bool) -> list[int] | None:
    """Each left side, in any order, and behind it its right one: "akar b daun c", "akar menyerap air, daun ..."."""
    starts: list[tuple[int, int, int]] = []
    for at, texts in enumerate(lefts):
        names = [re.escape(name) for text in texts if (name := folding.bare(folding.plain(text)))]
        found = list(re.finditer(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", core)) if names else []
        if len(found) != 1:
            return None
        starts.append((found[0].start(), found[0].end(), at))
    starts.sort()
    if core[: starts[0][0]].strip(_BETWEEN):
        return None
    ends = [start for start, _end, _at in starts[1:]] + [len(core)]
    picked = {
        at: choices.pick(core[end:then].strip(_BETWEEN), rights, slips) for (_, end, at), then in zip(starts, ends, strict=True)
    }
    told = [picked[at] for at in range(len(lefts))]
    return [to for to in told if to is not None] if None not in told else None


_BETWEEN = " .,;:=->()"


def _core(typed: str) -> str | None:
    """What is left of ``typed`` without its filling; None where it denies or hedges."""
    core = folding.unfilled(folding.reasoned(folding.bare(folding.plain(folding.undecorated(typed.translate(_ARROWS)))))).strip(
        " .,;:!?'\"*#()[]"
    )
    core = re.sub(r"^(?:jawaban |jawab |jwb )?urutan(?:nya)?(?: adalah)?\s*[:=]?\s*(?=\S)", "", folding.unsigned(core))
    core = re.sub(r"\b(?:no|nomor|nmr)\.?\s*(?=\d)", "", core)
    said = folding.words(core)
    if any(w in folding.NEGATIONS or w in folding.UNSURE or w in _OR for w in said):
        return None
    return folding.unfilled(core).strip(" .,;:!?'\"*#()[]") or None


def blanks(typed: str, count: int) -> list[str] | None:
    """What was typed for each of ``count`` gaps: parted by semicolons, lines, commas, slashes or, last, blanks; numbered or not.

    "-" leaves one open. None where there are too many or too few.
    """
    text = typed[: folding.CAP * 2].strip()
    if count == 1:
        return [text] if text else None
    for signs, names in ((r"(\d)[).:=]\s*", "123456"), (r"(\d)\s+(?=[^\W\d_])", "123456"), (r"([a-fA-F])[).:=]\s*", "abcdef")):
        numbered = re.split(rf"(?:^|[\s,;])\(?{signs}", f" {text}")
        if (
            len(numbered) == 2 * count + 1
            and not numbered[0].strip()
            and [n.lower() for n in numbered[1::2]] == list(names[:count])
        ):
            return [part.strip(" ,;") or "-" for part in numbered[2::2]]
    for sign in (r";", r"\n", r",(?!\d)|(?<!\d),", r"/", r"\||\s*[+&]\s*|\s-+\s", r"\s+(?:dan|and|lalu)\s+", r"\s+"):
        parts = [part.strip() for part in re.split(sign, text.strip(" ;,"))]
        if len(parts) == count:
            return parts
    return None
