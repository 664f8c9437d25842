"""An item of a quiz: asked, answered, marked, explained."""

from __future__ import annotations

from dataclasses import replace

from lessons.course import Item, Quiz, say
from lessons.dialogue import attempt as attempts
from lessons.dialogue import hints, sheets
from lessons.dialogue.happenings import Answered, AttemptFinished, AttemptStarted, Happening
from lessons.dialogue.scenes import Here, Step, scenes
from lessons.dialogue.state import Going, Place
from lessons.dialogue.turn import Prompt
from lessons.kinds import Verdict, ask, kinds, unsuited

_DIGITS = str.maketrans("ABCDEF", "123456")


def begin(here: Here, quiz: Quiz) -> Step:
    """The very question where she stopped in this quiz, else the first one; where it may not be taken, why not."""
    going = here.place.going
    if going is None or going.quiz != quiz.id:
        going = attempts.unfinished(here.world, here.person, quiz)
    if going is not None:
        resumed = here.state.at(Place("question", going=going))
        held, _item = opened(replace(here, state=resumed))
        if held is not None and held.is_open(here.world.now):
            return Step(resumed)
    return start(here, quiz)


def start(here: Here, quiz: Quiz) -> Step:
    """A new attempt from the first question; where there may be none, the menu says why and what is under way is kept."""
    refusal = _closed(here, quiz)
    number = here.world.attempts(here.person, quiz) + 1
    if not refusal and quiz.attempts and number > quiz.attempts:
        refusal = here._("Kamu sudah %(n)d kali mengerjakan kuis ini.", n=quiz.attempts)
    if not refusal and not _can_be_asked(quiz, 0):
        refusal = here._("Kuis ini tidak ada lagi.")
    if refusal:
        return Step(here.to("menu"), lead=refusal)
    going = Going(quiz.id, quiz.edition, number)
    started = AttemptStarted(here.person.id, quiz.id, quiz.edition, number)
    return Step(here.state.at(Place("question", going=going)), (started,), _late(here, quiz))


def show(here: Here) -> Prompt:
    quiz, item = opened(here)
    if quiz is None or item is None or here.place.going is None:
        return Prompt(here._("Kuis ini tidak ada lagi."), moves=(here.home(),))
    asked = ask(item, here.language)
    at, total = attempts.at(here.place.going, quiz, here.medium) + 1, len(quiz.items)
    number = here._("Soal %(n)d dari %(total)d.", n=at, total=total) if here.medium == "voice" else f"{at}/{total}"
    text = f"{number} {asked.text}"
    moves = (here.home(), *hints.moves(here, item))
    audio = say(item.audio, here.language)
    how = keys_of(here, item)
    return Prompt(text, asked.choices, wants=asked.wants, moves=moves, is_question=True, audio=audio, how=how)


def keys_of(here: Here, item: Item) -> str:
    """What a caller is told of the keys, or where to answer what they cannot say; "" on every other medium."""
    if here.medium != "voice":
        return ""
    if "voice" in unsuited(item):
        return here._("Soal ini tidak bisa dijawab dengan tombol: jawablah lewat SMS atau USSD. Kirim LANJUT kapan saja.")
    wants = ask(item, here.language).wants
    if wants == "keys":
        return here._("Tekan semua angkanya berurutan, lalu pagar.")
    return here._("Tekan angkanya, lalu pagar. Bintang untuk koma.") if wants == "number" else ""


def is_a_key_alone(here: Here, item: Item, said: str) -> bool:
    """True for a caller's key where the answer cannot be said in keys: it is not marked."""
    return here.medium == "voice" and "voice" in unsuited(item) and not any(c.isalpha() for c in said)


def hear(here: Here, said: str) -> Step | None:
    quiz, item = opened(here)
    going = here.place.going
    if quiz is None or item is None or going is None:
        return Step(here.state.at(Place("menu")), lead=here._("Kuis ini tidak ada lagi."))
    if not quiz.is_open(here.world.now):
        finished = AttemptFinished(here.person.id, quiz.id, going.number)
        kept = here._("Jawabanmu tersimpan.")
        return Step(here.state.at(Place("menu")), (finished,), f"{_closed(here, quiz)} {kept}")
    verdict = here.mark(item, said)
    if verdict.mark is None or is_a_key_alone(here, item, said):
        return None
    score = scored(here, quiz, verdict.score)
    happened: list[Happening] = [Answered(here.person.id, quiz.id, going.number, item.id, said, verdict.mark, score, here.medium)]
    going = attempts.onward(going, quiz, ((item.id, verdict.mark),))
    lead, why = said_about(here, verdict), say(item.explanation, here.language)
    if going.at < len(quiz.items):
        return Step(here.state.at(Place("question", going=going)), tuple(happened), lead, why)
    happened.append(AttemptFinished(here.person.id, quiz.id, going.number))
    result = {"edition": quiz.edition, "right": going.right, "total": len(quiz.items)}
    done = Place("result", {**result, "almost": going.almost} if going.almost else result)
    return Step(here.state.at(done), tuple(happened), lead, why)


def opened(here: Here) -> tuple[Quiz | None, Item | None]:
    """The frozen quiz that she is in, and the item that is asked; (None, None) where it can be asked no more.

    When it opens and closes is always the newest word: a teacher who extends a quiz extends it for those who are in it.
    """
    going = here.place.going
    quiz = here.world.edition(going.edition) if going else None
    quiz = attempts.asked(quiz, here.person.id, going) if quiz and going else None
    if quiz is None or going is None or not _can_be_asked(quiz, going.at):
        return None, None
    now = newest(here, quiz)
    if now is not quiz or now.after:
        opens_at = None if now.after else now.opens_at  # who has begun goes on, whatever is heard of the airing since
        quiz = replace(quiz, closes_at=now.closes_at, late_until=now.late_until, late_down=now.late_down)
        quiz = replace(quiz, opens_at=opens_at, is_held=False)
    return quiz, quiz.items[attempts.at(going, quiz, here.medium)]


