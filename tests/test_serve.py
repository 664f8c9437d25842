"""The start, the end and the restart of the service, as whoever runs it sees them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest

from core.settings import ROOT
from serve import Respawned, free_port, workers
from tests import services
from tests.conftest import settings_for

pytestmark = pytest.mark.slow


def children(pid):
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(line) for line in found.split()]


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"


def ready(address):
    with urlopen(f"{address}/readyz", timeout=services.READY_WITHIN) as answer:
        return answer.status


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_ends_everything_within_ten_seconds(tmp_path, how):
    began = time.monotonic()
    with services.kentongan(tmp_path, "--no-demo") as (address, process):
        within = max(10.0, 4 * (time.monotonic() - began))  # a start takes three seconds where the end must not take ten
        assert ready(address) == 200
        family = children(process.pid)
        began = time.monotonic()
        process.send_signal(how)
        assert process.wait(within) == 0
        services.wait_until(
            lambda: not any(is_alive(pid) for pid in family), "the children have ended", within - (time.monotonic() - began)
        )
    assert len(family) == 1


def test_it_starts_again_after_kill_9_on_the_same_port(tmp_path):
    with services.kentongan(tmp_path, "--no-demo") as (address, process):
        family = children(process.pid)
        process.kill()
        process.wait()
    services.wait_until(lambda: not any(is_alive(pid) for pid in family), "the children have ended")
    with services.kentongan(tmp_path, "--no-demo", PORT=address.rpartition(":")[2]) as (again, _):
        assert (again, ready(again)) == (address, 200)


def test_a_killed_serving_process_is_replaced(tmp_path):
    with services.kentongan(tmp_path, "--no-demo") as (address, process):
        (child,) = children(process.pid)
        os.kill(child, signal.SIGKILL)
        services.wait_until(lambda: [pid for pid in children(process.pid) if pid != child], "another child serves")
        services.wait_until(lambda: services.answers(int(address.rpartition(":")[2])), "it listens again")
        assert ready(address) == 200


def test_a_child_that_is_killed_again_at_once_is_replaced_again(tmp_path):
    with services.kentongan(tmp_path, "--no-demo") as (address, process):
        for _ in range(3):
            (child,) = services.wait_until(lambda: children(process.pid), "a child serves")
            os.kill(child, signal.SIGKILL)
            services.wait_until(lambda child=child: set(children(process.pid)) - {child}, "another child serves")
        services.wait_until(lambda: services.answers(int(address.rpartition(":")[2])), "it listens again")
        assert ready(address) == 200


def test_children_that_cannot_live_end_the_server_too():
    born = Respawned()
    for n in range(9):
        born[0] = float(n)
        assert 20.0 - born.get(0, 0) > 5.5
    born[0] = 9.0
    assert born.get(0, 0) == 9.0  # the tenth within ten seconds
    born[0] = 21.0
    assert 21.1 - born.get(0, 0) > 5.5


def test_two_processes_on_postgresql_share_one_worker(tmp_path, postgresql_url):
    settings = {"DATABASE_URL": postgresql_url, "WEB_CONCURRENCY": "2"}
    with services.kentongan(tmp_path, "--no-demo", **settings) as (address, process):
        family = services.wait_until(lambda: len(children(process.pid)) == 2 and children(process.pid), "two children serve")
        asked = [worker_state(address) for _ in range(40)]
        assert set(asked) <= {"ok", "not in this process"}
        services.wait_until(
            lambda: sum(holds(pid, tmp_path / "worker.lock") for pid in family) == 1, "one holds the worker's lock"
        )
        process.kill()
        process.wait()
    services.wait_until(lambda: not any(is_alive(pid) for pid in family), "the children have ended")


def worker_state(address):
    with urlopen(f"{address}/readyz", timeout=services.READY_WITHIN) as answer:
        return json.load(answer)["worker"]


def holds(pid, path):
    """Whether the process has the lock on the file, as the kernel lists it: by process and inode."""
    with open("/proc/locks") as locks:
        rows = [line.split() for line in locks]
    return [row for row in rows if "->" not in row and row[4] == str(pid) and row[5].endswith(f":{path.stat().st_ino}")] != []


def test_a_taken_port_is_said_in_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment = services.clean_environment(tmp_path, PORT=port)
        run = subprocess.run([sys.executable, "serve.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    sentence = f"run.py: cannot listen on 127.0.0.1:{port}: Address already in use. Set PORT to another number.\n"
    assert (run.returncode, run.stderr) == (1, sentence)


def test_wrong_settings_are_named_all_at_once(tmp_path):
    environment = services.clean_environment(tmp_path, PORT="eighty", LOG_LEVEL="LOUD")
    run = subprocess.run([sys.executable, "serve.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr.count("\n"), "PORT" in run.stderr, "LOG_LEVEL" in run.stderr) == (1, 1, True, True)


@pytest.mark.parametrize(
    ("setting", "wrong", "begins"),
    [
        ("DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/x", "run.py: the database cannot be used: connection failed: "),
        ("DATABASE_URL", "sqlite:////proc/no/x.db", "run.py: No such file or directory: /proc/no. Check DATABASE_URL"),
        ("DATABASE_URL", f"sqlite:///{ROOT}/serve.py", "run.py: the database cannot be used: file is not a database. "),
        ("HOST", "999.1.1.1", "run.py: cannot listen on 999.1.1.1: "),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(tmp_path, setting, wrong, begins):
    environment = services.clean_environment(tmp_path, PORT="0", **{setting: wrong})
    run = subprocess.run([sys.executable, "serve.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr[: len(begins)], run.stderr.count("\n"), "secret" in run.stderr) == (1, begins, 1, False)


def test_port_zero_takes_a_free_one():
    assert free_port("127.0.0.1", 0) > 1023


def test_sqlite_is_served_by_one_process(tmp_path):
    url = "postgresql://kentongan@db/kentongan"
    assert workers(settings_for(tmp_path, web_concurrency=4)) == 1
    assert workers(settings_for(tmp_path, web_concurrency=4, database_url=url)) == 4


def told(folder):
    """What the start printed, from the first line of the demo on."""
    lines = (folder / "serve.log").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("  Guru sekolah A ")]


def test_the_first_start_prints_the_demo_and_so_do_later_ones(tmp_path):
    for times in (1, 2):
        with services.kentongan(tmp_path):
            pass
        assert len(told(tmp_path)) == times
    assert told(tmp_path)[0] == told(tmp_path)[1]


def test_a_demo_that_the_command_made_is_printed_too(tmp_path):
    environment = services.clean_environment(tmp_path)
    for command in (["db", "upgrade"], ["demo", "--json"]):
        flask = [sys.executable, "-m", "flask", "--app", "app", *command]
        subprocess.run(flask, cwd=ROOT, env=environment, check=True, capture_output=True)
    with services.kentongan(tmp_path):
        pass
    assert len(told(tmp_path)) == 1


def test_without_demo_an_empty_database_stays_empty(tmp_path):
    with services.kentongan(tmp_path, "--no-demo"):
        pass
    assert told(tmp_path) == []
