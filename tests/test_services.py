"""A service that is not here is said, never silently passed over; in CI it is a failure."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests import services


class Item:
    """A test that needs services, as pytest hands it over."""

    def __init__(self, *names):
        self.user_properties = []
        self.names = names

    def iter_markers(self, name):
        return [SimpleNamespace(args=self.names)] if name == "needs" else []


@pytest.fixture(autouse=True)
def one_here_one_not(monkeypatch):
    monkeypatch.setattr(services, "SERVICES", {"here": (lambda: "/bin/here", ""), "gone": (lambda: None, "apt-get install gone")})
    monkeypatch.delenv("REQUIRE_SERVICES", raising=False)


def report(item, when):
    return SimpleNamespace(user_properties=item.user_properties, when=when)


def test_a_missing_service_skips_with_the_reason():
    item = Item("here", "gone")
    with pytest.raises(pytest.skip.Exception, match="gone is not here: apt-get install gone"):
        services.look_for_needs(item)
    assert services.summary([report(item, "setup")]) == ["gone (apt-get install gone): 1 skipped, it is not here"]


def test_a_missing_service_fails_where_all_are_required(monkeypatch):
    monkeypatch.setenv("REQUIRE_SERVICES", "1")
    item = Item("gone")
    with pytest.raises(pytest.fail.Exception, match="gone is not here: apt-get install gone"):
        services.look_for_needs(item)
    assert services.summary([report(item, "setup")]) == ["gone (apt-get install gone): 1 failed, it is not here"]


def test_the_summary_counts_what_ran():
    items = [Item("here"), Item("here")]
    for item in items:
        services.look_for_needs(item)
    assert services.summary([report(item, when) for item in items for when in ("setup", "call", "teardown")]) == ["here: 2 ran"]


def test_what_we_start_ends_with_us(tmp_path):
    """Even where we are killed: the kernel tells the child."""
    code = (
        "import os, signal, sys\nfrom tests import services\n"
        "with services.running(['sleep', '600']) as child:\n"
        "    print(child.pid, flush=True)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], cwd=services.TESTS.parent, capture_output=True, text=True, check=False)
    child = int(killed.stdout)
    services.wait_until(lambda: not is_running(child), "the child has ended", 5)


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