def newest(here: Here, quiz: Quiz) -> Quiz:
    """The published edition of the same quiz; ``quiz`` itself where it is published no more."""
    found = here.world.quiz(quiz.keyword, here.person)
    return found if found is not None and found.id == quiz.id else quiz


def _can_be_asked(quiz: Quiz, at: int) -> bool:
    return 0 <= at < len(quiz.items) and quiz.items[at].kind in kinds()


def item(here: Here) -> Item | None:
    """The item that is open, here or in practice."""
    found: tuple[Quiz | None, Item | None] = scenes()[here.place.scene].opened(here)  # type: ignore[attr-defined]
    return found[1]


def attempt(here: Here) -> tuple[int, int]:
    """(quiz, number of the attempt) that the open item belongs to; number 0 in practice."""
    if here.place.scene == "question":
        return (here.place.going.quiz, here.place.going.number) if here.place.going else (0, 0)
    quiz, _item = scenes()[here.place.scene].opened(here)  # type: ignore[attr-defined]
    return (quiz.id if quiz else 0), 0


def is_answer(here: Here, said: str) -> bool:
    """True where ``said`` answers the item, whatever else the word may mean.

    Where words are wanted any text is an answer: there only a (nearly) right one comes before a command or a keyword.
    """
    item_asked = item(here)
    if item_asked is None or sheets.addressed(said) is not None:  # "Q7 ABDCA" is no 7
        return False
    marked = here.mark(item_asked, said).mark
    return marked in ("right", "almost") or (marked is not None and ask(item_asked, here.language).wants != "words")


def hint(here: Here, said: str = "") -> str:
    """What to type, where ``said`` could not be read: why not, where the marker knows, else which keys there are."""
    _ = here._
    item_asked = item(here)
    if item_asked is None:
        return _("Ketik jawabanmu.")
    asked = ask(item_asked, here.language)
    found = here.mark(item_asked, said)
    if found.mark is None and found.why and (said or asked.wants == "keys"):
        example = str(found.facts.get("example", ""))  # in letters, which only an SMS shows
        facts = found.facts if here.medium == "sms" else {**found.facts, "example": example.translate(_DIGITS)}
        return _(found.why, **facts)
    if asked.wants == "key" and asked.choices:
        letters = [c.letter or c.key for c in asked.choices]
        return (
            _("Jawab %(first)s sampai %(last)s.", first=letters[0], last=letters[-1])
            if here.medium == "sms"
            else _("Tekan %(first)s sampai %(last)s.", first=asked.choices[0].key, last=asked.choices[-1].key)
        )
    return _("Jawab dengan angka.") if asked.wants == "number" else _("Ketik jawabanmu.")


def said_about(here: Here, verdict: Verdict) -> str:
    if verdict.mark == "right":
        return here._("Benar!")
    why = here._(verdict.why, **verdict.facts) if verdict.why else ""
    if verdict.mark == "almost":
        if why:
            if verdict.facts.get("n") == verdict.facts.get("total"):  # all of it, but for the spelling
                return here._("Hampir benar: %(right)s.", right=verdict.right)
            return here._("Sebagian benar. %(why)s Jawaban: %(right)s.", why=why, right=verdict.right)
        return here._("Hampir benar: %(right)s.", right=verdict.right)
    if why:
        return here._("Salah. %(why)s Jawaban: %(right)s.", why=why, right=verdict.right)
    return here._("Salah. Jawaban: %(right)s.", right=verdict.right)


def _closed(here: Here, quiz: Quiz) -> str:
    """Why the quiz cannot be taken now, with the day and the hour in its own zone; "" where it is open."""
    now, title = here.world.now, say(quiz.title, here.language)
    if quiz.is_held:
        return here._("Kuis %(title)s menunggu siarannya, dan siaran itu tidak ada di jadwal. Tanya gurumu.", title=title)
    if quiz.after and quiz.opens_at is not None and now < quiz.opens_at:
        return here._(
            "Kuis %(title)s dibuka sesudah siarannya, %(when)s.",
            title=title, when=here.world.moment(quiz.opens_at, quiz.time_zone, here.language),
        )  # fmt: skip
    if quiz.opens_at is not None and now < quiz.opens_at:
        return here._(
            "Kuis %(title)s dibuka %(when)s.", title=title, when=here.world.moment(quiz.opens_at, quiz.time_zone, here.language)
        )
    if quiz.closes_at is not None and not quiz.is_open(now):
        return here._(
            "Kuis %(title)s ditutup %(when)s.", title=title, when=here.world.moment(quiz.closes_at, quiz.time_zone, here.language)
        )
    return ""


def scored(here: Here, quiz: Quiz, score: int) -> int:
    """What an answer is worth now: late ones lose what the quiz says; parts of a point are rounded up."""
    return -(-score * (100 - quiz.late_down) // 100) if quiz.is_late(here.world.now) else score


def _late(here: Here, quiz: Quiz) -> str:
    """What is said to one who begins after the closing, while late answers are taken; "" before."""
    if not quiz.is_late(here.world.now):
        return ""
    return here._("Terlambat: nilai dikurangi %(n)d%%.", n=quiz.late_down) if quiz.late_down else here._("Terlambat.")
