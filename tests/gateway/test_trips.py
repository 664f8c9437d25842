"""How often a hop asks PostgreSQL: each round trip costs two changes of process besides what it asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import equipped
from tests.gateway.fixtures import PHONE, add_line, publish_quiz
from tests.wires import trips

__all__ = ["trips"]


@pytest.fixture
def app(one_app, settings, postgresql_url):
    with equipped(one_app, replace(settings, database_url=postgresql_url)) as app:
        yield app


@pytest.fixture
def hop(app, client, trips):
    """hop(text) -> (the first line of her screen, round trips)."""
    publish_quiz(app)
    line = add_line(app, "simulator", "ussd")

    def press(text, phone=PHONE, session="s1"):
        trips.clear()
        data = {"sessionId": session, "phoneNumber": phone, "text": text}
        answer = client.post(f"/gateway/simulator/{line.token}/ussd", data=data)
        return answer.text.split("\n")[0], len(trips)

    press("MTK5", phone="+6281200000009", session="s0")  # lines and content are read by the first of all hops
    return press


def test_somebody_new_asks_six_times_and_whoever_answers_twice(hop):
    assert hop("MTK5") == ("CON 1/3 1 + 1 = ?", 6)
    assert [hop("MTK5*2"), hop("MTK5*2*4")] == [("CON Benar!", 2), ("CON Benar!", 2)]
