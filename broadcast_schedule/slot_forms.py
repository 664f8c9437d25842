"""A planner's forms read into values. What cannot be read is a Problem beside its field; what was typed is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from broadcast_schedule import patterns
from broadcast_schedule.planning import SlotDraft, slot_problems
from broadcast_schedule.recurrence import DAYS, read_weekdays
from broadcast_schedule.tables import Episode, Slot
from core.problems import Problem, Refused
from core.text import clean, one_line

T = TypeVar("T")
NTH = ("1", "2", "3", "4", "5", "-1")
Form = MultiDict[str, str]


def typed(form: Form) -> dict[str, object]:
    """Everything that was typed, cleaned, to be shown again."""
    names: tuple[str, ...] = (
        "programme_id",
        "new_programme",
        "audience",
        "episode",
        "quiz_keyword",
        "starts_on",
        "starts_at",
        "minutes",
    )
    names += ("time_zone", "every_weeks", "ends_on", "is_live", "version", "repeats", "month_day", "nth", "nth_day", "count")
    names += ("presenter", "is_repeat", "from_day")
    values: dict[str, object] = {name: clean(form.get(name, ""), 300) for name in names}
    values["weekdays"] = [day for day in form.getlist("weekdays") if day in DAYS]
    from_day = read_date(values["from_day"])  # hidden, so that nobody can mend it
    values["from_day"] = from_day.isoformat() if from_day else ""
    return values


def shown(slot: Slot, episode: Episode | None) -> dict[str, object]:
    """A saved slot as its form shows it."""
    return {
        "programme_id": str(slot.programme_id),
        "episode": episode.title if episode else "",
        "quiz_keyword": episode.quiz_keyword if episode else "",
        "starts_on": slot.starts_on.isoformat(),
        "starts_at": f"{slot.starts_at:%H:%M}",
        "minutes": str(slot.minutes),
        "time_zone": slot.time_zone,
        "every_weeks": str(slot.every_weeks),
        "ends_on": slot.ends_on.isoformat() if slot.ends_on else "",
        "is_live": "1" if slot.is_live else "",
        "is_repeat": "1" if slot.is_repeat else "",
        "presenter": slot.presenter,
        **_shown_pattern(slot.pattern),
        "version": str(slot.version),
        "weekdays": [DAYS[day] for day in sorted(read_weekdays(slot.weekdays))],
    }


def _shown_pattern(text: str) -> dict[str, str]:
    """A pattern as the form's fields; one that came from a file and has no fields is kept as it is."""
    if not text:
        return {"repeats": "weekly"}
    pattern = patterns.read(text)
    plain = pattern.frequency == "monthly" and not pattern.months and not pattern.positions
    every = {"every_weeks": str(pattern.interval)}
    if plain and len(pattern.month_days) == 1 and not pattern.days:
        return {"repeats": "month_day", "month_day": str(pattern.month_days[0]), **every}
    if plain and len(pattern.days) == 1 and pattern.days[0][0] and not pattern.month_days:
        ((n, weekday),) = pattern.days
        return {"repeats": "nth", "nth": str(n), "nth_day": DAYS[weekday], **every}
    return {"repeats": text, **every}


def read_pattern(found: list[Problem], values: Mapping[str, object], every: int) -> str:
    """The RRULE of what was chosen; "" for weeks and for a single date."""
    kind = str(values["repeats"])
    interval = f";INTERVAL={every}" if every != 1 else ""
    if kind == "month_day":
        day = str(values["month_day"]).strip()
        if not re.fullmatch(r"-1|[1-9]|[12][0-9]|3[01]", day, re.ASCII):
            found.append(
                Problem("month_day", _("Ini belum terbaca."), _("Tulis tanggalnya, 1 sampai 31, atau -1: hari terakhir."))
            )
            return ""
        return f"FREQ=MONTHLY{interval};BYMONTHDAY={day}"
    if kind == "nth":
        n, weekday = str(values["nth"]), str(values["nth_day"])
        if n not in NTH or weekday not in DAYS:
            found.append(Problem("nth", _("Pilih minggu ke berapa dan hari apa.")))
            return ""
        return f"FREQ=MONTHLY{interval};BYDAY={n}{weekday}"
    return kind if kind.startswith("FREQ=") else ""


