"""Public holidays of Indonesia as proposals: the calendar of the ``holidays`` library, never applied by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Holiday:
    """``is_estimated``: reckoned, the moon has not been seen. ``is_leave``: a day of collective leave, not a public holiday."""

    day: date
    name: str
    is_leave: bool
    is_estimated: bool


def proposals(first: date, last: date, language: str = "id") -> list[Holiday]:
    """Public holidays and days of collective leave from ``first`` to ``last``, inclusive, in order."""
    import holidays  # here: 10 MB that only this page needs

    years = range(first.year, last.year + 1)
    said = "id" if language == "id" else "en_US"
    marks = ("(perkiraan)", "(estimated)")
    found = []
    public = holidays.country_holidays("ID", years=years, language=said, categories=("public",))
    leave = holidays.country_holidays("ID", years=years, language=said, categories=("government",))
    for is_leave, calendar in ((False, public), (True, leave)):
        for day, names in calendar.items():
            is_estimated = any(mark in names for mark in marks)
            for mark in marks:
                names = names.replace(mark, "")
            if first <= day <= last and not (is_leave and day in public):
                found.append(Holiday(day, " ".join(names.split()), is_leave, is_estimated))
    return sorted(found, key=lambda holiday: (holiday.day, holiday.is_leave))
