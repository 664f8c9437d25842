"""Files made to keep a reader busy: each is answered within seconds (here more, on a busy machine), with a sentence."""

from __future__ import annotations

import time

import pytest

from lessons import exchange
from lessons.exchange.made import LONGEST
from lessons.forms import LONGEST as FORM

MB = 1024 * 1024 // 5
FILES = {
    "questions": b"Apa?{=a}\n\n" * (9 * MB // 10),
    "faults": b"Apa?{\n\n" * (9 * MB // 7),
    "blank lines": b"\n" * (9 * MB) + b"Apa?{=a}",
    "blanks": b"Apa?{=" + b" " * (9 * MB) + b"a}",
    "braces": b"{" * (9 * MB),
    "scripts": b"[html]" + b"<script>" * MB + b"{=a}",
    "comments": b"[html]" + b"<!--" * (2 * MB) + b"{=a}",
    "stars": b"[markdown]" + b"**a " * (2 * MB) + b"{=a}",
    "tags": b"[html]" + b"<a b=c " * MB + b"{=a}",
    "options": b"Apa?\n" + b"A) x\n" * (2 * MB - 10) + b"ANSWER: A",
    "answers": b"ANSWER: A\n" * (MB - 10),
    "rows": b"soal;jawaban\n" + b"Apa?;ya\n" * (MB),
    "quotes": b'soal;jawaban\n"' * (MB // 2),
    "xml": b"<quiz>" + b"<question type='truefalse'/>" * (MB // 4) + b"</quiz>",
    "deep xml": b"<quiz>" * (MB),
    "gaps": b"<quiz><question type='cloze'><questiontext><text>" + b"{1:SA:" * MB + b"</text></questiontext></question></quiz>",
    "\xe9".encode().hex(): ("é" * (4 * MB)).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_it_is_answered_in_time(name):
    began = time.thread_time()  # others may be at work here too
    found = exchange.read(FILES[name], name)
    assert time.thread_time() - began < 15
    assert found.problems or found.found
    assert len(found.found) <= exchange.MOST_ITEMS


def test_what_is_taken_is_what_the_form_can_hold():
    assert {name: FORM[name] for name in LONGEST} == LONGEST
