"""The product as its users have it: a served process on a port, a stand-in for the SMS network, the commands."""

from __future__ import annotations

import csv
import io
import json
import os
import queue
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.services import READY_WITHIN, free_port

ROOT = Path(__file__).resolve().parents[2]


class Product:
    """Knows only addresses and commands of the contract."""

    def __init__(self, environment: dict[str, str], port: int):
        self.environment, self.base = environment, f"http://127.0.0.1:{port}"

    def flask(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=READY_WITHIN)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def demo(self) -> dict:
        return json.loads(self.flask("demo", "--json"))

    def results(self, quiz: int) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.flask("export-results", "--quiz", str(quiz), "--format", "csv"))))

    def post(self, path: str, **fields: str) -> tuple[int, str, str]:
        """(status, content type, body)"""
        return self._ask(urllib.request.Request(self.base + path, urllib.parse.urlencode(fields).encode()))

    def get(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> tuple[int, str, str]:
        query = "?" + urllib.parse.urlencode(fields) if fields else ""
        return self._ask(urllib.request.Request(self.base + path + query, headers=headers or {}))

    def _ask(self, request: urllib.request.Request) -> tuple[int, str, str]:
        try:
            with urllib.request.urlopen(request, timeout=READY_WITHIN) as answer:
                return answer.status, answer.headers.get("Content-Type", ""), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Content-Type", ""), error.read().decode()


@contextmanager
def serving(folder: Path, **settings: str):
    """A fresh instance in ``folder``, served as ``run.py`` serves it."""
    port = free_port()
    environment = {
        **os.environ, "INSTANCE_DIR": str(folder), "PORT": str(port), "SECRET_KEY": "contract",
        "DATABASE_URL": "", "REDIS_URL": "",
        **settings,
    }  # fmt: skip
    server = subprocess.Popen([sys.executable, "serve.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        product = Product(environment, port)
        wait_for(lambda: answers(product), "the server to answer on /readyz")
        yield product
    finally:
        server.terminate()
        server.wait(READY_WITHIN)


def answers(product: Product) -> bool:
    try:
        return product.get("/readyz")[0] == 200
    except OSError:
        return False


def wait_for(condition, what: str, seconds: float = READY_WITHIN) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds} s for {what}"
        time.sleep(0.05)


@contextmanager
def network():
    """A stand-in for an SMS gateway: takes everything as Kannel does, and gives what it took, by recipient."""
    taken: dict[str, queue.Queue] = {}
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            fields = {k: v[0] for k, v in urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query, encoding="utf-8").items()}
            with lock:
                inbox = taken.setdefault(fields.get("to", ""), queue.Queue())
            inbox.put(fields)
            self.send_response(202)
            self.end_headers()
            self.wfile.write(b"0: Accepted for delivery")

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            self.path = f"{self.path}{'&' if '?' in self.path else '?'}{body}"
            self.do_GET()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", lambda msisdn: taken.setdefault(msisdn, queue.Queue())
    finally:
        server.shutdown()
        server.server_close()
