"""No file names a folder of one machine, a package index or unfinished work: it must be as true elsewhere and tomorrow."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.house.source import ROOT

HERE = f"|{re.escape(str(ROOT))}" if len(ROOT.parts) > 3 else ""  # where we are just now; a short path may stand in prose
FOLDERS = rf"(?<![\w.~}}<-])/(?:root|home|Users|mnt)/|(?<![\w$}}>])/tmp/\w{HERE}"
INDEXES = r"--(?:extra-)?index-url|\"resolved\":"  # what pip and npm write of the place that they fetched from
UNFINISHED = r"\b(?:TODO|FIXME|XXX)\b|NotImplementedError"
FAULT = re.compile(f"{FOLDERS}|{INDEXES}|{UNFINISHED}")
BINARY = (".png", ".jpg", ".ico", ".wav", ".xlsx", ".gz")


def faults(name: str, text: str) -> list[str]:
    return [f"{name}:{number} {line.strip()[:80]}" for number, line in enumerate(text.splitlines(), 1) if FAULT.search(line)]


def test_no_file_names_a_machine():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: nothing says which files are ours")
    ours = [ROOT / name for name in listed.stdout.split("\0") if name and not name.endswith(BINARY)]
    here = [path for path in ours if path.is_file() and path != Path(__file__).resolve()]
    found = [fault for path in here for fault in faults(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))]
    assert "\n".join(found) == ""


def test_a_machine_is_found():
    for line in ("x = '/home/someone/x'", "cd /root/x", "--index-url there", "log to /tmp/log", "# TODO later"):
        assert len(faults("x", line)) == 1, line
    assert faults("x", "GET /home, tmp/x, {home}/tmp/y, ~/home/z, /homework/") == []
