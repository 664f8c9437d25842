"""What an operator typed to find a message reaches the database as what it can be, or not at all."""

from __future__ import annotations

import pytest

from gateway.outbox_search import Wanted, read


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ({"digits": "%%%"}, Wanted()),
        ({"digits": "_1%2_3"}, Wanted(digits="123")),
        ({"digits": "12"}, Wanted()),
        ({"digits": "+62 812-3456-7890"}, Wanted(digits="567890")),
        ({"state": "' OR 1=1 --"}, Wanted()),
        ({"state": "unknown"}, Wanted(state="unknown")),
        ({"line": "²", "before": "x", "day": "besok"}, Wanted()),
    ],
)
def test_what_cannot_be_read_wants_nothing(typed, wanted):
    assert read(typed) == wanted
