"""A hop has its screen within two seconds, with status 200, whatever holds the database."""

from __future__ import annotations

import threading
import time

import pytest

import core.database
from core.database import _sqlite_module
from gateway import ussd_webhooks
from tests.gateway.fixtures import PHONE

SORRY = "END Maaf, sedang ramai. Jawabanmu yang tadi tersimpan. Coba hubungi lagi sebentar lagi."


@pytest.fixture
def holder(settings):
    """Another process's connection, which can hold the write lock."""
    connection = _sqlite_module().connect(settings.database_url.removeprefix("sqlite:///"), check_same_thread=False)
    connection.isolation_level = None
    yield connection
    connection.close()


def dial(client, line, session):
    began = time.monotonic()
    answer = client.post(
        f"/gateway/{line.provider}/{line.token}/ussd", data={"sessionId": session, "phoneNumber": PHONE, "text": ""}
    )
    return answer.status_code, answer.text, time.monotonic() - began


@pytest.mark.slow
def test_a_lock_held_for_long_is_said_in_words_and_a_short_one_is_waited_for(client, make_line, quiz, holder, monkeypatch):
    line = make_line("simulator", "ussd")
    took = dial(client, line, "s0")[2]  # with nothing in its way: a machine where that takes long may take long here too
    holder.execute("BEGIN IMMEDIATE")
    assert ussd_webhooks.SECONDS < 2
    status, said, waited = dial(client, line, "s1")
    assert (status, said, waited < 2 + 10 * took) == (200, SORRY, True)
    monkeypatch.setattr(ussd_webhooks, "SECONDS", 60.0)
    monkeypatch.setattr(core.database, "BUSY_MS", 60_000)  # of the writer's next connection: this one was given up
    timer = threading.Timer(0.3, holder.execute, ("ROLLBACK",))
    timer.start()
    status, said, _ = dial(client, line, "s2")
    timer.join()
    assert (status, said[:4]) == (200, "CON ")
