"""STOP in the words that people use, and START."""

from __future__ import annotations

import pytest

from core import clock
from gateway import opt_out
from gateway.opt_out import Wish
from tests.gateway.fixtures import PHONE

STOP = Wish("stop")
MAYBE = Wish("stop", may_be_answer=True)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        *[(word, STOP) for word in ("stop", "sToP", "STOP", " STOP ", "Stop.", "STOP!", "berhenti", "HENTI", "henti dong")],
        *[
            (word, STOP)
            for word in ("UNREG", "OFF", "UNSUB", "STOPALL", "STOP ALL", "stop semua", "STOP SMS", "Stop. Terima kasih")
        ],
        *[
            (word, STOP)
            for word in ("Stop. Thank you", "opt-out", "OPT OUT", "optout", "unsubscribe", "revoke", "Stop, makasih ya kak")
        ],
        *[
            (word, STOP)
            for word in ("stop mengirim pesan", "berhenti berlangganan", "Berhenti. Terima kasih", "STOP kirim SMS lagi")
        ],
        *[(word, MAYBE) for word in ("END", "quit", "Cancel", "BATAL", "keluar", "keluar dong")],
        ("UNREG IPA5", Wish("leave", "IPA5")),
        ("unreg mtk", Wish("leave", "MTK")),
        ("STOP 12345", Wish("leave", "12345")),
        ("stop ganggu saya", Wish("stop")),
        ("berhenti bergerak", MAYBE),
        ("off road", MAYBE),
        *[(word, Wish("start")) for word in ("START", "mulai", "Mulai lagi", "UNSTOP")],
        *[(word, Wish("start", may_be_answer=True)) for word in ("YES", "y", "Ya")],
        *[
            (word, None)
            for word in ("hi", "A", "2", "", "   ", "stopwatch", "berhentilah", "jangan stop", "mulai dari nol", "...", "⛔")
        ],
        *[(word, None) for word in ("END OF STORY", "keluar rumah", "ya benar", "stop " * 13)],
    ],
)
def test_what_a_message_wishes(text, wish):
    assert opt_out.read(text) == wish


def test_it_holds_until_start_and_is_kept(app, database):
    now = clock.now()

    def told(db):
        return [
            opt_out.is_out(db, PHONE), opt_out.stop(db, PHONE, "stop", now), opt_out.stop(db, PHONE, "stop", now),
            opt_out.is_out(db, PHONE), opt_out.is_out(db, PHONE + "1"), opt_out.start(db, PHONE, now), opt_out.is_out(db, PHONE),
            opt_out.start(db, PHONE, now), opt_out.stop(db, PHONE, "stop", now),
        ]  # fmt: skip

    assert database.step(told) == [False, True, False, True, False, True, False, False, True]
