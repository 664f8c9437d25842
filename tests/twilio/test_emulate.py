"""SMS through vercel-labs/emulate: its signed webhooks reach us, our SDK's messages reach it, its reports reach us."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import services

pytestmark = [services.needs("node", "emulate"), pytest.mark.slow]


def alone() -> list[str]:
    """In a network of its own where this machine allows it: what listens there is reached by nobody else."""
    command = [shutil.which("unshare") or "", "--user", "--map-root-user", "--net"]
    is_allowed = command[0] and subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    return command if is_allowed else []


def test_a_quiz_through_a_twilio_that_is_not_ours(tmp_path):
    command = [*alone(), sys.executable, str(Path(__file__).parent / "inside.py"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=5 * services.READY_WITHIN, check=False)
    assert done.returncode == 0, done.stderr[-2000:] + (tmp_path / "serve.log").read_text()[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "unsigned": 403, "inbound": 201, "question": True, "to": True, "from": True, "status": 200, "marked": True, "messages": 3,
    }  # fmt: skip
