"""A quiz answered in one message or a few, from its printed sheet: marked in one reply of one segment.

It is an attempt as any other: opening, closing and the attempts allowed hold, an attempt under way is gone on with, and no
item is marked twice. What cannot be read as it stands is not marked at all, so that nothing is lost. Items that a message does
not name stay open, and the reply says which they are and how to send them; "-" leaves one empty for good. The same answers
sent again within a day are the same attempt: a message is sent twice by whoever got no reply.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from lessons.course import Quiz, say
from lessons.dialogue import attempt, commands, sheets, tallies
from lessons.dialogue.happenings import Answered, AttemptFinished, Happening
from lessons.dialogue.scenes import Here, Step, question
from lessons.dialogue.state import Going, Place
from lessons.dialogue.world import Sitting
from lessons.kinds import Verdict

_FEWEST = 3  # letters that are answers behind a keyword; fewer may be a word
_SAME_FOR = timedelta(hours=24)
_NUMBERED = re.compile(r"\s*[:=]?\s*(?:\d{1,2}\s*(?:[=:).]|\.{2,})?\s*[A-F-](?![A-Z])[\s,;/]*)+")


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
    quiz = _today(edition, now)
    going = _going(here, quiz)
    return _marked(here, quiz, named, sheets.read(edition, found[1], _done(here, quiz, going)), going)


def _by_keyword(here: Here, said: str) -> Step | None:
    """ "PECAHAN ABDCA BBACD": as many letters as the quiz has questions or has open, or numbered ones; and all with options."""
    word = commands.keyword_of(said)
    behind = said.upper().partition(word)[2] if word else ""
    letters = [c for c in behind if c.isalnum()]
    is_numbered = bool(letters) and _NUMBERED.fullmatch(behind) is not None
    if len(letters) < _FEWEST and not is_numbered:
        return None
    quiz = here.world.quiz(word, here.person)
    if quiz is None or not all(entry.is_lettered for entry in sheets.sheet(quiz)):
        return None
    going = _going(here, quiz)
    done = _done(here, quiz, going)
    if len(letters) not in (quiz.asked, quiz.asked - len(done)) and not is_numbered:
        return None
    read = sheets.read(quiz, f" {behind.casefold()}", done)
    return None if isinstance(read, sheets.Unread) and not is_numbered else _marked(here, quiz, quiz.keyword, read, going)


def _today(edition: Quiz, now: Quiz) -> Quiz:
    """The frozen quiz with the newest word on when it is open and how often it may be taken."""
    return replace(
        edition, opens_at=now.opens_at, closes_at=now.closes_at, late_until=now.late_until, late_down=now.late_down,
        attempts=now.attempts, is_held=now.is_held, after=now.after,
    )  # fmt: skip


def _going(here: Here, quiz: Quiz) -> Going | None:
    """The attempt under way at this very edition; None where there is none."""
    going = here.place.going
    if going is None or going.quiz != quiz.id:
        going = attempt.unfinished(here.world, here.person, quiz)
    return going if going is not None and going.edition == quiz.edition else None


def _done(here: Here, quiz: Quiz, going: Going | None) -> frozenset[str]:
    return attempt.answered(going, attempt.asked(quiz, here.person.id, going)) if going is not None else frozenset()


@dataclass(slots=True)
class _Paper:
    """A message as it was read: what is said of each item of the paper, in its order there."""

    variant: str
    answers: tuple[sheets.Said, ...]
    verdicts: list[Verdict | None]


def _marked(
    here: Here, quiz: Quiz, named: str, read: tuple[str, tuple[sheets.Said, ...]] | sheets.Unread, going: Going | None
) -> Step:  # fmt: skip
    if isinstance(read, sheets.Unread):
        return _told(here, tallies.unread(here._, named, quiz.asked, read))
    variant, answers = read
    if not any(answer.typed for answer in answers):
        return _told(here, tallies.unread(here._, named, quiz.asked, sheets.Unread()))
    verdicts = [here.mark(answer.item, answer.typed) if answer.typed else None for answer in answers]
    odd = next((n for n, found in enumerate(verdicts, 1) if found is not None and found.mark is None), 0)
    if odd:
        return _told(here, tallies.unread(here._, named, quiz.asked, sheets.Unread(number=odd)))
    paper = _Paper(variant, answers, verdicts)
    before = here.world.newest(here.person, quiz)
    if _is_again(here, quiz, paper, before):
        return _told(here, _report(here, quiz, named, paper, before, {}))
    begun = _begun(here, quiz, going, variant)
    return begun if isinstance(begun, Step) else _written(here, quiz, named, paper, begun, before)


def _is_again(here: Here, quiz: Quiz, paper: _Paper, before: Sitting | None) -> bool:
    """True where a day ago at most she finished an attempt with these very answers."""
    if before is None or before.finished_at is None or before.edition != quiz.edition:
        return False
    given = {each.item: each.typed for each in before.answers}
    said = {answer.item.id: answer.typed for answer in paper.answers if answer.typed}
    return here.world.now - before.finished_at < _SAME_FOR and given == said


def _begun(here: Here, quiz: Quiz, going: Going | None, variant: str) -> tuple[Going, list[Happening]] | Step:
    """The attempt that the answers belong to, and what has happened for it; else why there is none."""
    if going is not None and quiz.is_open(here.world.now):
        if quiz.asked == len(quiz.items) or going.sheet == variant:
            return going, []
        if not _done(here, quiz, going):
            return replace(going, sheet=variant), []
        return _told(here, here._("Kamu sedang mengerjakan kuis ini dengan soal lain. Kirim LANJUT untuk menyelesaikannya."))
    old = here.place.going
    if old is None or old.quiz != quiz.id:
        old = attempt.unfinished(here.world, here.person, quiz)
    step = question.start(here, quiz)
    fresh = step.state.place.going
    if step.state.place.scene != "question" or fresh is None:
        return _told(here, step.lead) if step.lead else step
    ended: list[Happening] = [AttemptFinished(here.person.id, old.quiz, old.number)] if old is not None else []
    return replace(fresh, sheet=variant), [*ended, *step.happenings]


def _written(
    here: Here, quiz: Quiz, named: str, paper: _Paper, begun: tuple[Going, list[Happening]], before: Sitting | None
) -> Step:  # fmt: skip
    going, happened = begun
    asked = attempt.asked(quiz, here.person.id, going)
    done = attempt.answered(going, asked)
    marks: dict[str, str] = {}
    for answer, found in zip(paper.answers, paper.verdicts, strict=True):
        if found is None or found.mark is None or answer.item.id in done:
            continue
        marks[answer.item.id] = found.mark
        score = question.scored(here, quiz, found.score)
        happened.append(Answered(
            here.person.id, quiz.id, going.number, answer.item.id, answer.typed, found.mark, score, here.medium, paper.variant,
        ))  # fmt: skip
    going = attempt.onward(going, asked, marks.items())
    is_whole = all(answer.is_named or answer.item.id in done for answer in paper.answers)
    if is_whole:
        happened.append(AttemptFinished(here.person.id, quiz.id, going.number))
    text = _report(here, quiz, named, paper, before if before and before.number == going.number else None, marks)
    facts = {"text": text} if is_whole else {"text": text, "open": True}
    kept = here.place.going if here.place.going is None or here.place.going.quiz != quiz.id else None
    return Step(here.state.at(Place("sheet", facts, going=kept if is_whole else going)), tuple(happened))


def _report(here: Here, quiz: Quiz, named: str, paper: _Paper, before: Sitting | None, marks: dict[str, str]) -> str:
    """What the reply says: of a whole attempt how it went, of a part what came of it and what is missing."""
    given = {each.item: each for each in before.answers} if before is not None else {}
    entries = sheets.sheet(quiz, paper.variant)
    tally = tallies.Tally(
        code=f"{named}{paper.variant if paper.variant != 'A' else ''}", title=say(quiz.title, here.language), total=len(entries),
    )  # fmt: skip
    for number, (answer, entry) in enumerate(zip(paper.answers, entries, strict=True), 1):
        held = given.get(answer.item.id)
        marked = marks.get(answer.item.id) or (held.mark if held is not None else "")
        if not marked:
            (tally.empty if answer.is_named else tally.missing).append(number)
            continue
        tally.right += marked == "right"
        tally.almost += marked == "almost"
        if marked == "wrong":
            tally.wrong[number] = sheets.right(entry, here.language)
        if held is not None and answer.typed not in ("", held.typed):
            tally.kept.append(number)
    if tally.missing:  # a part: what came of this message; a whole one says all of it
        tally.wrong = {number: key for number, key in tally.wrong.items() if paper.answers[number - 1].typed}
    return tallies.told(here._, tally)


def _told(here: Here, text: str) -> Step:
    return Step(here.to("sheet", text=text))
