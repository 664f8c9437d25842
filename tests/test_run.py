"""run.py: what it says, and when it has nothing to do."""

from __future__ import annotations

import subprocess
import sys

import pytest

import run
from core.settings import ROOT


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """run.py with its .venv and requirements in a folder of the test."""
    for name in run.FILES["dev"]:
        (tmp_path / name).write_text("flask==3.1.3")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "OURS", tmp_path / ".bootstrap")
    monkeypatch.setattr(run, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return tmp_path


def test_set_up_installs_once(elsewhere, monkeypatch):
    installed = []
    monkeypatch.setattr(run, "install", installed.append)
    run.set_up("runtime")
    run.set_up("runtime")
    assert installed == ["runtime"]


def test_set_up_installs_again_when_a_requirement_changes(elsewhere, monkeypatch):
    installed = []
    monkeypatch.setattr(run, "install", installed.append)
    run.set_up("runtime")
    (elsewhere / "requirements.txt").write_text("flask==3.1.4")
    run.set_up("runtime")
    assert installed == ["runtime", "runtime"]


def test_the_development_packages_hold_the_runtime_ones(elsewhere, monkeypatch):
    installed = []
    monkeypatch.setattr(run, "install", installed.append)
    run.set_up("dev")
    run.set_up("runtime")
    assert installed == ["dev"]


def test_an_interrupted_set_up_is_done_again(elsewhere, monkeypatch):
    def torn(kind):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "install", torn)
    with pytest.raises(KeyboardInterrupt):
        run.set_up("runtime")
    assert run.fresh("runtime") is False


def test_without_uv_venv_and_pip_it_says_what_to_install(elsewhere, monkeypatch, capsys):
    monkeypatch.setattr(run, "works", lambda command: False)
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as ended:
        run.install("runtime")
    said = "run.py: this Python has no venv, no pip and no uv. Install one of them: sudo apt-get install python3-venv\n"
    assert (ended.value.code, capsys.readouterr().err) == (3, said)


def test_an_old_python_is_told_in_one_sentence():
    code = "import sys, runpy; sys.version_info = (3, 9, 2); runpy.run_path('run.py', run_name='__main__')"
    old = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (old.returncode, old.stderr.startswith("run.py: Kentongan needs Python 3.11 or newer"), old.stderr.count("\n")) == (
        3,
        True,
        1,
    )


def test_an_unknown_command_is_named(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as ended:
        run.main(["tests"])
    assert (ended.value.code, capsys.readouterr().err) == (2, "run.py: There is no command “tests”. See: python3 run.py --help\n")


def test_it_needs_nothing_but_the_standard_library():
    code = "import sys; sys.path.insert(0, '.'); import run; print(run.HELP.splitlines()[1].split()[2])"
    bare = subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert bare.stdout == "test\n"


def test_installers_trust_the_machines_own_certificates(tmp_path, monkeypatch):
    bundle = tmp_path / "ca.crt"
    bundle.touch()
    monkeypatch.setattr(run, "CERTIFICATES", ("/nowhere", str(bundle)))
    monkeypatch.delenv("UV_SYSTEM_CERTS", raising=False)
    monkeypatch.setenv("PIP_CERT", "/my/own.crt")
    found = run.environment()
    assert (found["UV_SYSTEM_CERTS"], found["PIP_CERT"]) == ("1", "/my/own.crt")


def test_installers_keep_no_cache_where_the_home_is_not_ours(monkeypatch):
    for name in ("UV_CACHE_DIR", "XDG_CACHE_HOME", "UV_NO_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/nowhere")
    assert run.environment()["UV_NO_CACHE"] == "1"
    monkeypatch.delenv("HOME")
    assert run.environment()["UV_NO_CACHE"] == "1"
