"""The two schools and their people, as the tests of schools have them, and a teacher of each who has logged in."""

from __future__ import annotations

import pytest

from tests.schools.conftest import another, person, two_schools

__all__ = ["another", "person", "two_schools"]


@pytest.fixture
def teacher(person):
    person.log_in("guru.a")
    return person


@pytest.fixture
def stranger(another):
    """A teacher of the other school."""
    another.log_in("guru.b")
    return another
