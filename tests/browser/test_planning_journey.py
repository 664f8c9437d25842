"""A planner's season, her edits from a date on, her grid and her way back; with JavaScript and without, wide and narrow.

With SCREENSHOTS=1 the pictures of docs/planners.md are taken again.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from playwright.sync_api import expect

from broadcast_schedule import carriage
from core import clock
from schools import staff
from tests import services
from tests.broadcast_schedule.conftest import network, plan
from tests.browser.test_teacher_journey import PICTURES, WAYS, WIDE, chromium, field, look, reader
from tests.schools.conftest import PASSWORD

__all__ = ["chromium", "network", "plan"]
pytestmark = [pytest.mark.slow, services.needs("chromium", "axe")]


@pytest.fixture(autouse=True)
def today():
    """Before the season that is written here: what has aired is no news to publish."""
    with time_machine.travel(datetime(2026, 11, 22, 5, tzinfo=UTC)):
        yield


@pytest.fixture
def planned(database, network, plan):
    """A slot every day in Jakarta that Jayapura relays, and one on Mondays; published. The daily slot's id."""
    hashed, now = staff.hash_password(PASSWORD), clock.now()
    with database.writing() as db:
        staff.create(db, "jadwal", "Penyusun", "planner", hashed, now)
    slot = plan.slot(weekdays=frozenset(range(7)), starts_at=time(16, 0))
    plan.slot(starts_at=time(8, 0))
    plan.do(carriage.carry, slot, network.east, "relay")
    plan.publish(now=clock.now())
    return slot


def picture(page, name, width):
    if os.environ.get("SCREENSHOTS") and width == WIDE:
        page.screenshot(path=PICTURES / f"{name}.png")


def soon():
    """A week in which all of it airs."""
    return f"from={clock.now().date() + timedelta(days=14)}"


