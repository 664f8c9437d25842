"""A TCP proxy on the loopback that can be slow, silent or away."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress


class Proxy:
    """``delay`` seconds before each piece passes; ``is_silent``: it takes everything and passes nothing."""

    def __init__(self, target: int):
        self.target, self.delay, self.is_silent = target, 0.0, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self.target), 1)
                    far.settimeout(None)
                except OSError:
                    near.close()
                    continue
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=pair, daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                time.sleep(self.delay)
                while self.is_silent:
                    time.sleep(0.05)
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def proxy(target: int):
    made = Proxy(target)
    try:
        yield made
    finally:
        made.is_silent = False
        made.listener.close()
