"""The heart reads no clock, no disk and no network: so it is tested in microseconds, and one engine serves every medium."""

from __future__ import annotations

import re

from tests.house.source import Module, broken

PURE = re.compile(
    r"lessons/((after|course|check|filters|rules|differences|licences|enclosed|networks|wordings|readings|marking|mastery)\.py"
    r"|(kinds|dialogue|render|marking|exchange)/.*)"
    r"|broadcast_schedule/((timetable|words|patterns|recurrence|endless|rule_days|clashes|episode_runs|channel_clashes|changes)\.py|(feeds|importing)/.*)|core/(msisdn|gsm7|text|problems|sheets|xml)\.py"
)
CORE = ("core.msisdn", "core.gsm7", "core.text", "core.problems", "core.sheets", "core.xml", "core.discover")
WORLDLY = {"flask", "flask_babel", "flask_wtf", "sqlalchemy", "redis", "rq", "requests", "urllib", "http", "socket", "subprocess",
           "time", "os", "random", "secrets", "threading", "sqlite3", "logging", "structlog", "tempfile"}  # fmt: skip
CLOCKS = {"now", "utcnow", "today", "open", "print", "input"}


def faults(module: Module) -> list[str]:
    wrong = [name for name in module.imports() if name.split(".")[0] in WORLDLY]
    ours = [n for n in module.imports() if n.split(".")[0] in ("core", "lessons", "broadcast_schedule", "schools", "gateway")]
    wrong += [n for n in ours if n.startswith("core") and not n.startswith(CORE) and n.removeprefix("core.") not in CORE]
    wrong += [n for n in ours if not n.startswith("core") and not is_pure(n)]
    wrong += [f"{name}() in line {line}" for line, name in module.calls() if name in CLOCKS]
    return [f"{module.path}: {name}" for name in wrong]


def is_pure(name: str) -> bool:
    path = name.replace(".", "/")
    return bool(PURE.fullmatch(f"{path}.py") or PURE.fullmatch(f"{path.rpartition('/')[0]}.py") or PURE.match(f"{path}/"))


def test_pure_parts_are_pure():
    assert broken(faults, among=lambda module: bool(PURE.fullmatch(module.path))) == ""


def test_a_look_at_the_world_is_found():
    for line in ("import time", "from core import clock", "from lessons.tables import Quiz", "at = datetime.now(UTC)", "open(p)"):
        assert len(faults(Module("lessons/check.py", line))) == 1, line
    assert faults(Module("lessons/check.py", "from core.text import clean\nfrom lessons.kinds import number\nimport re")) == []
