"""A storm: learners walk quizzes over USSD and SMS while processes are killed with -9, and every answer counts once.

``python3 run.py storm [minutes] [--database sqlite|postgresql|both] [--steps N]``. Serving processes and workers are killed
one every second to three, all of them every twelve; on PostgreSQL there are two serving processes, two workers and a Redis
that is killed or emptied every thirty. 2 % of the hops are sent again, long after and at once, 1 % twice at the same
instant. Afterwards the ledger of what was acknowledged is laid beside the database and the network's own count.
Exit status 1 where anything but 0 was lost, doubled, divergent or broken.
"""

from __future__ import annotations

import argparse
import itertools
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import storm_verdict
from bench.storm_learners import Course, Dialler, Learner, Texter
from bench.storm_ledger import Ledger
from bench.storm_network import network
from bench.storm_product import REDIS_AWAY, Product, Redis, product
from core.database import Database
from core.phrases import SOURCE, phrases

DIALLERS, TEXTERS = 12, 4
KILL_EVERY = (1.0, 3.0)
KILL_ALL_EVERY, REDIS_EVERY = 12.0, 30.0
QUIET_WITHIN = 150.0  # leases of thirty seconds, and what was never sent is tried again


@dataclass
class Wanted:
    minutes: float
    steps: int = 0  # 0: as many as the minutes give
    kills: bool = True
    seed: int = 1
    diallers: int = DIALLERS
    texters: int = TEXTERS
    least: int = 0  # answers; a storm goes on after its minutes until there are so many


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="run.py storm", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("minutes", type=float, nargs="?", help="how long (2, or with --steps at the most 240)")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--steps", type=int, default=0, help="end after so many acknowledged steps on each database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calm", action="store_true", help="kill nothing")
    parser.add_argument("--sends", type=int, metavar="KILLS", help="instead: kill the sender so often, at five points of a send")
    wanted = parser.parse_args(arguments)
    if wanted.sends is not None:
        from bench import storm_sends

        sys.exit(storm_sends.report(wanted.sends))
    minutes = wanted.minutes or (240.0 if wanted.steps else 2.0)
    clean = True
    for name in ("sqlite", "postgresql") if wanted.database == "both" else (wanted.database,):
        folder = Path(tempfile.mkdtemp(prefix="kentongan-storm-"))
        if run(name, folder, Wanted(minutes, wanted.steps, not wanted.calm, wanted.seed)).is_clean:
            shutil.rmtree(folder)
        else:
            clean = False
            print(f"  the ledger, the log and what is left of the database: {folder}", flush=True)
    sys.exit(0 if clean else 1)


def run(name: str, folder: Path, wanted: Wanted) -> storm_verdict.Verdict:
    """One storm on one database; says what came of it."""
    ledger, over = Ledger(folder / "ledger.tsv"), threading.Event()
    with network() as outside, product(name, folder, outside.address) as (made, redis):
        course, known = course_of(made)
        learners = gathered(course, ledger, over, known, wanted, outside)
        for learner in learners:
            learner.start()
        began = time.monotonic()
        storm(made, redis, ledger, learners, wanted)
        lasted = time.monotonic() - began
        over.set()
        if redis is not None and redis.process is not None and redis.process.poll() is not None:
            redis.start()
        while any(learner.is_alive() for learner in learners):  # each ends with the step that it is at
            made.tend()
            time.sleep(0.2)
        broken = [f"{learner.name}: {learner.broken!r}" for learner in learners if learner.broken]
        if not broken:
            for learner in learners:
                learner.repeat_the_past()
        database = Database(made.environment["DATABASE_URL"] or f"sqlite:///{folder / 'kentongan.db'}")
        try:
            calm = storm_verdict.quiet(database, outside.posts, QUIET_WITHIN)
            verdict = storm_verdict.judge(database, ledger, outside.posts)
        finally:
            database.close()
    verdict.faults["learners that gave up"] = broken
    ledger.close()
    told(name, ledger, verdict, made, redis, lasted, calm)
    return verdict


