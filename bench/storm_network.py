"""A stand-in for the SMS network: takes everything as Kannel does, counts by our own id, and reports every delivery."""

from __future__ import annotations

import queue
import re
import threading
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

REPORT_AGAIN = 0.5  # seconds until a report that was not taken is brought again


class Network:
    """``posts`` counts what came by our id (``id=`` of the DLR's address), ``inbox_of`` holds what a phone received.

    ``on_taken`` is called with our id when a request is whole and before it is answered.
    """

    def __init__(self, reports: bool = True, on_taken: Callable[[int], None] = lambda its_id: None):
        self.posts: Counter[int] = Counter()
        self.on_taken, self.address = on_taken, ""
        self._phones: dict[str, queue.Queue[str]] = defaultdict(queue.Queue)
        self._lock = threading.Lock()
        self._reports: queue.Queue[str] | None = queue.Queue() if reports else None
        self._over = threading.Event()

    def inbox_of(self, msisdn: str) -> queue.Queue[str]:
        with self._lock:
            return self._phones[msisdn]

    def take(self, path: str) -> None:
        fields = {name: values[0] for name, values in parse_qs(urlsplit(path).query, encoding="utf-8").items()}
        report = fields.get("dlr-url", "")
        found = re.search(r"[?&]id=(\d+)", report)
        its_id = int(found[1]) if found else 0
        with self._lock:
            self.posts[its_id] += 1
        self.on_taken(its_id)
        self.inbox_of(fields.get("to", "")).put(fields.get("text", ""))
        if self._reports is not None:
            self._reports.put(report.replace("%d", "1"))

    def report(self) -> None:
        """Brings delivery reports until they are taken: what a network does while we restart."""
        assert self._reports is not None
        while not self._over.is_set():
            try:
                url = self._reports.get(timeout=0.2)
            except queue.Empty:
                continue
            try:
                urllib.request.urlopen(url, timeout=5).close()
            except OSError:
                self._reports.put(url)
                time.sleep(REPORT_AGAIN / 10)

    def end(self) -> None:
        self._over.set()


@contextmanager
def network(reports: bool = True, on_taken: Callable[[int], None] = lambda its_id: None) -> Iterator[Network]:
    """A network on a free port of the loopback: its ``address`` is what HTTP_BASE_URL wants."""
    made = Network(reports, on_taken)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.take(self.path)
            try:
                self.send_response(202)
                self.end_headers()
                self.wfile.write(b"0: Accepted for delivery")
            except OSError:
                return  # who asked was killed meanwhile

        def log_message(self, *arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *arguments: object) -> None:
            pass  # a killed sender breaks its connection; that is what a storm is

    server = Server(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_address[1]}"
    threads = [threading.Thread(target=server.serve_forever, daemon=True)]
    threads += [threading.Thread(target=made.report, daemon=True)] if reports else []
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        made.end()
        server.shutdown()
        server.server_close()