def read_slot(db: Session, values: Mapping[str, object], channel_id: int, programme_id: int | None) -> SlotDraft:
    """The slot of the form. Raises Refused with every problem at once, those of the rules included."""
    found: list[Problem] = []
    starts_on = _read(found, "starts_on", read_date(values["starts_on"]), _("Tulis tanggal mulainya, seperti 2026-07-13."))
    starts_at = _read(found, "starts_at", read_time(values["starts_at"]), _("Tulis jam mulainya, seperti 08.00."))
    minutes = _read(found, "minutes", read_number(values["minutes"]), _("Tulis panjangnya dalam menit, misalnya 30."))
    every = _read(found, "every_weeks", read_number(values["every_weeks"] or "1"), _("Tulis bilangan bulat, misalnya 1."))
    ends_on = None
    if values["ends_on"]:
        ends_on = _read(
            found, "ends_on", read_date(values["ends_on"]), _("Tulis tanggal terakhir, seperti 2026-12-18, atau kosongkan.")
        )
    if programme_id is None:
        found.append(Problem("programme_id", _("Acara belum dipilih."), _("Pilih acara, atau tulis nama acara baru.")))
    count = None
    if values["count"]:
        count = _read(found, "count", read_number(values["count"]), _("Tulis bilangan bulat, atau kosongkan."))
    pattern = read_pattern(found, values, every or 1)
    draft = SlotDraft(
        channel_id=channel_id,
        programme_id=programme_id or 0,
        starts_on=starts_on or date(2026, 1, 1),
        starts_at=starts_at or time(),
        minutes=minutes if minutes is not None else 1,
        time_zone=str(values["time_zone"]),
        weekdays=read_weekdays(",".join(values["weekdays"])),  # type: ignore[arg-type]
        every_weeks=every if every is not None else 1,
        ends_on=ends_on if starts_on else None,
        episode=str(values["episode"]),
        quiz_keyword=str(values["quiz_keyword"]),
        is_live=bool(values["is_live"]),
        version=read_number(values["version"]),
        pattern=pattern,
        count=count,
        presenter=str(values["presenter"]),
        is_repeat=bool(values["is_repeat"]),
    )
    unread = {problem.where for problem in found}
    found += [p for p in slot_problems(db, draft, _) if p.where not in unread]
    keyword = one_line(draft.quiz_keyword).upper()
    if keyword and not re.fullmatch(r"[A-Z][A-Z0-9]{1,11}", keyword):
        what = _("Kata kunci kuis terdiri dari 2 sampai 12 huruf atau angka dan diawali huruf.")
        found.append(Problem("quiz_keyword", what, _("Salin dari halaman kuis, atau kosongkan.")))
    if found:
        raise Refused(found)
    return draft


def _read(found: list[Problem], where: str, value: T | None, remedy: str) -> T | None:
    if value is None:
        found.append(Problem(where, _("Ini belum terbaca."), remedy))
    return value


def read_date(text: object) -> date | None:
    """ISO, or None."""
    if isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip()):
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            return None
    return None


def read_time(text: object) -> time | None:
    """08:00 or 08.00, or None."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?::00)?", str(text).strip(), re.ASCII)
    return time(int(found[1]), int(found[2])) if found else None


def read_number(text: object) -> int | None:
    """Up to five digits of ASCII, or None."""
    return int(str(text)) if re.fullmatch(r"[0-9]{1,5}", str(text).strip()) else None


def read_move(form: Form) -> tuple[datetime | None, int | None]:
    """(new local start, new minutes) of a moved airing. Raises Refused by field."""
    found: list[Problem] = []
    day = _read(found, "new_date", read_date(form.get("new_date", "")), _("Tulis tanggal barunya, seperti 2026-07-13."))
    at = _read(found, "new_time", read_time(form.get("new_time", "")), _("Tulis jam barunya, seperti 08.00."))
    minutes = _read(found, "new_minutes", read_number(form.get("new_minutes", "")), _("Tulis panjangnya dalam menit."))
    if found or day is None or at is None:
        raise Refused(found)
    return datetime.combine(day, at), minutes
