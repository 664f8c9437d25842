"""What tests need besides Python: where it is found, started as our own throw-away copy, and ended with us.

``@needs("redis", "node")`` on a test (or its module's ``pytestmark``) skips it with the reason where one is missing; with
``REQUIRE_SERVICES=1`` a missing one is a failure. The fixtures of ``tests/conftest.py`` mark the tests that ask for them.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

needs = pytest.mark.needs
TESTS = Path(__file__).resolve().parent
AXE = TESTS / "browser" / "node_modules" / "axe-core" / "axe.min.js"
FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
EMULATE = TESTS / "twilio" / "node_modules" / ".bin" / "emulate"
XMLTV_DTD = Path("/usr/share/xmltv/xmltv.dtd")
_ports = itertools.count()
READY_WITHIN = 120.0  # seconds for what takes two of them on a quiet machine: nobody waits so long but for what never comes


def postgresql_bin() -> Path | None:
    """The folder of the newest PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


# {name: (is it here, what to do where it is not)}
SERVICES: dict[str, tuple[Callable[[], Any], str]] = {
    "postgresql": (postgresql_bin, "apt-get install postgresql"),
    "redis": (lambda: shutil.which("redis-server"), "apt-get install redis-server"),
    "chromium": (chromium, "apt-get install chromium"),
    "node": (lambda: shutil.which("node"), "apt-get install nodejs"),
    "axe": (AXE.exists, "npm ci in tests/browser"),
    "emulate": (EMULATE.exists, "npm ci in tests/twilio"),
    "kannel": (lambda: shutil.which("bearerbox") and FAKESMSC.exists(), "apt-get install kannel kannel-extras"),
    "xmltv": (lambda: shutil.which("tv_validate_file") and XMLTV_DTD.exists(), "apt-get install xmltv-util"),
    "strace": (lambda: shutil.which("strace"), "apt-get install strace"),
    "khal": (lambda: shutil.which("khal"), "apt-get install khal"),
    "vdirsyncer": (lambda: shutil.which("vdirsyncer"), "apt-get install vdirsyncer"),
    "curl": (lambda: shutil.which("curl"), "apt-get install curl"),
    "xmllint": (lambda: shutil.which("xmllint"), "apt-get install libxml2-utils"),
}


def look_for_needs(item: pytest.Item) -> None:
    """Before a test: all that it needs is here, or it is skipped (or fails, with REQUIRE_SERVICES=1) saying what is not."""
    for name in dict.fromkeys(name for mark in item.iter_markers("needs") for name in mark.args):
        is_here, remedy = SERVICES[name]
        if is_here():
            item.user_properties.append(("service", name))
            continue
        item.user_properties.append(("missing", f"{name} ({remedy})"))
        stop = pytest.fail if os.environ.get("REQUIRE_SERVICES") == "1" else pytest.skip
        stop(f"{name} is not here: {remedy}")


def summary(reports: list[pytest.TestReport]) -> list[str]:
    """One line for each service that a test asked for: how many ran with it, how many could not and what to do."""
    ran: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for report in reports:
        for kind, name in report.user_properties:
            ran.update([name] if kind == "service" and report.when == "call" else [])
            missing.update([name] if kind == "missing" and report.when == "setup" else [])
    skipped = "failed" if os.environ.get("REQUIRE_SERVICES") == "1" else "skipped"
    return [f"{name}: {count} ran" for name, count in sorted(ran.items())] + [
        f"{name}: {count} {skipped}, it is not here" for name, count in sorted(missing.items())
    ]


