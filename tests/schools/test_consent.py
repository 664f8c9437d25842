from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.problems import Refused
from schools import consent

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def test_the_newest_statement_counts_and_none_is_lost(two_schools, database):
    id = two_schools.A.learner
    seen = []
    with database.writing() as db:
        seen.append(consent.state(db, id))
        consent.give(db, id, "Ibu A", "paper", NOW, two_schools.A.teacher)
        seen.append(consent.state(db, id))
        consent.withdraw(db, id, "Ibu A", "call", NOW + timedelta(days=1))
        seen.append(consent.state(db, id))
        consent.give(db, id, "Bapak A", "sms", NOW + timedelta(days=2))
        seen.append(consent.state(db, id))
        kept = [(row.state, row.guardian, row.how, row.text_version) for row in consent.history(db, id)]
    assert seen == ["unknown", "given", "withdrawn", "given"]
    assert kept == [
        ("given", "Bapak A", "sms", consent.TEXT_VERSION),
        ("withdrawn", "Ibu A", "call", consent.TEXT_VERSION),
        ("given", "Ibu A", "paper", consent.TEXT_VERSION),
    ]


def test_what_was_not_given_cannot_be_withdrawn(two_schools, database):
    with database.reading() as db, pytest.raises(Refused):
        consent.withdraw(db, two_schools.A.learner, "Ibu A", "paper", NOW)


@pytest.mark.parametrize(
    ("guardian", "how", "where"), [("", "paper", ["guardian"]), ("Ibu", "", ["how"]), (" ", "web", ["guardian", "how"])]
)
def test_a_statement_says_who_and_how(two_schools, database, guardian, how, where):
    with database.reading() as db, pytest.raises(Refused) as refused:
        consent.give(db, two_schools.A.learner, guardian, how, NOW)
    assert [problem.where for problem in refused.value.problems] == where


def test_states_of_many_at_once(two_schools, database):
    with database.reading() as db:
        assert consent.states(db, [two_schools.A.learner, two_schools.B.learner, 999]) == {
            two_schools.A.learner: "unknown", two_schools.B.learner: "given", 999: "unknown",
        }  # fmt: skip
