from __future__ import annotations

import re

import pytest
from flask import Blueprint, abort, current_app
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app import create_app
from core import errors
from core.database import _sqlite_module
from core.hot import Busy
from tests.conftest import Browser, equipped, settings_for


def trouble(what):
    """With the database: real errors of its driver, raw as a step raises them or as SQLAlchemy does."""
    if what == "unopened":
        _sqlite_module().connect("/nowhere/at/all.db")
    if what == "locked":
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))
    if what == "full pool":
        raise PoolTimeout("QueuePool limit of size 8 overflow 24 reached")
    with current_app.extensions["database"].reading() as db:
        db.execute(text("SELECT nothing"))


@pytest.fixture(scope="module")
def routed(tmp_path_factory):
    """An application with routes that fail in each way, under each kind of address."""
    app = create_app(settings_for(tmp_path_factory.mktemp("failing")))
    app.extensions["database"].close()
    app.test_client_class = Browser
    blueprint = Blueprint("failing", __name__)

    def fail(what):
        if what == "busy":
            raise Busy("no")
        if what in ("locked", "unopened", "amiss", "full pool"):
            trouble(what)
        if what == "bug":
            raise RuntimeError("the secret of the machine room")
        if what == "said":
            abort(400, "Kolom ini kosong.")
        abort(int(what))

    for prefix in ("", "/gateway", "/api", "/stations"):
        blueprint.add_url_rule(f"{prefix}/fail/<what>", f"fail{prefix[1:]}", fail)
    app.register_blueprint(blueprint)
    return app


@pytest.fixture
def failing_app(routed, settings):
    with equipped(routed, settings) as app:
        app.config["PROPAGATE_EXCEPTIONS"] = False
        yield app


@pytest.fixture
def failing(failing_app):
    return failing_app.test_client()


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 410, 413, 415, 429, 500, 503])
def test_a_person_gets_a_page_in_her_language(failing, code):
    answer = failing.get(f"/fail/{code}")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (code, "text/html", "no-store")
    assert re.search(r"<h1>.+</h1>\n<p class=\"lede\">.+</p>\n<p>.+</p>", answer.text)


@pytest.mark.parametrize("prefix", ["", "/gateway", "/api"])
@pytest.mark.parametrize(("what", "code"), [("locked", 503), ("unopened", 503), ("full pool", 503), ("amiss", 500)])
def test_a_database_that_is_away_is_busy_and_no_defect_of_ours(failing, prefix, what, code):
    answer = failing.get(f"{prefix}/fail/{what}")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (code, "5" if code == 503 else None)


@pytest.mark.parametrize("prefix", ["/gateway", "/stations"])
def test_a_machine_gets_one_plain_line(failing, prefix):
    answer = failing.get(f"{prefix}/fail/404")
    assert (answer.status_code, answer.content_type, answer.text.count("\n")) == (404, "text/plain; charset=utf-8", 1)


def test_the_api_gets_a_problem_document(failing):
    answer = failing.get("/api/fail/429")
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert sorted(answer.get_json(force=True)) == ["detail", "status", "title", "type"]


@pytest.mark.parametrize("prefix", ["", "/gateway", "/api", "/stations"])
def test_a_bug_shows_nothing_of_itself(failing, prefix):
    answer = failing.get(f"{prefix}/fail/bug")
    assert (answer.status_code, "secret" in answer.text, "Traceback" in answer.text) == (500, False, False)


def test_a_busy_database_asks_to_come_again(failing):
    answer = failing.get("/fail/busy")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_what_was_said_to_abort_comes_first(failing):
    assert '<p class="lede">Kolom ini kosong.</p>' in failing.get("/fail/said").text


def test_who_reads_is_not_asked_where_asking_failed(failing, failing_app):
    failing_app.extensions["reader"] = lambda: 1 / 0
    answer = failing.get("/login")
    assert (answer.status_code, 'class="skip"' in answer.text, "Ada yang salah di pihak kami" in answer.text) == (500, True, True)


def test_a_page_that_cannot_be_drawn_still_speaks(failing, monkeypatch):
    monkeypatch.setattr(errors, "render_template", lambda *a, **k: 1 / 0)
    answer = failing.get("/fail/bug")
    assert (answer.status_code, "<h1>Ada yang salah di pihak kami</h1>" in answer.text) == (500, True)


def test_a_missing_method_names_those_there_are(client):
    answer = client.put("/login")
    assert (answer.status_code, {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))) == (405, True)


def test_a_redirect_is_not_an_error(client):
    assert client.get("/school").status_code == 308


def test_a_form_without_its_token_says_to_go_back_and_send_again(client):
    answer = client.post("/phone", data={"key": "1"})
    assert (answer.status_code, "Kembali ke halaman sebelumnya" in answer.text) == (400, True)


def test_a_form_of_fifty_thousand_fields_is_refused_in_words(client):
    body = b"".join(b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n\r\n' % n for n in range(50_000)) + b"--x--\r\n"
    for sent, kind in ((body, "multipart/form-data; boundary=x"), (b"a=b&" * 50_000, "application/x-www-form-urlencoded")):
        answer = client.post("/login", data=sent, content_type=kind)
        assert (answer.status_code, answer.mimetype) == (413, "text/html")


@pytest.mark.parametrize("host", ["a..b", "evil.example\\@[::", "x" * 70 + ".example", "[::1", "é" * 90])
@pytest.mark.parametrize("path", ["/", "/login", "/healthz", "/gateway/x/y/sms", "/api/v1/stations"])
def test_a_host_that_is_none_is_no_defect_of_ours(client, host, path):
    answer = client.get(path, environ_overrides={"HTTP_HOST": host})
    assert answer.status_code < 500
