"""After a storm: what the ledger and the network saw, beside what the database holds. Every fault is a line."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import text

from bench.storm_ledger import Answer, Ledger
from core.database import Database
from tests import services

WAITING = """SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting')
                  + (SELECT count(*) FROM outbox WHERE state IN ('created', 'claimed', 'sending'))"""
ANSWERS = """SELECT learners.msisdn, answers.item_id, answers.typed, answers.mark, answers.medium FROM answers
             JOIN attempts ON attempts.id = answers.attempt_id JOIN learners ON learners.id = attempts.learner_id"""
REPLIES = """SELECT inbox.key, inbox.state, outbox.id, outbox.state FROM inbox
             LEFT JOIN outbox ON outbox.key = 'reply:' || inbox.id WHERE inbox.key LIKE 'sms:storm%'"""


@dataclass
class Verdict:
    """``faults``: what may not be, by kind, as lines to read. ``unknown``: rows that wait for a report or an operator."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    rows: int = 0
    unknown: int = 0
    sent: int = 0

    @property
    def is_clean(self) -> bool:
        return not any(self.faults.values())


def quiet(database: Database, posts: Counter[int], seconds: float) -> float:
    """Waits until nothing waits any more and what the network took is reported; how many seconds that was."""
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        with database.engine.connect() as connection:
            waiting = connection.execute(text(WAITING)).scalar_one()
            unknown = [row[0] for row in connection.execute(text("SELECT id FROM outbox WHERE state = 'unknown'"))]
        if not waiting and not any(posts[its_id] for its_id in unknown):
            break
        time.sleep(0.3)
    return time.monotonic() - began


def judge(database: Database, ledger: Ledger, posts: Counter[int]) -> Verdict:
    verdict = Verdict()
    with database.engine.connect() as connection:

        def read(statement: str) -> list[Any]:
            return [tuple(row) for row in connection.execute(text(statement))]

        _answers(verdict, ledger, [Answer(*row) for row in read(ANSWERS)])
        _replies(verdict, ledger, posts, read)
        verdict.faults["still waiting"] = [f"{read(WAITING)[0][0]} rows"] if read(WAITING)[0][0] else []
    verdict.faults["divergent"] = ledger.divergent
    verdict.faults["odd answers"] = ledger.odd
    verdict.faults["integrity"] = integrity(database)
    return verdict


def _answers(verdict: Verdict, ledger: Ledger, rows: list[Answer]) -> None:
    """Each acknowledged answer is there once, with its mark, and nothing else is."""
    wanted, found = Counter(ledger.answers), Counter(rows)
    verdict.rows = len(rows)
    verdict.faults["lost"] = [f"{answer} {n} x" for answer, n in (wanted - found).items()]
    verdict.faults["doubled"] = [f"{answer} {n} x too often" for answer, n in (found - wanted).items()]


def _replies(verdict: Verdict, ledger: Ledger, posts: Counter[int], read: Callable[[str], list[Any]]) -> None:
    """Each SMS that was taken is answered, and its reply was posted once; or it is unknown, which an operator sees."""
    found = {key.removeprefix("sms:"): (state, its_id, sent) for key, state, its_id, sent in read(REPLIES)}
    verdict.faults["SMS lost"] = [its_id for its_id in ledger.messages if found.get(its_id, ("",))[0] != "answered"]
    verdict.faults["SMS sent twice"] = [f"message {its_id}: {n} x" for its_id, n in posts.items() if n > 1]
    never = []
    for network_id, (_, its_id, state) in found.items():
        if its_id is None or (posts[its_id] == 0 and state != "unknown"):
            never.append(f"the reply to {network_id} ({state})")
        elif posts[its_id] and state == "unknown":
            never.append(f"message {its_id} was taken and reported, and is still unknown")
    verdict.faults["SMS never sent"] = never
    verdict.unknown = sum(state == "unknown" for _, _, state in found.values())
    verdict.sent = sum(posts.values())


def integrity(database: Database) -> list[str]:
    """What the database itself finds wrong with itself."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            said = [row[0] for row in connection.execute(text("PRAGMA integrity_check"))]
            broken = [str(tuple(row)) for row in connection.execute(text("PRAGMA foreign_key_check"))]
        return [line for line in said if line != "ok"] + broken
    programs = services.postgresql_bin()
    if programs is None or not (programs / "pg_amcheck").exists():
        return []
    query = dict(part.split("=", 1) for part in urlsplit(str(database.engine.url)).query.split("&"))
    command = [str(programs / "pg_amcheck"), "--install-missing", "--heapallindexed", "-h", query["host"].replace("%2F", "/")]
    done = subprocess.run([*command, "-U", "postgres", "-d", "postgres"], capture_output=True, text=True, check=False)
    return [line for line in (done.stdout + done.stderr).splitlines() if line.strip()] if done.returncode else []
