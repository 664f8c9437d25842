"""The two schools and their people, as the tests of schools have them, and a teacher of each who has logged in."""

from __future__ import annotations

import pytest

from tests.schools.conftest import another, person, two_schools

__all__ = ["another", "person", "two_schools"]


@pytest.fixture
def teacher(person):
    return person.logged_in("guru.a")


@pytest.fixture
def stranger(another):
    """A teacher of the other school."""
    return another.logged_in("guru.b")
