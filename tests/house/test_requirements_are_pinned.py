"""Every package is pinned with its hashes, the same in development as in service: what was tested is what runs."""

from __future__ import annotations

import re

from tests.house.source import ROOT


def pins(text: str) -> dict[str, str]:
    """{package: version}, "" where a version or its hashes are missing."""
    entries = re.sub(r"\\\n", "", re.sub(r"^\s*#.*\n", "", text, flags=re.M)).splitlines()
    pinned = [
        (entry, re.match(r"([\w.-]+)(?:\[.*?\])?==([\w.]+).*--hash=sha256:[0-9a-f]{64}", entry)) for entry in entries if entry
    ]
    return {found[1]: found[2] if found else "" for entry, found in pinned if found} | {e: "" for e, found in pinned if not found}


def test_every_package_is_pinned_with_hashes():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-uv.txt"):
        assert [package for package, version in pins((ROOT / name).read_text()).items() if not version] == []


def test_development_runs_what_the_service_runs():
    runtime, development = (pins((ROOT / name).read_text()) for name in ("requirements.txt", "requirements-dev.txt"))
    assert {package: development.get(package) for package in runtime} == runtime


def test_an_open_requirement_is_found():
    text = f"flask==3.1.3 \\\n    --hash=sha256:{'0' * 64}\n    # via x\nrq>=3\nredis==8.1.0\n"
    assert pins(text) == {"flask": "3.1.3", "rq>=3": "", "redis==8.1.0": ""}
