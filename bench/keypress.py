"""One USSD keypress, dialogue and all, beside its floor and beside what a developer would reach for instead.

The floor is the same server and database doing one bare durable insert; ``--peer`` adds npm's ussd-menu-builder on express
with its session in Redis and its record in PostgreSQL. All run at once and are asked in turn, A B C C B A, in short slices: these
machines are noisy, a ratio within one round is not. Learners walk the demo's quiz: keyword, ten answers, a new session.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from bench import load, servers
from tests import services

Streams = Callable[[], Iterator[bytes]]
_numbers = itertools.count(1)


def walk(path: str, keyword: str, answers: list[str]) -> Iterator[bytes]:
    """One learner after another dials, answers every question, and is gone."""
    while True:
        n = next(_numbers)
        typed = keyword
        for answer in [None, *answers]:
            typed = typed if answer is None else f"{typed}*{answer}"
            body = f"sessionId=bench{n}&serviceCode=*123%2377&phoneNumber=%2B62899{n:08d}&networkCode=51010&text={quote(typed)}"
            yield load.post(path, body)


def inserts() -> Iterator[bytes]:
    while True:
        yield load.post("/insert", f"sessionId=floor&phoneNumber=%2B62899{next(_numbers):08d}&text=1*2*3")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench keypress", description=__doc__)
    parser.add_argument("--connections", type=int, nargs="+", default=[4, 32])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--processes", type=int, default=1, help="web processes on PostgreSQL")
    parser.add_argument("--peer", action="store_true", help="beside ussd-menu-builder; needs Node, Redis and PostgreSQL")
    wanted = parser.parse_args(arguments)
    with ExitStack() as stack:
        asked = started(wanted, stack)
        for connections in wanted.connections:
            report(connections, measured(asked, connections, wanted.rounds, wanted.seconds))


def started(wanted: argparse.Namespace, stack: ExitStack) -> dict[str, tuple[int, Streams]]:
    """{name: (port, streams of requests)} of everything that is measured."""
    path = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    postgresql = stack.enter_context(services.postgresql(durable=True)) if wanted.peer or wanted.database == "postgresql" else ""
    on_postgresql = postgresql if wanted.database == "postgresql" else ""
    floor = stack.enter_context(servers.floor(on_postgresql or str(path / "floor.db")))
    port, demo = stack.enter_context(servers.kentongan(path / "instance", on_postgresql, wanted.processes))
    line = next(x for x in demo["lines"] if x["provider"] == "simulator" and x["medium"] == "ussd")
    keyword, items = demo["quiz"]["keyword"], demo["quiz"]["items"]
    answers = [item["right"] for item in items]
    asked = {
        "floor": (floor, inserts),
        "keypress": (port, lambda: walk(f"/gateway/simulator/{line['token']}/ussd", keyword, answers)),
    }
    if wanted.peer:
        redis = stack.enter_context(services.redis_server())
        peer = stack.enter_context(servers.peer(postgresql, redis, [item["prompt"] for item in items]))
        asked["peer"] = (peer, lambda: walk("/ussd", keyword, answers))
    return asked


def measured(
    asked: dict[str, tuple[int, Streams]], connections: int, rounds: int, seconds: float
) -> dict[str, list[load.Measured]]:
    found: dict[str, list[load.Measured]] = {name: [] for name in asked}
    for number in range(rounds + 1):
        for name in list(asked)[:: 1 if number % 2 else -1]:
            port, streams = asked[name]
            slice_ = load.run(port, [streams() for _ in range(connections)], seconds, is_good)
            if number:  # the first round warms up
                found[name].append(slice_)
    return found


def is_good(body: bytes) -> bool:
    return body[:4] in (b"CON ", b"END ")


def report(connections: int, found: dict[str, list[load.Measured]]) -> None:
    print(f"\n{connections} connections, {len(found['floor'])} rounds (medians; ratios are medians of each round's own)")
    print(f"{'':10}{'answers/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'odd':>6}")
    for name, rounds in found.items():
        rate, p50, p99 = (statistics.median(getattr(m, f) for m in rounds) for f in ("rate", "p50", "p99"))
        print(f"{name:10}{rate:12.0f}{p50:10.2f}{p99:10.2f}{sum(m.odd for m in rounds):6}")
    for other in [name for name in found if name != "keypress"]:
        pairs = list(zip(found["keypress"], found[other], strict=True))
        rates = sorted(a.rate / b.rate for a, b in pairs if b.rate)
        tails = sorted(a.p99 / b.p99 for a, b in pairs if b.p99)
        print(
            f"keypress / {other}: rate {statistics.median(rates):.2f} [{rates[0]:.2f}-{rates[-1]:.2f}],"
            f" p99 {statistics.median(tails):.2f} [{tails[0]:.2f}-{tails[-1]:.2f}]"
        )
