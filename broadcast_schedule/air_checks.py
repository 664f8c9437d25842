"""What cannot be aired as planned though nothing clashes: live before it happens, a recording before it arrives. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule import draft
from broadcast_schedule.draft import Place, Plans
from broadcast_schedule.recurrence import Airing, Departure, Rule, carried, expand
from broadcast_schedule.tables import Programme, Slot
from broadcast_schedule.words import Phrases, day_of, hour, in_indonesian
from core.problems import Problem

Early = tuple[Any, str, Place, Airing, Airing]


def before_they_happen(
    plans: Plans, rows: Iterable[Any], series: Mapping[int, tuple[Rule, dict[date, Departure]]], now: datetime, until: date
) -> list[Early]:
    """(slot, its zone, where, as made, as carried) of live slots that some channel carries at its local time before they happen,
    the first time for each channel."""
    found: list[Early] = []
    for row in rows:
        carrying = [c for c in plans.channels_of(row)[1:] if c[1] == "local"] if row.is_live else []
        if not carrying:
            continue
        rule, departures = series[row.id]
        coming = [a for a in expand(rule, departures, now.date(), until) if a.kind != "skipped" and a.start > now]
        for place, mode, delay in carrying:
            there = ((a, carried(a, mode, delay, place.time_zone)) for a in coming)
            early = next(((own, away) for own, away in there if away.start < own.start), None)
            if early is not None:
                found.append((row, rule.time_zone, place, *early))
    return found


def too_early(
    slot_id: int, title: str, zone: str, place: Place, own: Airing, there: Airing, language: str, _: Phrases
) -> Problem:
    """In words, with a way out."""
    late = int((own.start - there.start).total_seconds() // 60)
    what = _(
        "%(title)s disiarkan langsung pukul %(hour)s, tetapi %(place)s menyiarkannya pukul %(there)s, "
        "%(n)s menit sebelum terjadi.",
        title=title,
        hour=hour(own.start, zone, language),
        place=place.name,
        there=hour(there.start, place.time_zone, language),
        n=late,
    )
    return Problem(f"slot.{slot_id}", what, _("Jadikan relai, atau tunda %(n)s menit di sana.", n=late))


def late_audio(
    db: Session, ids: Sequence[int], now: datetime, until: date, language: str = "id", _: Phrases = in_indonesian
) -> list[Problem]:
    """Episodes whose audio is promised for after their first coming airing anywhere: in the east, most often."""
    promised = draft.promised(db)
    if not promised:
        return []
    slots = [s for some in draft.parts(list(ids)) for s in db.scalars(select(Slot).where(Slot.id.in_(some)))]
    around = draft.Around(db, slots)
    earliest: dict[int, tuple[Airing, Place, Slot]] = {}
    for slot, place, airing, episode in draft.airings(around, slots, now.date(), until):
        if episode in promised and airing.kind != "skipped" and airing.start > now and not around.is_dark(place, airing):
            known = earliest.get(episode)
            if known is None or airing.start < known[0].start:
                earliest[episode] = airing, place, slot
    late = [(number, found) for number, found in sorted(earliest.items()) if promised[number] > found[0].start]
    titles = dict(db.execute(select(Programme.id, Programme.title)).all()) if late else {}
    return [
        _comes_late(
            around.episodes[number].title or titles[slot.programme_id], promised[number], airing, place, slot.id, language, _
        )
        for number, (airing, place, slot) in late
    ]


def _comes_late(title: str, ready: datetime, airing: Airing, place: Place, slot_id: int, language: str, _: Phrases) -> Problem:
    zone = place.time_zone
    what = _(
        "Rekaman %(title)s baru siap %(ready_day)s pukul %(ready)s, padahal %(place)s sudah menyiarkannya "
        "%(day)s pukul %(hour)s.",
        title=title,
        ready_day=day_of(ready, zone, language),
        ready=hour(ready, zone, language),
        place=place.name,
        day=day_of(airing.start, zone, language),
        hour=hour(airing.start, zone, language),
    )
    return Problem(f"slot.{slot_id}", what, _("Kirim rekamannya lebih awal, atau geser siarannya."))


def odd_times(rows: Iterable[Any], _: Phrases = in_indonesian) -> list[Problem]:
    """Slots that begin at a minute that is no multiple of five: kept as they are, worth a look."""
    told = []
    for row in rows:
        if row.starts_at.minute % 5 or row.starts_at.second:
            what = _("Slot ini mulai pukul %(hour)s, menit yang tidak biasa.", hour=f"{row.starts_at:%H.%M}")
            told.append(Problem(f"slot.{row.id}", what, _("Biarkan kalau memang begitu.")))
    return told
