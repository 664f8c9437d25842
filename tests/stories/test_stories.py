"""Every story, played: on its own media line by line, and with the same keys on every other medium."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.stories.script import can_be_replayed, play, replay, rewrite

STORIES = sorted(Path(__file__).parent.glob("*.txt"))
ALONE = [path for path in STORIES if can_be_replayed(path)]


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_goes_as_it_is_told(path):
    if os.environ.get("REWRITE_STORIES"):
        rewrite(path)
    for beat, shown in play(path):
        if beat.shown or not beat.text.startswith(("It is", "The ", "All ", "Nothing ", "Nobody ", "Three ")):
            assert shown == beat.shown, f"{path.name}, line {beat.line}: {beat.text}"


# A caller is asked first what keys can answer: the words of KATA come in another order there.
EVERYWHERE = [
    pytest.param(path, medium, id=f"{path.stem}-{medium}")
    for path in ALONE
    for medium in ("sms", "voice", "web")
    if medium != "voice" or "KATA" not in path.read_text()
]


@pytest.mark.parametrize(("path", "medium"), EVERYWHERE)
def test_the_same_keys_lead_to_the_same_end_on_every_medium(path, medium):
    ours, theirs = replay(path, medium)
    assert theirs == ours
