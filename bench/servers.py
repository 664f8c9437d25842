"""The servers that are measured: started on free ports with databases of their own, ended by id."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: list[str], environment: dict[str, str], port: int, ready: str) -> Iterator[int]:
    """``command`` until it answers ``ready``; ended after."""
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{ready}", timeout=1).close()
                break
            except OSError:
                if server.poll() is not None:
                    raise SystemExit("the server ended before it answered") from None
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(12)
        except subprocess.TimeoutExpired:
            server.kill()


@contextmanager
def kentongan(folder: Path, database: str = "", processes: int = 1) -> Iterator[tuple[int, dict[str, Any]]]:
    """The product as ``run.py`` serves it, with the demo in it: (port, the demo's JSON). ``database`` "" is SQLite."""
    port = free_port()
    environment = {
        "INSTANCE_DIR": str(folder), "PORT": str(port), "SECRET_KEY": "bench", "DATABASE_URL": database, "REDIS_URL": "",
        "WEB_CONCURRENCY": str(processes), "LOG_LEVEL": "WARNING",
    }  # fmt: skip
    with serving([sys.executable, "serve.py"], environment, port, "/healthz"):
        told = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", "demo", "--json"],
            cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        yield port, json.loads(told.stdout)


def bare(database: str) -> str:
    """The address of a PostgreSQL as every driver but SQLAlchemy's spells it."""
    return database.replace("postgresql+psycopg:", "postgresql:")


@contextmanager
def floor(database: str) -> Iterator[int]:
    """The floor on the same server with the same threads; ``database`` is a file, or the URL of a PostgreSQL."""
    from serve import THREADS

    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", str(THREADS), "--log-level", "error", "--factory", "bench.floor:application",
    ]  # fmt: skip
    with serving(command, {"FLOOR_DATABASE": bare(database)}, port, "/bare"):
        yield port


@contextmanager
def peer(postgresql: str, redis: str, questions: list[str]) -> Iterator[int]:
    """What a developer would reach for instead: bench/peer, its packages installed from the lock on the first run."""
    folder = ROOT / "bench" / "peer"
    if not (folder / "node_modules").exists():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit"], cwd=folder, check=True, capture_output=True)
    port = free_port()
    environment = {
        "PORT": str(port), "PEER_POSTGRESQL": bare(postgresql), "PEER_REDIS": redis, "PEER_QUESTIONS": json.dumps(questions),
        "NODE_ENV": "production",
    }  # fmt: skip
    with serving(["node", str(folder / "server.js")], environment, port, "/bare"):
        yield port