def free_port() -> int:
    """A port that nobody has and that the kernel gives nobody who connects somewhere: it is still free when a server has started.

    Each process of the tests looks from a place of its own on.
    """
    first, span = 10_240, 22_000  # the kernel gives what is above 32768
    for step in range(span):
        port = first + (os.getpid() * 131 + next(_ports) * 7 + step) % span
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def wait_until(
    is_so: Callable[[], Any], what: str, seconds: float = READY_WITHIN, alive: subprocess.Popen[Any] | None = None
) -> Any:
    """What ``is_so()`` returns once that is true; fails the test with ``what`` after ``seconds``, or when ``alive`` has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and (alive is None or alive.poll() is None):
        found = is_so()
        if found:
            return found
        time.sleep(0.03)
    ended = "" if alive is None or alive.poll() is None else f" (ended with {alive.returncode})"
    pytest.fail(f"{what}: not within {seconds:.0f} seconds{ended}")


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
        return True
    return False


@contextmanager
def running(command: list[str], end: signal.Signals = signal.SIGTERM, **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """``command`` as a child that cannot outlive us, even where we are killed; ended with ``end``, after 10 s with SIGKILL."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def end_with_parent() -> None:
        for heard in (signal.SIGHUP, signal.SIGINT):  # not so where the tests were started with nohup, or in the background
            signal.signal(heard, signal.SIG_DFL)
        if libc is not None:
            libc.prctl(1, end, 0, 0, 0)  # PR_SET_PDEATHSIG

    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options}
    child = subprocess.Popen(command, preexec_fn=end_with_parent, **options)
    try:
        yield child
    finally:
        child.send_signal(end)
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@contextmanager
def postgresql(durable: bool = False) -> Iterator[str]:
    """The URL of a database in a cluster of our own: in a temporary folder, on a Unix socket; fsync only where ``durable``."""
    programs = postgresql_bin()
    assert programs is not None
    # PostgreSQL refuses to run as root; its own account exists wherever Debian's package does.
    account: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="kentongan-pg-"))
    if os.geteuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
        account = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        os.chown(folder, user.pw_uid, user.pw_gid)
    options = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **account}
    try:
        initdb = [str(programs / "initdb"), "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, check=True, stdin=subprocess.DEVNULL, capture_output=True, **options)
        careless = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
        careless |= {"deadlock_timeout": "200ms"}  # found long before lock_timeout ends, on a slow machine too
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "100"}
        settings |= {} if durable else careless
        server = [str(programs / "postgres"), "-D", "data", *(part for k, v in settings.items() for part in ("-c", f"{k}={v}"))]
        with running(server, signal.SIGINT, **options) as child:
            url = f"postgresql+psycopg:///postgres?host={folder}&user=postgres"
            wait_until(lambda: _takes_statements(folder), "PostgreSQL is ready", alive=child)
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _takes_statements(folder: Path) -> bool:
    import psycopg

    with suppress(psycopg.OperationalError), psycopg.connect(host=str(folder), user="postgres", dbname="postgres"):
        return True
    return False


@contextmanager
def redis_server() -> Iterator[str]:
    """The URL of a Redis of our own, on a free port of the loopback, that keeps nothing on a disk."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with tempfile.TemporaryDirectory(prefix="kentongan-redis-") as folder, running(command, cwd=folder) as child:
        wait_until(lambda: answers(port), "Redis is ready", alive=child)
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def kentongan(folder: Path, *arguments: str, **environment: str) -> Iterator[tuple[str, subprocess.Popen[Any]]]:
    """The service itself as its users start it, on a free port and with its state in ``folder``: (its address, its process)."""
    port = environment.setdefault("PORT", str(free_port()))
    with (folder / "serve.log").open("a") as log:
        command = [sys.executable, "serve.py", *arguments]
        with running(command, cwd=TESTS.parent, env=clean_environment(folder, **environment), stdout=log, stderr=log) as child:
            wait_until(lambda: answers(int(port)), "Kentongan is ready", alive=child)
            yield f"http://127.0.0.1:{port}", child


def clean_environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a Kentongan of our own: nothing of this machine's settings, its state in ``folder``."""
    settings = {"DATABASE_URL": "", "REDIS_URL": "", "PUBLIC_BASE_URL": "", "HTTP_BASE_URL": "", "INSTANCE_DIR": str(folder)}
    return {"PATH": os.environ["PATH"], "HOME": str(folder), **settings, **more}