def course_of(made: Product) -> tuple[Course, list[str]]:
    """What the learners know, and the numbers of those who are in a class and share theirs with nobody."""
    demo = made.demo()
    lines = {(line["provider"], line["medium"]): line for line in demo["lines"]}
    ussd = tuple(f"/gateway/{name}/{lines[name, 'ussd']['token']}/ussd" for name in ("africastalking", "http", "simulator"))
    numbers = [learner["msisdn"] for school in demo["schools"].values() for learner in school["learners"]]
    sms = lines["http", "sms"]
    busy = phrases(SOURCE)("Maaf, sedang ramai. Jawabanmu yang tadi tersimpan. Coba hubungi lagi sebentar lagi.")
    return Course(
        made.port, ussd, f"/gateway/http/{sms['token']}/sms", sms["address"], demo["quiz"]["keyword"],
        tuple(demo["quiz"]["items"]), f"END {busy}",
    ), [number for number in numbers if numbers.count(number) == 1]  # fmt: skip


def gathered(
    course: Course, ledger: Ledger, over: threading.Event, known: list[str], wanted: Wanted, outside: Any
) -> list[Learner]:
    """The learners: each plays some of the known numbers once, then visitors, one after another."""
    visitors = itertools.count(1)
    crowd = wanted.diallers + wanted.texters

    def numbers(mine: list[str]) -> Iterator[str]:
        yield from mine
        while True:
            yield f"+62899{next(visitors):08d}"

    learners: list[Learner] = []
    for n in range(crowd):
        arguments = (course, ledger, numbers(known[n::crowd]), over, wanted.seed * 1000 + n)
        learners.append(Dialler(*arguments) if n < wanted.diallers else Texter(*arguments, network=outside))
    return learners


def storm(made: Product, redis: Redis | None, ledger: Ledger, learners: list[Learner], wanted: Wanted) -> None:
    """Kills at random until the time is over or the steps are walked."""
    chance = random.Random(wanted.seed)
    began = shown = time.monotonic()
    next_one, next_all, next_redis, redis_back = began + 1.0, began + KILL_ALL_EVERY, began + REDIS_EVERY / 2, 0.0
    while not (wanted.steps and ledger.steps >= wanted.steps):
        if (now := time.monotonic()) > began + wanted.minutes * 60 and len(ledger.answers) >= wanted.least:
            return
        if not any(learner.is_alive() for learner in learners):
            return
        if redis is not None and redis_back and now > redis_back:
            redis.start()
            redis_back = 0.0
        made.tend()
        if wanted.kills and now > next_all:
            made.kill_all()
            made.start()
            next_all = time.monotonic() + KILL_ALL_EVERY * chance.uniform(0.7, 1.3)
        elif wanted.kills and now > next_one:
            made.kill_one(chance)
            next_one = time.monotonic() + chance.uniform(*KILL_EVERY)
        if wanted.kills and redis is not None and now > next_redis and not redis_back:
            if chance.random() < 0.5:
                redis.flush()
            else:
                redis.kill()
                redis_back = now + REDIS_AWAY
            next_redis = now + REDIS_EVERY
        if sys.stdout.isatty() and now > shown + 5:
            shown = now
            print(f"  {now - began:5.0f} s  {ledger.steps} steps", flush=True)
        time.sleep(0.05)


def told(
    name: str, ledger: Ledger, verdict: storm_verdict.Verdict, made: Product, redis: Redis | None, lasted: float, calm: float
) -> None:
    kills = {**made.counts, **(redis.counts if redis else {})}
    print(f"\n{name}: {ledger.steps} steps acknowledged in {lasted:.0f} s, {ledger.steps / lasted:.0f} a second")
    print(f"  {', '.join(f'{n} {what}' for what, n in sorted(kills.items()) if n) or 'nothing was killed'}")
    print(f"  ready again within {max(made.ready_after[1:], default=0.0):.1f} s; nothing waited {calm:.0f} s after the end")
    print(f"  {', '.join(f'{n} {what}' for what, n in sorted(ledger.counts.items()) if what != 'steps')}")
    print(f"  {len(ledger.answers)} answers acknowledged, {verdict.rows} in the table;"
          f" {verdict.sent} SMS posted, {verdict.unknown} unknown and never taken by the network")  # fmt: skip
    for what, faults in verdict.faults.items():
        print(f"  {what:24}{len(faults)}")
        for fault in faults[:8]:
            print(f"    {fault}")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
