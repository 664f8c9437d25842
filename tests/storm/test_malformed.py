"""Whatever comes to any address of the served product: no 5xx, no hop without its screen, nothing slow, no growth."""

from __future__ import annotations

import pytest

from bench import malformed

pytestmark = pytest.mark.slow


def test_three_thousand_malformed_requests(tmp_path):
    verdict = malformed.run(tmp_path, 3000, 11)
    assert {name: faults for name, faults in verdict.faults.items() if faults} == {}
    assert verdict.sent == 3000
    assert set(verdict.statuses) > {"200", "303", "400", "404", "405", "413", "422"}  # it got past every door
