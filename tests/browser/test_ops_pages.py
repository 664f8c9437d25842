"""An operator's pages, empty and busy, wide and narrow: they fit, and axe finds nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from gateway.outbox import RANK
from gateway.tables import Inbox, Outbox
from schools import consent, people, staff
from schools.tables import Class, Region, School
from tests import services
from tests.browser.test_teacher_journey import NARROW, WIDE, chromium, look, reader
from tests.gateway.fixtures import make_line
from tests.schools.conftest import PASSWORD

__all__ = ["chromium", "make_line"]
pytestmark = [pytest.mark.slow, services.needs("chromium", "axe")]
PAGES = ("/ops/", "/ops/traffic", "/ops/outbox", "/ops/lines", "/ops/lines/new", "/ops/budget", "/ops/dead", "/ops/announcements")


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


@pytest.fixture
def school(database):
    """A school of 120 learners with consent, in two classes."""
    with database.writing() as db:
        region = Region(code="34.71", name="Kota Contoh", kind="city", time_zone="Asia/Jakarta")
        db.add(region)
        db.flush()
        made = School(npsn="60300001", name="SD Negeri Contoh 1 Kotagede", region_id=region.id, time_zone="Asia/Jakarta")
        db.add(made)
        db.flush()
        rooms = [Class(school_id=made.id, name=name, grade=5) for name in ("5A", "5B")]
        db.add_all(rooms)
        db.flush()
        for n in range(120):
            learner = people.add_learner(db, rooms[n % 2], f"Murid {n}", f"+62812{n:08d}", clock.now())
            consent.give(db, learner.id, "Wali", "paper", clock.now())
        staff.create(db, "guru", "Guru", "teacher", staff.hash_password(PASSWORD), clock.now(), school_id=made.id)
        return made.id


TEXT = "SD Contoh: besok hari Senin ada ulangan IPA. Bawa pensil dan penghapus, masuk pukul 07.00."


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize(("login", "address"), [("operator", "/ops/announcements"), ("guru", "/teach/announcements")])
def test_an_announcement_is_counted_confirmed_and_watched(chromium, served, operator, busy, school, login, address, width):
    with reader(chromium, served, width=width, login=login) as page:
        page.goto(address)
        look(page, javascript=True)
        if login == "operator":
            page.get_by_label("NPSN sekolah").fill("60300001")
        page.get_by_label("Isi pengumuman").fill(TEXT)
        page.get_by_role("button", name="Hitung penerima dan biaya").click()
        look(page, javascript=True)
        if login == "operator":
            page.get_by_label("Ketik jumlah nomornya").fill("120")
        page.get_by_role("button", name="Kirim pengumuman").click()
        page.get_by_role("heading", name="Pengumuman sedang berangkat").wait_for()
        look(page, javascript=True)
        page.get_by_role("button", name="Hentikan").click()
        page.get_by_role("heading", name="Pengumuman selesai").wait_for()
        look(page, javascript=True)
        page.goto(address)
        look(page, javascript=True)
