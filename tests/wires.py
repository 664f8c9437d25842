"""What goes over the wire to PostgreSQL."""

from __future__ import annotations

import pytest

from core.pipelined import Wire


@pytest.fixture
def trips(monkeypatch):
    """What each round trip carried."""
    found = []
    whole = Wire._sent

    def sent(self):
        found.append([sql.decode().split()[0] for _, sql, _ in self._queue])
        return whole(self)

    monkeypatch.setattr(Wire, "_sent", sent)
    return found
