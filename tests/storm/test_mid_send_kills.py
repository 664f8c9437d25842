"""A sender killed at five points of a send: nothing goes out twice, what is in doubt is listed and resolved by its report."""

from __future__ import annotations

import pytest

from bench import storm_sends

pytestmark = pytest.mark.slow


def test_twenty_kills_send_nothing_twice(tmp_path):
    found = storm_sends.run(tmp_path, 20)
    assert {what: faults for what, faults in found.faults.items() if faults} == {}
    assert dict(found.kills) == {"claimed": 4, "sending": 4, "on the wire": 4, "answered": 4, "settled": 4, "drain": 0}
    assert (found.unknown_before, dict(found.states)) == (12, {"delivered": 16, "unknown": 4})
