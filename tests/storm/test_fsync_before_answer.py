"""An answer leaves after the disk has it. ``kill -9`` cannot show this: what was written outlives its process. strace can."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from dataclasses import dataclass

import pytest

from bench import load
from bench.storm_learners import Wire
from bench.storm_product import children
from core.settings import ROOT
from demo.derived import derived
from tests import services

pytestmark = [pytest.mark.slow, services.needs("strace")]

THREADS, HOPS = 4, 12
SERVE = "import core.database as database, serve\n{before}\nserve.main(['--no-demo'])"
CARELESS = """
safe = database._sqlite_profile
def careless(connection):
    safe(connection)
    connection.execute('PRAGMA synchronous=OFF').close()
database._sqlite_profile = careless
"""
CALL = re.compile(r"^(\d+) +(?:<\.\.\. )?(\w+)(\(| resumed>)(.*)$")


@dataclass
class Trace:
    """What the kernel was asked for, in order. ``begun`` and ``done`` are numbers of lines."""

    writes: list[tuple[int, str]]  # into the log of the database
    syncs: list[tuple[int, int]]  # of that log: (begun, done)
    answers: dict[int, list[int]]  # by the port of who asked: when each began to leave


def read(lines: list[str]) -> Trace:
    trace, unfinished = Trace([], [], {}), {}
    for number, line in enumerate(lines):
        found = CALL.match(line)
        if found is None:
            continue
        thread, name, bracket, rest = found.groups()
        if bracket == "(" and name in ("fdatasync", "fsync") and "-wal>" in rest:
            if "unfinished" in rest:
                unfinished[thread] = number
            else:
                trace.syncs.append((number, number))
        elif bracket != "(" and name in ("fdatasync", "fsync") and thread in unfinished:
            trace.syncs.append((unfinished.pop(thread), number))
        elif bracket == "(" and name == "pwrite64" and "-wal>" in rest:
            trace.writes.append((number, rest))
        elif bracket == "(" and "HTTP/1.1 200" in rest and (port := re.search(r"->127\.0\.0\.1:(\d+)", rest)):
            trace.answers.setdefault(int(port[1]), []).append(number)
    return trace


def uncovered(trace: Trace, asked: dict[int, list[str]]) -> list[str]:
    """The hops whose answer left before a sync had ended that began after their session was written into the log."""
    found = []
    for port, sessions in asked.items():
        for session, left in zip(sessions, trace.answers[port], strict=True):
            written = next(number for number, data in trace.writes if session in data)
            if not any(written < begun <= done < left for begun, done in trace.syncs):
                found.append(session)
    return found


def hop(wire: Wire, path: str, session: str) -> None:
    status, body = wire.ask(load.post(path, f"sessionId={session}&phoneNumber=%2B62899{session[-8:]}&text=")) or (0, "")
    assert (status, body[:4]) == (200, "CON ")


def traced(folder, before):
    """Asks a server under strace from several connections at once: (the trace, what each port asked)."""
    environment = services.clean_environment(folder, PORT=str(services.free_port()), SECRET_KEY="strace")
    for command in (["db", "upgrade"], ["demo", "--json"]):
        flask = [sys.executable, "-m", "flask", "--app", "app", *command]
        subprocess.run(flask, cwd=ROOT, env=environment, check=True, capture_output=True)
    port, log = int(environment["PORT"]), folder / "trace"
    calls = "trace=fdatasync,fsync,pwrite64,sendto,write,writev,sendmsg"
    strace = ["strace", "-f", "-yy", "-s", "5000", "-e", calls, "-e", "signal=none", "-o", str(log)]
    path = f"/gateway/simulator/{derived('strace', 'line simulator ussd')}/ussd"
    asked: dict[int, list[str]] = {}
    with services.running([*strace, sys.executable, "-c", SERVE.format(before=before)], cwd=ROOT, env=environment) as child:
        services.wait_until(lambda: services.answers(port), "the server answers", alive=child)

        def walk(n: int) -> None:
            wire = Wire(port)
            sessions = [f"hop{n:04d}{m:04d}" for m in range(HOPS)]
            for session in sessions:
                hop(wire, path, session)
            asked[wire.socket.getsockname()[1]] = sessions
            wire.close()

        threads = [threading.Thread(target=walk, args=(n,)) for n in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for pid in children(child):
            subprocess.run(["kill", str(pid)], check=False)
        child.wait(services.READY_WITHIN)
    return read(log.read_text(errors="replace").splitlines()), asked


def test_every_answer_leaves_after_the_disk_has_it(tmp_path):
    trace, asked = traced(tmp_path, "")
    assert sum(map(len, asked.values())) == THREADS * HOPS
    assert uncovered(trace, asked) == []


def test_an_answer_before_the_disk_has_it_is_found(tmp_path):
    trace, asked = traced(tmp_path, CARELESS)
    assert len(uncovered(trace, asked)) == THREADS * HOPS
