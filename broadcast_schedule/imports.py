"""A file's airings against the station's timetable: what is new, changed, the same, gone, and what would clash. Reads only.

``weigh`` may take seconds and holds no lock; ``broadcast_schedule.import_writes`` then writes what it found, and is quick.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from broadcast_schedule import draft
from broadcast_schedule.editions import PAST_DAYS, WRITTEN_DAYS
from broadcast_schedule.endless import Series
from broadcast_schedule.feed_tables import Imported
from broadcast_schedule.importing.ical_events import day_of
from broadcast_schedule.importing.meetings import Item, Met, meetings
from broadcast_schedule.importing.reading import MAX_OCCURRENCES, Entry, Reading
from broadcast_schedule.recurrence import Departure, airs_on, dates, to_json
from broadcast_schedule.tables import Carriage, Channel, Programme, Slot, SlotException, Station
from core.problems import N_, Problem, Refused

UID = "uid|"
SKIPPED = ("skipped", "cancelled")
MOST_CLASHES = 200  # told; a file that clashes more often is wrong in one place, not in two hundred


@dataclass(frozen=True, slots=True)
class Kept:
    """A slot that came from an earlier file and lives."""

    slot_id: int
    channel: str  # its key
    key: str
    part: str
    digest: str
    sequence: int
    is_draft: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry with its channel: ``channel`` is its key, or its name where it is yet to be made. ``kept`` is what it replaces."""

    entry: Entry
    channel: str
    key: str
    digest: str
    kept: Kept | None = None


@dataclass
class Weighed:
    """``clashes`` has one problem for each pair of programmes, its ``where`` the ISO date of their first meeting."""

    new: list[Wanted] = field(default_factory=list)
    changed: list[Wanted] = field(default_factory=list)
    same: int = 0
    waiting: list[int] = field(default_factory=list)  # ids of slots that are the same and not yet published
    gone: list[Kept] = field(default_factory=list)  # to be taken out altogether
    skipped: list[tuple[Kept, list[date]]] = field(default_factory=list)  # rules, to be skipped on these dates
    called_off: set[tuple[int, date]] = field(default_factory=set)  # (slot, date) among them that the file says are cancelled
    channels: list[str] = field(default_factory=list)  # names of those to be made
    notes: list[Problem] = field(default_factory=list)
    clashes: list[Problem] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not (self.new or self.changed or self.gone or self.skipped)


def weigh(
    db: Session,
    station: Station,
    reading: Reading,
    now: datetime,
    *,
    replaced: tuple[date, date] | None = None,
    tick: Callable[[], None] = lambda: None,
) -> Weighed:
    """What the file would do. ``replaced`` names the local days (both inclusive) in which what vanished from it is taken out.

    Raises Refused where the file holds more than 50,000 occurrences within the horizon.
    """
    _count(reading.entries, now, tick)
    channels = list(db.scalars(select(Channel).where(Channel.station_id == station.id).order_by(Channel.id)))
    found = Weighed(notes=list(reading.notes))
    wanted = _placed(reading, channels, found)
    kept = _kept(db, station)
    keys = {one.key for one in wanted}
    overridden = {key_in_file for key_in_file, _when in reading.overridden}
    _match(wanted, kept, found, {_short(key) for key in overridden})
    _skip_overridden(db, reading, kept, found)
    for uid in map(_short, reading.cancelled):
        found.gone += kept.get(uid, [])
    if replaced is not None:
        targets = {one.channel for one in wanted} or {channel.key for channel in channels[:1]}
        named = keys | {_short(key) for key in (*reading.cancelled, *overridden)}
        vanished = [k for key, some in kept.items() if key not in named for k in some]
        _take_out(db, [k for k in vanished if k.channel in targets], replaced, found)
    if found.new or found.changed:
        found.clashes = _clashes(db, station, channels, found, tick)
    return found


def _count(entries: Iterable[Entry], now: datetime, tick: Callable[[], None]) -> None:
    """Single airings wherever they lie, rules within the horizon that is written."""
    since, until = now.date() - timedelta(days=PAST_DAYS), now.date() + timedelta(days=WRITTEN_DAYS)
    total = 0
    for entry in entries:
        tick()
        total += 1 if entry.rule.is_once else sum(1 for _day in dates(entry.rule, since, until))
        if total > MAX_OCCURRENCES:
            what = N_("Berkas ini berisi lebih dari 50.000 siaran.")
            raise Refused(Problem("file", what, N_("Bagi menjadi beberapa berkas.")))


