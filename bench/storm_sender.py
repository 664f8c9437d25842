"""A sender that dies where it is told to: ``python -m bench.storm_sender`` reads "<seconds ahead> <point>" lines.

For each line it forks a sender that sends one due message (``drain``: all of them) and is killed with -9 at the point. The
sender's clock runs ahead by so many seconds, so nobody waits half a minute for a lease to end. Answers its process id,
then ``over``.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from app import create_app
from core import clock
from gateway.providers.http import Http
from workers import outbox

POINTS = ("claimed", "sending", "on the wire", "answered", "settled")


def main() -> None:
    app = create_app()
    app.extensions["database"].close()  # nothing of it crosses the fork
    for line in sys.stdin:
        ahead, _, point = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            send(app, int(ahead), point)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("over", flush=True)


def send(app: Flask, ahead: int, point: str) -> None:
    clock.now = lambda: datetime.now(UTC) + timedelta(seconds=ahead)  # type: ignore[assignment]
    send_by_http = Http.send

    def dying(self: Http, *arguments: Any) -> Any:
        die_at("sending", point)  # which is committed by now
        receipt = send_by_http(self, *arguments)  # "on the wire": the network kills us before it answers
        die_at("answered", point)
        return receipt

    Http.send = dying  # type: ignore[method-assign]
    try:
        with app.app_context():
            outbox.sweep()
            while claims := outbox.deliver_due(1):
                die_at("claimed", point)
                for claimed in claims:
                    outbox.send(claimed)
                die_at("settled", point)
                if point != "drain":
                    break
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def die_at(here: str, point: str) -> None:
    if here == point:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
