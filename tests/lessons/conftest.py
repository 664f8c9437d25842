"""The two schools and their people, as the tests of schools have them."""

from tests.schools.conftest import another, person, two_schools

__all__ = ["another", "person", "two_schools"]
