"""The product in a storm: started as its users start it, killed with -9 by the ids of what we started, started again."""

from __future__ import annotations

import ctypes
import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.servers import ROOT
from tests import services
from tests.services import free_port

WORKERS = 2  # of RQ, where there is Redis
READY_WITHIN = services.READY_WITHIN
REDIS_AWAY = 2.0  # seconds between the end of Redis and its return, empty


class Product:
    """serve.py and, with Redis, its workers. Only the thread that started them may start and end them."""

    def __init__(self, folder: Path, **settings: str):
        self.folder, self.port = folder, free_port()
        self.environment = services.clean_environment(
            folder, PORT=str(self.port), SECRET_KEY="storm", LOG_LEVEL="WARNING", **settings
        )
        self.has_workers = bool(settings.get("REDIS_URL"))
        self.server: subprocess.Popen[Any] | None = None
        self.workers: list[subprocess.Popen[Any]] = []
        self.counts: Counter[str] = Counter()
        self.ready_after: list[float] = []
        self.log = (folder / "product.log").open("a")

    def start(self) -> None:
        """Starts what does not run and waits until it answers."""
        began = time.monotonic()
        if self.server is None or self.server.poll() is not None:
            self.server = self._child([sys.executable, "serve.py"])
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while self.has_workers and len(self.workers) < WORKERS:
            self.workers.append(self._child([sys.executable, "-m", "flask", "--app", "app", "worker"]))
        while not self.answers():
            if time.monotonic() > began + READY_WITHIN:
                raise SystemExit(f"the product does not answer; see {self.folder}/product.log")
            if self.server.poll() is not None:
                self.counts["ended by itself"] += 1
                self.server = self._child([sys.executable, "serve.py"])
            time.sleep(0.05)
        self.ready_after.append(time.monotonic() - began)

    def tend(self) -> None:
        """What a service manager does: starts again what has ended."""
        if self.server is None or self.server.poll() is not None or any(worker.poll() is not None for worker in self.workers):
            self.counts["ended by itself"] += self.server is not None and self.server.poll() is not None
            self.start()

    def answers(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
            return answer.status == 200
        return False

    def kill_one(self, chance: random.Random) -> None:
        """A serving process or a worker, with -9."""
        victims = [("web", pid) for pid in children(self.server)] + [("worker", worker.pid) for worker in self.workers]
        if victims:
            kind, pid = chance.choice(victims)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.counts[f"{kind} kills"] += 1

    def kill_all(self) -> None:
        """Everything at once, as a power cut does."""
        family = children(self.server)
        for process in [*([self.server] if self.server else []), *self.workers]:
            process.kill()
            process.wait()
        until = time.monotonic() + 5
        while any(Path(f"/proc/{pid}").exists() for pid in family) and time.monotonic() < until:
            time.sleep(0.01)  # the kernel ends them with their parent
        self.counts["kills of all"] += 1

    def stop(self) -> None:
        for process in [*([self.server] if self.server else []), *self.workers]:
            process.terminate()
        for process in [*([self.server] if self.server else []), *self.workers]:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.log.close()

    def flask(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        return done.stdout

    def demo(self) -> dict[str, Any]:
        return json.loads(self.flask("demo", "--json"))

    def _child(self, command: list[str]) -> subprocess.Popen[Any]:
        return child(command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log)


class Redis:
    """A Redis of our own that keeps nothing."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[Any] | None = None
        self.counts: Counter[str] = Counter()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = child(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        services.wait_until(lambda: services.answers(self.port), "Redis is ready")

    def flush(self) -> None:
        from redis import Redis as Client

        with Client.from_url(self.url) as client:
            client.flushall()
        self.counts["Redis flushed"] += 1

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.counts["Redis killed"] += 1

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def child(command: list[str], **options: Any) -> subprocess.Popen[Any]:
    """A process that cannot outlive us."""
    libc = ctypes.CDLL(None)

    def end_with_parent() -> None:
        libc.prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG

    return subprocess.Popen(command, preexec_fn=end_with_parent, **{"stdin": subprocess.DEVNULL, **options})


def children(process: subprocess.Popen[Any] | None) -> list[int]:
    """The ids of its children, at this moment."""
    if process is None or process.poll() is not None:
        return []
    found: list[int] = []
    for task in Path(f"/proc/{process.pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(pid) for pid in task.read_text().split()]
    return found


@contextmanager
def product(name: str, folder: Path, network: str) -> Iterator[tuple[Product, Redis | None]]:
    """The product on ``name`` (sqlite, postgresql), ready and with the demo in it; on PostgreSQL with Redis and workers."""
    with ExitStack() as stack:
        settings, redis = {"HTTP_BASE_URL": network}, None
        if name == "postgresql":
            redis = Redis(folder)
            redis.start()
            stack.callback(redis.stop)
            url = stack.enter_context(services.postgresql(durable=True))
            settings |= {"DATABASE_URL": url, "REDIS_URL": redis.url, "WEB_CONCURRENCY": "2"}
        made = Product(folder, **settings)
        stack.callback(made.stop)
        made.start()
        yield made, redis