def heading(page, words):
    """The page that is wanted is there."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


@pytest.mark.parametrize(("javascript", "width"), WAYS, ids=lambda value: {True: "js", False: "plain"}.get(value, str(value)))
def test_a_planner_lays_a_season_over_the_plan_and_goes_back(chromium, served, planned, javascript, width):
    with reader(chromium, served, javascript=javascript, width=width, login="jadwal") as page:
        heading(page, "Jadwal siaran")
        page.goto("/plan/seasons/new")
        field(page, "name").fill("Ramadan 1448")
        field(page, "starts_on").fill("2027-02-08")
        field(page, "ends_on").fill("2027-03-09")
        page.get_by_label("Tanggalnya masih perkiraan").check()
        page.get_by_role("button", name="Simpan di draf").click()
        heading(page, "Ramadan 1448")
        expect(page.get_by_role("main")).to_contain_text("Senin, 8 Februari 2027 sampai Selasa, 9 Maret 2027")
        field(page, "slot_id").select_option(str(planned))
        field(page, "starts_at").fill("09:00")
        page.get_by_role("button", name="Tambahkan").click()
        expect(page.get_by_role("cell", name="mulai pukul 09.00")).to_be_visible()
        page.get_by_role("button", name="Sehari lebih lambat").click()
        expect(page.get_by_role("status")).to_contain_text("Hanya hari tepinya yang berubah.")
        expect(page.get_by_role("main")).to_contain_text("Selasa, 9 Februari 2027 sampai Rabu, 10 Maret 2027")
        look(page, javascript)
        picture(page, "planner-season", width)
        page.goto("/plan/publish")
        expect(page.get_by_role("main")).to_contain_text("Pindah: X-Sains Sel 9 Feb 16.00 ke 09.00 WIB (30 kali)")
        page.get_by_role("button", name="Terbitkan").click()
        expect(page.get_by_role("status")).to_contain_text("Edisi 2 sudah terbit.")
        page.goto("/plan/editions/")
        heading(page, "Semua edisi")
        look(page, javascript)
        page.get_by_role("link", name="Edisi 1").click()
        heading(page, "Edisi 1")
        page.get_by_role("link", name="Kembali ke edisi ini").click()
        heading(page, "Kembali ke edisi 1")
        look(page, javascript)  # a season is days, not slots: going back leaves it
        expect(page.get_by_role("main")).to_contain_text("Jadwal yang terbit sudah seperti edisi itu.")


@pytest.mark.parametrize(("javascript", "width"), WAYS, ids=lambda value: {True: "js", False: "plain"}.get(value, str(value)))
def test_a_planner_edits_from_a_date_on_and_looks_at_the_network(chromium, served, planned, javascript, width):
    with reader(chromium, served, javascript=javascript, width=width, login="jadwal") as page:
        heading(page, "Jadwal siaran")
        page.goto(f"/plan/slots/{planned}")
        heading(page, "Ubah slot")
        page.locator("main li a").first.click()
        page.get_by_role("link", name="Ubah slot mulai tanggal ini").click()
        expect(page.get_by_role("main")).to_contain_text("Siaran sebelumnya tetap seperti semula.")
        look(page, javascript)
        field(page, "starts_at").fill("17:00")
        page.get_by_role("button", name="Simpan di draf").click()
        expect(page.get_by_role("status")).to_contain_text("Slot tersimpan di draf.")
        page.goto("/plan/publish")
        expect(page.get_by_role("main")).to_contain_text("16.00 ke 17.00 WIB")
        page.get_by_role("button", name="Terbitkan").click()
        expect(page.get_by_role("status")).to_contain_text("Edisi 2 sudah terbit.")
        for address, name in (
            (f"/plan/grid?{soon()}", "Kisi jadwal"), (f"/plan/grid?zoom=day&{soon()}", "Kisi jadwal"),
            ("/plan/grid?zoom=term", "Kisi jadwal"), ("/plan/coverage", "Siapa membawa apa"),
            ("/plan/audit", "Pemeriksaan jaringan"),
        ):  # fmt: skip
            page.goto(address)
            heading(page, name)
            look(page, javascript)
            if "zoom" not in address:
                picture(page, f"planner-{address.partition('?')[0].rpartition('/')[2]}", width)
        expect(page.get_by_role("main")).to_contain_text("Tidak ada tabrakan, sekarang dan untuk seterusnya.")


def test_the_grid_works_by_the_keyboard_alone(chromium, served, planned):
    with reader(chromium, served, javascript=False, login="jadwal") as page:
        page.goto(f"/plan/grid?{soon()}")
        heading(page, "Kisi jadwal")
        field(page, "zoom").focus()
        page.keyboard.press("ArrowUp")
        expect(field(page, "zoom")).to_have_value("day")
        for _n in range(4):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/plan/grid?*zoom=day*")
        heading(page, "Kisi jadwal")
        page.get_by_role("link", name="X-Sains").first.focus()
        page.keyboard.press("Enter")
        heading(page, "X-Sains")


def test_what_is_dragged_on_the_grid_is_confirmed_before_it_moves(chromium, served, planned):
    with reader(chromium, served, width=WIDE, login="jadwal") as page:
        page.goto(f"/plan/grid?{soon()}")
        expect(page.locator("[data-drag-hint]")).to_be_visible()
        cells = page.locator("tbody tr").nth(1).locator("td")  # 16.00: every day has one
        cells.nth(1).locator("li[data-airing]").first.drag_to(cells.nth(2))
        page.wait_for_url("**/plan/slots/*/*?by=1440")
        heading(page, "X-Sains")
        expect(page.get_by_role("main")).to_contain_text("Belum ada yang tersimpan")
        day = page.url.partition("?")[0].rpartition("/")[2]
        following = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
        assert (field(page, "new_date").input_value(), field(page, "new_time").input_value()) == (following, "16:00")
        page.goto(f"/plan/slots/{planned}")
        expect(page.get_by_text("dipindah", exact=True)).to_have_count(0)  # a drop alone changes nothing
        page.goto(f"/plan/slots/{planned}/{day}?by=60")
        page.get_by_role("button", name="Pindahkan").click()
        page.wait_for_url("**/plan/channels/*")
        page.goto(f"/plan/slots/{planned}/{day}")
        expect(page.get_by_role("main")).to_contain_text("Siaran ini dipindah.")


def test_the_grid_offers_no_dragging_without_javascript(chromium, served, planned):
    with reader(chromium, served, javascript=False, login="jadwal") as page:
        page.goto(f"/plan/grid?{soon()}")
        expect(page.locator("[data-drag-hint]")).to_be_hidden()
        expect(page.locator("[draggable]")).to_have_count(0)
