#!/usr/bin/env python3
"""The two commands: ``python3 run.py`` serves, ``python3 run.py test`` tests. Needs Python 3.11 and nothing else.

It makes ``.venv`` from the pinned, hashed requirements (with uv where it is found, else with venv and pip) and
hands over to the interpreter in there. ``python3 run.py --help`` lists the rest.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
OURS = ROOT / ".bootstrap"
PYTHON = VENV / "bin" / "python"
FILES = {"runtime": ("requirements.txt",), "dev": ("requirements.txt", "requirements-dev.txt")}
NODE = ("browser", "twilio")  # axe-core, the reader of accessibility faults; emulate, a Twilio that nobody here wrote
CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
HELP = """python3 run.py [--no-demo]      set up, migrate, seed the demo on the first start, serve on HOST:PORT
python3 run.py test [args]      set up and run the tests (arguments go to pytest)
python3 run.py check            ruff and mypy
python3 run.py bench [name]     the benchmarks of bench/
python3 run.py storm [minutes]  kill -9 while learners learn, and count; --help says more
python3 run.py setup [dev]      only set up .venv
python3 run.py flask ARGS       a command of the application, as `flask --app app ARGS`
Settings come from the environment or .env; .env.example and docs/operate.md describe each."""


def main(arguments: list[str]) -> None:
    command, rest = (arguments[0], arguments[1:]) if arguments and not arguments[0].startswith("--no") else ("serve", arguments)
    os.chdir(ROOT)
    if command == "serve":
        set_up("runtime")
        become("serve.py", *rest)
    elif command == "flask":
        set_up("runtime")
        become("-m", "flask", "--app", "app", *rest)
    elif command == "setup":
        set_up("dev" if rest == ["dev"] else "runtime")
    elif command == "test":
        set_up("dev")
        set_up_node()
        become("-m", "pytest", "-n", "auto", "--dist", "loadfile", *rest)  # what a file makes once is made once
    elif command == "check":
        set_up("dev")
        sys.exit(check())
    elif command == "bench":
        set_up("dev")
        become("-m", "bench", *rest)
    elif command == "storm":
        set_up("dev")
        become("-m", "bench.storm", *rest)
    elif command in ("-h", "--help", "help"):
        print(HELP)
    else:
        stop(f"There is no command “{command}”. See: python3 run.py --help", 2)


def check() -> int:
    """Ruff, its format, mypy; all three say what they have to say. The worst exit status."""
    tools = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",))
    return max(subprocess.run([str(PYTHON), "-m", *tool], check=False).returncode for tool in tools)


def become(*arguments: str) -> None:
    """Goes on as the interpreter of .venv: no second process that could be left behind."""
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *arguments])


def stop(sentence: str, status: int = 3) -> None:
    print(f"run.py: {sentence}", file=sys.stderr)
    sys.exit(status)


def say(sentence: str) -> None:
    print(f"· {sentence}", flush=True)


def set_up(kind: str) -> None:
    """.venv holds the packages of ``kind``; a moment where they are there already."""
    if fresh(kind):
        return
    OURS.mkdir(exist_ok=True)
    with (OURS / "lock").open("w") as lock:  # two starts at once: the second waits, and finds it done
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
        if fresh(kind):
            return
        began = time.monotonic()
        say(f"Setting up .venv with Python {sys.version.split()[0]} ({kind} packages); later starts skip this.")
        install(kind)
        stamp(kind).write_text(fingerprint(kind))
        say(f"Packages are in place ({time.monotonic() - began:.0f} s).")


def stamp(kind: str) -> Path:
    return VENV / f".stamp-{kind}"


def fingerprint(kind: str) -> str:
    """What .venv was made of: the requirements, and the interpreter's version."""
    content = b"".join((ROOT / name).read_bytes() for name in FILES[kind])
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def fresh(kind: str) -> bool:
    """The packages of ``kind`` are there; the development set holds the runtime set."""
    stamps = {stamp(k): fingerprint(k) for k in {kind, "dev"}}
    return PYTHON.exists() and any(path.exists() and path.read_text() == mark for path, mark in stamps.items())


