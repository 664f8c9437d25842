"""A provider's name stands in its own file alone: so adding, changing or dropping one touches one file."""

from __future__ import annotations

import ast
import re

from tests.house.source import ROOT, Module, broken

PROVIDERS = [path.stem for path in (ROOT / "gateway" / "providers").glob("[a-z]*.py")]
MAY_NAME_THEM = re.compile(r"core/settings\.py|demo/.*")
COMMON_WORDS = ("http", "simulator", "relay")  # of these only the bare name counts: "http://" names nobody


def faults(module: Module, providers: list[str]) -> list[str]:
    found = []
    docstrings = {id(n.value) for n in module.nodes if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    texts = [
        n.value for n in module.nodes if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docstrings
    ]
    names = [n.id for n in module.nodes if isinstance(n, ast.Name)] + [
        n.attr for n in module.nodes if isinstance(n, ast.Attribute)
    ]
    for provider in providers:
        if module.path == f"gateway/providers/{provider}.py" or MAY_NAME_THEM.fullmatch(module.path):
            continue
        told = (
            provider in texts if provider in COMMON_WORDS else any(provider in word for word in texts + names + module.imports())
        )
        found += [f"{module.path} names {provider}"] if told else []
    return found


def test_a_providers_name_lives_in_its_own_file():
    assert broken(lambda module: faults(module, PROVIDERS)) == ""


def test_a_name_elsewhere_is_found():
    for line in ("import twilio.rest", 'if line.provider == "twilio": pass', "x = settings.twilio_from"):
        assert faults(Module("gateway/outbox.py", line), ["twilio"]) == ["gateway/outbox.py names twilio"]
    assert faults(Module("gateway/outbox.py", '"""As twilio does."""\nx = "http://"'), ["twilio", "http"]) == []
    assert faults(Module("gateway/outbox.py", 'x = "http"'), ["http"]) == ["gateway/outbox.py names http"]
