"""Writes what was weighed into the draft. A large file in several transactions, each quick: learners answer meanwhile.

What somebody else imported between the weighing and the writing is never written twice: then the rest is refused, and the
same file again takes what is missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from broadcast_schedule import patterns, stations
from broadcast_schedule.feed_tables import Imported
from broadcast_schedule.imports import Kept, Wanted, Weighed, key_in
from broadcast_schedule.recurrence import Rule, to_json, write_weekdays
from broadcast_schedule.tables import Channel, Episode, Programme, Slot, SlotException, Station
from broadcast_schedule.words import Phrases, in_indonesian
from core.problems import Problem, Refused

Words = tuple[str, str, str, str]  # title, audience, language, description


SIZE = 2000  # of one transaction: on SQLite it holds the only writer


def portions(found: Weighed) -> Iterator[Weighed]:
    """What was weighed, in portions of which each is written in a transaction of its own; at least one."""
    if len(found.new) + len(found.changed) + len(found.gone) + 50 * len(found.skipped) <= SIZE:
        yield replace(found, waiting=[])
        return
    for first in range(0, max(len(found.new), 1), SIZE):
        yield replace(found, new=found.new[first : first + SIZE], changed=[], gone=[], skipped=[], waiting=[])
    for first in range(0, len(found.changed), SIZE):
        yield replace(found, new=[], changed=found.changed[first : first + SIZE], gone=[], skipped=[], waiting=[])
    for first in range(0, len(found.gone), SIZE):
        yield replace(found, new=[], changed=[], gone=found.gone[first : first + SIZE], skipped=[], waiting=[])
    few = max(1, SIZE // 50)  # each is many dates
    for first in range(0, len(found.skipped), few):
        yield replace(found, new=[], changed=[], gone=[], skipped=found.skipped[first : first + few], waiting=[])


def take(db: Session, station_id: int, found: Weighed, now: datetime, _: Phrases = in_indonesian) -> list[int]:
    """Writes what ``weigh`` found, or a portion of it; the ids of all that now waits to be published because of the file.

    Raises Refused where somebody else imported or removed some of it meanwhile.
    """
    station = db.scalars(select(Station).where(Station.id == station_id).with_for_update()).one()
    channels = _channels(db, station, found.channels)
    _check_untouched(db, station, found, channels, _)
    brought = [*found.new, *found.changed]
    programmes = _programmes(db, brought)
    episodes = _episodes(db, brought, programmes)

    def values(one: Wanted) -> dict[str, Any]:
        programme = programmes[_words(one)]
        entry = one.entry
        return {
            **_columns(entry.rule),
            "channel_id": channels[one.channel],
            "programme_id": programme,
            "episode_id": episodes.get((programme, entry.episode, entry.quiz_keyword)),
            "is_live": False,
            "is_draft": True,
        }

    made = _insert(db, [values(one) for one in found.new])
    kept = _living(db, [one.kept.slot_id for one in found.changed if one.kept is not None])
    for one in found.changed:
        assert one.kept is not None, "it is changed, not new"
        slot = kept[one.kept.slot_id]
        for name, value in values(one).items():
            setattr(slot, name, value)
        made.append(slot.id)
    db.flush()
    _depart(db, list(zip(made, brought, strict=True)), set(kept))
    _remember(db, station.id, list(zip(made, brought, strict=True)), channels)
    gone = _living(db, [each.slot_id for each in found.gone])
    for slot in gone.values():
        slot.retired_at, slot.is_draft = now, True
    skipped = [_skip(db, each, days, found.called_off) for each, days in found.skipped]
    db.flush()
    return [*made, *gone, *skipped, *found.waiting]


def _living(db: Session, ids: Sequence[int]) -> dict[int, Slot]:
    return {slot.id: slot for slot in db.scalars(select(Slot).where(Slot.id.in_(ids), Slot.retired_at.is_(None)))}


def _check_untouched(db: Session, station: Station, found: Weighed, channels: dict[str, int], _: Phrases) -> None:
    wanted = {(key_in(one.entry, channels[one.channel]), one.entry.part) for one in found.new}
    there = select(Imported.key, Imported.part).join(Slot, Slot.id == Imported.slot_id)
    here = there.where(
        Imported.station_id == station.id, Slot.retired_at.is_(None), Imported.key.in_({key for key, _part in wanted})
    )
    kept = [one.kept.slot_id for one in found.changed if one.kept is not None]
    if wanted & {(row.key, row.part) for row in db.execute(here)} or len(_living(db, kept)) < len(kept):
        what = _("Orang lain mengimpor atau menghapus sebagian dari ini barusan.")
        raise Refused(Problem("file", what, _("Kirim berkasnya sekali lagi.")))


def _columns(rule: Rule) -> dict[str, Any]:
    return {
        "time_zone": rule.time_zone,
        "starts_on": rule.starts_on,
        "starts_at": rule.starts_at,
        "minutes": rule.minutes,
        "weekdays": write_weekdays(rule.weekdays),
        "every_weeks": rule.every_weeks,
        "ends_on": rule.ends_on,
        "pattern": patterns.write(rule.pattern) if rule.pattern else "",
        "earlier": [to_json(part) for part in rule.earlier],
    }


def _channels(db: Session, station: Station, names: Iterable[str]) -> dict[str, int]:
    """{key of a channel, or the name by which it was just made: its id}"""
    found = dict(db.execute(select(Channel.key, Channel.id).where(Channel.station_id == station.id)).all())
    known = dict(db.execute(select(Channel.name, Channel.id).where(Channel.station_id == station.id)).all())
    for name in names:
        found[name] = known.get(name) or stations.create_channel(db, station, _free_key(db, station, name), name).id
    return found


def _free_key(db: Session, station: Station, name: str) -> str:
    """The file's own id where it can be one and nobody has it; else made from the name."""
    taken = set(db.scalars(select(Channel.key)))
    if stations.CHANNEL_KEY.fullmatch(name) and len(name) <= 120 and name not in taken:
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "saluran"
    key, n = f"{stem}.{station.slug}.{stations.DOMAIN}", 1
    while key in taken:
        n += 1
        key = f"{stem}-{n}.{station.slug}.{stations.DOMAIN}"
    return key


