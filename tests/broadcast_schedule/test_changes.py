"""What a publication changes, and that its words fit one SMS."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from broadcast_schedule.changes import compare, lines, summary
from core import gsm7
from tests.broadcast_schedule.made import occurrence

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 1, 10, tzinfo=UTC)  # while the 08.00 of Monday is on the air


def kinds(old, new, now=NOW):
    return [(c.kind, c.after.sequence, c.after.status) for c in compare(old, new, now)]


def test_nothing_changed_is_nothing():
    assert kinds([occurrence()], [occurrence()]) == []


def test_new():
    assert kinds([], [occurrence()]) == [("new", 0, "planned")]


def test_moved_keeps_identity_and_counts():
    old = occurrence()
    moved = replace(occurrence(at="09:00"), original=old.original, status="moved")
    (change,) = compare([old], [moved], NOW)
    assert (change.kind, change.after.id, change.after.sequence) == ("moved", old.id, 1)


def test_a_new_hour_of_the_rule_keeps_identity():  # case 41
    old = occurrence()
    (change,) = compare([old], [occurrence(at="09:00")], NOW)
    assert (change.kind, change.after.id, change.after.sequence, change.after.status) == ("moved", old.id, 1, "moved")
    assert compare([change.after], [occurrence(at="09:00")], NOW) == []


def test_moved_back_has_moved_twice():
    moved = replace(occurrence(at="09:00"), original=occurrence().original, status="moved", sequence=1)
    assert kinds([moved], [occurrence()]) == [("moved", 2, "moved")]


def test_skipped_is_cancelled_once():
    skipped = occurrence(status="cancelled")
    (change,) = compare([occurrence()], [skipped], NOW)
    assert (change.kind, change.after.sequence) == ("cancelled", 1)
    assert compare([change.after], [skipped], NOW) == []


def test_skipped_before_it_was_published_is_nothing():
    assert kinds([], [occurrence(status="cancelled")]) == []


def test_restored_counts_again():
    assert kinds([occurrence(status="cancelled", sequence=1)], [occurrence()]) == [("restored", 2, "planned")]


def test_vanished_is_cancelled():
    assert kinds([occurrence()], []) == [("cancelled", 1, "cancelled")]


def test_new_words_do_not_count_as_a_move():
    assert kinds([occurrence()], [occurrence(episode="Magnet")]) == [("reworded", 0, "planned")]


def test_a_single_date_planned_anew_is_moved():
    (change,) = compare([occurrence()], [occurrence(day="2026-11-25")], NOW)
    assert (change.kind, change.after.id) == ("moved", occurrence().id)


def test_what_has_begun_is_left_alone():
    assert kinds([occurrence()], [], LATER) == []
    assert kinds([occurrence()], [occurrence(at="09:00")], LATER) == []


def test_nothing_is_moved_into_the_past():
    assert kinds([occurrence(at="10:00")], [occurrence(at="08:00")], LATER) == []


def test_a_published_slot_gets_no_new_past():
    tomorrow = occurrence(day="2026-11-24")
    assert kinds([tomorrow], [occurrence(), tomorrow], LATER) == []
    assert kinds([], [occurrence(), tomorrow], LATER) == [("new", 0, "planned"), ("new", 0, "planned")]


def test_lines_say_from_and_to():
    old = occurrence()
    moved = replace(occurrence(at="09:00"), original=old.original)
    other_day = replace(occurrence(2, day="2026-11-25"), original=old.original)
    longer = occurrence(3, minutes=60)
    changes = compare([old, occurrence(2), occurrence(3), occurrence(4)], [moved, other_day, longer, occurrence(5)], NOW)
    assert sorted(lines(changes, "Asia/Jakarta")) == [
        "Baru: X-Sains Sen 23 Nov 08.00-08.30 WIB",
        "Batal: X-Sains Sen 23 Nov 08.00 WIB",
        "Panjang baru: X-Sains Sen 23 Nov 08.00-09.00 WIB, dulu sampai 08.30",
        "Pindah: X-Sains Sen 23 Nov 08.00 ke 09.00 WIB",
        "Pindah: X-Sains Sen 23 Nov 08.00 ke Rab 25 Nov 08.00 WIB",
    ]


def test_a_series_is_one_line():
    changes = compare([], [occurrence(day=f"2026-11-{day}") for day in (23, 24, 25)], NOW)
    assert lines(changes, "Asia/Jakarta") == ["Baru: X-Sains Sen 23 Nov 08.00-08.30 WIB (3 kali)"]
    assert lines(changes, "Asia/Jakarta", "en") == ["Baru: X-Sains Mon 23 Nov 08:00-08:30 WIB (3 kali)"]


def test_the_cut_of_the_evening_fits_one_sms():
    """TVRI, April 2020: announced until 23.30, then cut to 08.00–11.00."""
    day = [("Jalan Sesama", "08:00"), ("Matematika", "14:03"), ("Keluarga Indonesia", "14:30"), ("Film Nasional", "21:30")]
    old = [occurrence(slot, at=at, title=title) for slot, (title, at) in enumerate(day)]
    told = summary(compare(old, old[:1], NOW), "Asia/Jakarta")
    assert told == (
        "Batal: Matematika Sen 23 Nov 14.03 WIB. Batal: Keluarga Indonesia Sen 23 Nov 14.30 WIB. "
        "Batal: Film Nasional Sen 23 Nov 21.30 WIB"
    )
    assert gsm7.size(told).segments == 1


@given(st.lists(st.text(max_size=60), max_size=8))
def test_the_summary_always_fits_one_sms(titles):
    changes = compare([], [occurrence(slot, title=title) for slot, title in enumerate(titles)], NOW)
    assert gsm7.size(summary(changes, "Asia/Jakarta")).segments == 1


def test_the_summary_says_how_many_more():
    changes = compare([], [occurrence(slot, title=f"Acara nomor {slot}") for slot in range(9)], NOW)
    assert summary(changes, "Asia/Jakarta").endswith("+7 perubahan lain")
