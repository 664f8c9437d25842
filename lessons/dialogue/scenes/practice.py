"""Practice: the daily set of what she is about to forget, five questions that place her, or the next of a ladder.

Nothing of it belongs to an attempt; every answer is marked, explained and written down, and her cards learn from it.
"""

from __future__ import annotations

from dataclasses import replace

from lessons import mastery
from lessons.course import Course, Item, Quiz, say
from lessons.dialogue import climbing, hints
from lessons.dialogue.happenings import Happening, Practised
from lessons.dialogue.scenes import Here, Step
from lessons.dialogue.scenes.question import is_a_key_alone, keys_of, said_about
from lessons.dialogue.state import Place
from lessons.dialogue.turn import Prompt
from lessons.kinds import ask, kinds

ROUND = 5  # questions of a ladder before she is asked whether she goes on


def daily(here: Here) -> Step | None:
    """The first question of today's set; None where nothing waits."""
    found = [list(item) for item in here.world.daily(here.person) if climbing.suits(here, item)]
    if not found:
        return None
    facts = {"mode": "daily", "set": found, "item": found[0], "number": here.world.practised_today(here.person)}
    return _asked(here, facts)


def climb(here: Here, course: Course) -> Step | None:
    """The next question on the ladder of ``course``, or the first of those that place her; None where it has no items."""
    facts = climbing.begin(here, course)
    return None if facts is None else _asked(here, facts)


def show(here: Here) -> Prompt:
    _, item = opened(here)
    if item is None:
        return Prompt(here._("Latihan ini tidak ada lagi."), moves=(here.home(),))
    asked = ask(item, here.language)
    text = f"{_head(here)} {asked.text}"
    moves, audio = (here.home(), *hints.moves(here, item)), say(item.audio, here.language)
    how = keys_of(here, item)
    return Prompt(text, asked.choices, wants=asked.wants, moves=moves, is_question=True, audio=audio, how=how)


def hear(here: Here, said: str) -> Step | None:
    quiz, item = opened(here)
    if quiz is None or item is None:
        return Step(here.state.at(Place("menu", going=here.place.going)), lead=here._("Latihan ini tidak ada lagi."))
    verdict = here.mark(item, said)
    if verdict.mark is None or is_a_key_alone(here, item, said):
        return None
    facts = {name: fact for name, fact in here.place.facts.items() if name != "about"}
    facts["number"], hit = facts["number"] + 1, "0" if verdict.mark == "wrong" else "1"
    facts["right"], facts["done"] = facts.get("right", 0) + int(hit), facts.get("done", 0) + 1
    if verdict.mark == "almost":
        facts["almost"] = facts.get("almost", 0) + 1
    answered = Practised(
        here.person.id, here.world.day_of(here.person), facts["number"], facts["mode"], facts.get("id", 0), facts.get("level", 0),
        quiz.id, item.id, said, verdict.mark, here.medium,
    )  # fmt: skip
    lead, why = said_about(here, verdict), say(item.explanation, here.language)
    more: tuple[Happening, ...] = ()
    if facts["mode"] == "daily":
        following = _of_set(facts)
    else:
        following, more = climbing.onward(here, facts, hit)
        if following is not None and following.get("fresh"):
            lead = f"{lead} {here._('Kamu mulai di tingkat %(n)d.', n=following['level'])}"
    return _then(here, following, (answered, *more), lead, why)


def opened(here: Here) -> tuple[Quiz | None, Item | None]:
    """The quiz that the item is from, and the item; (None, None) where it can be asked no more."""
    at = here.place.facts.get("item")
    if not (isinstance(at, list) and len(at) == 2 and isinstance(at[0], int)):
        return None, None
    quiz = here.world.edition(at[0])
    item = next((each for each in quiz.items if each.id == at[1] and each.kind in kinds()), None) if quiz else None
    return (quiz, item) if item is not None else (None, None)


def _head(here: Here) -> str:
    facts, _ = here.place.facts, here._
    at = facts.get("done", 0) + 1
    if facts["mode"] == "climb":
        return _("Tingkat %(n)d.", n=facts["level"])
    total = len(facts["set"]) if facts["mode"] == "daily" else mastery.PLACING
    return _("Soal %(n)d dari %(total)d.", n=at, total=total) if here.medium == "voice" else f"{at}/{total}"


def _asked(here: Here, facts: dict[str, object]) -> Step:
    return Step(here.to("practice", **facts))


def _of_set(facts: dict[str, object]) -> dict[str, object] | None:
    items, done = facts["set"], facts["done"]
    if not isinstance(items, list) or not isinstance(done, int):
        return None
    return {**facts, "item": items[done]} if done < len(items) else None


def _then(
    here: Here, facts: dict[str, object] | None, happened: tuple[Happening, ...], lead: str, why: str
) -> Step:  # fmt: skip
    """The next question, or how the round went."""
    if facts is not None and not ("code" in facts or (facts["mode"] == "climb" and facts["done"] == ROUND)):
        return Step(here.to("practice", **facts), happened, lead, why)
    old = here.place.facts
    right = old.get("right", 0) + int(any(isinstance(h, Practised) and h.mark != "wrong" for h in happened))
    almost = old.get("almost", 0) + int(any(isinstance(h, Practised) and h.mark == "almost" for h in happened))
    done = {"right": right, "total": old.get("done", 0) + 1, "mode": old["mode"], "course": old.get("course", "")}
    done |= {"almost": almost} if almost else {}
    if facts is not None:
        done |= {name: facts[name] for name in ("code", "level") if name in facts}
    return replace(Step(here.to("practised", **done), happened, lead, why))
