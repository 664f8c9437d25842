"""A whole quiz answered in one message, from its printed sheet: marked in one reply of one segment.

It is an attempt as any other: opening, closing and the attempts allowed hold, an attempt under way is gone on with, and no
item is marked twice. What cannot be read as it stands is not marked at all, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from core import gsm7
from lessons.course import Quiz, say
from lessons.dialogue import commands, sheets
from lessons.dialogue.drawing import drawn
from lessons.dialogue.happenings import Answered, AttemptFinished, Happening
from lessons.dialogue.scenes import Here, Step, question
from lessons.dialogue.state import Going, Place
from lessons.kinds import mark

_ROOM = 150  # septets of the reply: what is left of a segment takes the way home
_FEWEST = 3  # letters that are answers behind a keyword; fewer may be a word


def answered(here: Here, said: str) -> Step | None:
    """What a message with a sheet's code, or a keyword and letters, leads to; None where it is none."""
    found = sheets.addressed(said)
    if found is None:
        return _by_keyword(here, said)
    edition = here.world.edition(found[0])
    now = here.world.quiz(edition.keyword, here.person) if edition is not None else None
    named = f"Q{found[0]}"
    if edition is None or now is None or now.id != edition.id:
        return _told(here, here._("Lembar %(code)s tidak ada. Periksa nomor di atas kertasmu.", code=named))
    if not found[1].strip(" .,:;*#") or found[1].strip().casefold() in ("a", "b", "c", "d"):
        return question.begin(here, now)
    return _marked(here, _today(edition, now), named, sheets.read(edition, found[1]))


def _by_keyword(here: Here, said: str) -> Step | None:
    """ "PECAHAN ABDCA BBACD": as many letters as the quiz has questions, and all of them with options."""
    word = commands.keyword_of(said)
    behind = said.upper().partition(word)[2] if word else ""
    letters = [c for c in behind if c.isalnum()]
    if len(letters) < _FEWEST:
        return None
    quiz = here.world.quiz(word, here.person)
    if quiz is None or len(letters) != quiz.asked or not all(entry.is_lettered for entry in sheets.sheet(quiz)):
        return None
    read = sheets.read(quiz, f" {behind.casefold()}")
    return None if isinstance(read, sheets.Unread) else _marked(here, quiz, quiz.keyword, read)


def _today(edition: Quiz, now: Quiz) -> Quiz:
    """The frozen quiz with the newest word on when it is open and how often it may be taken."""
    return replace(
        edition, opens_at=now.opens_at, closes_at=now.closes_at, late_until=now.late_until, late_down=now.late_down,
        attempts=now.attempts,
    )  # fmt: skip


def _marked(here: Here, quiz: Quiz, named: str, read: tuple[str, tuple[sheets.Said, ...]] | sheets.Unread) -> Step:
    if isinstance(read, sheets.Unread):
        return _told(here, _unread(here, quiz, named, read))
    variant, answers = read
    total = len(answers)
    if not any(answer.typed for answer in answers):
        return _told(here, _unread(here, quiz, named, sheets.Unread()))
    marks = [mark(answer.item, answer.typed, here.language) if answer.typed else None for answer in answers]
    odd = next((n for n, found in enumerate(marks, 1) if found is not None and found.mark is None), 0)
    if odd:
        return _told(here, _unread(here, quiz, named, sheets.Unread(number=odd)))
    begun = _begun(here, quiz)
    if isinstance(begun, Step):
        return begun
    going, happened, before = begun
    right = going.right
    wrong: list[int] = []
    empty: list[int] = []
    for number, (answer, found) in enumerate(zip(answers, marks, strict=True), 1):
        if answer.item.id in before:
            continue
        if found is None or found.mark is None:
            empty.append(number)
            continue
        score = question.scored(here, quiz, found.score)
        happened.append(
            Answered(here.person.id, quiz.id, going.number, answer.item.id, answer.typed, found.mark, score, here.medium)
        )
        right += found.mark != "wrong"
        if found.mark == "wrong":
            wrong.append(number)
    happened.append(AttemptFinished(here.person.id, quiz.id, going.number))
    entries = sheets.sheet(quiz, variant)
    keys = {number: sheets.right(entries[number - 1], here.language) for number in wrong}
    label = f"{named}{variant if variant != 'A' else ''} {say(quiz.title, here.language)}"
    text = _report(here, label, right, total, keys, empty)
    kept = here.place.going
    place = Place("sheet", {"text": text}, going=kept if kept is not None and kept.quiz != quiz.id else None)
    return Step(here.state.at(place), tuple(happened))


def _begun(here: Here, quiz: Quiz) -> tuple[Going, list[Happening], set[str]] | Step:
    """The attempt that the answers belong to, what has happened for it, and the items that it has answers to already."""
    going = here.place.going
    if going is None or going.quiz != quiz.id:
        going = here.world.unfinished(here.person, quiz)
    if going is not None and going.edition == quiz.edition and quiz.is_open(here.world.now):
        asked = drawn(quiz, here.person.id, going.number)
        return going, [], {item.id for item in asked.items[: going.at]}
    step = question.start(here, quiz)
    fresh = step.state.place.going
    if step.state.place.scene != "question" or fresh is None:
        return _told(here, step.lead) if step.lead else step
    ended: list[Happening] = [AttemptFinished(here.person.id, going.quiz, going.number)] if going is not None else []
    return fresh, [*ended, *step.happenings], set()


def _told(here: Here, text: str) -> Step:
    return Step(here.to("sheet", text=text))


def _unread(here: Here, quiz: Quiz, named: str, fault: sheets.Unread) -> str:
    total = quiz.asked
    if fault.number:
        return here._(
            "%(code)s: jawaban nomor %(n)d tidak terbaca. Belum ada yang dinilai; kirim lagi.", code=named, n=fault.number
        )
    return here._(
        "%(code)s: ada %(n)d jawaban untuk %(total)d soal. Belum ada yang dinilai; kirim lagi, beri - untuk yang kosong.",
        code=named, n=fault.count, total=total,
    )  # fmt: skip


def _report(here: Here, label: str, right: int, total: int, wrong: dict[int, str], empty: list[int]) -> str:
    """The longest report that is one segment: with the right answers, with the numbers alone, with neither."""
    forms = [gsm7.rewrite(text) for text in _forms(here, label, right, total, wrong, empty)]
    return next((text for text in forms if gsm7.is_gsm7(text) and gsm7.units(text) <= _ROOM), forms[-1])


def _forms(here: Here, label: str, right: int, total: int, wrong: dict[int, str], empty: list[int]) -> Iterator[str]:
    _ = here._
    open_ = _("Kosong: %(numbers)s.", numbers=_ranges(empty)) if empty else ""
    keyed = ", ".join(f"{number}={key}" for number, key in wrong.items())
    for name in (label, label[:40].rstrip(), label.split(" ")[0]):
        head = _("%(quiz)s: %(right)d dari %(total)d benar.", quiz=name, right=right, total=total)
        for told in (keyed, _ranges(wrong)):
            said = _("Salah: %(numbers)s.", numbers=told) if wrong else ""
            yield " ".join(part for part in (head, said, open_) if part)
    yield _("%(quiz)s: %(right)d dari %(total)d benar.", quiz=label.split(" ")[0], right=right, total=total)


def _ranges(numbers: Iterable[int]) -> str:
    """[1, 2, 3, 7] is "1-3, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
