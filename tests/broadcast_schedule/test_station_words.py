from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast_schedule.station_words import Said, read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("TERIMA 101", Said("accept", 101)),
        (" terima  101 ", Said("accept", 101)),
        ("Terima101", Said("accept", 101)),
        ("TERIMA #101.", Said("accept", 101)),
        ("Siar, 101", Said("aired", 101)),
        ("GANTI 101, jam 11", Said("propose", 101, "11:00", "jam 11")),
        ("GAGAL 101: listrik", Said("failed", 101, rest="listrik")),
        ("setuju 101 terima kasih", Said("accept", 101, rest="terima kasih")),
        ("TERIMA", Said("accept", None)),
        ("TOLAK 101", Said("decline", 101)),
        ("GANTI 101 11.00", Said("propose", 101, "11:00", "11.00")),
        ("ganti 101 11:30 WIT", Said("propose", 101, "11:30", "11:30 WIT")),
        ("Ganti 101 ke jam 9", Said("propose", 101, "09:00", "ke jam 9")),
        ("GANTI 101", Said("propose", 101)),
        ("GANTI 101 besok", Said("propose", 101, "", "besok")),
        ("GANTI 101 24.00", Said("propose", 101, "", "24.00")),
        ("SIAR 101", Said("aired", 101)),
        ("SIAR 101 OK", Said("aired", 101, rest="OK")),
        ("GAGAL 101 listrik  padam", Said("failed", 101, rest="listrik padam")),
        ("TERIMA KASIH", Said("accept", None, rest="KASIH")),
        ("JADWAL", None),
        ("101", None),
        ("", None),
    ],
)
def test_a_message_is_read(text, said):
    assert read(text) == said


@given(st.text(max_size=60))
def test_nothing_breaks_it(text):
    said = read(text)
    assert said is None or len(said.time) in (0, 5)
