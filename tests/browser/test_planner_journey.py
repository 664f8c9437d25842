"""A planner writes a programme, a slot in another zone, its exceptions, mends a clash and publishes; the station's feed follows.

Then the station's own page. With JavaScript and without, wide and narrow; no page here wants JavaScript.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.request import Request, urlopen

import pytest
import time_machine
from playwright.sync_api import expect

from core import clock
from schools import staff
from tests import services
from tests.broadcast_schedule.conftest import network, plan
from tests.browser.test_teacher_journey import NARROW, WAYS, WIDE, chromium, field, look, reader
from tests.schools.conftest import PASSWORD

__all__ = ["chromium", "network", "plan"]
pytestmark = [pytest.mark.slow, services.needs("chromium", "axe")]
LONG = "Luas" + "x" * 190


@pytest.fixture(autouse=True)
def today():
    """The day before the first airing that is written here: what has aired is no news to publish."""
    with time_machine.travel(datetime(2026, 11, 22, 5, tzinfo=UTC)):
        yield


@pytest.fixture
def people(database, network):
    hashed, now = staff.hash_password(PASSWORD), clock.now()
    with database.writing() as db:
        staff.create(db, "jadwal", "Penyusun", "planner", hashed, now)
        staff.create(db, "rri", "RRI", "station", hashed, now, station_slug="rri-jayapura")


def pulled(served, network):
    """(ETag, the occurrences of Mari berhitung as local start and status) as the station's software sees them."""
    address = f"{served}/stations/rri-jayapura/timetable.json?from=2026-11-23&days=14"
    with urlopen(Request(address, headers={"Authorization": f"Bearer {network.keys['rri-jayapura'].key}"})) as answer:
        body = json.load(answer)
        return answer.headers["ETag"], [(o["start"], o["status"]) for o in body["occurrences"] if o["title"] == "Mari berhitung"]


def save(page, **values):
    for name, value in values.items():
        field(page, name).fill(value)
    page.get_by_role("button", name="Simpan di draf").click()


@pytest.mark.parametrize(("javascript", "width"), WAYS, ids=lambda value: {True: "js", False: "plain"}.get(value, str(value)))
def test_a_planner_plans_mends_and_publishes(chromium, served, database, network, people, javascript, width):
    before, none = pulled(served, network)
    with reader(chromium, served, javascript=javascript, width=width, login="jadwal", forgiven="422") as page:
        page.get_by_role("link", name="Semua acara").click()
        page.get_by_role("link", name="Tambah acara").click()
        field(page, "title").fill("Mari berhitung")
        page.get_by_role("button", name="Simpan").click()
        expect(page.get_by_role("status")).to_contain_text("Mari berhitung sudah disimpan.")
        for programme, episode in (("X-Sains (SD 4-6)", LONG), ("Mari berhitung", "")):
            page.goto(f"/plan/channels/{network.east}/slots/new")
            field(page, "programme_id").select_option(label=programme)
            field(page, "time_zone").select_option("Asia/Jakarta")
            for day in ("Senin", "Rabu"):
                page.get_by_label(day).check()
            save(page, starts_at="08:10", minutes="30", starts_on="2026-11-23", ends_on="2026-11-01", episode=episode)
            expect(page.locator("#ends_on-fault")).to_contain_text("Tanggal terakhir ada sebelum tanggal mulai.")
            expect(field(page, "episode")).to_have_value(episode)
            look(page, javascript)
            save(page, ends_on="")
        expect(page.get_by_role("alert")).to_contain_text("Mari berhitung (10.10–10.40 WIT) bertabrakan dengan X-Sains")
        look(page, javascript)
        page.goto("/plan/publish")
        expect(page.get_by_role("button", name="Terbitkan")).to_have_count(0)
        look(page, javascript)
        page.get_by_role("link", name="Ubah slot").first.click()
        expect(field(page, "starts_at")).to_be_visible()
        slot = page.url
        save(page, starts_at="13:00")
        expect(page.get_by_role("alert")).to_have_count(0)
        _skip_and_move(page, slot, javascript)
        page.get_by_role("link", name="Lihat perbedaan dan terbitkan").click()
        expect(page.get_by_role("main")).to_contain_text("Baru: Mari berhitung Sen 23 Nov 15.00-15.30 WIT")
        expect(page.get_by_role("main")).to_contain_text("Baru: Mari berhitung Sel 1 Des 16.00-16.30 WIT")
        look(page, javascript)
        page.get_by_role("button", name="Terbitkan").click()
        expect(page.get_by_role("status")).to_contain_text("Edisi 1 sudah terbit.")
        look(page, javascript)
    after, shown = pulled(served, network)
    assert (none, before != after) == ([], True)
    assert shown == [
        ("2026-11-23T15:00:00+09:00", "planned"),
        ("2026-12-01T16:00:00+09:00", "moved"),
        ("2026-12-02T15:00:00+09:00", "planned"),
    ]


def _skip_and_move(page, slot, javascript):
    page.goto(slot)
    page.get_by_role("link", name="Rabu, 25 November 2026").click()
    expect(page.get_by_role("button", name="Lewati")).to_be_visible()
    look(page, javascript)
    page.get_by_role("button", name="Lewati").click()
    expect(page.get_by_role("status")).to_contain_text("Tersimpan di draf.")
    page.goto(slot)
    page.get_by_role("link", name="Senin, 30 November 2026").click()
    field(page, "new_date").fill("2026-12-01")
    field(page, "new_time").fill("14:00")
    page.get_by_role("button", name="Pindahkan").click()
    expect(page.get_by_role("status")).to_contain_text("Tersimpan di draf.")
    look(page, javascript)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_station_reads_its_week_and_its_addresses(chromium, served, plan_of_the_week, people, width):
    with reader(chromium, served, width=width, login="rri") as page:
        expect(page).to_have_url(f"{served}/station/")
        expect(page.get_by_role("heading", level=1)).to_have_text("RRI Jayapura")
        expect(page.get_by_role("main")).to_contain_text("WIT (Asia/Jayapura)")
        expect(page.get_by_role("cell", name="/stations/rri-jayapura/timetable.ics")).to_be_visible()
        look(page, javascript=True)


@pytest.fixture
def plan_of_the_week(plan, network):
    """A slot every day, with an episode as long as one may be, published."""
    plan.slot(channel_id=network.east, weekdays=frozenset(range(7)), episode=LONG)
    plan.publish(now=clock.now())
