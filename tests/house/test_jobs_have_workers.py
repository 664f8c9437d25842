"""Every job that is asked for exists in workers/: a bell with a wrong name rings for nobody, and only in production."""

from __future__ import annotations

import ast
from importlib import import_module

from tests.house.source import Module, broken


def asked_for(module: Module) -> list[str]:
    calls = [
        n
        for n in module.nodes
        if isinstance(n, ast.Call) and (getattr(n.func, "id", "") or getattr(n.func, "attr", "")) == "later"
    ]
    second = [call.args[1] for call in calls if len(call.args) > 1]
    return [n.value if isinstance(n, ast.Constant) else f"{module.path}:{n.lineno} no plain text" for n in second]


def exists(job: str) -> bool:
    name, _, function = job.rpartition(".")
    try:
        return name.startswith("workers.") and callable(getattr(import_module(name), function))
    except (ImportError, AttributeError):
        return False


def test_every_job_that_is_asked_for_exists():
    assert broken(lambda module: [f"{module.path}: {job}" for job in asked_for(module) if not exists(job)]) == ""


def test_a_job_that_nobody_does_is_found():
    module = Module("gateway/x.py", 'later(db, "workers.outbox.deliverr", 7)\njobs.later(db, name, 7)')
    assert asked_for(module) == ["workers.outbox.deliverr", "gateway/x.py:2 no plain text"]
    assert [exists(job) for job in asked_for(module)] == [False, False]
