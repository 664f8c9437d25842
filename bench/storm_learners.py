"""The learners of a storm: they read what they are shown, answer as planned, and are in no hurry to hang up.

One thread each over raw sockets. A hop whose answer did not come is sent again as it was, until it comes: that is what a
network does, and afterwards nothing is in doubt.
"""

from __future__ import annotations

import queue
import random
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode

from bench import load
from bench.storm_ledger import Answer, Ledger
from bench.storm_network import Network

REPEATED, TWINNED, DROPPED = 0.02, 0.01, 0.01
PATIENCE = 20.0  # seconds for one answer, then the connection is given up
AGAIN = 0.1  # seconds before a hop is sent again
GIVE_UP = 180.0  # a product that is away that long will not come back
SMS_PATIENCE = 90.0  # a lease of thirty seconds, twice, and more


@dataclass(frozen=True)
class Course:
    """What all learners know: the addresses, the quiz, and what a learner is told when the product is busy."""

    port: int
    ussd: tuple[str, ...]
    sms: str
    sms_code: str
    keyword: str
    items: tuple[dict[str, str], ...]
    busy: str

    def asked(self, shown: str) -> dict[str, str] | None:
        return next((item for item in self.items if item["prompt"] in shown), None)


class Wire:
    """A connection that is made anew when it breaks. ``ask`` gives (status, body), or None where no answer came."""

    def __init__(self, port: int):
        self.port = port
        self.socket: socket.socket | None = None

    def send(self, request: bytes) -> bool:
        try:
            if self.socket is None:
                self.socket = socket.create_connection(("127.0.0.1", self.port), 5)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.socket.settimeout(PATIENCE)
            self.socket.sendall(request)
        except OSError:
            self.close()
            return False
        return True

    def hear(self) -> tuple[int, str] | None:
        if self.socket is None:
            return None
        data = b""
        try:
            while True:
                head, found, body = data.partition(b"\r\n\r\n")
                if found:
                    lower = head.lower()
                    at = lower.find(b"content-length:")
                    if len(body) >= (int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0):
                        return int(head[9:12]), body.decode()
                more = self.socket.recv(65536)
                if not more:
                    break
                data += more
        except (OSError, ValueError):
            pass
        self.close()
        return None

    def ask(self, request: bytes) -> tuple[int, str] | None:
        return self.hear() if self.send(request) else None

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


class Learner(threading.Thread):
    """``numbers`` are those she plays one after another, a walk through the quiz each."""

    medium = ""

    def __init__(self, course: Course, ledger: Ledger, numbers: Iterator[str], over: threading.Event, seed: int):
        super().__init__(name=f"{self.medium}-{seed}", daemon=True)
        self.course, self.ledger, self.numbers, self.over = course, ledger, numbers, over
        self.random = random.Random(seed)
        self.wire, self.twin = Wire(course.port), Wire(course.port)
        self.past: deque[tuple[bytes, str]] = deque(maxlen=60)  # hops and what they were told, to be sent again much later
        self.broken: BaseException | None = None

    def run(self) -> None:
        try:
            for number in self.numbers:
                if self.over.is_set():
                    break
                self.walk(number)
        except BaseException as error:
            self.broken = error
        self.wire.close()
        self.twin.close()

    def walk(self, number: str) -> None:
        raise AssertionError("a learner has a medium")

    def told(self, request: bytes, wire: Wire | None = None) -> str:
        """The answer to ``request``, however often it must be sent; raises where it never comes."""
        wire = wire or self.wire
        until = time.monotonic() + GIVE_UP
        while time.monotonic() < until:
            heard = wire.ask(request)
            if heard is not None and (body := self.judged(*heard)) is not None:
                return body
            time.sleep(AGAIN)
            self.ledger.count("sent again")
        raise TimeoutError(f"no answer within {GIVE_UP:.0f} s: {request[-200:]!r}")

    def judged(self, status: int, body: str) -> str | None:
        """The body where it acknowledges; None where the product says that it could not."""
        if status == 200 and body != self.course.busy:
            return body
        if status == 200 or (status == 503 and self.medium == "sms"):
            self.ledger.count("shed")
        else:
            self.ledger.is_odd(f"{self.medium} {status} {body[:120]!r}")
        return None

    def acknowledged(self, request: bytes, answer: Answer | None, message: tuple[str, str] | None = None) -> str:
        """Sends a hop, sometimes twice at once, sometimes again, sometimes an old one again; writes down what came."""
        chance = self.random.random()
        if chance < TWINNED:
            sent = (self.wire.send(request), self.twin.send(request))
            both = [wire.hear() if was_sent else None for wire, was_sent in zip((self.wire, self.twin), sent, strict=True)]
            replies = [found for heard in both if heard is not None and (found := self.judged(*heard)) is not None]
            first = replies[0] if replies else self.told(request)
            self.ledger.acknowledged(answer, message)
            self.ledger.count("twinned")
            self.same(request, first, replies[1] if len(replies) > 1 else self.told(request, self.twin))
        else:
            first = self.told(request)
            self.ledger.acknowledged(answer, message)
            if chance < TWINNED + REPEATED:
                old, reply = self.random.choice(self.past) if self.past and self.random.random() < 0.5 else (request, first)
                self.ledger.count("repeated")
                self.same(old, reply, self.told(old))
        if self.random.random() < 0.2:
            self.past.append((request, first))
        return first

    def same(self, request: bytes, first: str, again: str) -> None:
        if first != again:
            self.ledger.differs(request.decode(errors="replace").splitlines()[-1], first, again)

    def repeat_the_past(self) -> None:
        """At the end: every hop that she still knows, after all those restarts."""
        for request, reply in self.past:
            self.ledger.count("repeated")
            self.same(request, reply, self.told(request))
        self.wire.close()

    def plan(self) -> dict[str, str]:
        """The mark that each item shall get."""
        return {item["id"]: self.random.choice(("right", "wrong")) for item in self.course.items}


