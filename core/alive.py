"""Do those answer whom this service needs besides its database: Redis, and a worker. Words for people, not numbers."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from core.settings import Settings

LOCK = "worker.lock"  # in the instance folder: whoever holds it works


def redis_state(url: str) -> str:
    """ "ok", "not wanted" where there is no ``url``, or what is wrong. Waits half a second at the most."""
    if not url:
        return "not wanted"
    from redis import Redis, RedisError

    try:
        with Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5) as redis:
            redis.ping()
    except (RedisError, OSError, ValueError) as error:
        return f"does not answer ({type(error).__name__})"
    return "ok"


def worker_state(settings: Settings, here: Any = None) -> str:
    """ "ok"; "never started" where no worker has run yet; else what is wrong. ``here`` is the worker of this process.

    Without Redis it is whoever holds the lock file, seen by trying to share it; with Redis, whoever RQ has on its list.
    """
    if here is not None and not here.is_alive():
        return "has stopped"
    if settings.redis_url:
        return _listed(settings.redis_url)
    return "ok" if here is not None else _locked(settings.instance_dir / LOCK)


@contextmanager
def seen_to_work(settings: Settings) -> Iterator[None]:
    """Holds the lock file meanwhile, unless another worker of this machine has it."""
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    with (settings.instance_dir / LOCK).open("w") as file:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _locked(path: Path) -> str:
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return "never started"
    except BlockingIOError:
        return "ok"
    return "does not run"


def _listed(url: str) -> str:
    from redis import Redis, RedisError

    try:
        with Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5) as redis:
            names = redis.smembers("rq:workers:kentongan")  # RQ drops its own on leaving, and their keys expire when killed
            alive = any(redis.exists(name) for name in names)
    except (RedisError, OSError, ValueError) as error:
        return f"is unknown: Redis does not answer ({type(error).__name__})"
    return "ok" if alive else "does not run"
