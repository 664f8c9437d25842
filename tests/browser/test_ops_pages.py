"""An operator's pages, empty and busy, wide and narrow: they fit, and axe finds nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from gateway.outbox import RANK
from gateway.tables import Inbox, Outbox
from schools import staff
from tests import services
from tests.browser.test_teacher_journey import NARROW, WIDE, chromium, look, reader
from tests.gateway.fixtures import make_line
from tests.schools.conftest import PASSWORD

__all__ = ["chromium", "make_line"]
pytestmark = [pytest.mark.slow, services.needs("chromium", "axe")]
PAGES = ("/ops/", "/ops/traffic", "/ops/outbox", "/ops/lines", "/ops/lines/new", "/ops/budget", "/ops/dead")


@pytest.fixture
def operator(database):
    with database.writing() as db:
        staff.create(db, "operator", "Operator", "operator", staff.hash_password(PASSWORD), clock.now())


@pytest.fixture
def busy(database, make_line):
    """A line with a message of every fate, and one that nobody could answer."""
    line = make_line("http", "sms", profile="kannel", prices={"": 350}, options={"password": "x"})
    make_line("simulator", "ussd", address="*123*77#")
    now = clock.now()
    with database.writing() as db:
        for n, state in enumerate(RANK):
            at = now - timedelta(hours=n)
            times = {"not_before": at, "expires_at": now, "created_at": at}
            row = {"key": state, "line_id": line.id, "msisdn": f"+62812000{n:05}", "text": "x", "segments": 1, "state": state}
            db.add(Outbox(**row, **times, reason="HTTP 500 Internal Server Error"))
        for state in ("waiting", "dead", "answered"):
            row = {"key": f"sms:{state}", "line_id": line.id, "msisdn": "+6281200000", "text": "x", "state": state}
            db.add(Inbox(**row, received_at=now - timedelta(hours=2), reply="KeyError: '…'"))
    return line


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_fits_and_reads_well(chromium, served, database, operator, busy, width):
    with database.reading() as db:
        ids = [row.id for row in db.query(Outbox.id)]
    with reader(chromium, served, width=width, login="operator") as page:
        for address in (*PAGES, f"/ops/lines/{busy.id}", *(f"/ops/outbox/{i}" for i in ids[:5])):
            page.goto(address)
            look(page, javascript=True)
        page.goto(f"/ops/lines/{busy.id}")
        page.get_by_label("Nomor tujuan").fill("0812 5550 1234")
        page.get_by_role("button", name="Hitung biayanya").click()
        look(page, javascript=True)


def test_every_empty_page_too(chromium, served, operator):
    with reader(chromium, served, width=NARROW, login="operator") as page:
        for address in PAGES:
            page.goto(address)
            look(page, javascript=True)
