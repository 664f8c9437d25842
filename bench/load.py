"""A load of raw sockets on loopback: each connection asks, waits for the whole answer, asks again. Bounded in time."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """``rate`` in answers a second; latencies in milliseconds; ``odd`` counts answers that were not as wanted."""

    rate: float
    p50: float
    p99: float
    odd: int


class _Connection:
    def __init__(self, port: int, requests: Iterator[bytes]):
        self.requests = requests
        self.socket = socket.create_connection(("127.0.0.1", port), 5)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.asked_at = 0.0

    def ask(self) -> None:
        self.buffer = b""
        self.asked_at = time.perf_counter()
        self.socket.sendall(next(self.requests))

    def heard(self) -> bytes | None:
        """The body, once the whole answer is there."""
        self.buffer += self.socket.recv(65536)
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return None
        lower = head.lower()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) < length:
            return None
        return body if head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304")) else b"odd " + head


def run(port: int, streams: list[Iterator[bytes]], seconds: float, is_good: Callable[[bytes], bool]) -> Measured:
    """Keeps one connection for each stream of requests busy for ``seconds``."""
    selector = selectors.DefaultSelector()
    connections = [_Connection(port, stream) for stream in streams]
    took: list[float] = []
    odd = 0
    try:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask()
        began = time.perf_counter()
        while (now := time.perf_counter()) < began + seconds:
            for key, _ in selector.select(0.1):
                body = key.data.heard()
                if body is None:
                    continue
                now = time.perf_counter()
                took.append(now - key.data.asked_at)
                odd += not is_good(body)
                key.data.ask()
        lasted = time.perf_counter() - began
    finally:
        for connection in connections:
            connection.socket.close()
        selector.close()
    took.sort()
    at = [took[min(len(took) - 1, int(len(took) * share))] * 1000 if took else 0.0 for share in (0.5, 0.99)]
    return Measured(len(took) / lasted, at[0], at[1], odd)


def post(path: str, body: str) -> bytes:
    """A form post on a connection that stays open."""
    raw = body.encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}Content-Length: {len(raw)}\r\n\r\n".encode() + raw


def get(path: str, headers: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode()
