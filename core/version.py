"""Which version this is."""

from __future__ import annotations

from functools import lru_cache

from core.settings import ROOT

VERSION = "0.1.0"


@lru_cache(maxsize=1)
def revision() -> str:
    """The commit that runs, read from the clone's own files; "" where this is no clone."""
    git = ROOT / ".git"
    try:
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head[:12]
        name = head.removeprefix("ref: ")
        loose = git / name
        if loose.exists():
            return loose.read_text().strip()[:12]
        for line in (git / "packed-refs").read_text().splitlines():
            if line.endswith(" " + name):
                return line[:12]
    except OSError:
        pass
    return ""
