from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core import text


def test_clean_drops_what_databases_and_readers_choke_on():
    assert text.clean("a\0b\ud800c\u202ed\u200be\x07") == "abcde"


def test_clean_keeps_lines_and_composes_letters():
    assert text.clean("e\u0301\r\nb\rc\u2028d\te") == "é\nb\nc\nd e"


def test_clean_keeps_a_family_together():
    assert text.clean("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"


def test_clean_caps():
    assert text.clean("a" * 50, 10) == "a" * 10


@given(st.text(alphabet=st.characters(), max_size=200))
def test_clean_is_safe_for_both_databases(typed):
    cleaned = text.clean(typed)
    assert "\0" not in cleaned
    assert cleaned.encode("utf-8").decode() == cleaned
    assert text.clean(cleaned) == cleaned


def test_decode_takes_utf8_and_falls_back():
    assert text.decode("é".encode()) == "é"
    assert text.decode(b"caf\xe9") == "café"


@given(st.binary(max_size=100))
def test_decode_never_breaks(raw):
    assert isinstance(text.decode(raw), str)
