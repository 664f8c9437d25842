"""One USSD keypress, dialogue and all, beside its floor: the same server doing one bare durable insert.

Both servers run at once and are asked in turn, A B B A …, in short slices: these machines are noisy, a ratio within
one round is not. Learners walk the demo's quiz: keyword, ten answers, a new session.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from bench import load, servers

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
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        with servers.floor(path) as floor_port, servers.kentongan(path / "instance") as (port, demo):
            line = next(x for x in demo["lines"] if x["provider"] == "simulator" and x["medium"] == "ussd")
            address = f"/gateway/simulator/{line['token']}/ussd"
            answers = [item["right"] for item in demo["quiz"]["items"]]
            for connections in wanted.connections:
                measured: dict[str, list[load.Measured]] = {"floor": [], "keypress": []}
                for number in range(wanted.rounds + 1):
                    for name in ("floor", "keypress") if number % 2 else ("keypress", "floor"):
                        streams = [
                            walk(address, demo["quiz"]["keyword"], answers) if name == "keypress" else inserts()
                            for _ in range(connections)
                        ]
                        slice_ = load.run(
                            port if name == "keypress" else floor_port,
                            streams,
                            wanted.seconds,
                            lambda body: body[:4] in (b"CON ", b"END "),
                        )
                        if number:  # the first round warms up
                            measured[name].append(slice_)
                report(connections, measured)


def report(connections: int, measured: dict[str, list[load.Measured]]) -> None:
    print(f"\n{connections} connections, {len(measured['floor'])} rounds (median; ratios are medians of each round's own)")
    print(f"{'':10}{'answers/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'odd':>6}")
    for name, rounds in measured.items():
        rate, p50, p99 = (statistics.median(getattr(m, f) for m in rounds) for f in ("rate", "p50", "p99"))
        print(f"{name:10}{rate:12.0f}{p50:10.2f}{p99:10.2f}{sum(m.odd for m in rounds):6}")
    pairs = list(zip(measured["keypress"], measured["floor"], strict=True))
    rates = sorted(a.rate / b.rate for a, b in pairs)
    tails = sorted(a.p99 / b.p99 for a, b in pairs)
    print(f"keypress / floor: rate {statistics.median(rates):.2f} [{rates[0]:.2f}-{rates[-1]:.2f}],"
          f" p99 {statistics.median(tails):.2f} [{tails[0]:.2f}-{tails[-1]:.2f}]")  # fmt: skip
