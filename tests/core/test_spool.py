"""Lines that were said to be kept are kept, whatever byte a kill came at; nothing else is."""

from __future__ import annotations

import errno
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.spool import BALLAST_BYTES, Away, Replayed, Spool, _line

LINES = [{"n": n, "text": "Soal ½\n"} for n in range(3)]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "spool"


def replayed(spool, **more):
    seen = []
    return spool.replay(seen.append, **more), seen


def test_what_was_kept_is_applied_once_and_in_order(folder):
    spool = Spool(folder)
    assert replayed(spool) == (Replayed(), [])
    for line in LINES:
        spool.append(line)
    assert spool.waiting() == LINES
    assert replayed(Spool(folder)) == (Replayed(3), LINES)
    assert (replayed(spool), spool.waiting()) == ((Replayed(), []), [])


def test_a_write_that_was_torn_at_any_byte_is_left_out_and_what_follows_is_not(folder):
    whole = _line(LINES[1])
    for length in range(1, len(whole)):
        spool = Spool(folder)
        spool.append(LINES[0])
        with (folder / "waiting").open("ab") as file:
            file.write(whole[:length])
        spool.append(LINES[2])
        lost_its_end = length == len(whole) - 1  # all but the line's end: it can still be told to be whole
        expected = LINES if lost_its_end else [LINES[0], LINES[2]]
        assert replayed(spool) == (Replayed(len(expected), torn=0 if lost_its_end else 1), expected)


def test_a_changed_byte_is_no_line(folder):
    spool = Spool(folder)
    spool.append(LINES[0])
    data = bytearray((folder / "waiting").read_bytes())
    for at in range(len(data) - 1):
        changed = bytearray(data)
        changed[at] ^= 1
        (folder / "waiting").write_bytes(changed)
        found, seen = replayed(spool)
        assert (found.done, seen) == (0, [])


def test_a_replay_that_was_killed_is_done_again_from_its_beginning(folder):
    spool = Spool(folder)
    for line in LINES:
        spool.append(line)

    class Killed(BaseException):
        pass

    def kill(entry):
        if entry["n"] == 1:
            raise Killed

    with pytest.raises(Killed):
        spool.replay(kill)
    spool.append({"n": 3})
    assert [entry["n"] for entry in spool.waiting()] == [0, 1, 2, 3]
    assert replayed(spool) == (Replayed(3), LINES)
    assert replayed(spool) == (Replayed(1), [{"n": 3}])


def test_while_it_is_away_all_wait_and_a_line_that_cannot_be_applied_holds_up_nobody(folder):
    spool = Spool(folder)
    for line in LINES:
        spool.append(line)

    def away(entry):
        raise Away

    with pytest.raises(Away):
        spool.replay(away)
    assert spool.waiting() == LINES

    def odd(entry):
        return 1 // (entry["n"] - 1)

    assert (spool.replay(odd), spool.waiting()) == (Replayed(2, kept=1), [LINES[1]])


def test_many_write_while_one_replays(folder):
    spool, seen = Spool(folder), []

    def write(who):
        for n in range(20):
            Spool(folder).append({"who": who, "n": n})

    threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        spool.replay(seen.append)
    spool.replay(seen.append)
    spool.replay(seen.append)
    assert sorted((entry["who"], entry["n"]) for entry in seen) == [(who, n) for who in range(4) for n in range(20)]


def test_it_is_on_the_disk_before_it_counts(folder, monkeypatch):
    Spool(folder).append(LINES[0])
    done = []
    monkeypatch.setattr(os, "write", lambda descriptor, data, write=os.write: (done.append("write"), write(descriptor, data))[1])
    monkeypatch.setattr(os, "fsync", lambda descriptor, sync=os.fsync: (done.append("fsync"), sync(descriptor))[1])
    Spool(folder).append(LINES[1])
    assert done == ["write", "fsync"]


def test_a_full_disk_costs_the_ballast_first_and_then_says_so(folder, monkeypatch):
    spool = Spool(folder)
    assert (spool.state(), (folder / "ballast").stat().st_size) == ("ok", BALLAST_BYTES)
    spool.append(LINES[0])

    def write(descriptor, data, real=os.write):
        if (folder / "ballast").exists() or spool.is_full:
            real(descriptor, bytes(data)[:5])
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", write)
    spool.is_full = False
    spool.append(LINES[1])
    spool.is_full = True
    with pytest.raises(OSError, match="No space"):
        spool.append(LINES[2])
    assert (spool.waiting(), (folder / "ballast").exists()) == (LINES[:2], False)
    assert spool.replay(lambda entry: None).torn == 0  # what did not fit was taken back


def test_what_cannot_be_written_is_said(tmp_path):
    (tmp_path / "spool").write_text("a file, no folder")
    assert Spool(tmp_path / "spool").state() == "cannot be written (FileExistsError: File exists)"


def test_only_we_may_read_it(folder):
    Spool(folder).append(LINES[0])
    assert [path.stat().st_mode & 0o777 for path in (folder, folder / "waiting")] == [0o700, 0o600]


def test_only_one_replays_at_a_time(folder):
    spool, seen, others = Spool(folder), [], []
    for entry in LINES:
        spool.append(entry)

    def apply(entry):
        seen.append(entry)
        others.append(Spool(folder).replay(seen.append))

    assert spool.replay(apply).done == len(LINES)
    assert (seen, others) == (LINES, [Replayed()] * len(LINES))


def test_its_state_waits_for_no_replay(folder):
    spool, states = Spool(folder), []
    spool.append(LINES[0])
    with ThreadPoolExecutor(1) as other:
        assert spool.replay(lambda entry: states.append(other.submit(Spool(folder).state).result(5))).done == 1
    assert states == ["ok"]
