"""Exports give way before pages, and learners to neither."""

from __future__ import annotations

import threading
from contextlib import contextmanager

from werkzeug.test import Client

from core.shedding import Shedding


def slow(until):
    def app(environ, start_response):
        if environ.get("QUERY_STRING") == "wait":
            until.wait(5)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"ok"]

    return app


@contextmanager
def under_way(shedding, until, *paths):
    """These requests are being answered; afterwards they are done."""
    before = shedding._under_way
    threads = [threading.Thread(target=Client(shedding).get, args=(f"{path}?wait",)) for path in paths]
    for thread in threads:
        thread.start()
    while shedding._under_way < before + len(paths):
        pass
    yield
    until.set()
    for thread in threads:
        thread.join()


def statuses(shedding, *paths):
    return [Client(shedding).get(path).status_code for path in paths]


def test_the_seventh_export_is_shed_and_a_page_and_a_hop_are_not():
    until = threading.Event()
    shedding = Shedding(slow(until))
    with under_way(shedding, until, "/stations/a/now.json", *["/quizzes/1/results.csv"] * 4, "/stations/b/week.ics"):
        assert statuses(shedding, "/stations/a/week.xml", "/quizzes/2/results.csv", "/quizzes", "/gateway/x/y/ussd") == [
            503, 503, 200, 200,
        ]  # fmt: skip
        assert Client(shedding).get("/stations/a/week.xml", headers={"If-None-Match": '"x"'}).status_code == 200
        answer = Client(shedding).get("/stations/a/week.xml")
        assert (answer.headers["Retry-After"], answer.text[:15]) == ("3", "<!doctype html>")
    assert statuses(shedding, "/stations/a/week.xml") == [200]


def test_when_pages_hold_their_threads_learners_still_have_theirs():
    until = threading.Event()
    shedding = Shedding(slow(until))
    with under_way(shedding, until, *["/quizzes"] * 12):
        assert statuses(shedding, "/quizzes", "/ops/", "/gateway/x/y/ussd", "/learn", "/readyz") == [503, 503, 200, 200, 200]
    assert (statuses(shedding, "/quizzes"), shedding._under_way, shedding._long_ones) == ([200], 0, 0)


def test_an_application_that_raises_frees_its_place():
    def broken(environ, start_response):
        raise ZeroDivisionError

    shedding = Shedding(broken, pages=1)
    for _ in range(3):
        try:
            Client(shedding).get("/quizzes")
        except ZeroDivisionError:
            continue
    assert shedding._under_way == 0


def test_the_application_sheds(own_app):
    assert isinstance(own_app.wsgi_app, Shedding)
