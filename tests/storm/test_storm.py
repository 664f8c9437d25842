"""A short storm of each database: what was acknowledged is there once, whoever was killed meanwhile."""

from __future__ import annotations

import pytest

from bench import storm
from tests.services import needs

pytestmark = pytest.mark.slow


def weather(name, folder, seconds):
    verdict = storm.run(name, folder, storm.Wanted(seconds / 60, seed=7, diallers=8, texters=2, least=300))
    assert {what: faults for what, faults in verdict.faults.items() if faults} == {}
    assert verdict.rows >= 300


def test_nothing_is_lost_or_doubled_on_sqlite(tmp_path):
    weather("sqlite", tmp_path, 15)


@needs("postgresql", "redis")
def test_nothing_is_lost_or_doubled_on_postgresql(tmp_path):
    weather("postgresql", tmp_path, 15)
