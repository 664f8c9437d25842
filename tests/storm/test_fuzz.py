"""A moment of coverage-guided fuzzing for each parser: `python3 run.py bench fuzz` gives them longer."""

from __future__ import annotations

import pytest

from bench import fuzz

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_a_moment_finds_nothing(name):
    assert fuzz.run(name, 2) is None
