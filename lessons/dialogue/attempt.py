"""What an attempt asks, and where in it she is: item after item on a screen, in any order from a printed sheet. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lessons.course import Quiz
from lessons.dialogue import sheets
from lessons.dialogue.drawing import drawn
from lessons.dialogue.state import Going
from lessons.dialogue.world import Person, World
from lessons.kinds import kinds, unsuited


def asked(quiz: Quiz, learner: int, going: Going) -> Quiz:
    """``quiz`` with the items of this attempt in their order: drawn for her, or those of the paper that she began it with, where
    each paper draws its own."""
    if not going.sheet or quiz.asked == len(quiz.items):
        return drawn(quiz, learner, going.number)
    items = tuple(entry.item for entry in sheets.sheet(quiz, going.sheet))
    return replace(quiz, items=items, draw=0, shuffle=False)


def answered(going: Going, quiz: Quiz) -> frozenset[str]:
    """Ids of the items of ``quiz`` (as ``asked`` has it) that have their answer."""
    return frozenset((*(item.id for item in quiz.items[: going.at]), *going.ahead))


def at(going: Going, quiz: Quiz, medium: str) -> int:
    """The place in ``quiz`` (as ``asked`` has it) of the item that is asked on ``medium``: the first that is open and suits it.

    Where none of those that are open suits it, the first one all the same: it is asked so that she hears where to answer it.
    """
    if medium != "voice" or going.at >= len(quiz.items):
        return going.at
    left = [n for n, item in enumerate(quiz.items) if n >= going.at and item.id not in going.ahead and item.kind in kinds()]
    return next((n for n in left if medium not in unsuited(quiz.items[n])), going.at)


def onward(going: Going, quiz: Quiz, marks: Iterable[tuple[str, str]]) -> Going:
    """``going`` after answers (item, mark) to ``quiz``, as ``asked`` has it: at its first item that lacks one."""
    new = list(marks)
    right, almost = going.right, going.almost
    for _, mark in new:
        right, almost = right + (mark != "wrong"), almost + (mark == "almost")
    if not going.ahead and len(new) == 1 and going.at < len(quiz.items) and quiz.items[going.at].id == new[0][0]:
        return Going(going.quiz, going.edition, going.number, going.at + 1, right, almost, sheet=going.sheet)
    done = answered(going, quiz) | {item for item, _ in new}
    at = next((n for n, item in enumerate(quiz.items) if item.id not in done), len(quiz.items))
    ahead = tuple(item.id for item in quiz.items[at:] if item.id in done)
    return replace(going, at=at, right=right, almost=almost, ahead=ahead)


def unfinished(world: World, person: Person, quiz: Quiz) -> Going | None:
    """Where she stopped in her newest attempt at this quiz, of whichever edition; None where that is finished."""
    sitting = world.newest(person, quiz)
    if sitting is None or sitting.finished_at is not None:
        return None
    going = Going(quiz.id, sitting.edition, sitting.number, sheet=sitting.answers[0].sheet if sitting.answers else "")
    edition = world.edition(sitting.edition)
    if edition is None:
        return going
    return onward(going, asked(edition, person.id, going), ((given.item, given.mark) for given in sitting.answers))
