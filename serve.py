"""Serves Kentongan: migrates, seeds the demo into an empty database, says where everything is, hands over to granian.

``run.py`` calls it with the interpreter of .venv; on a server a unit file calls it directly (``deploy/``).
One process prepares and watches, its children serve: one on SQLite, WEB_CONCURRENCY on PostgreSQL.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

import demo.commands
import demo.derived
from app import create_app
from core.alive import LOCK
from core.database import Database, UnsafeSqlite
from core.logs import without_data
from core.migrations import applied, is_behind, is_newer, upgrade
from core.settings import BadSettings, Settings, read_settings
from gateway.tables import Line
from schools.tables import Staff
from workers.loop import start_embedded

HEAPS = 2
LARGE = 256 * 1024  # bytes: given back to the machine at once
THREADS = 128  # made when they are wanted. Each waits for its commit most of the time; core.shedding says who may hold how many
KILL_AFTER = 7  # seconds that an answer in progress may take at the end; ten are promised for everything
CRASHES, CRASHES_WITHIN = 10, 10.0  # so many lost children within so many seconds: they cannot live, and neither can we
PORT_PATIENCE = 3.0  # seconds: after a kill -9 the kernel may still be closing the old socket
_app: Flask | None = None


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="run.py", description=__doc__)
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    wanted = parser.parse_args(arguments)
    os.umask(0o077)  # what we write holds children's names and numbers
    try:
        settings = read_settings()
        os.environ["PORT"] = str(free_port(settings.host, settings.port))
        settings = read_settings()
    except (BadSettings, OSError) as error:
        sys.exit(f"run.py: {error}")
    prepare(settings, with_demo=not wanted.no_demo)
    serve(settings)


def free_port(host: str, port: int) -> int:
    """``port`` if nobody listens there (0: any free one). Raises OSError with a sentence where somebody does.

    The server itself shares its port among its processes, so two servers would silently share one too: hence this look.
    """
    until = time.monotonic() + PORT_PATIENCE
    while True:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        except socket.gaierror as error:
            raise OSError(f"cannot listen on {host}: {error.strerror}. Set HOST to an address of this machine.") from None
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
                return int(probe.getsockname()[1])
            except OSError as error:
                if time.monotonic() > until:
                    raise OSError(f"cannot listen on {host}:{port}: {error.strerror}. Set PORT to another number.") from None
        time.sleep(0.1)


def prepare(settings: Settings, with_demo: bool) -> None:
    """The application, in this process: the children inherit it. Then everything that must be true before the first request.

    A child does the latter and ends: what migrations and the demo leave behind would be 35 MB in every process until the end.
    """
    global _app
    with told():
        _app = create_app(settings)
    sys.stdout.flush()
    child = os.fork()  # no connection and no thread is there yet
    if child == 0:
        os._exit(settled(_app, with_demo))
    if status := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        sys.exit(1 if status < 0 else status)


def settled(app: Flask, with_demo: bool) -> int:
    """Migrates and announces; the exit status, its reason being said."""
    end_with_parent()
    try:
        with told():
            database = app.extensions["database"]
            if is_newer(revision := applied(database)):
                print(f"· The schema is of a later version ({revision}); this one goes on with it.", flush=True)
            elif is_behind(database):
                print("· Bringing the database to the newest schema.", flush=True)
                upgrade(database)
            announce(app, with_demo)
            database.close()
        return 0
    except SystemExit as end:
        print(end.code, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130
    except BaseException:
        traceback.print_exc()
        return 1


@contextmanager
def told() -> Iterator[None]:
    """What can be wrong with the database or the folder ends the start with one sentence."""
    try:
        yield
    except (DBAPIError, PoolTimeout, UnsafeSqlite) as error:
        why = " ".join(str(getattr(error, "orig", None) or error).split())
        sys.exit(f"run.py: the database cannot be used: {without_data(why)}. Check DATABASE_URL.")
    except OSError as error:  # a folder that is not there and cannot be made, a full disk
        sys.exit(f"run.py: {error.strerror or error}: {error.filename or 'no file'}. Check DATABASE_URL and INSTANCE_DIR.")


def announce(app: Flask, with_demo: bool) -> None:
    """Says where everything is; into an empty database it puts the demo first.

    What the demo's people may type is kept beside the database: asking the demo again would make anew what was deleted since.
    """
    settings: Settings = app.extensions["settings"]
    told = settings.instance_dir / f"demo-{hashlib.sha256(settings.database_url.encode()).hexdigest()[:8]}.txt"
    with app.app_context():
        database = app.extensions["database"]
        made_by_command = not told.exists() and has_demo(database, settings.secret_key)
        if with_demo and (made_by_command or is_empty(database)):
            if not made_by_command:
                print("· Putting the demo into the empty database.", flush=True)
            text = demo.commands.told(demo.commands.seed())
            told.parent.mkdir(parents=True, exist_ok=True)  # PostgreSQL and a given SECRET_KEY need no instance folder
            told.touch(0o600)  # it holds passwords
            told.write_text(text, encoding="utf-8")
    print(f"Kentongan: {settings.public_base_url}", flush=True)
    print(f"  web phone {settings.public_base_url}/phone · light page {settings.public_base_url}/learn", flush=True)
    if told.exists():
        print(told.read_text(encoding="utf-8"), flush=True)
    print("Ctrl-C ends it.", flush=True)


def has_demo(database: Database, secret: str) -> bool:
    """``flask demo`` has been here before us."""
    token = demo.derived.derived(secret, "line simulator ussd")
    with database.reading() as db:
        return db.scalar(select(Line.id).where(Line.token == token)) is not None


def is_empty(database: Database) -> bool:
    with database.reading() as db:
        return db.scalar(select(Staff.id).limit(1)) is None and db.scalar(select(Line.id).limit(1)) is None


def serve(settings: Settings) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "serve:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=workers(settings),
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER,
    )
    server.respawned_wrks = Respawned()
    # Granian takes a closed terminal (SIGHUP) for a wish to reload and would stay behind, listening; under nohup it is ignored.
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    server.signal_handler_reload = signal.SIG_IGN if ignored else server.signal_handler_interrupt  # type: ignore[method-assign, assignment]
    gc.collect()
    gc.freeze()  # what is loaded now stays: the children need not copy it to count it
    server.serve(target_loader=application, wrap_loader=False)


class Respawned(dict[int, float]):
    """When granian last replaced each child. It gives up when one dies within 5.5 s of its birth; we at the tenth such loss.

    A machine short of memory kills the same child twice in five seconds, and all others would go with it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._births: deque[float] = deque(maxlen=CRASHES)

    def __setitem__(self, child: int, born: float) -> None:
        self._births.append(born)
        super().__setitem__(child, born)

    def get(self, child: int, otherwise: Any = None) -> Any:
        is_loop = len(self._births) == CRASHES and self._births[-1] - self._births[0] < CRASHES_WITHIN
        return super().get(child, otherwise) if is_loop else float("-inf")


