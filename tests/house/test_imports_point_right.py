"""A room imports only rooms to its right: so there are no cycles, and whoever knows the line knows what may break what."""

from __future__ import annotations

from tests.house.source import LINE, TOP, Module, broken


def faults(module: Module) -> list[str]:
    allowed = LINE[LINE.index(module.room) :]
    rooms = [(name, name.split(".")[0]) for name in module.imports()]
    wrong = [name for name, room in rooms if (room in LINE and room not in allowed) or (room in TOP and module.room != "app")]
    return [f"{module.path} imports {name}" for name in wrong]


def test_imports_point_right():
    assert broken(faults) == ""


def test_an_import_to_the_left_is_found():
    inside = Module("schools/x.py", "def f():\n    from lessons.course import Course\n")
    assert faults(inside) == ["schools/x.py imports lessons.course.Course"]
    assert faults(Module("core/x.py", "import app")) == ["core/x.py imports app"]
    assert faults(Module("lessons/x.py", "import schools.tables, core.text, json")) == []
