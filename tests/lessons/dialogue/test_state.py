import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.dialogue.state import Going, Place, State, from_json, to_json

numbers = st.integers(0, 10**9)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
goings = st.none() | st.builds(Going, *[st.integers(1, 10**9)] * 3, numbers, numbers)
facts = st.dictionaries(words, numbers | words | st.booleans() | st.lists(words, max_size=2), max_size=3)
places = st.builds(Place, words.filter(bool), facts, numbers, goings)
states = st.builds(State, numbers, st.dictionaries(st.integers(0, 99).map(str), places, max_size=3), words, words, numbers, words)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.sampled_from(["who", "places", "scene", "facts", "going", "1"]), x),
)


@given(states)
def test_a_state_comes_back_from_json_as_it_went(state):
    assert from_json(to_json(state)) == state


@pytest.mark.parametrize("text", [None, "", "{", "null", "[]", "7", '"x"', '{"places":7}', "[" * 100_000, '{"places":{"1":[]}}'])
def test_what_cannot_be_read_is_the_beginning(text):
    assert from_json(text) == State()


@given(anything)
def test_any_json_is_read_as_a_state_that_can_be_written(value):
    import json

    state = from_json(json.dumps(value))
    assert from_json(to_json(state)) == state


def test_what_can_be_read_of_a_state_is_kept():
    text = '{"v":9,"who":2,"new":1,"medium":7,"places":{"2":{"scene":"lesson","page":-3,"going":{"quiz":1}},"3":null}}'
    assert from_json(text) == State(2, {"2": Place("lesson")})


def test_the_place_is_that_of_who_speaks():
    state = State(2, {"2": Place("menu"), "3": Place("courses")})
    assert state.at(Place("result")) == State(2, {"2": Place("result"), "3": Place("courses")})
    assert (state.place, State().place) == (Place("menu"), Place())


def test_what_the_first_release_wrote_is_still_read():
    text = (
        '{"v":1,"who":2,"places":{"2":{"scene":"question","facts":{},"page":0,"pages":1,"going":{"quiz":1,"edition":11,"number":1,'
        '"at":3,"right":2}}},"medium":"sms","wish":"","asked_at":5}'
    )
    state = from_json(text)
    assert state == State(2, {"2": Place("question", going=Going(1, 11, 1, 3, 2))}, "sms", asked_at=5)
    assert (state.place.medium, state.place.asked_at, state.silent) == ("", 0, 0)