def _words(one: Wanted) -> Words:
    return one.entry.title, one.entry.audience, one.entry.language, one.entry.description


def _programmes(db: Session, brought: Sequence[Wanted]) -> dict[Words, int]:
    """The programme of these very words, made where there is none: another's words are never changed by a file."""
    wanted = dict.fromkeys(_words(one) for one in brought)
    found: dict[Words, int] = {}
    for some in _some(sorted({words[0] for words in wanted})):
        same = select(Programme).where(Programme.title.in_(some)).order_by(Programme.id.desc())
        found |= {(p.title, p.audience, p.language, p.description): p.id for p in db.scalars(same)}
    lacking = [words for words in wanted if words not in found]
    rows = [dict(zip(("title", "audience", "language", "description"), words, strict=True)) for words in lacking]
    found |= dict(zip(lacking, _returned(db, Programme, rows), strict=True))
    return found


def _episodes(db: Session, brought: Sequence[Wanted], programmes: dict[Words, int]) -> dict[tuple[int, str, str], int]:
    wanted = dict.fromkeys(
        (programmes[_words(one)], one.entry.episode, one.entry.quiz_keyword)
        for one in brought
        if one.entry.episode or one.entry.quiz_keyword
    )
    found: dict[tuple[int, str, str], int] = {}
    ids = sorted({programme for programme, _title, _keyword in wanted})
    for some in _some(sorted({title for _programme, title, _keyword in wanted})):
        same = select(Episode).where(Episode.programme_id.in_(ids), Episode.title.in_(some)).order_by(Episode.id.desc())
        found |= {(e.programme_id, e.title, e.quiz_keyword): e.id for e in db.scalars(same)}
    lacking = [each for each in wanted if each not in found]
    rows = [dict(zip(("programme_id", "title", "quiz_keyword"), each, strict=True)) for each in lacking]
    found |= dict(zip(lacking, _returned(db, Episode, rows), strict=True))
    return found


def _some(values: list[Any], size: int = 5000) -> Iterable[list[Any]]:
    return (values[i : i + size] for i in range(0, len(values), size))


def _returned(db: Session, table: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Inserts in bulk; the new ids, in the order of the rows."""
    if not rows:
        return []
    return list(db.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows))


def _insert(db: Session, rows: list[dict[str, Any]]) -> list[int]:
    return _returned(db, Slot, rows)


def _depart(db: Session, brought: list[tuple[int, Wanted]], changed: set[int]) -> None:
    """A file says all departures of what it brings; those that it no longer has are taken back."""
    for some in _some(sorted(changed)):
        db.execute(delete(SlotException).where(SlotException.slot_id.in_(some)))
    rows = [
        {
            "slot_id": slot_id,
            "original_start": datetime.combine(day, one.entry.rule.starts_at),
            "kind": departure.kept_as,
            "new_start": departure.new_start,
            "new_minutes": departure.new_minutes,
        }
        for slot_id, one in brought
        for day, departure in sorted(one.entry.departures.items())
    ]
    if rows:
        db.execute(insert(SlotException), rows)


def _remember(db: Session, station_id: int, brought: list[tuple[int, Wanted]], channels: dict[str, int]) -> None:
    ids = sorted(slot_id for slot_id, _one in brought)
    for some in _some(ids):
        db.execute(delete(Imported).where(Imported.slot_id.in_(some)))
    rows = [
        {
            "slot_id": slot_id,
            "station_id": station_id,
            "key": key_in(one.entry, channels[one.channel]),
            "part": one.entry.part,
            "digest": one.digest,
            "sequence": one.entry.sequence,
        }
        for slot_id, one in brought
    ]
    if rows:
        db.execute(insert(Imported), rows)


def _skip(db: Session, kept: Kept, days: Sequence[date], called_off: Collection[tuple[int, date]]) -> int:
    """The rule goes on outside the window that a file replaced."""
    starts_at = db.scalars(select(Slot.starts_at).where(Slot.id == kept.slot_id)).one()
    originals = [datetime.combine(day, starts_at) for day in days]
    kinds = ("skipped", "cancelled")
    for some in _some(originals):
        db.execute(delete(SlotException).where(SlotException.slot_id == kept.slot_id, SlotException.original_start.in_(some)))
    db.execute(
        insert(SlotException),
        [
            {"slot_id": kept.slot_id, "original_start": original, "kind": kinds[(kept.slot_id, original.date()) in called_off]}
            for original in originals
        ],
    )
    db.execute(update(Slot).where(Slot.id == kept.slot_id).values(is_draft=True))
    # Its next version in a file counts as changed, and says again on which dates it airs.
    db.execute(update(Imported).where(Imported.slot_id == kept.slot_id).values(digest=""))
    return kept.slot_id
