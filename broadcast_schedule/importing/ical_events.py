"""The events of one UID as a rule, its departures, and the airings that no rule can say. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from broadcast_schedule.importing import ical_times
from broadcast_schedule.importing.ical_lines import Component, Property
from broadcast_schedule.importing.ical_times import Moment, read_moment, read_moments
from broadcast_schedule.importing.ical_zones import Zones
from broadcast_schedule.importing.reading import (
    Entry,
    Reading,
    Source,
    Unreadable,
    minutes_between,
    placed,
    read_description,
    read_title,
    whole_minute,
)
from broadcast_schedule.recurrence import Departure, Rule, airs_on, first_date, split, to_utc
from core.problems import N_, Problem
from core.text import clean, one_line

MOST_DATES = 5000  # EXDATEs, RDATEs and overrides of one event


@dataclass(slots=True)
class Uid:
    """All events of one UID, in the file's order."""

    masters: list[Component] = field(default_factory=list)
    overrides: list[Component] = field(default_factory=list)


def key_of(uid: str) -> str:
    return f"uid|{uid}"


class EventReader:
    """Reads the events of one UID."""

    def __init__(self, uid: str, where: str, zones: Zones, source: Source, found: Reading):
        self.uid, self.where, self.zones, self.source, self.found = uid, where, zones, source, found

    def entries(self, events: Uid) -> list[Entry]:
        """Nothing where the file calls the event off, or where nothing of it is left."""
        for event in (*events.masters, *events.overrides):
            if event.fault is not None:
                raise event.fault
        master = self._newest(events.masters)
        overrides = self._overrides(events.overrides)
        if master is None:
            for recurrence, event in overrides:
                when = recurrence.instant if isinstance(recurrence, Moment) else recurrence
                self.found.overridden.append((key_of(self.uid), when))
                if event.is_cancelled:
                    self.found.called_off.add((key_of(self.uid), when))
            return [made for _recurrence, event in overrides for made in self._alone(event, "")]
        if master.is_cancelled:
            return []
        start = self._start(master)
        minutes = self._length(master, start)
        words = self._words(master)
        rules = master.all("RRULE")
        self._refuse_unread(master, rules, start)
        if not rules:
            local, zone = self._placed(start)
            start = Moment(local, zone)
            rule: Rule | None = Rule(local.date(), local.time(), minutes, zone)
        else:
            rule = ical_times.read_rule(rules[0], start, minutes)
        if rule is None:
            return []
        departures: dict[date, Departure] = {}
        self._exclude(master, rule, departures)
        extra = self._include(master, rule, departures, words, minutes)
        for recurrence, event in overrides:
            rule, more = self._override(rule, recurrence, event, departures, words, overrides)
            extra += more
        whole = replace(words, rule=rule, departures=departures, part="")
        own = departures.get(rule.starts_on, Departure("moved"))
        has_any = (not rule.is_once or own.kind != "skipped" or own.is_called_off) and first_date(rule) is not None
        return [*([whole] if has_any else []), *extra]

    def _newest(self, events: list[Component]) -> Component | None:
        """Raises Unreadable for two that say different things and neither of which is the newer one."""
        if len(events) < 2:
            return events[0] if events else None
        ranked = sorted(events, key=lambda event: event.rank)
        last, before = ranked[-1], ranked[-2]
        if last.rank == before.rank and last.said != before.said:
            raise Unreadable(N_("UID ini ada dua kali dengan isi yang berbeda dan SEQUENCE yang sama."))
        return last

    def _overrides(self, events: list[Component]) -> list[tuple[Moment | date, Component]]:
        """The newest override of each RECURRENCE-ID, in order of time."""
        by_id: dict[Moment | date, list[Component]] = {}
        for event in events:
            found = event.one("RECURRENCE-ID")
            assert found is not None, "it was sorted in by it"
            moment = read_moment(found, found.value, self.zones)
            key = moment if not isinstance(moment, Moment) else Moment(moment.instant.replace(tzinfo=None), "UTC")
            by_id.setdefault(key, []).append(event)
        if len(by_id) > MOST_DATES:
            raise Unreadable(N_("acara ini punya lebih dari %(most)s pengecualian."), most=MOST_DATES)
        made = [(moment, self._newest(same)) for moment, same in by_id.items()]
        return sorted(((m, e) for m, e in made if e is not None), key=lambda each: str(_local(each[0])))

    def _start(self, event: Component) -> Moment:
        found = event.one("DTSTART")
        if found is None:
            raise Unreadable(N_("tidak ada awal (DTSTART)."))
        start = read_moment(found, found.value, self.zones)
        if not isinstance(start, Moment):
            raise Unreadable(N_("ini acara sepanjang hari (DTSTART tanpa jam)."))
        whole_minute(start.local)
        return start

    def _length(self, event: Component, start: Moment) -> int:
        return ical_times.length_of(start, event.one("DTEND"), event.one("DURATION"), self.zones)

    def _placed(self, start: Moment) -> tuple[datetime, str]:
        """A time in UTC is told in the station's zone, where it is one airing alone."""
        return placed(start.instant, self.source.zone) if start.zone == "UTC" else (start.local, start.zone)

    def _words(self, event: Component, title: str = "") -> Entry:
        """An entry with its words; rule and part are filled in by the caller."""
        summary = event.text("SUMMARY")
        return Entry(
            key=key_of(self.uid),
            part="",
            where=self.where,
            channel=self.source.channel,
            rule=Rule(date.min, datetime.min.time(), 0, "UTC"),
            title=read_title(summary) if one_line(clean(summary)) or not title else title,
            description=read_description(event.text("DESCRIPTION")),
            sequence=event.sequence,
        )

    def _refuse_unread(self, master: Component, rules: list[Property], start: Moment) -> None:
        if len(rules) > 1:
            raise Unreadable(N_("ada dua aturan (RRULE) sekaligus."))
        if rules and start.defined is not None:
            what = N_("aturannya (RRULE) di zona %(zone)s, yang tidak sama dengan zona IANA mana pun.")
            raise Unreadable(what, zone=clean(master.all("DTSTART")[0].parameters.get("TZID", ""), 60))
        for name in ("EXRULE", "RSCALE"):
            if master.all(name):
                raise Unreadable(N_("%(name)s tidak dibaca."), name=name)
        repeats = bool(rules) or bool(master.all("RDATE"))
        if repeats and ical_times.is_nominal(master.one("DURATION")) and ical_times.clock_changes(start.zone, start.local.date()):
            raise Unreadable(N_("DURATION dalam hari tidak tetap panjangnya di zona yang mengubah jamnya."))

    def _exclude(self, master: Component, rule: Rule, departures: dict[date, Departure]) -> None:
        for moment in self._listed(master, "EXDATE"):
            day = _day_of(rule, moment)
            if day is None:
                facts = {"value": str(_local(moment))}
                self.found.notes.append(Problem(self.where, N_("EXDATE %(value)s tidak mengenai siaran mana pun."), facts=facts))
            else:
                departures[day] = Departure("skipped")

    def _listed(self, event: Component, name: str) -> list[Moment | date]:
        found = [m for each in event.all(name) for m in read_moments(each, self.zones)]
        if len(found) > MOST_DATES:
            raise Unreadable(N_("acara ini punya lebih dari %(most)s pengecualian."), most=MOST_DATES)
        return found

    def _include(
        self, master: Component, rule: Rule, departures: dict[date, Departure], words: Entry, minutes: int
    ) -> list[Entry]:
        """RDATEs: at the rule's own hour on a free day they belong to it, any other is an airing of its own."""
        excluded = {m.instant for m in self._listed(master, "EXDATE") if isinstance(m, Moment)}
        whole_days = {m for m in self._listed(master, "EXDATE") if not isinstance(m, Moment)}
        made = []
        for start, length in self._added(master, minutes):
            local, zone = self._placed(start) if start.zone == "UTC" and rule.time_zone != "UTC" else (start.local, start.zone)
            whole_minute(local)
            day = local.date()
            if start.instant in excluded or day in whole_days:
                continue
            is_ours = (local.time(), zone, length) == (rule.starts_at, rule.time_zone, rule.minutes)
            if is_ours and airs_on(rule, day):
                continue  # said twice
            if is_ours and day not in departures and day > rule.starts_on:
                departures[day] = Departure("added")
            else:
                made.append(replace(words, part=f"{local:%Y%m%dT%H%M}", rule=Rule(day, local.time(), length, zone)))
        return made

    def _added(self, master: Component, minutes: int) -> Iterable[tuple[Moment, int]]:
        for found in master.all("RDATE"):
            for value in found.value.split(","):
                first, slash, last = value.partition("/")
                start = read_moment(found, first, self.zones)
                if not isinstance(start, Moment):
                    raise Unreadable(N_("RDATE %(value)s tidak menyebut jam."), value=clean(value, 40))
                if not slash:
                    yield start, minutes
                elif last.strip().upper().startswith(("P", "+P")):
                    yield start, ical_times.length_of(start, None, Property("DURATION", {}, last), self.zones)
                else:
                    end = read_moment(found, last, self.zones)
                    if not isinstance(end, Moment):
                        raise Unreadable(N_("RDATE %(value)s tidak terbaca."), value=clean(value, 40))
                    yield start, minutes_between(start.instant, end.instant)

    def _override(
        self,
        rule: Rule,
        recurrence: Moment | date,
        event: Component,
        departures: dict[date, Departure],
        words: Entry,
        overrides: list[tuple[Moment | date, Component]],
    ) -> tuple[Rule, list[Entry]]:
        """(the rule, airings of its own). An override of what an EXDATE has taken away has no effect."""
        found = event.one("RECURRENCE-ID")
        day = _day_of(rule, recurrence)
        if found is not None and "RANGE" in found.parameters:
            if recurrence != overrides[-1][0] or day is None or not airs_on(rule, day):
                raise Unreadable(N_("RECURRENCE-ID dengan RANGE=THISANDFUTURE ini tidak dapat dibaca dengan tepat."))
            return self._from_here_on(rule, day, event, departures, words)
        is_ours = day is not None and (airs_on(rule, day) or departures.get(day, Departure("skipped")).kind == "added")
        if day is None or not is_ours:
            return rule, self._alone(event, words.title)
        if departures.get(day, Departure("moved")).kind == "skipped":
            return rule, []
        if event.is_cancelled:
            departures[day] = Departure("skipped", is_called_off=True)
            return rule, []
        start = self._start(event)
        minutes = self._length(event, start)
        if self._words(event, words.title).title != words.title:
            departures[day] = Departure("skipped")
            return rule, self._alone(event, words.title)
        local, zone = placed(start.instant, rule.time_zone)
        if zone != rule.time_zone:
            departures[day] = Departure("skipped")
            return rule, self._alone(event, words.title)
        kind = departures.get(day, Departure("moved")).kind
        is_moved = local != datetime.combine(day, rule.starts_at) or minutes != rule.minutes
        if is_moved:
            departures[day] = Departure(kind, local, minutes)
        return rule, []

    def _from_here_on(
        self, rule: Rule, day: date, event: Component, departures: dict[date, Departure], words: Entry
    ) -> tuple[Rule, list[Entry]]:
        """THISANDFUTURE: the rule is split, where it keeps its days; with other words it ends, and a rule of these begins."""
        ended, said = replace(rule, ends_on=day - timedelta(days=1)), self._words(event, words.title)
        ends = event.is_cancelled or said.title != words.title
        later = {each: departures.pop(each) for each in sorted(departures) if ends and each >= day}
        if event.is_cancelled:
            return ended, []
        start = self._start(event)
        local, zone = placed(start.instant, rule.time_zone)
        if local.date() != day or zone != rule.time_zone:
            raise Unreadable(N_("RECURRENCE-ID dengan RANGE=THISANDFUTURE ini tidak dapat dibaca dengan tepat."))
        new = replace(rule, starts_on=day, starts_at=local.time(), minutes=self._length(event, start))
        other = replace(said, part=_part_of(event), rule=new, departures=later)
        return (ended, [other]) if ends else (split(rule, new), [])

    def _alone(self, event: Component, title: str) -> list[Entry]:
        """An override that is an airing of its own."""
        if event.is_cancelled:
            return []
        start = self._start(event)
        local, zone = self._placed(start)
        rule = Rule(local.date(), local.time(), self._length(event, start), zone)
        return [replace(self._words(event, title), part=_part_of(event), rule=rule)]


def _part_of(override: Component) -> str:
    """How an airing or a rule that an override made is told from others of its UID."""
    return clean(f"r{override.text('RECURRENCE-ID').strip()}", 40)


def _local(moment: Moment | date) -> datetime | date:
    return moment.local if isinstance(moment, Moment) else moment


def day_of(rule: Rule, when: datetime | date) -> date | None:
    """The original local date of the airing of a rule that begins at an instant; of a whole day that day itself."""
    if not isinstance(when, datetime):
        return when
    near = placed(when, rule.time_zone)[0].date()
    for day in (near, near - timedelta(days=1), near + timedelta(days=1)):
        if to_utc(datetime.combine(day, rule.starts_at), rule.time_zone) == when:
            return day
    return None


def _day_of(rule: Rule, moment: Moment | date) -> date | None:
    """The original local date that an EXDATE or RECURRENCE-ID means, or None where no airing begins at that very instant."""
    return day_of(rule, moment.instant if isinstance(moment, Moment) else moment)
