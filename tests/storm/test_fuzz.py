"""A moment of coverage-guided fuzzing for each parser, the same inputs each time, so that a green tree stays green.

`python3 run.py bench fuzz` gives them longer, and other inputs each time.
"""

from __future__ import annotations

import pytest

from bench import fuzz

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_a_moment_finds_nothing(name):
    assert fuzz.run(name, 300, runs=1000, seed=1) is None
