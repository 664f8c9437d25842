"""The schema that the migrations make is the one that the tables say, on both databases, there and back."""

from __future__ import annotations

import itertools

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from core.database import Base, Database
from core.migrations import applied, at_head, config_for, heads, is_behind, is_newer, upgrade
from core.settings import ROOT


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


def schema_of(database):
    """{table: {column: (type, may it be null, has it a default)}}, and the names of what must be unique."""
    found = inspect(database.engine)  # asked for all tables at once: each question for itself takes seconds on PostgreSQL
    tables = {
        table: {c["name"]: (str(c["type"]), c["nullable"], c["default"] is not None) for c in columns}
        for (_, table), columns in found.get_multi_columns().items()
    }
    unique = {
        (table, tuple(sorted(one["column_names"])))
        for kept in (found.get_multi_unique_constraints(), found.get_multi_indexes())
        for (_, table), rules in kept.items()
        for one in rules
        if one.get("unique", True)
    }
    return tables, unique


def revisions():
    names = sorted(file.stem for file in (ROOT / "migrations" / "versions").glob("*.py"))
    return list(itertools.pairwise(names))


@pytest.mark.slow
def test_every_migration_only_adds(unmade):
    """Processes of the version before go on while and after it runs: what they read is there, what they write is complete."""
    [(first, _), *_] = revisions()
    upgrade(unmade, first)
    for _, revision in revisions():
        before, unique_before = schema_of(unmade)
        upgrade(unmade, revision)
        after, unique_after = schema_of(unmade)
        for table, columns in before.items():
            kept = {name: after.get(table, {}).get(name) for name in columns}
            assert kept == columns, f"{revision} takes or changes a column of {table}"
            added = {name: kind for name, kind in after[table].items() if name not in columns}
            unfilled = [name for name, (_, nullable, has_default) in added.items() if not nullable and not has_default]
            assert unfilled == [], f"{revision}: what the version before inserts into {table} lacks {unfilled}"
        new_rules = {(table, names) for table, names in unique_after - unique_before if set(names) <= set(before.get(table, {}))}
        assert new_rules == set(), f"{revision} forbids what the version before may write"


@pytest.mark.slow
def test_every_step_back_leaves_the_schema_before_it(unmade):
    [(first, _), *_] = revisions()
    upgrade(unmade, first)
    schemas = [schema_of(unmade)]
    for _, revision in revisions():
        upgrade(unmade, revision)
        schemas.append(schema_of(unmade))
    for was, (before, _) in zip(reversed(schemas[:-1]), reversed(revisions()), strict=True):
        command.downgrade(config_for(unmade), before)
        assert schema_of(unmade) == was, before


def test_a_schema_of_a_later_version_is_gone_on_with(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/new.db")
    upgrade(database)
    assert (is_newer(heads()[0]), is_newer(None), is_newer("0000_old"), is_newer("nonsense")) == (False, False, False, False)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))
    upgrade(database)
    assert (applied(database), at_head(database), is_behind(database)) == ("9999_future", False, False)
    database.close()
