"""Episodes of a programme, and how they are laid along a slot. Draft until the next publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from broadcast_schedule.planning import living_slot, mark
from broadcast_schedule.planning_tables import SlotEpisode
from broadcast_schedule.tables import Episode, Programme, Slot
from broadcast_schedule.words import Phrases, in_indonesian
from core.problems import Problem, Refused
from core.text import clean, one_line

MOST = 500  # episodes of a programme, or along a slot


@dataclass(frozen=True, slots=True)
class EpisodeDraft:
    """``lesson`` is "COURSE lesson-id"; ``ready_at`` when its audio is promised to be at the stations."""

    title: str
    number: int | None = None
    quiz_keyword: str = ""
    lesson: str = ""
    ready_at: datetime | None = None


def save_episode(
    db: Session, programme_id: int, wanted: EpisodeDraft, episode_id: int | None = None, _: Phrases = in_indonesian
) -> Episode:
    """Raises Refused by field."""
    title = one_line(clean(wanted.title, 200))
    if not title:
        raise Refused(Problem("title", _("Episode ini belum berjudul."), _("Tulis judulnya.")))
    if db.get(Programme, programme_id) is None:
        raise Refused(_("Acara itu tidak ada lagi."))
    episode = Episode(programme_id=programme_id) if episode_id is None else db.get(Episode, episode_id)
    if episode is None or episode.programme_id != programme_id:
        raise Refused(_("Episode itu tidak ada lagi."))
    counted = db.scalar(select(func.count()).select_from(Episode).where(Episode.programme_id == programme_id)) or 0
    if episode_id is None and counted >= MOST:
        raise Refused(Problem("title", _("Satu acara paling banyak punya %(n)s episode.", n=MOST)))
    episode.title, episode.number = title, wanted.number
    episode.quiz_keyword = one_line(clean(wanted.quiz_keyword, 20)).upper()
    episode.lesson = one_line(clean(wanted.lesson, 80))
    episode.ready_at = wanted.ready_at
    if episode_id is None:
        db.add(episode)
    else:
        db.execute(update(Slot).where(Slot.programme_id == programme_id, Slot.retired_at.is_(None)).values(is_draft=True))
    db.flush()
    return episode


def of_programme(db: Session, programme_id: int) -> list[Episode]:
    """By number, those without one last."""
    found = db.scalars(select(Episode).where(Episode.programme_id == programme_id))
    return sorted(found, key=lambda e: (e.number is None, e.number or 0, e.id))


def laid(db: Session, slot_id: int) -> list[int]:
    """Ids of the episodes along a slot, in order."""
    return list(db.scalars(select(SlotEpisode.episode_id).where(SlotEpisode.slot_id == slot_id).order_by(SlotEpisode.position)))


def lay(db: Session, slot_id: int, episodes: Sequence[int], run_from: date, follows: str, _: Phrases = in_indonesian) -> Slot:
    """Lays these episodes along the slot, from ``run_from`` on; none takes the run away.

    Raises Refused for an episode of another programme, or an unknown way to follow.
    """
    slot = living_slot(db, slot_id, _)
    own = {e.id for e in of_programme(db, slot.programme_id)}
    if set(episodes) - own or len(episodes) > MOST:
        raise Refused(Problem("episodes", _("Ada episode yang bukan dari acara ini."), _("Muat ulang halaman ini.")))
    if follows not in ("slot", "date"):
        raise Refused(Problem("follows", _("Pilih apa yang terjadi bila satu siaran batal.")))
    slot.run_from, slot.follows, slot.repeats_id = run_from, follows, None
    db.execute(delete(SlotEpisode).where(SlotEpisode.slot_id == slot_id))
    db.add_all(SlotEpisode(slot_id=slot_id, position=n, episode_id=number) for n, number in enumerate(episodes))
    mark(db, slot)
    db.flush()
    return slot


def repeat(db: Session, slot_id: int, source_id: int | None, _: Phrases = in_indonesian) -> Slot:
    """The slot airs the episode that ``source_id`` aired last; None: it is no repeat any more."""
    slot = living_slot(db, slot_id, _)
    if source_id is not None:
        source = living_slot(db, source_id, _)
        if source.programme_id != slot.programme_id or source.id == slot.id or source.repeats_id is not None:
            what = _("Ulangan hanya dapat mengikuti slot premier dari acara yang sama.")
            raise Refused(Problem("repeats_id", what, _("Pilih slot lain.")))
        db.execute(delete(SlotEpisode).where(SlotEpisode.slot_id == slot_id))
    slot.repeats_id = source_id
    slot.is_repeat = source_id is not None
    mark(db, slot)
    db.flush()
    return slot
