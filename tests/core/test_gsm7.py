"""Segments as networks count them (cases S of the field notes), against an independent counter too."""

from __future__ import annotations

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from core import gsm7


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        (" " * 160, 1), (" " * 161, 2),
        ("\f" * 80, 1), ("\f" * 81, 2),
        ("a" * 150 + "[123456789", 2),
        ("a" * 306, 2), ("a" * 307, 3),
        ("à" * 306, 2), ("à" * 307, 3),
        ("ÿ" * 70, 1), ("ÿ" * 71, 2), ("ÿ" * 134, 2), ("ÿ" * 135, 3), ("ÿ" * 268, 4), ("ÿ" * 269, 5),
        ("ÿ" * 402, 6), ("ÿ" * 403, 7),
        ("^" * 80, 1), ("^" * 81, 2), ("a" * 158 + "|", 1), ("a" * 159 + "|", 2), ("a" * 304 + "[", 2), ("a" * 304 + "[]", 3),
        ("â" * 69 + "{", 1), ("â" * 70 + "{", 2), ("â" * 133 + "}", 2), ("â" * 134 + "}", 3),
        ("a" * 83 + "]😀", 2),
        ("|}" * 34 + "|∞", 1),
        ("1" * 160, 1),
    ],
)  # fmt: skip
def test_size_counts_segments_as_networks_do(text, segments):
    assert gsm7.size(text).segments == segments


def test_size_never_splits_an_escape_pair():
    # 152 letters and a bracket would put the escape into one part and its character into the next.
    text = "a" * 152 + "[" + "a" * 152 + "["
    assert gsm7.size(text) == gsm7.Size("gsm7", 308, 3)


@given(st.text(alphabet=st.sampled_from("abc[]€^ é\nÇç😀…×"), max_size=500))
def test_size_agrees_with_an_independent_counter(text):
    oracle = smsutil.split(text)
    assert gsm7.size(text).segments == max(1, len(oracle.parts))


@pytest.mark.parametrize(
    ("typed", "cheap"),
    [
        ("3 × 4 = 12", "3 x 4 = 12"),
        ("“Apa kabar?” – kata Ibu…", '"Apa kabar?" - kata Ibu...'),
        ("½ + ¼", "1/2 + 1/4"),
        ("5 ≤ 6", "5 <= 6"),
        ("2²", "2^2"),
        ("Łódź", "Łodz"),  # Ł has no plain form in Unicode: it stays, and costs
        ("çok", "cok"),
        ("Ç", "Ç"),
        ("é", "é"),
        ("a\u00a0b\u200bc", "a bc"),
        ("水", "水"),
        ("c\u0327\u0327 x\u0327 a\u0301\u0327", "c x a"),
    ],
)
def test_rewrite_makes_gsm7_where_a_safe_rewrite_exists(typed, cheap):
    assert gsm7.rewrite(typed) == cheap


@given(st.text(max_size=200))
def test_rewrite_is_settled_after_once(text):
    once = gsm7.rewrite(text)
    assert gsm7.rewrite(once) == once


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a" * 160, True), ("a" * 161, False), ("€" * 80, True), ("€" * 81, False),
        ("水" * 70, True), ("水" * 71, False), ("😀" * 35, True), ("😀" * 36, False),
    ],
)  # fmt: skip
def test_a_screen_holds_160_septets_or_70_units(text, fits):
    assert gsm7.fits_screen(text, 160) == fits


def test_capital_cedilla_and_pi_are_in_the_alphabet_and_small_ones_are_not():
    assert [gsm7.is_gsm7(c) for c in "ÇçΠπ`\t"] == [True, False, True, False, False, False]
