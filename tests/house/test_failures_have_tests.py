"""docs/failures.md names a test for every failure and mechanism that it must speak of, and every one of them is there."""

from __future__ import annotations

import re

from tests.house.source import ROOT

FAILURES = {f"F{n}" for n in (*range(1, 46), 65)}
MECHANISMS = {f"M{n}" for n in (*range(1, 20), 24, 26, 27, 28, 31, 32)}
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
PLACE = re.compile(r"`((?:\w+/)*\w+(?:\.py)?)`(?!::)")


def rows(text: str) -> dict[str, list[str]]:
    """The cells of each row, by its name."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if re.fullmatch(r"[FM][0-9]+", cells[0].strip()):
            found[cells[0].strip()] = cells[1:]
    return found


def missing(text: str) -> list[str]:
    """What a row lacks, or names though it is not there."""
    found, wrong = rows(text), []
    for name in sorted(FAILURES | MECHANISMS):
        tests, places = (TEST.findall(found[name][-1]), PLACE.findall(found[name][-2])) if name in found else ([], [])
        if not tests or not places:
            wrong.append(f"{name} names no test, or no place")
        for path, test in tests:
            file = ROOT / "tests" / path
            if not file.exists() or not re.search(rf"^def {test}\(", file.read_text(encoding="utf-8"), re.M):
                wrong.append(f"{name}: {path}::{test} is not there")
        wrong += [f"{name}: {place} is not there" for place in places if not (ROOT / place).exists()]
    return wrong


def test_every_failure_has_its_test():
    assert missing((ROOT / "docs" / "failures.md").read_text(encoding="utf-8")) == []


def test_a_test_that_is_gone_is_found():
    gone = (ROOT / "docs" / "failures.md").read_text(encoding="utf-8")
    for there, not_there in (
        ("test_posting_twice_posts_once", "test_posted"),
        ("| F43 |", "| F99 |"),
        ("core/spool.py", "x/y.py"),
    ):
        gone = gone.replace(there, not_there)
    assert missing(gone) == [
        "F28: x/y.py is not there",
        "F43 names no test, or no place",
        "M13: x/y.py is not there",
        "M4: gateway/test_outbox.py::test_posted is not there",
    ]