def install(kind: str) -> None:
    uv = find_uv()
    if uv is None and importlib.util.find_spec("ensurepip") is None:
        uv = fetch_uv()
    other_version = not VENV.exists() or not works([str(PYTHON), "-c", f"import sys; sys.exit(sys.version != {sys.version!r})"])
    requirements = str(ROOT / FILES[kind][-1])
    if uv:
        if other_version:
            shutil.rmtree(VENV, ignore_errors=True)
            attempt([*uv, "venv", "--quiet", "--no-project", "--python", sys.executable, str(VENV)])
        attempt([*uv, "pip", "install", "--python", str(PYTHON), "--require-hashes", "-r", requirements])
    else:
        if other_version or not works([str(PYTHON), "-m", "pip", "--version"]):
            say("No uv here: using venv and pip, which takes a minute or two.")
            shutil.rmtree(VENV, ignore_errors=True)
            attempt([sys.executable, "-m", "venv", str(VENV)])
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--no-input"]
        attempt([*pip, "--require-hashes", "-r", requirements])


def find_uv() -> list[str] | None:
    """How to call uv, where it is found and really runs (a shim may be there without it)."""
    candidates = [[found] for found in (shutil.which("uv"), str(OURS / "bin" / "uv")) if found and Path(found).exists()]
    return next((c for c in [*candidates, [sys.executable, "-m", "uv"]] if works([*c, "--version"])), None)


def fetch_uv() -> list[str]:
    """uv in .bootstrap, for a Debian whose Python came without venv; pip's --target works there all the same."""
    if not works([sys.executable, "-m", "pip", "--version"]):
        stop("this Python has no venv, no pip and no uv. Install one of them: sudo apt-get install python3-venv")
    say("This Python has no venv: fetching uv into .bootstrap first.")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--no-input", "--quiet"]
    attempt([*pip, "--target", str(OURS), "--upgrade", "--require-hashes", "-r", str(ROOT / "requirements-uv.txt")])
    return [str(OURS / "bin" / "uv")]


def works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        return False


def attempt(command: list[str]) -> None:
    """Runs ``command`` with its progress on the terminal; a failure ends us with one sentence."""
    try:
        status = subprocess.run(command, env=environment(), stdin=subprocess.DEVNULL, check=False).returncode
    except OSError as error:
        stop(f"could not run {command[0]}: {error.strerror}.")
    if status:
        stop(f"setting up failed in “{' '.join(command[:4])} …” (see above). Is the network up, and the disk not full?")


def environment() -> dict[str, str]:
    """Ours for the installers: they trust whom this machine trusts (a school's proxy has a certificate of its own)."""
    found = dict(os.environ)
    bundle = next((path for path in CERTIFICATES if Path(path).exists()), None)
    if bundle:
        for name, value in (
            ("UV_SYSTEM_CERTS", "1"),
            ("UV_NATIVE_TLS", "1"),
            ("PIP_CERT", bundle),
            ("NODE_EXTRA_CA_CERTS", bundle),
        ):
            found.setdefault(name, value)
    cache = found.get("XDG_CACHE_HOME") or found.get("HOME") or ""
    if "UV_CACHE_DIR" not in found and not os.access(cache, os.W_OK):
        found["UV_NO_CACHE"] = found["PIP_NO_CACHE_DIR"] = "1"  # a home that is not there, or not ours
    return found


def set_up_node() -> None:
    """What tests need of npm's, each folder its own; without npm those tests say why they are skipped."""
    npm = shutil.which("npm")
    for folder in (ROOT / "tests" / name for name in NODE):
        lock, done = folder / "package-lock.json", folder / "node_modules" / ".stamp"
        if npm is None or not lock.exists():
            continue
        wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
        if done.exists() and done.read_text() == wanted:
            continue
        say(f"Fetching the JavaScript packages of tests/{folder.name}.")
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", str(OURS / "npm")]
        if subprocess.run(command, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, check=False).returncode == 0:
            done.write_text(wanted)
        else:
            say("npm could not fetch them: the tests that need them will say so.")


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - this file alone must start on an old one, to say so
        stop(f"Kentongan needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: python3.11 run.py")
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
