"""A later version's migration arrives, and goes again, under processes that do not know it: learners notice nothing.

It adds what migrations may add (tests/core/test_migrations.py): a column to every table, and a table. The version before is then
started anew on that schema, as an operator does who takes an upgrade back.
"""

from __future__ import annotations

import re
import threading
import time
import urllib.request
from contextlib import closing

import pytest
from sqlalchemy import text

from bench import storm, storm_verdict
from bench.storm_ledger import Ledger
from bench.storm_network import network
from bench.storm_product import product
from core.database import Base, Database
from tests import services
from tests.services import needs

pytestmark = pytest.mark.slow


def change(database, statements):
    """Each in a transaction of its own, tried until it has its lock: what is under way is not interrupted."""
    for statement in statements:
        for _ in range(100):
            try:
                with database.engine.begin() as connection:
                    if not database.is_sqlite:
                        connection.execute(text("SET LOCAL lock_timeout = '500ms'"))
                    connection.execute(text(statement))
                break
            except Exception as error:
                if "lock" not in str(error):
                    raise
                time.sleep(0.05)
        else:
            pytest.fail(f"no lock for: {statement}")


def arrives(tables):
    yield "CREATE TABLE of_the_future (id INTEGER PRIMARY KEY)"
    for name in tables:
        yield f"ALTER TABLE {name} ADD COLUMN of_the_future VARCHAR(8) DEFAULT 'later' NOT NULL"
    yield "UPDATE alembic_version SET version_num = '9999_future'"


def goes(tables, revision):
    yield f"UPDATE alembic_version SET version_num = '{revision}'"
    for name in tables:
        yield f"ALTER TABLE {name} DROP COLUMN of_the_future"
    yield "DROP TABLE of_the_future"


def ready(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=services.READY_WITHIN) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.mark.parametrize("name", ["sqlite", pytest.param("postgresql", marks=needs("postgresql", "redis"))])
def test_learners_notice_no_migration(tmp_path, name):
    over, tables = threading.Event(), sorted(Base.metadata.tables)
    with (
        closing(Ledger(tmp_path / "ledger.tsv")) as ledger,
        network() as outside,
        product(name, tmp_path, outside.address) as (made, _),
    ):
        course, known = storm.course_of(made)
        learners = storm.gathered(course, ledger, over, known, storm.Wanted(1, diallers=4, texters=2), outside)
        database = Database(made.environment["DATABASE_URL"] or f"sqlite:///{tmp_path / 'kentongan.db'}")
        with database.engine.connect() as connection:
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        for learner in learners:
            learner.start()
        for statements in (arrives(tables), goes(tables, revision), arrives(tables)):
            steps = ledger.steps
            change(database, statements)
            services.wait_until(lambda steps=steps: ledger.steps > steps + 50, "learners go on")
            assert ready(made.port)
        made.kill_all()  # and the version before is started on the later schema
        made.start()
        steps = ledger.steps
        services.wait_until(lambda: ledger.steps > steps + 50, "learners go on")
        assert ready(made.port)
        over.set()
        for learner in learners:
            learner.join(services.READY_WITHIN)
        assert [learner.broken for learner in learners if learner.broken] == []
        storm_verdict.quiet(database, outside.posts, storm.QUIET_WITHIN)
        verdict = storm_verdict.judge(database, ledger, outside.posts)
        database.close()
    assert {what: faults for what, faults in verdict.faults.items() if faults} == {}
    log = (tmp_path / "product.log").read_text()
    assert re.findall(r"webhook_failed|inbox_failed|Exception on.*", log) == []
