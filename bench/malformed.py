"""Malformed requests over raw sockets: ``python3 run.py bench malformed [N] [--seed S]``.

Starts the product with the demo, sends N odd requests (20,000) to every address it has, logged in and not, from eight connections
at once, and says what came back. Wrong are: a 5xx, no answer to what is whole HTTP, a hop that got no screen, an answer slower
than a second, an error in the log, more than 50 MB of growth, and a learner who is not served afterwards. Who is slow is asked
again alone: on a busy machine the first look says little. Exit status 1 where anything is wrong.
"""

from __future__ import annotations

import argparse
import re
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import load
from bench._odd_requests import Odd, Place, Request
from bench._places import places, ussd_of
from bench.storm_network import network
from bench.storm_product import Product, children

SENDERS = 8
SLOW, DEADLINE, HESITATION = 1.0, 8.0, 0.3  # seconds
WARM = 5000  # requests until what is made once is made: growth is counted from there
GROWTH = 50 * 1024 * 1024
FAULTS = ("5xx", "unanswered", "no screen", "slow", "errors in the log", "growth", "not served afterwards")


@dataclass
class Verdict:
    statuses: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in FAULTS})
    sent: int = 0
    slowest: float = 0.0
    slow_at_first: int = 0
    grown: int = 0

    @property
    def is_clean(self) -> bool:
        return not any(self.faults.values())


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="run.py bench malformed", description=__doc__)
    parser.add_argument("many", type=int, nargs="?", default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="kentongan-malformed-"))
    began = time.monotonic()
    verdict = run(folder, wanted.many, wanted.seed)
    told(verdict, time.monotonic() - began)
    if not verdict.is_clean:
        print(f"  the log: {folder}/product.log")
        sys.exit(1)
    shutil.rmtree(folder)


def run(folder: Path, many: int, seed: int) -> Verdict:
    verdict = Verdict()
    settings = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "malformed", "METRICS_TOKEN": "malformed"}
    with network(reports=False) as outside:
        made = Product(
            folder, HTTP_BASE_URL=outside.address, AT_BASE_URL=outside.address, TWILIO_BASE_URL=outside.address, **settings
        )
        made.environment["LOG_LEVEL"] = "ERROR"
        try:
            made.start()
            demo = made.demo()
            found = places(made.port, demo, settings["TWILIO_AUTH_TOKEN"])
            _campaign(verdict, made, found, min(WARM, many // 2), seed)
            before = resident(made)
            _campaign(verdict, made, found, many - verdict.sent, seed + 1)
            verdict.grown = resident(made) - before
            if verdict.grown > GROWTH:
                verdict.faults["growth"].append(f"{verdict.grown / 2**20:.0f} MB, from {before / 2**20:.0f} MB")
            said = _ask(made.port, load.post(ussd_of(demo), "sessionId=after&phoneNumber=%2B6281211112222&text="))[1]
            if b"\r\n\r\nCON " not in said:
                verdict.faults["not served afterwards"].append(repr(said[-200:]))
        finally:
            made.stop()
    log = (folder / "product.log").read_text(errors="replace")
    verdict.faults["errors in the log"] = sorted(set(re.findall(r"^.*(?:\[error|\[critical|panicked).*$", log, re.M)))[:20]
    return verdict


def _campaign(verdict: Verdict, made: Product, found: list[Place], many: int, seed: int) -> None:
    lock, left = threading.Lock(), iter(range(many))

    def send(odd: Odd) -> None:
        while next(left, None) is not None:
            request = odd.next()
            took, said = _ask(made.port, request.data, request.is_http or request.is_screen)
            with lock:
                verdict.sent += 1
            if took > SLOW:
                verdict.slow_at_first += 1
                took = min(_ask(made.port, request.data, request.is_http or request.is_screen)[0] for _ in range(3))
            with lock:
                _judge(verdict, request, took, said)

    threads = [threading.Thread(target=send, args=(Odd(seed * 100 + n, found),), daemon=True) for n in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _ask(port: int, data: bytes, is_whole: bool = True) -> tuple[float, bytes]:
    """(seconds, what came back). What is not a whole request may leave the server waiting for its rest: then we end our side."""
    began, said = time.monotonic(), b""
    try:
        with socket.create_connection(("127.0.0.1", port), DEADLINE) as wire:
            wire.settimeout(DEADLINE if is_whole else HESITATION)
            with suppress(OSError):  # it has had enough, and may have said so
                wire.sendall(data)
            while True:
                try:
                    part = wire.recv(65536)
                except TimeoutError:
                    if is_whole:
                        break
                    is_whole, began = True, time.monotonic()
                    wire.settimeout(DEADLINE)
                    wire.shutdown(socket.SHUT_WR)
                    continue
                said += part
                if not part or _is_whole(said):
                    break
    except OSError:
        pass
    return time.monotonic() - began, said


def _is_whole(said: bytes) -> bool:
    head, found, body = said.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.I)
    return bool(found) and length is not None and len(body) >= int(length[1])


def _judge(verdict: Verdict, request: Request, took: float, said: bytes) -> None:
    verdict.slowest = max(verdict.slowest, took)
    status = said[9:12].decode("latin-1") if said.startswith(b"HTTP/1.") else "none"
    verdict.statuses[status] += 1
    shown = f"{request.what} {request.data[:300]!r} -> {said[:200]!r}"
    if status.startswith("5"):
        verdict.faults["5xx"].append(shown)
    if status == "none" and request.is_http:
        verdict.faults["unanswered"].append(shown)
    if request.is_screen and not re.search(rb"^HTTP/1\.. 200 .*\r\n\r\n(CON|END) ", said, re.S):
        verdict.faults["no screen"].append(shown)
    if took > SLOW:
        verdict.faults["slow"].append(f"{took:.1f} s {shown}")


def resident(made: Product) -> int:
    """Bytes of memory of the serving processes."""
    pages = (int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in children(made.server))
    return sum(pages) * 4096


def told(verdict: Verdict, lasted: float) -> None:
    def first(rows: Iterable[Any]) -> list[Any]:
        return list(rows)[:8]

    print(f"{verdict.sent} malformed requests in {lasted:.0f} s: "
          + ", ".join(f"{count} x {status}" for status, count in verdict.statuses.most_common()))  # fmt: skip
    print(f"  slowest {verdict.slowest * 1000:.0f} ms ({verdict.slow_at_first} over a second when first asked); "
          f"grown by {verdict.grown / 2**20:.1f} MB")  # fmt: skip
    for name, faults in verdict.faults.items():
        print(f"  {name:24}{len(faults)}")
        for fault in first(faults):
            print(f"    {fault}")
