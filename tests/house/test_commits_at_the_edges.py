"""A transaction begins and ends in a view, a webhook, a job or a command: so nobody below can end one that is not hers."""

from __future__ import annotations

import ast
import re

from tests.house.source import Module, broken

EDGES = re.compile(
    r".*/(.*_)?views(/.*)?\.py|.*/(.*_)?webhooks(/.*)?\.py|workers/.*|.*/(.*_)?commands\.py|(app|doctor|health|home|metrics|serve)\.py"
)
OWNERS = {
    "core/database.py": "it is what they call",
    "core/hot.py": "the group writer commits for all",
    "core/postgresql.py": "it runs a step again as a whole",
    "core/migrations.py": "reads the revision before anything runs",
    "schools/access.py": "the guard of a view is part of the view",
    "gateway/lines.py": "keeps the lines in the process and looks again between requests",
    "lessons/library.py": "keeps the content in the process and looks again between requests",
}
ALWAYS = {"commit", "rollback"}
OF_THE_DATABASE = {"reading", "writing", "step", "glance"}


def faults(module: Module) -> list[str]:
    if EDGES.fullmatch(module.path) or module.path in OWNERS:
        return []
    called = [node.func for node in module.nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    opens = [f for f in called if f.attr in ALWAYS or (f.attr in OF_THE_DATABASE and "database" in ast.unparse(f.value))]
    return [f"{module.path}:{func.lineno} calls {func.attr}" for func in opens]


def test_commits_only_at_the_edges():
    assert broken(faults) == ""


def test_a_commit_below_is_found():
    for line in ("db.commit()", "with database().writing() as db: pass", "database().step(work)"):
        assert len(faults(Module("gateway/outbox.py", line))) == 1, line
    assert faults(Module("gateway/webhooks.py", "database().step(work)")) == []
