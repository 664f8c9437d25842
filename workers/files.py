"""Takes off the disk what nothing names any more."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import current_app
from sqlalchemy.orm import Session

from broadcast_schedule import papers
from core import files
from core.database import database
from lessons import media

IN_USE: tuple[Callable[[Session], Iterable[str]], ...] = (
    papers.digests,  # of episodes
    media.digests,  # of items and lessons
)
"""What each room names. A room that keeps files and has no line here loses them a day later."""


def in_use(db: Session) -> set[str]:
    """The digests of all files that any row names."""
    return {digest for named in IN_USE for digest in named(db)}


def sweep() -> int:
    """Deletes files older than a day that no row names; how many went."""
    with database().reading() as db:
        named = in_use(db)
    return files.sweep(current_app.extensions["settings"].files_dir, named)
