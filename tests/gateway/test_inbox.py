"""A message is taken once, whatever the network does."""

from __future__ import annotations

import threading

import pytest
from flask import current_app

from gateway import inbox
from tests.gateway.fixtures import PHONE, add_line

NOW = 1_800_000_000_000


@pytest.fixture
def any_line(any_database):
    return add_line(current_app._get_current_object(), "http", "sms")


def take(database, line, provider_id, text="A", now=NOW, msisdn=PHONE):
    return database.step(lambda db: inbox.receive_once(db, line.id, provider_id, msisdn, text, now))


def test_the_networks_id_alone_decides(any_database, any_line):
    first = take(any_database, any_line, "EX123")
    assert first is not None
    assert take(any_database, any_line, "EX123", "another text", NOW + 3_600_000) is None  # U-1
    assert take(any_database, any_line, "EX234") is not None
    assert take(any_database, any_line, "x" * 500) is not None
    assert take(any_database, any_line, "x" * 500) is None


def test_the_same_id_on_two_lines_is_two_messages(app, database, make_line):
    lines = [make_line("http", "sms"), make_line("http", "sms", address="2", token="t" * 40)]
    assert None not in [take(database, line, "EX123") for line in lines]


def test_without_an_id_the_same_text_within_four_seconds_is_one_until_we_reply(any_database, any_line):
    first = take(any_database, any_line, "", now=NOW)
    assert take(any_database, any_line, "", now=NOW + 3_900) is None
    assert take(any_database, any_line, "", "B", now=NOW + 100) is not None
    assert take(any_database, any_line, "", msisdn=PHONE + "1") is not None
    assert take(any_database, any_line, "", now=NOW + 4_100) is not None
    assert take(any_database, any_line, "", "C", now=NOW + 11_900) is not None
    assert take(any_database, any_line, "", "C", now=NOW + 12_100) is None  # a window's edge hides no twin
    second = take(any_database, any_line, "", now=NOW + 20_000)
    any_database.step(lambda db: inbox.answered(db, second, "soal 2"))
    assert take(any_database, any_line, "", now=NOW + 20_500) is not None  # she answers the next question with A too
    assert first is not None


def test_fifty_at_the_same_instant_are_one(any_database, any_line):
    for provider_id in ("EX1", ""):
        start, taken = threading.Barrier(20), []

        def twin(provider_id=provider_id, start=start, taken=taken):
            start.wait()
            taken.append(take(any_database, any_line, provider_id, "C"))

        threads = [threading.Thread(target=twin) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [one is None for one in taken].count(False) == 1


def test_a_message_that_cannot_be_answered_dies_after_five_tries(any_database, any_line):
    its_id, now = take(any_database, any_line, "EX1"), NOW
    fates = []
    for _ in range(5):
        assert any_database.step(lambda db, now=now: inbox.waiting(db, now)) == [its_id]
        fates.append(any_database.step(lambda db, now=now: inbox.failed(db, its_id, "ValueError", now)))
        assert any_database.step(lambda db, now=now: inbox.waiting(db, now)) == []
        now += 3_600_000
    assert fates == [False, False, False, False, True]
    assert any_database.step(lambda db: inbox.waiting(db, now)) == []
    assert any_database.step(lambda db: inbox.take(db, its_id)) is None


@pytest.mark.parametrize("any_database", ["postgresql"], indirect=True)
def test_who_takes_a_message_has_it_for_the_step(any_database, any_line):
    its_id, states = take(any_database, any_line, "EX1"), []

    def other():
        states.append(any_database.step(lambda db: inbox.take(db, its_id)))

    thread = threading.Thread(target=other)

    def answer(db):
        assert inbox.take(db, its_id) is not None
        thread.start()
        thread.join(0.3)
        return inbox.answered(db, its_id, "soal 1")

    assert any_database.step(answer)
    thread.join()
    assert states == [None]
