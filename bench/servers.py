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
def kentongan(folder: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The product as ``run.py`` serves it, with the demo in it: (port, the demo's JSON)."""
    port = free_port()
    environment = {"INSTANCE_DIR": str(folder), "PORT": str(port), "SECRET_KEY": "bench", "DATABASE_URL": "", "REDIS_URL": ""}
    with serving([sys.executable, "serve.py"], environment, port, "/healthz"):
        told = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", "demo", "--json"],
            cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        yield port, json.loads(told.stdout)


@contextmanager
def floor(folder: Path) -> Iterator[int]:
    """The floor on the same server with the same threads."""
    from serve import THREADS

    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", str(THREADS), "--log-level", "error", "--factory", "bench.floor:application",
    ]  # fmt: skip
    with serving(command, {"FLOOR_DATABASE": str(folder / "floor.db")}, port, "/bare"):
        yield port
