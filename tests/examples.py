"""How many examples a property is tried with: all of them in .ci/run, a fifth of them at a developer's desk."""

from __future__ import annotations

import os

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def examples(most: int) -> int:
    """``most`` where HYPOTHESIS_PROFILE=thorough, else a fifth of it, but ten at least."""
    return most if THOROUGH else min(most, max(10, most // 5))
