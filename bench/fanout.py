"""Messages a second that one worker process sends, to a provider on the loopback that takes 50 ms for a request.

The worker is the real one (``flask --app app worker``) with its own SQLite; the provider counts what arrives. Once one by one
(the generic provider), once with many recipients in a request (Africa's Talking's bulk, a hundred). Then a worker is killed in
the middle of each: what it left in doubt is counted beside the bound, and who was sent to twice after another one took over.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import parse_qs

from bench import servers
from core.database import _sqlite_module

TOOK_S = 0.05


class Provider:
    """Answers every request after TOOK_S; remembers when each number was sent to."""

    def __init__(self) -> None:
        self.at: list[float] = []
        self.numbers: set[str] = set()
        self.requests = 0
        self.port = servers.free_port()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=512))
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                at = head.find(b"content-length:")
                body = await reader.readexactly(int(head[at + 15 :].split(b"\r\n", 1)[0])) if at >= 0 else b""
                await asyncio.sleep(TOOK_S)
                said = self._answer(body.decode()).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(said) + said
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, body: str) -> str:
        to = parse_qs(body)["to"][0].split(",")
        self.requests += 1
        self.numbers.update(to)
        self.at += [time.perf_counter()] * len(to)
        results = [{"statusCode": 101, "number": n, "status": "Success", "cost": "KES 0.8", "messageId": f"A{n}"} for n in to]
        return json.dumps({"SMSMessageData": {"Message": f"Sent to {len(to)}", "Recipients": results}})


def fill(environment: dict[str, str], provider: str, port: int, messages: int) -> None:
    """A database with one line and so many announcements waiting on it."""
    made = """
import sys
from datetime import timedelta
from sqlalchemy import insert
from app import create_app
from core import clock
from core.migrations import upgrade
from gateway.tables import Line, Outbox
provider, port, messages = sys.argv[1], sys.argv[2], int(sys.argv[3])
app = create_app()
database, now = app.extensions["database"], clock.now()
upgrade(database)
with database.writing() as db:
    db.add(Line(id=1, provider=provider, medium="sms", address="77077", token="t" * 32, send_url=f"http://127.0.0.1:{port}/send"))
    db.flush()
    row = dict(line_id=1, text="Besok ulangan IPA", segments=1, state="created", rank=0, reason="", attempts=0, fence=0,
        not_before=now, expires_at=now + timedelta(hours=1), created_at=now, urgency=1, price=350, paid="no", cost="")
    db.execute(insert(Outbox), [{**row, "key": f"b{n}", "msisdn": f"+62899{n:08d}"} for n in range(messages)])
database.close()
"""
    command = [sys.executable, "-c", made, provider, str(port), str(messages)]
    subprocess.run(command, cwd=servers.ROOT, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def worker(environment: dict[str, str], folder: str) -> Iterator[subprocess.Popen[bytes]]:
    with Path(folder, "log").open("a") as log:
        command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
        found = subprocess.Popen(command, cwd=servers.ROOT, env={**os.environ, **environment}, stdout=log, stderr=log)
        try:
            yield found
        finally:
            found.send_signal(signal.SIGTERM)
            found.wait(20)


def measure(provider: str, messages: int, seconds: float, kills: bool = False) -> tuple[Provider, int]:
    """The network after all was sent, or ``seconds``; and what a worker that was killed at half of it left in doubt."""
    network, in_doubt = Provider(), 0

    def reached(many: int, it: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + seconds
        while len(network.numbers) < many and time.monotonic() < until and it.poll() is None:
            time.sleep(0.005)

    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "INSTANCE_DIR": folder, "DATABASE_URL": "", "REDIS_URL": "", "SECRET_KEY": "bench", "LOG_FORMAT": "json",
            "AT_API_KEY": "bench", "AT_BASE_URL": f"http://127.0.0.1:{network.port}",
        }  # fmt: skip
        fill(environment, provider, network.port, messages)
        if kills:
            with worker(environment, folder) as first:
                reached(messages // 2, first)
                first.kill()
            with closing(_sqlite_module().connect(Path(folder, "kentongan.db"))) as database:
                [(in_doubt,)] = database.execute("SELECT count(*) FROM outbox WHERE state = 'sending'").fetchall()
        with worker(environment, folder) as second:
            reached(messages - in_doubt if kills else messages, second)
            if kills:  # what is in doubt stays so, though its lease runs on
                time.sleep(1)
        if not network.at:
            raise SystemExit(Path(folder, "log").read_text()[-2000:])
    return network, in_doubt


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench fanout", description=__doc__)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=300.0)
    wanted = parser.parse_args(arguments)
    from gateway import provider
    from gateway.gates import MOST_IN_FLIGHT
    from workers.commands import SENDERS

    for title, name, aim in (("one by one", "http", 700), ("many in a request", "africastalking", 4000)):
        network, _ = measure(name, wanted.messages, wanted.seconds)
        rate = len(network.at) / (network.at[-1] - network.at[0] + TOOK_S)
        found = provider.find(name)
        bound = min(SENDERS * (found.many if found else 1), MOST_IN_FLIGHT)
        print(
            f"{title:18s} {rate:7.0f} messages/s (aim {aim}); {len(network.numbers)} of {wanted.messages} reached "
            f"in {network.requests} requests, {len(network.at) - len(network.numbers)} twice"
        )
        network, in_doubt = measure(name, min(wanted.messages, 4000), wanted.seconds, kills=True)
        print(
            f"{'':18s} killed halfway: {in_doubt} left in doubt (at most {bound}), "
            f"{len(network.at) - len(network.numbers)} sent twice by the next worker"
        )
