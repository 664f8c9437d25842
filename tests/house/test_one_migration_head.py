"""One migration is the newest: with two, an upgrade does not know where to go."""

from __future__ import annotations

from core.migrations import heads


def test_there_is_one_newest_migration():
    assert len(heads()) == 1


def test_two_newest_migrations_are_found(tmp_path):
    for name, below in (("one", "None"), ("two", '"one"'), ("three", '"one"')):
        (tmp_path / f"{name}.py").write_text(f'revision = "{name}"\ndown_revision = {below}\n')
    assert heads(tmp_path) == ["three", "two"]
