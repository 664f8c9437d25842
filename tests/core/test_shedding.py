"""Exports give way before pages, and learners to neither."""

from __future__ import annotations

import re
import threading
import time
from contextlib import contextmanager, suppress

from werkzeug.test import Client

import serve
from core.settings import ROOT
from core.shedding import CROWDED, HOPS, LIGHT, PAGES, Shedding


def slow(until):
    def app(environ, start_response):
        if environ.get("QUERY_STRING") == "wait":
            until.wait(60)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"ok"]

    return app


@contextmanager
def under_way(shedding, until, *paths):
    """These requests are being answered; afterwards they are done."""
    before = sum(shedding._under_way.values()) - len(shedding._places)
    threads = [threading.Thread(target=Client(shedding).get, args=(f"{path}?wait",)) for path in paths]
    for thread in threads:
        thread.start()
    many = sum(2 if "." in path else 1 for path in paths)  # a long one is a page too
    while sum(shedding._under_way.values()) - len(shedding._places) < before + many:
        time.sleep(0.001)
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
    assert (statuses(shedding, "/quizzes"), set(shedding._under_way.values())) == ([200], {0})


def test_a_hop_too_many_is_marked_and_a_message_is_not():
    until, marked = threading.Event(), []

    def app(environ, start_response):
        marked.append((environ["PATH_INFO"], CROWDED in environ))
        return slow(until)(environ, start_response)

    shedding = Shedding(app, hops=2)
    with under_way(shedding, until, "/gateway/x/y/ussd", "/gateway/x/z/ussd"):
        marked.clear()
        assert statuses(shedding, "/gateway/x/y/ussd", "/gateway/x/y/sms") == [200, 200]
        assert marked == [("/gateway/x/y/ussd", True), ("/gateway/x/y/sms", False)]
    marked.clear()
    assert (statuses(shedding, "/gateway/x/y/ussd"), marked) == ([200], [("/gateway/x/y/ussd", False)])
    assert shedding.shed == {"hop": 1}


def test_no_header_marks_a_hop():
    seen = []

    def app(environ, start_response):
        seen.append(CROWDED in environ)
        start_response("200 OK", [])
        return []

    Client(Shedding(app)).get("/gateway/x/y/ussd", headers={CROWDED: "1", "Kentongan.Crowded": "1"})
    assert seen == [False]


def test_light_pages_of_learners_have_threads_of_their_own():
    until = threading.Event()
    shedding = Shedding(slow(until))
    with under_way(shedding, until, *["/learn"] * 12):
        assert statuses(shedding, "/learn", "/phone", "/quizzes", "/gateway/x/y/ussd") == [503, 503, 200, 200]


def test_there_is_a_thread_left_to_say_that_it_is_crowded():
    assert serve.THREADS - HOPS - LIGHT - PAGES >= 8
    said = (ROOT / "deploy" / "gunicorn.conf.py").read_text(encoding="utf-8")
    assert re.findall(r"^threads = (\d+)", said, re.M) == [str(serve.THREADS)]


def test_an_application_that_raises_frees_its_place():
    def broken(environ, start_response):
        raise ZeroDivisionError

    shedding = Shedding(broken, pages=1, hops=1)
    for path in ("/quizzes", "/gateway/x/y/ussd") * 2:
        with suppress(ZeroDivisionError):
            Client(shedding).get(path)
    assert shedding.shed == {}
    assert shedding._under_way == {"light": 0, "page": 0, "long": 0}


def test_the_application_sheds(own_app):
    assert isinstance(own_app.wsgi_app, Shedding)
