"""The schema that the migrations make is the one that the tables say, on both databases, there and back."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from core.database import Base, Database
from core.migrations import applied, at_head, config_for, heads, upgrade


@pytest.fixture(params=["sqlite", "postgresql"])
def unmade(request, tmp_path):
    """A database without a table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/new.db")
        yield database
    else:
        database = Database(request.getfixturevalue("postgresql_url"))
        drop_everything(database)
        yield database
        drop_everything(database)
        upgrade(database)
    database.close()


def drop_everything(database):
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def differences(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, Base.metadata)


def test_upgrade_makes_exactly_the_tables(unmade):
    assert (applied(unmade), at_head(unmade)) == (None, False)
    upgrade(unmade)
    assert (differences(unmade), at_head(unmade)) == ([], True)


def test_downgrade_leaves_nothing_behind(unmade):
    upgrade(unmade)
    command.downgrade(config_for(unmade), "base")
    assert (inspect(unmade.engine).get_table_names(), applied(unmade)) == (["alembic_version"], None)


def test_foreign_keys_hold_again_after_an_upgrade(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/new.db")
    upgrade(database)
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    database.close()


def test_heads_tells_two_migrations_that_build_on_the_same(tmp_path):
    (tmp_path / "1.py").write_text('revision = "one"\ndown_revision = None\n')
    (tmp_path / "2.py").write_text('revision = "two"\ndown_revision = "one"\n')
    assert heads(tmp_path) == ["two"]
    (tmp_path / "3.py").write_text('revision: str = "three"\ndown_revision: str | None = "one"\n')
    assert heads(tmp_path) == ["three", "two"]