def workers(settings: Settings) -> int:
    """One on SQLite, whatever is asked for: its writer thread commits many steps at once, a second process only waits for it."""
    return 1 if settings.database_url.startswith("sqlite") else settings.web_concurrency


def application() -> Flask:
    """The application of a serving process; ends with its parent, even when that is killed."""
    end_with_parent()
    share_heaps()
    app = _app or create_app()
    work_in_one_process(app)
    return app


def share_heaps() -> None:
    """Two heaps for all threads together: glibc gives each thread its own, and each keeps the largest request it ever saw.

    Twenty thousand malformed requests left 300 MB behind in sixteen heaps, and 190 MB in two. What is large goes back at once:
    glibc would learn from the first login that 19 MB are wanted often, and keep them in each heap.
    """
    import ctypes

    with suppress(AttributeError):  # no glibc
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(-8, HEAPS)  # M_ARENA_MAX
        mallopt(-3, LARGE)  # M_MMAP_THRESHOLD


def end_with_parent() -> None:
    parent = os.getppid()
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def work_in_one_process(app: Flask) -> None:
    """Without Redis, the outbox worker runs inside one of the serving processes: whichever holds the lock.

    The kernel frees the lock of a process that died, and another one goes on within two seconds.
    """
    settings: Settings = app.extensions["settings"]
    if settings.redis_url:
        return
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    threading.Thread(target=_wait_and_work, args=(app, settings.instance_dir / LOCK), name="worker", daemon=True).start()


def _wait_and_work(app: Flask, path: Any) -> None:
    import fcntl

    file = path.open("w")  # kept open, and so locked, until this process ends
    fcntl.flock(file, fcntl.LOCK_EX)
    app.extensions["worker_lock"] = file
    start_embedded(app)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
