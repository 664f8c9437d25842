"""No module over 300 lines: what one has to read to change a thing fits in a head."""

from __future__ import annotations

from tests.house.source import ROOT, Module, broken

MOST = 300


def faults(module: Module) -> list[str]:
    lines = module.text.count("\n")
    return [f"{module.path} has {lines} lines"] if lines > MOST else []


def test_no_module_is_over_300_lines():
    assert broken(faults) == ""
    assert faults(Module("run.py", (ROOT / "run.py").read_text(encoding="utf-8"))) == []


def test_a_long_module_is_found():
    assert faults(Module("core/x.py", "\n" * 301)) == ["core/x.py has 301 lines"]
