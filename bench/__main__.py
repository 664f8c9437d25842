"""``python -m bench [name]``: runs one benchmark, or the keypress, which is the product."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench

PARTS = ("load", "floor", "servers", "storm", "_")  # what benchmarks are made of, and what is none

if __name__ == "__main__":
    names = sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith(PARTS))
    wanted = sys.argv[1] if len(sys.argv) > 1 else "keypress"
    if wanted not in names:
        sys.exit(f"There is no benchmark “{wanted}”. There are: {', '.join(names)}.")
    importlib.import_module(f"bench.{wanted}").main(sys.argv[2:])
