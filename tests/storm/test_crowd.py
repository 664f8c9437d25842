"""More hops at once than there is room for, while the database is stuck: each has a valid screen within two seconds."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager

import pytest

from bench import load
from bench.storm_learners import Wire
from core.database import _sqlite_module
from core.settings import ROOT
from core.shedding import HOPS
from tests import services

pytestmark = pytest.mark.slow
CROWD = 160
SORRY = "END Maaf, sedang ramai. Jawabanmu yang tadi tersimpan. Coba hubungi lagi sebentar lagi."


def crowd(port, path, many, ask=load.post):
    """What ``many`` who dial at the same instant are shown, and after how many seconds."""
    shown, ready = [], threading.Barrier(many)

    def dial(n):
        wire = Wire(port)
        wire.ask(load.get("/healthz"))  # the connection is made
        ready.wait(services.READY_WITHIN)
        began = time.monotonic()
        answer = wire.ask(ask(path, f"sessionId=crowd{n}&phoneNumber=%2B62899{n:08d}&text="))
        shown.append((answer, time.monotonic() - began))
        wire.close()

    threads = [threading.Thread(target=dial, args=(n,)) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return shown


@contextmanager
def stuck(url, folder):
    """Nobody can write: another program holds the lock."""
    if not url:
        holder = _sqlite_module().connect(folder / "kentongan.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")
        holder.close()
        return
    import psycopg

    with psycopg.connect(url.replace("+psycopg", "")) as holder:
        holder.execute("LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE")
        yield
        holder.rollback()


@pytest.mark.parametrize("name", ["sqlite", pytest.param("postgresql", marks=services.needs("postgresql"))])
def test_a_crowd_before_a_stuck_database(tmp_path, name):
    with ExitStack() as stack:
        url = stack.enter_context(services.postgresql()) if name == "postgresql" else ""
        settings = {"LOG_LEVEL": "ERROR", "SECRET_KEY": "x" * 40, "DATABASE_URL": url}
        address, _ = stack.enter_context(services.kentongan(tmp_path, **settings))
        port = int(address.rpartition(":")[2])
        environment = services.clean_environment(tmp_path, **settings)
        command = [sys.executable, "-m", "flask", "--app", "app", "demo", "--json"]
        said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
        token = next(x["token"] for x in json.loads(said)["lines"] if (x["provider"], x["medium"]) == ("simulator", "ussd"))
        path = f"/gateway/simulator/{token}/ussd"
        [((status, text), _)] = crowd(port, path, 1)
        assert (status, text[:4]) == (200, "CON ")
        usual = max(took for _, took in crowd(port, "/healthz", CROWD, lambda path, _: load.get(path)))  # of this machine
        with stuck(url, tmp_path):
            shown = crowd(port, path, CROWD)
        assert {answer for answer, _ in shown} == {(200, SORRY)}
        assert max(took for _, took in shown) < 2.0 + 2 * usual
        assert sum(took < 1.0 + 2 * usual for _, took in shown) >= CROWD - HOPS  # one too many does not wait for its turn
        services.wait_until(lambda: crowd(port, path, 1)[0][0][1].startswith("CON "), "learners are served again")
        wire = Wire(port)
        page = wire.ask(load.get("/metrics"))[1]
        wire.close()
        counted = [line for line in page.splitlines() if 'outcome="shed"' in line and not line.endswith(" 0.0")]
        assert [float(line.split()[-1]) > 0 for line in counted] == [True]