def _placed(reading: Reading, channels: Sequence[Channel], found: Weighed) -> list[Wanted]:
    """Every entry with its channel. A channel is meant by its key or its name."""
    by_name = {name.casefold(): channel for channel in reversed(channels) for name in (channel.name, channel.key)}
    first = channels[0] if channels else None
    wanted = []
    for entry in reading.entries:
        channel = by_name.get(entry.channel.casefold()) if entry.channel else first
        if channel is None:
            name = entry.channel or reading.format
            if name.casefold() not in (each.casefold() for each in found.channels):
                found.channels.append(name)
            place = next(each for each in found.channels if each.casefold() == name.casefold())
        else:
            place = channel.key
        wanted.append(Wanted(entry, place, key_in(entry, channel.id if channel else place), _digest(entry)))
    return wanted


def key_in(entry: Entry, channel: int | str) -> str:
    """How an entry of this channel is found again; it fits its column, a longer UID as its digest."""
    return _short(entry.key if entry.key.startswith(UID) else f"{channel}|{entry.key}")


def _short(key: str) -> str:
    return key if len(key) <= 250 else f"{key[:150]}#{hashlib.sha256(key.encode()).hexdigest()}"


def _digest(entry: Entry) -> str:
    departures = sorted((str(day), d.kept_as, str(d.new_start), d.new_minutes) for day, d in entry.departures.items())
    rules = [to_json(part) for part in entry.rule.parts]
    words = [entry.title, entry.episode, entry.description, entry.audience, entry.language, entry.quiz_keyword]
    return hashlib.sha256(json.dumps([rules, departures, words, entry.sequence]).encode()).hexdigest()


def _kept(db: Session, station: Station) -> dict[str, list[Kept]]:
    rows = db.execute(
        select(Slot.id, Channel.key, Imported.key, Imported.part, Imported.digest, Imported.sequence, Slot.is_draft)
        .join(Slot, Slot.id == Imported.slot_id)
        .join(Channel, Channel.id == Slot.channel_id)
        .where(Imported.station_id == station.id, Slot.retired_at.is_(None))
        .order_by(Imported.part, Imported.slot_id)
    )
    found: dict[str, list[Kept]] = defaultdict(list)
    for row in rows:
        found[row[2]].append(Kept(*row))
    return found


def _slots(db: Session, kept: Iterable[Kept]) -> dict[int, Slot]:
    found: dict[int, Slot] = {}
    for some in draft.parts([k.slot_id for k in kept]):
        found |= {slot.id: slot for slot in db.scalars(select(Slot).where(Slot.id.in_(some)))}
    return found


def _match(wanted: Sequence[Wanted], kept: Mapping[str, list[Kept]], found: Weighed, partial: set[str]) -> None:
    """Each part finds its own; of what is then left over the first finds the first. A UID's parts that are left over are gone,
    unless the file holds only overrides of it (``partial``)."""
    groups: dict[str, list[Wanted]] = defaultdict(list)
    for one in wanted:
        groups[one.key].append(one)
    for key, some in groups.items():
        before = list(kept.get(key, ()))
        if key in partial:
            before = [k for k in before if k.part in {one.entry.part for one in some}]
        elif key.startswith(UID) and before and max(one.entry.sequence for one in some) < max(k.sequence for k in before):
            found.notes.append(Problem(some[0].entry.where, N_("yang sudah ada lebih baru (SEQUENCE); ini tidak diambil.")))
            found.same += len(some)
            continue
        pairs = {one.entry.part: k for one in some for k in before if k.part == one.entry.part}
        left = [k for k in before if k not in pairs.values()]
        for one in some:
            k = pairs.get(one.entry.part) or (left.pop(0) if left else None)
            if k is None:
                found.new.append(one)
            elif (k.digest, k.part, k.channel) == (one.digest, one.entry.part, one.channel):
                found.same += 1
                found.waiting += [k.slot_id] if k.is_draft else []
            else:
                found.changed.append(replace(one, kept=k))
        if key.startswith(UID):
            found.gone += left


