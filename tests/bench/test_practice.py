"""The year of practice, small: the figure of bench/practice.py holds for a dozen learners too, and is the same each time."""

from __future__ import annotations

from bench import practice, segments
from demo import content


def test_spaced_review_keeps_more_per_message_than_fixed_repetition():
    found = practice.compare(12)
    per_message = {way: outcome.retained / outcome.messages for way, outcome in found.items()}
    assert max(per_message, key=lambda way: per_message[way]) == "spaced"
    assert found["spaced"].messages == found["fixed, as many"].messages
    assert found["spaced"].retained > found["fixed, as many"].retained + 2


def test_the_same_seed_is_the_same_year():
    assert practice.learner(7, "spaced") == practice.learner(7, "spaced")


def test_ten_questions_by_sms_are_eleven_segments_at_most():
    for quiz in content.quizzes():
        for answers in ("right", "wrong"):
            found = segments.cost(quiz, "id", answers)
            assert (found.messages, found.encodings) == (len(quiz.items) + 1, ("gsm7",))
            assert found.segments <= segments.MOST
