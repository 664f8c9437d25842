from __future__ import annotations

from core.pace import Pace


def test_some_at_once_and_then_at_a_pace():
    now = [0.0]
    pace = Pace(at_once=3, per_second=2, clock=lambda: now[0])
    assert [pace.allows("a") for _ in range(4)] == [True, True, True, False]
    assert pace.allows("b") is True
    now[0] += 0.5
    assert [pace.allows("a") for _ in range(2)] == [True, False]
    now[0] += 60
    assert [pace.allows("a") for _ in range(4)] == [True, True, True, False]


def test_it_remembers_so_many_and_no_more():
    pace = Pace(at_once=1, per_second=0, remembered=2, clock=lambda: 0.0)
    assert [pace.allows(key) for key in ("a", "b", "c", "b", "a")] == [True, True, True, False, True]
