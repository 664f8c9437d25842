"""Feed formats, one file each; each exports ``feed``. Pure: a timetable in, bytes out.

The same timetable gives the same bytes: nothing is taken from the clock. Texts were cleaned when they came in
(core.text), so no format meets a control character.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from broadcast_schedule.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Feed:
    """``extension`` is what stands after the dot in a station's address and in ``export-timetable --format``.

    ``check`` reads the bytes again as a receiver would and raises ValueError where one would choke.
    """

    name: str
    extension: str
    media_type: str
    render: Callable[[Timetable], bytes]
    check: Callable[[bytes, Timetable], None] = lambda raw, timetable: None


def feeds() -> dict[str, Feed]:
    """{extension: feed}, of every file in this folder."""
    global _found
    if not _found:
        import broadcast_schedule.feeds as package
        from core.discover import discover

        _found = {feed.extension: feed for feed in discover(package, "feed").values()}
    return _found


_found: dict[str, Feed] = {}


def faults(timetable: Timetable) -> list[str]:
    """What is wrong with any format of this timetable, as "xmltv: …"; nothing where all can be read."""
    found = []
    for feed in feeds().values():
        try:
            feed.check(feed.render(timetable), timetable)
        except (ValueError, KeyError, TypeError, SyntaxError) as error:  # lxml cannot parse: a SyntaxError
            found.append(f"{feed.name}: {error}")
    return found


def want(is_so: bool, what: str) -> None:
    """Raises ValueError with ``what`` where it is not so."""
    if not is_so:
        raise ValueError(what)
