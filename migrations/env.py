"""Alembic's entry: one transaction for all that is to do, on either database. Called through core.migrations alone."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from alembic import context
from sqlalchemy import text
from sqlalchemy.engine import Connection

from core.database import Base, Instant, Json, say_partial
from core.settings import ROOT

for room, name in sorted((path.parent.name, path.stem) for path in (*ROOT.glob("*/tables.py"), *ROOT.glob("*/*_tables.py"))):
    import_module(f"{room}.{name}")  # the tables register themselves
say_partial(Base.metadata)
MIGRATION_LOCK = 77_1945  # any number, always the same: two servers that start at once migrate one after the other


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """A migration must not change when our column types do: it names the plain types that they are kept as."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, Json):
        return "sa.Text()"
    return False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        render_item=render_item,
        transactional_ddl=True,  # on SQLite too: core.database says BEGIN itself
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    database = context.config.attributes["database"]
    with database.engine.execution_options(immediate=True).connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
            migrate(connection)
            connection.commit()
            return
        # A batch migration drops and renames tables: with foreign keys on, the drop would empty the tables that point to it.
        # SQLite ignores this pragma inside a transaction, so it goes to the driver, before BEGIN.
        driver = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF").close()
        try:
            connection.execute(text("SELECT 1"))
            migrate(connection)
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"the migration would leave rows that point to nothing: {broken[:5]}")
            connection.commit()
        finally:
            connection.rollback()
            driver.execute("PRAGMA foreign_keys=ON").close()


run()
