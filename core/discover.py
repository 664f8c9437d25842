"""The single piece of import magic: what lies in a folder is what there is."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any


def discover(package: ModuleType, export: str) -> dict[str, Any]:
    """{module name: its ``export``} over the modules of ``package``, in order of their names.

    Adding a provider, a feed or a question kind is adding one file. A module without the export is a defect
    and raises AttributeError.
    """
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_"))
    return {name: getattr(importlib.import_module(f"{package.__name__}.{name}"), export) for name in names}