def _skip_overridden(db: Session, reading: Reading, kept: Mapping[str, list[Kept]], found: Weighed) -> None:
    """An override whose master came in an earlier file takes the place of that airing."""
    masters = [(k, key, when) for key, when in reading.overridden for k in kept.get(_short(key), ()) if k.part == ""]
    slots = _slots(db, (k for k, *_rest in masters))
    for k, key, when in masters:
        rule = draft.rule_of(slots[k.slot_id])
        day = day_of(rule, when)
        there = select(SlotException.original_start).where(SlotException.slot_id == k.slot_id, SlotException.kind.in_(SKIPPED))
        if day is not None and airs_on(rule, day) and day not in {each.date() for each in db.scalars(there)}:
            found.skipped.append((k, [day]))
            if (key, when) in reading.called_off:
                found.called_off.add((k.slot_id, day))


def _take_out(db: Session, vanished: Sequence[Kept], window: tuple[date, date], found: Weighed) -> None:
    first, last = window
    slots = _slots(db, vanished)
    for k in vanished:
        rule = draft.rule_of(slots[k.slot_id])
        inside = list(dates(rule, first, last + timedelta(days=1)))
        if not inside:
            continue
        begun = rule.parts[0].starts_on
        ends_on = rule.starts_on if rule.is_once else rule.ends_on
        if begun >= first and ends_on is not None and ends_on <= last:
            found.gone.append(k)
        else:
            found.skipped.append((k, inside))


def _clashes(
    db: Session, station: Station, channels: Sequence[Channel], found: Weighed, tick: Callable[[], None]
) -> list[Problem]:
    gone = {k.slot_id for k in found.gone} | {one.kept.slot_id for one in found.changed if one.kept is not None}
    skipped = {k.slot_id: days for k, days in found.skipped}
    brought: dict[str, list[Wanted]] = defaultdict(list)
    for one in (*found.new, *found.changed):
        brought[one.channel].append(one)
    told: list[Problem] = []
    for place, some in brought.items():
        items = [Item(one.entry.title, Series(one.entry.rule, one.entry.departures), True) for one in some]
        channel = next((each for each in channels if each.key == place), None)
        if channel is not None:
            items += _others(db, station, channel, gone, skipped)
        for met in meetings(items, tick):
            told.append(_told(met, station.time_zone, channel.name if channel else place))
            if len(told) >= MOST_CLASHES:
                return sorted(told, key=lambda problem: problem.where)
    return sorted(told, key=lambda problem: problem.where)


def _others(db: Session, station: Station, channel: Channel, gone: set[int], skipped: Mapping[int, Sequence[date]]) -> list[Item]:
    """What the channel airs already, its own and what it carries, in the draft."""
    carried = {
        c.slot_id: c for c in db.scalars(select(Carriage).where(Carriage.channel_id == channel.id, Carriage.state == "accepted"))
    }
    here = or_(Slot.channel_id == channel.id, Slot.id.in_(list(carried)))
    slots = [s for s in db.scalars(select(Slot).where(here, Slot.retired_at.is_(None))) if s.id not in gone]
    exceptions: dict[int, list[SlotException]] = defaultdict(list)
    for some in draft.parts([s.id for s in slots]):
        for each in db.scalars(select(SlotException).where(SlotException.slot_id.in_(some))):
            exceptions[each.slot_id].append(each)
    titles = dict(
        db.execute(select(Programme.id, Programme.title).where(Programme.id.in_({s.programme_id for s in slots}))).all()
    )
    items = []
    for slot in slots:
        departures = draft.departures_of(exceptions[slot.id])
        departures |= {day: Departure("skipped") for day in skipped.get(slot.id, ())}
        series = Series(draft.rule_of(slot), departures)
        if slot.channel_id != channel.id:
            series = replace(series, delay_minutes=carried[slot.id].delay_minutes)
            series = series.in_zone(station.time_zone) if carried[slot.id].mode == "local" else series
        items.append(Item(titles.get(slot.programme_id, ""), series, False))
    return items


def _told(met: Met, zone: str, channel: str) -> Problem:
    there = ZoneInfo(zone)
    facts = {
        "day": met.at.astimezone(there).date().isoformat(),
        "at": f"{met.at.astimezone(there):%H:%M %Z}",
        "later": met.later.title,
        "earlier": met.earlier.title,
        "channel": channel,
    }
    what = N_("bertabrakan di %(channel)s, pertama kali %(day)s %(at)s: %(later)s dengan %(earlier)s.")
    return Problem(str(facts["day"]), what, N_("Geser atau lewati salah satunya."), facts=facts)
