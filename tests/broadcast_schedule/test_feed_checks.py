"""No edition stands whose feeds a receiver could not read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from broadcast_schedule import feeds
from core.problems import Refused


def test_an_edition_that_a_reader_could_not_read_is_refused(plan, monkeypatch):
    plan.slot()
    found = feeds.feeds()

    def choke(raw, timetable):
        raise ValueError(f"cannot read {len(timetable.occurrences)} of {timetable.station.name}")

    monkeypatch.setitem(found, "xml", replace(found["xml"], check=choke))
    with pytest.raises(Refused) as refused:
        plan.publish()
    assert [problem.what for problem in refused.value.problems] == [
        "Jadwal TVRI Nasional tidak dapat dibaca dalam salah satu formatnya: xmltv: cannot read 1 of TVRI Nasional."
    ]
    assert (plan.revisions()["tvri-nasional"], plan.rows()) == (0, [])
    monkeypatch.undo()
    assert plan.publish().number == 1
