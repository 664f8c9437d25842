"""A planner offers a programme, a station asks for another hour, the planner agrees; a station says what it aired, by a button
and by its playout log, and who speaks for it. With JavaScript and without, wide and narrow; no page here wants JavaScript.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from broadcast_schedule.carriage_tables import AsRun, Offer
from broadcast_schedule.tables import Occurrence
from core import clock
from schools import staff
from tests import services
from tests.broadcast_schedule.conftest import network, plan
from tests.browser.test_teacher_journey import WAYS, chromium, field, look, reader
from tests.schools.conftest import PASSWORD

__all__ = ["chromium", "network", "plan"]
pytestmark = [pytest.mark.slow, services.needs("chromium", "axe")]
LONG = "listrik padam " + "x" * 140  # a word that no line of a narrow page holds
each_way = pytest.mark.parametrize(("javascript", "width"), WAYS, ids=lambda way: {True: "js", False: "plain"}.get(way, str(way)))


@pytest.fixture
def people(database, network):
    hashed, now = staff.hash_password(PASSWORD), clock.now()
    with database.writing() as db:
        staff.create(db, "jadwal", "Penyusun", "planner", hashed, now)
        staff.create(db, "rri", "RRI", "station", hashed, now, station_slug="rri-jayapura")


def heading(page, words):
    """The page that is wanted is there."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def done(page, words):
    expect(page.get_by_role("status")).to_contain_text(words)


def press(page, words, said):
    """A button that leads to a page which says so."""
    page.get_by_role("button", name=words).first.click()
    done(page, said)


@each_way
def test_an_offer_is_made_answered_and_agreed(chromium, served, database, plan, people, javascript, width):
    slot = plan.slot()
    ways = {"javascript": javascript, "width": width}
    with reader(chromium, served, login="jadwal", forgiven="422", **ways) as planner:
        heading(planner, "Jadwal siaran")
        planner.goto(f"/plan/slots/{slot}")
        heading(planner, "Ubah slot")
        planner.get_by_role("link", name="Tawarkan kepada stasiun").click()
        heading(planner, "Tawarkan X-Sains")
        planner.get_by_role("button", name="Tawarkan").click()
        expect(planner.get_by_role("main")).to_contain_text("Belum ada stasiun yang dipilih.")
        look(planner, javascript)
        planner.get_by_label("RRI Jayapura").check()
        press(planner, "Tawarkan", "Ditawarkan kepada 1 saluran.")
        expect(planner.get_by_role("main")).to_contain_text("menunggu jawaban")
        with reader(chromium, served, login="rri", **ways) as station:
            heading(station, "RRI Jayapura")
            expect(station.get_by_role("heading", name="101 · X-Sains")).to_be_visible()
            look(station, javascript)
            station.locator("input[name=time]").fill("11:00")
            press(station, "Usulkan 101", "Usul jam Anda diteruskan kepada penyusun.")
            expect(station.get_by_role("main")).to_contain_text("Anda mengusulkan jam 11.00; penyusun belum menjawab.")
            look(station, javascript)
        planner.goto(f"/plan/slots/{slot}/offers")
        expect(planner.get_by_role("main")).to_contain_text("ingin jam lain")
        look(planner, javascript)
        press(planner, "Setujui RRI Jayapura", "Jam itu disetujui.")
        look(planner, javascript)
    with database.reading() as db:
        assert db.execute(select(Offer.state, Offer.mode, Offer.delay_minutes)).all() == [("accepted", "local", 180)]


@pytest.fixture
def aired(plan, network, database):
    """Jayapura's own X-Sains of every day, on the air for three days: its airings, the newest first."""
    now = clock.now()
    first = (now - timedelta(days=3)).date()
    plan.slot(channel_id=network.east, time_zone="Asia/Jayapura", weekdays=frozenset(range(7)), starts_on=first)
    plan.publish(now=now - timedelta(days=4))
    with database.reading() as db:
        wanted = select(Occurrence.start).where(Occurrence.channel_id == network.east, Occurrence.end < now)
        return db.scalars(wanted.order_by(Occurrence.start.desc())).all()


@each_way
def test_a_station_says_what_it_aired(chromium, served, database, aired, people, javascript, width):
    with reader(chromium, served, login="rri", javascript=javascript, width=width) as page:
        heading(page, "RRI Jayapura")
        press(page, "Sudah siar X-Sains", "Tercatat: sudah siar.")
        expect(page.get_by_text("sudah siar", exact=True)).to_be_visible()
        page.get_by_text("Tidak siar X-Sains").first.click()
        page.locator("input[name=reason]").first.fill(LONG)
        press(page, "Laporkan", "Tercatat: tidak siar.")
        expect(page.get_by_text("tidak siar", exact=True)).to_be_visible()
        look(page, javascript)
        page.get_by_role("link", name="Unggah log siaran").click()
        heading(page, "Unggah log siaran")
        look(page, javascript)
        began = aired[-1].astimezone(clock.zone("Asia/Jayapura"))
        log = f"date,start,end,title\n{began:%Y-%m-%d},08:00:07,08:29:50,X-SAINS\n{began:%Y-%m-%d},12:00,12:30,Berita\n?,?,?,?\n"
        field(page, "file").set_input_files({"name": "log.csv", "mimeType": "text/csv", "buffer": log.encode()})
        page.get_by_role("button", name="Periksa berkas").click()
        heading(page, "Isi log siaran")
        expect(page.get_by_role("main")).to_contain_text("1 baris cocok dengan siaran terbit, 1 baris lain bukan siaran kami.")
        look(page, javascript)
        press(page, "Catat 1 siaran", "1 siaran tercatat dari log.")
        heading(page, "RRI Jayapura")
        page.get_by_role("link", name="Laporan siaran").click()
        heading(page, "Laporan siaran: RRI Jayapura")
        expect(page.get_by_role("main")).to_contain_text("X-Sains")
        look(page, javascript)
    with database.reading() as db:
        assert db.execute(select(AsRun.state, AsRun.source, AsRun.start).order_by(AsRun.id)).all() == [
            ("failed", "page", None),
            ("aired", "log", aired[-1] + timedelta(seconds=7)),
        ]


@each_way
def test_a_station_names_who_speaks_for_it(chromium, served, database, people, javascript, width):
    with reader(chromium, served, login="rri", forgiven="422", javascript=javascript, width=width) as page:
        heading(page, "RRI Jayapura")
        page.get_by_role("link", name="Nomor kontak").click()
        heading(page, "Nomor kontak RRI Jayapura")
        field(page, "msisdn").fill("021 555 1234")
        page.get_by_role("button", name="Tambahkan").click()
        expect(page.get_by_role("main")).to_contain_text("Nomor itu tidak dapat menerima SMS.")
        look(page, javascript)
        field(page, "msisdn").fill("0812 3456 7890")
        field(page, "name").fill("Meja siaran")
        press(page, "Tambahkan", "Nomor itu sekarang menerima tawaran")
        look(page, javascript)
        press(page, "Hapus", "Nomor itu tidak lagi mewakili stasiun.")
