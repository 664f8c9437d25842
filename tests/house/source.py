"""The project's own Python, parsed once, for the house rules: rooms, modules, what they import and call."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINE = ("app", "demo", "workers", "gateway", "lessons", "broadcast_schedule", "schools", "core")  # each imports only to its right
TOP = tuple(path.stem for path in ROOT.glob("*.py") if path.stem != "run")  # beside the rooms, leftmost: they put them together


@dataclass(frozen=True)
class Module:
    path: str  # from the root, with slashes
    text: str

    @property
    def room(self) -> str:
        first = self.path.split("/")[0].removesuffix(".py")
        return "app" if first in TOP else first

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    def imports(self) -> list[str]:
        """Dotted names of all that it imports, wherever in it: ``from core import jobs`` gives ``core.jobs``."""
        found = [alias.name for node in self.nodes if isinstance(node, ast.Import) for alias in node.names]
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom):
                found += [f"{node.module}.{alias.name}" for alias in node.names]
        return found

    def calls(self) -> list[tuple[int, str]]:
        """(line, last name of what is called): ``db.commit()`` gives ``commit``."""
        found = []
        for node in self.nodes:
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
                found.append((node.lineno, name))
        return found


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the rooms and beside them; tests, migrations and benchmarks keep their own rules."""
    paths = [path for room in LINE for path in (ROOT / room).rglob("*.py")] + [ROOT / f"{name}.py" for name in TOP]
    return tuple(Module(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in sorted(paths))


def broken(rule: Callable[[Module], list[str]], among: Callable[[Module], bool] = lambda module: True) -> str:
    """What breaks ``rule``, one fault to a line; the empty text where nothing does."""
    return "\n".join(fault for module in modules() if among(module) for fault in rule(module))
