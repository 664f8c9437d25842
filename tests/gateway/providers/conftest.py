from __future__ import annotations

import pytest

from gateway.bodies import Incoming
from tests.gateway.fixtures import stand_in  # noqa: F401


@pytest.fixture
def incoming():
    """incoming(id="1", …) -> the request that posts those fields."""

    def make(**fields):
        posted = {name: [str(value).encode()] for name, value in fields.items()}
        return Incoming("POST", "/x", "", {}, posted, posted)

    return make
