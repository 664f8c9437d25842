"""The sender killed in mid-send, at five points of a send: nothing goes out twice, and what is in doubt is listed.

``python3 run.py storm --sends 200``. Each kill leaves one message where it was: only claimed (it is sent later), committed as
being sent but not yet posted, posted but not answered, answered but not settled (all three become unknown), settled. Then
the network reports on what it took, and what is unknown after that was never posted: an operator sees it in the list.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app import create_app
from bench.servers import ROOT
from bench.storm_network import network
from bench.storm_product import child
from bench.storm_sender import POINTS
from core import clock
from core.migrations import upgrade
from core.settings import read_settings
from demo.commands import seed
from gateway import outbox
from tests import services

LEASE_OVER = 31  # seconds


@dataclass
class Killed:
    """How often at each point, what became of the messages, and ``faults``: what may not be."""

    kills: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    unknown_before: int = 0
    faults: dict[str, list[str]] = field(default_factory=dict)


def run(folder: Path, kills: int) -> Killed:
    """Posts a message for each kill, kills, sends the rest, reports; ``folder`` is empty."""
    found, pids = Killed(), Pids()
    with network(reports=False, on_taken=pids.kill_sender) as outside:
        settings = {"SECRET_KEY": "storm", "HTTP_BASE_URL": outside.address, "LOG_LEVEL": "ERROR"}
        environment = services.clean_environment(folder, **settings)
        app = create_app(read_settings(
            secret_key="storm", instance_dir=folder, http_base_url=outside.address, log_level="ERROR", database_url="",
            redis_url="",
        ))  # fmt: skip
        database = app.extensions["database"]
        upgrade(database)
        with app.app_context():
            line = next(row for row in seed()["lines"] if (row["provider"], row["medium"]) == ("http", "sms"))
            with database.reading() as db:
                line_id = db.scalar(text("SELECT id FROM lines WHERE token = :token"), {"token": line["token"]})
            for n in range(kills):
                number = f"+62899{n:08d}"

                def post(db: Any, n: int = n, number: str = number) -> None:
                    outbox.post(db, key=f"storm:{n}", line_id=line_id, msisdn=number, text=f"Halo {n}", now=clock.now())

                database.step(post)
        _kill(environment, kills, found, pids)
        _judge(app, line["token"], outside.posts, found)
        database.close()
    return found


class Pids:
    """Which sender is to die when the network has its request."""

    def __init__(self) -> None:
        self.doomed = 0
        self.is_known = threading.Event()
        self.is_wanted = False

    def kill_sender(self, its_id: int) -> None:
        if self.is_wanted and self.is_known.wait(services.READY_WITHIN):
            self.is_wanted = False
            os.kill(self.doomed, signal.SIGKILL)


def _kill(environment: dict[str, str], kills: int, found: Killed, pids: Pids) -> None:
    nursery = child(
        [sys.executable, "-m", "bench.storm_sender"], cwd=ROOT, env=environment, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert nursery.stdin
    assert nursery.stdout
    try:
        for n, point in enumerate([*(POINTS[n % len(POINTS)] for n in range(kills)), "drain", "drain"]):
            pids.is_known.clear()
            pids.is_wanted = point == "on the wire"
            print(n * LEASE_OVER, point, file=nursery.stdin, flush=True)
            pids.doomed = int(nursery.stdout.readline())
            pids.is_known.set()
            assert nursery.stdout.readline() == "over\n"
            found.kills[point] += point != "drain"
    finally:
        nursery.stdin.close()
        nursery.stdout.close()
        nursery.wait(services.READY_WITHIN)


def _judge(app: Any, token: str, posts: Counter[int], found: Killed) -> None:
    database = app.extensions["database"]

    def states() -> dict[int, str]:
        with database.reading() as db:
            return {row[0]: row[1] for row in db.execute(text("SELECT id, state FROM outbox"))}

    before = states()
    unknown = {its_id for its_id, state in before.items() if state == "unknown"}
    listed = app.test_cli_runner().invoke(args=["outbox", "list", "--state", "unknown", "--limit", "10000"]).output
    found.unknown_before = len(unknown)
    found.faults["sent twice"] = [f"message {its_id}: {n} x" for its_id, n in posts.items() if n > 1]
    found.faults["unknown, not listed"] = [str(n) for n in unknown ^ {int(row.split("\t")[0]) for row in listed.splitlines()}]
    client = app.test_client()
    for its_id in posts:
        assert client.get(f"/gateway/http/{token}/dlr?id={its_id}&status=1").status_code == 200
    after = states()
    found.states.update(after.values())
    found.faults["taken, and not delivered"] = [f"{n}: {after[n]}" for n in posts if after[n] != "delivered"]
    never = [n for n in after if not posts[n]]
    found.faults["never posted, and not unknown"] = [f"{n}: {after[n]}" for n in never if after[n] != "unknown"]
    expected = found.kills["sending"]
    found.faults["never posted, by other kills"] = [] if len(never) == expected else [f"{len(never)}, not {expected}"]


def report(kills: int) -> int:
    """Runs it and says what it saw; the exit status."""
    with tempfile.TemporaryDirectory(prefix="kentongan-sends-") as folder:
        found = run(Path(folder), kills)
    print(f"{sum(found.kills.values())} kills: {', '.join(f'{n} {point}' for point, n in found.kills.items() if n)}")
    print(f"  {found.unknown_before} unknown before the reports; then {dict(found.states)}")
    for what, faults in found.faults.items():
        print(f"  {what:32}{len(faults)}")
        for fault in faults[:8]:
            print(f"    {fault}")
    return 1 if any(found.faults.values()) else 0
