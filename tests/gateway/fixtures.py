"""Lines to call, a small quiz to talk about, and a stand-in for any provider's own server."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from core import clock
from gateway.tables import Line
from lessons.course import Item, Quiz, quiz_to_json
from lessons.tables import ContentVersion, QuizEdition
from lessons.tables import Quiz as QuizRow
from tests.kept import kept

TOKEN = "t" * 32
PHONE = "+6281200000001"


def add_line(app, provider, medium, **columns):
    columns = {"token": f"{provider}-{medium}-{TOKEN}", "address": "77123", "options": {}, "prices": {}, **columns}
    with app.extensions["database"].writing() as db:
        line = Line(provider=provider, medium=medium, **columns)
        db.add(line)
        db.flush()
        db.refresh(line)
        db.expunge(line)
    app.extensions["lines"].expire()
    return line


@pytest.fixture
def make_line(app):
    """make_line(provider, medium, **columns) -> the detached row."""
    return lambda provider, medium, **columns: add_line(app, provider, medium, **columns)


def publish_quiz(app):
    """The published quiz MTK5 of three numbers: 2, 4, 6."""
    items = tuple(Item(f"i{n}", "number", {"id": f"{n} + {n} = ?"}, {"number": str(2 * n)}) for n in (1, 2, 3))
    made = Quiz("MTK5", {"id": "Tambah-tambahan"}, items)
    kept(app.extensions["database"], "the quiz MTK5", lambda: _publish(app.extensions["database"], made))
    app.extensions["library"].expire()
    return made


def _publish(database, made):
    with database.writing() as db:
        row = QuizRow(keyword="MTK5", draft=quiz_to_json(made), updated_at=clock.now())
        db.add(row)
        db.flush()
        edition = QuizEdition(quiz_id=row.id, number=1, content=quiz_to_json(made), published_at=clock.now())
        db.add_all([edition, ContentVersion(id=1, number=1)])
        db.flush()
        row.edition_id = edition.id


@pytest.fixture
def quiz(app):
    return publish_quiz(app)


@dataclass
class StandIn:
    """A server on the loopback that takes a provider's place: it keeps every request and says what it was told to say."""

    url: str = ""
    requests: list = field(default_factory=list)  # (method, path, query, form, headers)
    status: int = 200
    body: str = ""
    headers: dict = field(default_factory=lambda: {"Content-Type": "application/json"})
    before: object = None  # called before it answers
    over: threading.Event = field(default_factory=threading.Event)  # the test is


class Uncomplaining(ThreadingHTTPServer):
    """Says nothing of a client that has gone: another test may be reading what stands on the outputs by then."""

    def handle_error(self, request, client_address):
        pass


@pytest.fixture
def stand_in():
    said = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            parts = urlsplit(self.path)
            said.requests.append(
                (self.command, parts.path, parse_qs(parts.query, keep_blank_values=True), body, dict(self.headers.items()))
            )
            if said.before:
                said.before()
            answer = said.body.encode()
            self.send_response(said.status)
            for name, value in {**said.headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_GET

        def log_message(self, *args):
            pass

    server = Uncomplaining(("127.0.0.1", 0), Handler)
    said.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield said
    said.over.set()
    server.shutdown()
    thread.join(5)
    server.server_close()
