"""A file for what came in while the database could take nothing: a line each, on the disk before we say that we have it.

A line is the CRC-32 of what follows in eight hexadecimal digits, a blank, and an object as JSON. What was torn when the
machine stopped has no right CRC; it was never acknowledged, and is set aside and counted.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

WAITING, TAKEN, TORN, LOCK, BALLAST, PROBE = "waiting", "taken", "torn", "lock", "ballast", "probe"
BALLAST_BYTES = 1 << 20  # given up when the disk is full: room for some four thousand messages


class Away(Exception):
    """The database still takes nothing: what was not replayed is replayed another time."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """``kept``: lines that could not be applied for a reason of their own, and wait on."""

    done: int = 0
    kept: int = 0
    torn: int = 0


class Spool:
    """The spool in ``folder``, which all processes of this machine share."""

    def __init__(self, folder: Path):
        self._folder = folder

    def append(self, entry: dict[str, Any]) -> None:
        """``entry`` is on the disk when this returns. Raises OSError where it is not."""
        line = _line(entry)
        try:
            self._append(line)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT) or not self._throw_ballast():
                raise
            self._append(line)

    def replay(self, apply: Callable[[dict[str, Any]], None]) -> Replayed:
        """Applies every line that waits, in the order in which they came; Replayed() where another process is at it.

        ``apply`` may be given a line again after a kill, so it must be harmless the second time. Where it raises Away, all
        of them stay; whatever else it raises keeps that line alone.
        """
        if not self._folder.exists():
            return Replayed()
        with self._alone() as is_mine:
            if not is_mine or not self._take():
                return Replayed()
            entries, torn = _read((self._folder / TAKEN).read_bytes())
            kept = []
            for entry in entries:
                try:
                    apply(entry)
                except Away:
                    raise
                except Exception:  # its own fault; the others need not wait for it
                    kept.append(entry)
            for entry in kept:
                self.append(entry)
            for fragment in torn:
                self._write(TORN, fragment + b"\n")
            (self._folder / TAKEN).unlink()
            self._sync_folder()
            return Replayed(len(entries) - len(kept), len(kept), len(torn))

    def waiting(self) -> list[dict[str, Any]]:
        """The lines that wait, the oldest first."""
        found: list[dict[str, Any]] = []
        for name in (TAKEN, WAITING):
            try:
                found += _read((self._folder / name).read_bytes())[0]
            except FileNotFoundError:
                continue
        return found

    def state(self) -> str:
        """ "ok", or why nothing could be kept here. Sets the ballast aside on the way."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(PROBE, b"")
            ballast = self._folder / BALLAST
            if not ballast.exists() or ballast.stat().st_size < BALLAST_BYTES:
                ballast.write_bytes(b"\0" * BALLAST_BYTES)
        except OSError as error:
            return f"cannot be written ({type(error).__name__}: {os.strerror(error.errno or 0)})"
        return "ok"

    def _append(self, line: bytes) -> None:
        if not self._folder.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(WAITING, line)

    def _write(self, name: str, data: bytes) -> None:
        """Adds whole lines: what a kill left without its end gets one, and what did not fit is taken back."""
        with self._open(name) as descriptor:
            size = os.fstat(descriptor).st_size
            if data and size and os.pread(descriptor, 1, size - 1) != b"\n":
                data = b"\n" + data
            try:
                left = memoryview(data)
                while left:
                    left = left[os.write(descriptor, left) :]
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, size)
                raise
        if not size:
            self._sync_folder()

    @contextmanager
    def _open(self, name: str) -> Iterator[int]:
        """The file's descriptor, locked; the file is the one that has the name now, not one that was taken meanwhile."""
        path = self._folder / name
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                if path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino:
                    yield descriptor
                    return
            finally:
                os.close(descriptor)

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        descriptor = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
        except BlockingIOError:
            yield False
        finally:
            os.close(descriptor)

    def _take(self) -> bool:
        """What waits is ours now, and new lines begin a new file. One that was taken before and not finished comes first."""
        taken, waiting = self._folder / TAKEN, self._folder / WAITING
        if taken.exists():
            return True
        if not waiting.exists():
            return False
        with self._open(WAITING):
            waiting.rename(taken)
        self._sync_folder()
        return True

    def _throw_ballast(self) -> bool:
        try:
            (self._folder / BALLAST).unlink()
        except FileNotFoundError:
            return False
        return True

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _line(entry: dict[str, Any]) -> bytes:
    body = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return b"%08x %s\n" % (crc32(body), body)


def _read(data: bytes) -> tuple[list[dict[str, Any]], list[bytes]]:
    """(the whole lines, what is none)."""
    entries, torn = [], []
    for line in data.split(b"\n"):
        body = line[9:]
        if line and line[:9] == b"%08x " % crc32(body):
            entries.append(json.loads(body))
        elif line:
            torn.append(line)
    return entries, torn
