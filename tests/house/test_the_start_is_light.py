"""What only some requests or jobs need is imported there: the start stays under three seconds, a process under 100 MB."""

from __future__ import annotations

import subprocess
import sys

from tests.house.source import ROOT

HEAVY = (
    "twilio.rest",
    "africastalking",
    "rq",
    "redis",
    "alembic",
    "phonenumbers",
    "num2words",
    "psycopg",
    "gunicorn",
    "openpyxl",
    "holidays",
    "babel.messages.frontend",
)


def loaded_by(code: str) -> list[str]:
    """Which of HEAVY are loaded after ``code`` ran in an interpreter of its own."""
    ask = f"{code}\nimport sys\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    return eval(run.stdout.splitlines()[-1])  # our own print


def test_the_application_starts_without_the_heavy_packages(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path))
    assert loaded_by("from app import create_app\ncreate_app()") == []


def test_a_heavy_import_is_found():
    assert loaded_by("import rq") == ["rq", "redis"]
