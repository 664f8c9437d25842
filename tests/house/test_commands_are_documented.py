"""Every command stands in docs/operate.md as one would type it, and no other does: what is not written is not found."""

from __future__ import annotations

import re

import click

from tests.house.source import ROOT

FLASKS_OWN = {"routes", "run", "shell"}


def named(group: click.Group, before: str = "") -> set[str]:
    found: set[str] = set()
    for name, command in group.commands.items():
        inside = isinstance(command, click.Group)
        found |= named(command, f"{before}{name} ") if inside else {before + name}
    return found


def documented(text: str) -> set[str]:
    return {" ".join(words.split()) for words in re.findall(r"^\| `flask --app app ([a-z -]+?)(?: [A-Z-\[].*?)?` \|", text, re.M)}


def test_every_command_is_documented(app):
    said = documented((ROOT / "docs" / "operate.md").read_text(encoding="utf-8"))
    assert said == named(app.cli) - FLASKS_OWN


def test_a_command_is_read_from_its_row():
    rows = "| `flask --app app db upgrade [REVISION]` | x |\n| `flask --app app doctor` | y |\nflask --app app erase-learner"
    assert documented(rows) == {"db upgrade", "doctor"}
    group = click.Group("g", commands=[click.Group("db", commands=[click.Command("upgrade")]), click.Command("doctor")])
    assert named(group) == {"db upgrade", "doctor"}