class Dialler(Learner):
    """USSD: the network sends all that was typed so far."""

    medium = "ussd"
    sessions = count(1)

    def walk(self, number: str) -> None:
        plan, path = self.plan(), self.random.choice(self.course.ussd)
        typed, session = self.course.keyword, next(self.sessions)
        answer: Answer | None = None
        for _ in range(40):
            shown = self.acknowledged(self.hop(path, session, number, typed), answer)
            item = self.course.asked(shown)
            if self.over.is_set() or shown.startswith("END") or (item is None and f"dari {len(self.course.items)}" in shown):
                return
            if self.random.random() < DROPPED:  # the line breaks; she dials again and is offered to go on
                typed, session, answer = self.course.keyword, next(self.sessions), None
                self.ledger.count("dialled again")
                continue
            key = item[plan[item["id"]]] if item else "1"  # go on; her language
            answer = Answer(number, item["id"], key, plan[item["id"]], "ussd") if item else None
            typed = f"{typed}*{key}"
        raise AssertionError(f"{number} walks in circles: {shown!r}")

    def hop(self, path: str, session: int, number: str, typed: str) -> bytes:
        fields = {"sessionId": f"storm{session}", "serviceCode": "*123*77#", "phoneNumber": number, "networkCode": "51010"}
        return load.post(path, f"{urlencode(fields)}&text={quote(typed)}")


class Texter(Learner):
    """SMS: she waits for the message before she answers it; what never comes ends her walk, and the verdict says why."""

    medium = "sms"
    ids = count(1)

    def __init__(self, *arguments: Any, network: Network):
        super().__init__(*arguments)
        self.network = network

    def walk(self, number: str) -> None:
        plan, said = self.plan(), self.course.keyword
        taken = self.network.inbox_of(number)
        answer: Answer | None = None
        for _ in range(40):
            its_id = f"storm{next(self.ids)}"
            self.acknowledged(self.message(number, said, its_id), answer, (its_id, number))
            shown = self.received(taken)
            item = self.course.asked(shown)
            if self.over.is_set() or not shown or item is None:
                return
            said = item[plan[item["id"]]]
            answer = Answer(number, item["id"], said, plan[item["id"]], "sms")
        raise AssertionError(f"{number} walks in circles: {shown!r}")

    def received(self, taken: queue.Queue[str]) -> str:
        until = time.monotonic() + SMS_PATIENCE
        while time.monotonic() < until and not self.over.is_set():
            try:
                return taken.get(timeout=0.2)
            except queue.Empty:
                continue
        self.ledger.count("went without a message" if not self.over.is_set() else "were waiting at the end")
        return ""

    def message(self, number: str, said: str, its_id: str) -> bytes:
        fields = {"from": number, "to": self.course.sms_code, "text": said, "id": its_id, "charset": "UTF-8", "coding": "0"}
        return load.get(f"{self.course.sms}?{urlencode(fields)}")
