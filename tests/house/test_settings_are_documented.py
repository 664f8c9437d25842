"""Every setting stands in docs/operate.md and in .env.example, and nothing else does: an operator reads no code."""

from __future__ import annotations

import re
from dataclasses import fields

from core.settings import Settings
from tests.house.source import ROOT

NAMES = {each.name.upper() for each in fields(Settings)}


def in_table(text: str) -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.M))


def in_example(text: str) -> set[str]:
    """Names that are set, or would be without the #, each below a comment that says what it is."""
    return set(re.findall(r"^# .+\n#?([A-Z_]+)=", text, re.M))


def test_every_setting_is_documented():
    assert in_table((ROOT / "docs" / "operate.md").read_text(encoding="utf-8")) == NAMES


def test_every_setting_stands_in_the_example():
    assert in_example((ROOT / ".env.example").read_text(encoding="utf-8")) == NAMES


def test_an_undescribed_setting_is_not_counted():
    assert in_table("| `PORT` | 8000 | where |\n`HOST`") == {"PORT"}
    assert in_example("# Where.\n#PORT=8000\n\nHOST=x\n") == {"PORT"}
