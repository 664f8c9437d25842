"""What only some requests or jobs need is imported there: the start stays under three seconds, a process light.

But a keypress waits for no import: what it may need is there before the first.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

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
    "pydantic",
    "spectree",
    "icalendar",
    "lxml.etree",
    "dateutil",
    "requests",
    "aiohttp",
    "sqlalchemy.dialects.postgresql",
)
SEED = """
from app import create_app
from core.migrations import upgrade
from demo.commands import seed
app = create_app()
upgrade(app.extensions["database"])
with app.app_context():
    seed()
"""
HOPS = """
from io import BytesIO
from urllib.parse import urlencode
from sqlalchemy import select
from app import create_app
from gateway.tables import Line
app = create_app()
with app.extensions["database"].reading() as db:
    token = db.scalar(select(Line.token).where(Line.provider == "simulator", Line.medium == "ussd"))
app.extensions["database"].step(lambda db: None)  # the writer's thread has begun

def hop(*keys):
    form = {"sessionId": "s1", "phoneNumber": "081299900011", "serviceCode": "*123#", "text": "*".join(keys)}
    body = urlencode(form).encode()
    asked = {
        "REQUEST_METHOD": "POST", "PATH_INFO": f"/gateway/simulator/{token}/ussd", "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body),
    }
    return b"".join(app.wsgi_app(asked, lambda status, headers: None)).decode()

import sys
before = set(sys.modules)
screens = [hop(*KEYS[:n]) for n in range(len(KEYS) + 1)]
print(sorted(set(sys.modules) - before) or [screen[:3] for screen in screens])
"""
KEYS = ("1", "2", "1", "1", "kucing", "1", "2", "3", "00", "1", "1", "1", "9", "LATIHAN", "1", "JADWAL")  # by one call


def loaded_by(code: str) -> list[str]:
    """Which of HEAVY are loaded after ``code`` ran in an interpreter of its own."""
    ask = f"{code}\nimport sys\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    return eval(run.stdout.splitlines()[-1])  # our own print


def test_the_application_starts_without_the_heavy_packages(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path))
    assert loaded_by("from app import create_app\ncreate_app()") == []


@pytest.mark.slow
def test_a_keypress_imports_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path))
    loaded_by(SEED)
    run = subprocess.run([sys.executable, "-c", f"KEYS = {KEYS!r}{HOPS}"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == str(["CON"] * (len(KEYS) + 1))


def test_a_heavy_import_is_found():
    assert loaded_by("import rq") == ["rq", "redis"]
