"""Is the schema what the code expects, and making it so. Alembic is imported only where there is something to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.database import Database
from core.settings import ROOT

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = ROOT / "migrations"
_REVISION = re.compile(r"^(down_revision|revision)(?:\s*:[^=]+)?\s*=\s*(?:['\"](\w+)['\"]|None)", re.M)


def heads(folder: Path = FOLDER / "versions") -> list[str]:
    """Revisions that no other builds on: one, or two people migrated at once. Read from the files: Alembic takes a second."""
    named: set[str] = set()
    built_on: set[str] = set()
    for file in folder.glob("*.py"):
        found = dict(_REVISION.findall(file.read_text(encoding="utf-8")))
        named.add(found["revision"])
        built_on.add(found.get("down_revision", ""))
    return sorted(named - built_on)


def applied(database: Database) -> str | None:
    """The revision the database is at; None where it was never migrated."""
    try:
        with database.engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError as error:
        if _is_missing_table(error):
            return None
        raise


def _is_missing_table(error: DBAPIError) -> bool:
    return "no such table" in str(error.orig) or getattr(error.orig, "sqlstate", "") == "42P01"


def at_head(database: Database) -> bool:
    return [applied(database)] == heads()


def is_newer(revision: str | None) -> bool:
    """``revision`` is one that only a later version of Kentongan knows: beyond our newest, by the number that it begins with."""
    number = re.match(r"(\d{4})_", revision or "")
    return number is not None and number[1] > max(head[:4] for head in heads())


def is_behind(database: Database) -> bool:
    """The schema wants an upgrade. One of a later version does not: migrations only add, so that older processes go on."""
    found = applied(database)
    return [found] != heads() and not is_newer(found)


def config_for(database: Database) -> Config:
    """Alembic's configuration, without an ini file: the folder and the database are all there is to say."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["database"] = database
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Brings the schema to ``revision``, all in one transaction. Two processes at once: the second waits and finds it done.

    A schema of a later version stays as it is.
    """
    from alembic import command

    if revision == "head" and is_newer(applied(database)):
        return
    command.upgrade(config_for(database), revision)
