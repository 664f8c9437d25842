"""Coverage-guided fuzzing of every parser: ``python3 run.py bench fuzz [TARGET …] [--seconds 20] [--runs N] [--seed S]``.

Each target of ``bench/_fuzz_targets.py`` and ``_fuzz_files.py`` gets its time in a process of its own, whose parser atheris has
instrumented. Wrong are an exception that the parser does not promise, a broken promise, an input that takes a second, and more
than a gigabyte. The input is printed. Exit status 1 where anything is wrong.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import _fuzz_files  # noqa: F401  its targets register themselves
from bench._fuzz_targets import TARGETS

ROOMS = ["core", "gateway", "lessons", "broadcast_schedule", "schools"]
SLOW = 1.0  # seconds for one input
LONGEST = 4096  # bytes of an input
MEMORY = 1024  # MB


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="run.py bench fuzz", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("targets", nargs="*", help=f"of: {', '.join(TARGETS)}; all of them where none is named")
    parser.add_argument("--seconds", type=int, default=20, help="for each target")
    parser.add_argument("--runs", type=int, default=-1, help="at most so many inputs for each target")
    parser.add_argument("--seed", type=int, default=0, help="the same inputs each time; 0: other ones")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    unknown = set(wanted.targets) - set(TARGETS)
    if unknown:
        sys.exit(f"There is no target “{', '.join(sorted(unknown))}”. There are: {', '.join(TARGETS)}.")
    if wanted.one:
        _fuzz(wanted.targets[0], wanted.seconds, wanted.runs, wanted.seed)
    limits = wanted.seconds, wanted.runs, wanted.seed
    found = [told for name in wanted.targets or TARGETS if (told := run(name, *limits)) is not None]
    sys.exit(1 if found else 0)


def run(name: str, seconds: int, runs: int = -1, seed: int = 0) -> str | None:
    """Fuzzes one target in a process of its own; what is wrong with it, or None."""
    limits = f"--seconds {seconds} --runs {runs} --seed {seed}"
    command = [sys.executable, "-m", "bench.fuzz", "--one", name, *limits.split()]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)} if seed else None
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, errors="replace", check=False, timeout=60 + 3 * seconds
    )
    said = done.stdout + done.stderr
    many = re.findall(r"Done (\d+) runs|#(\d+)\s", said)
    covered = re.findall(r"cov: (\d+)", said)
    print(f"{name:24}{max((int(a or b) for a, b in many), default=0):>9} inputs, {covered[-1] if covered else 0} branches"
          f"{'' if not done.returncode else ', WRONG'}", flush=True)  # fmt: skip
    if not done.returncode:
        return None
    wrong = re.sub(r"^(INFO|#\d+|NEW_FUNC|\s+#\d).*\n", "", said, flags=re.M)[-3000:]
    print(wrong, flush=True)
    return wrong


def _fuzz(name: str, seconds: int, runs: int, seed: int) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=ROOMS, enable_loader_override=False):
        feed = TARGETS[name].make()

    def timed(data: bytes) -> None:
        began = time.process_time()
        feed(data)
        took = time.process_time() - began
        if took > SLOW:
            raise RuntimeError(f"slow: {took:.1f} s")

    with tempfile.TemporaryDirectory(prefix="kentongan-fuzz-") as folder:
        corpus, kept = Path(folder) / "corpus", Path(folder) / "kept"
        corpus.mkdir()
        kept.mkdir()
        for number, first in enumerate(TARGETS[name].seeds):
            (corpus / str(number)).write_bytes(first)
            timed(first)
        options = {"max_total_time": seconds, "runs": runs, "seed": seed, "max_len": LONGEST, "timeout": 10,
                   "rss_limit_mb": MEMORY, "artifact_prefix": f"{kept}/"}  # fmt: skip
        atheris.Setup([sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), str(corpus)], timed)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
