"""What a publication changes for those who pulled the timetable before: found, and said in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from broadcast_schedule.timetable import Occurrence
from broadcast_schedule.words import Phrases, clock_of, in_indonesian, short_day
from core import gsm7

Kind = Literal["new", "moved", "cancelled", "restored", "reworded"]


@dataclass(frozen=True, slots=True)
class Change:
    """``before`` is None for what was never published: new, or called off at once. ``after`` is what is to be published: same
    identity, ``sequence`` counted."""

    kind: Kind
    before: Occurrence | None
    after: Occurrence


def compare(old: Iterable[Occurrence], new: Iterable[Occurrence], now: datetime) -> list[Change]:
    """What turns ``old`` (all that was published of these slots) into ``new`` (what their rules say now).

    What has begun is never touched, in either direction; a slot without any past is written whole, past days too.
    Old and new of a slot and channel are the same occurrence where their original local dates agree, or where one
    of each is left over: a single date that was planned anew. ``new`` holds skipped airings as cancelled; of those that were
    never published the called off ones alone are told.
    """
    olds, news = _by_slot(old), _by_slot(new)
    published = {slot for slot, _channel in olds}
    changes: list[Change] = []
    for key in sorted({*olds, *news}):
        changes += _compare_slot(olds.get(key, {}), news.get(key, {}), now, key[0] not in published)
    return sorted(changes, key=lambda c: (c.after.start, c.after.channel, c.after.id))


def _by_slot(occurrences: Iterable[Occurrence]) -> dict[tuple[int, str], dict[date, Occurrence]]:
    found: dict[tuple[int, str], dict[date, Occurrence]] = {}
    for one in occurrences:
        found.setdefault((one.slot, one.channel), {})[one.original.date()] = one
    return found


def _compare_slot(old: dict[date, Occurrence], new: dict[date, Occurrence], now: datetime, is_first: bool) -> list[Change]:
    pairs = [(old[day], new[day]) for day in old if day in new]
    left_old = [o for day, o in old.items() if day not in new and o.start > now and o.is_on]
    left_new = [o for day, o in new.items() if day not in old and o.is_on and (is_first or o.start > now)]
    if len(left_old) == len(left_new) == 1:
        pairs.append((left_old.pop(), left_new.pop()))
    changes = [change for before, after in pairs if before.start > now and (change := _change(before, after, now))]
    changes += [Change("cancelled", o, _cancelled(o)) for o in left_old]
    changes += [Change("new", None, o) for o in left_new]
    called_off = [o for day, o in new.items() if day not in old and o.is_called_off and (is_first or o.start > now)]
    changes += [Change("cancelled", None, replace(o, is_called_off=False)) for o in called_off]
    return changes


def _cancelled(one: Occurrence) -> Occurrence:
    return replace(one, status="cancelled", sequence=one.sequence + 1)


def _change(before: Occurrence, new: Occurrence, now: datetime) -> Change | None:
    if not new.is_on:
        return Change("cancelled", before, _cancelled(before)) if before.is_on else None
    if new.start <= now:  # nobody can be told of it any more
        return None
    is_moved = (before.start, before.end) != (new.start, new.end)
    is_as_planned = not is_moved and new.status == "planned" and new.original == before.original
    after = replace(
        new,
        original=before.original,
        status="planned" if is_as_planned else "moved",
        sequence=before.sequence + (is_moved or not before.is_on),
        revision=before.revision,
        updated_at=before.updated_at,
        may_overlap=before.may_overlap and not is_moved,
    )
    if not before.is_on:
        return Change("restored", before, after)
    if is_moved:
        return Change("moved", before, after)
    after = replace(after, status=before.status)
    return None if after == before else Change("reworded", before, after)


def lines(changes: Sequence[Change], zone: str, language: str = "id", _: Phrases = in_indonesian) -> list[str]:
    """One short line for each thing that changed, series together: "Pindah: X-Sains Sel 14 Apr 08.00 ke 09.00 WIB (12 kali)".

    Zone is said; characters are those of GSM-7 where the titles are.
    """
    series: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        first, last = _hours(change.before or change.after, zone, language), _hours(change.after, zone, language)
        series.setdefault((change.kind, change.after.slot, change.after.channel, change.after.title, first, last), []).append(
            change
        )
    return [_line(same, zone, language, _) for same in series.values()]


def _hours(one: Occurrence, zone: str, language: str) -> tuple[str, str]:
    there = ZoneInfo(zone)
    return clock_of(one.start.astimezone(there), language), clock_of(one.end.astimezone(there), language)


def _line(same: Sequence[Change], zone: str, language: str, _: Phrases) -> str:
    change = same[0]
    before, after = change.before or change.after, change.after
    (began, ended), (begins, ends) = _hours(before, zone, language), _hours(after, zone, language)
    zone_name = after.start.astimezone(ZoneInfo(zone)).tzname()
    old_day, day = short_day(before.start, zone, language), short_day(after.start, zone, language)
    values = {"title": after.title, "day": day, "start": begins, "end": ends, "zone": zone_name}
    if change.kind == "new":
        line = _("Baru: %(title)s %(day)s %(start)s-%(end)s %(zone)s", **values)
    elif change.kind == "cancelled":
        line = _("Batal: %(title)s %(day)s %(start)s %(zone)s", **values)
    elif change.kind == "restored":
        line = _("Jadi lagi: %(title)s %(day)s %(start)s-%(end)s %(zone)s", **values)
    elif change.kind == "reworded":
        line = _("Keterangan baru: %(title)s %(day)s %(start)s %(zone)s", **values)
    elif old_day != day:
        line = _("Pindah: %(title)s %(old_day)s %(began)s ke %(day)s %(start)s %(zone)s", old_day=old_day, began=began, **values)
    elif began != begins:
        line = _("Pindah: %(title)s %(day)s %(began)s ke %(start)s %(zone)s", began=began, **values)
    else:
        line = _("Panjang baru: %(title)s %(day)s %(start)s-%(end)s %(zone)s, dulu sampai %(ended)s", ended=ended, **values)
    return line if len(same) == 1 else line + " " + _("(%(n)s kali)", n=len(same))


def summary(changes: Sequence[Change], zone: str, language: str = "id", _: Phrases = in_indonesian, units: int = 160) -> str:
    """The lines that fit one SMS, and how many more there are. Never longer than ``units`` septets (70 characters in UCS-2)."""
    said = [gsm7.rewrite(line) for line in lines(changes, zone, language, _)]
    for shown in range(len(said), -1, -1):
        more = len(said) - shown
        rest = [_("+%(n)s perubahan lain", n=more)] if more else []
        text = ". ".join([*said[:shown], *rest])
        if shown == 0 and said:  # not even one line: the beginning of it
            return _cut(said[0], units)
        if gsm7.fits_screen(text, units):
            return text
    return ""


def _cut(text: str, units: int) -> str:
    while text and not gsm7.fits_screen(text, units):
        text = text[:-1]
    return text
