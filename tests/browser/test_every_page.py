"""Every page that a link leads to, by who reads it: it fits its width, axe finds nothing, its first view is light.

Narrow, light and Indonesian; wide, dark and English. The demo is in, with what hostile hands type into it besides.
"""

from __future__ import annotations

import gzip
import io
import re
from dataclasses import replace
from datetime import date, time, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select

from broadcast_schedule import editions, offers, papers, planning, stations
from broadcast_schedule.carriage_tables import AsRun, StationContact
from broadcast_schedule.paper_tables import FileFetch
from broadcast_schedule.planning import ProgrammeDraft, SlotDraft
from broadcast_schedule.tables import Occurrence, Slot
from core import clock, files
from core.settings import ROOT
from demo.commands import seed
from gateway import broadcasts
from gateway.tables import Line
from lessons import authoring, course_authoring, judging, media, sharing
from lessons.course import Course, Enclosure, Item, Lesson, Quiz, course_to_json
from lessons.tables import Course as CourseRow
from lessons.tables import Quiz as QuizRow
from schools import consent, people, staff
from schools.tables import Class, School, Staff
from tests import services
from tests.browser.test_teacher_journey import NARROW, WIDE, chromium, look, reader
from tests.classroom import QUIZ, answer, publish
from tests.handed_in import kept, mp3, ogg, png, reference
from tests.schools.conftest import HASHED

__all__ = ["chromium"]
pytestmark = [pytest.mark.slow, services.needs("chromium", "axe")]
LIGHT = 14_000  # bytes compressed, the stylesheet included: what a slow line's first window carries
SHEET = len(gzip.compress((ROOT / "core" / "static" / "kentongan.css").read_bytes()))
STARTS = {
    "": ("/", "/phone", "/learn", "/login"),
    "guru": ("/teach/", "/teach/courses", "/teach/classes", "/teach/library", "/school/"),
    "penyusun": ("/plan/",),
    "stasiun": ("/station/",),
    "pengelola": ("/ops/",),
    "kepala": ("/station/", "/school/choose", "/teach/"),
}
EVIL = "<script>alert(1)</script>😀" + "Panjang" * 20
LOOKS = {
    "narrow": {"width": NARROW, "color_scheme": "light", "locale": "id-ID"},
    "wide": {"width": WIDE, "color_scheme": "dark", "locale": "en-GB"},
}


@pytest.fixture
def seeded(app, database):
    with app.app_context():
        made = seed()
    now = clock.now()
    school = made["schools"]["B"]["id"]
    with database.writing() as db:
        for login, role, of in (
            ("guru", "teacher", {"school_id": school}),
            ("penyusun", "planner", {}),
            ("stasiun", "station", {"station_slug": "radio-panjang"}),
            ("pengelola", "operator", {}),
            ("kepala", "admin", {}),
        ):
            staff.create(db, login, EVIL[:80], role, HASHED, now, **of)
        teacher = db.query(Staff.id).filter_by(login="guru").scalar()
        room = db.query(Class).filter_by(school_id=school).first()
        learner = people.add_learner(db, room, EVIL[:80], "0812 3456 7890", now).id
        consent.give(db, learner, EVIL[:80], "paper", now)
        line = db.query(Line).filter_by(provider="http", medium="sms").one()
        broadcasts.announce(db, key="evil", school=db.get(School, school), class_id=None, text=EVIL[:150], line=line, now=now)
        station = stations.create_station(db, "radio-panjang", EVIL[:120], "Asia/Jayapura", frequency="F" * 40)
        channel = stations.create_channel(db, station, "pro9.radio-panjang.kentongan.id", EVIL[:120]).id
        programme = planning.save_programme(db, ProgrammeDraft(EVIL[:160], EVIL, "Umur" * 10)).id
        slot = SlotDraft(channel, programme, date(2026, 1, 1), time(8), 30, "Asia/Jakarta", frozenset(range(7)), episode=EVIL)
        planning.save_slot(db, slot)
        editions.publish(db, now, None)
        planning.save_slot(db, replace(slot, starts_at=time(9)))
        relayed = db.scalars(select(Slot.id).where(Slot.channel_id != channel, Slot.retired_at.is_(None))).first()
        offers.offer(db, relayed, channel, "relay", 1440, "w" * 8, now)
        db.add(StationContact(station_id=station.id, msisdn="+6281234567899", name=EVIL[:80], created_at=now))
        aired = db.scalars(select(Occurrence).where(Occurrence.channel_id == channel).limit(2)).all()
        said = {"station_id": station.id, "state": "failed", "reason": EVIL[:160], "source": "page", "was": "planned"}
        for one, begun in zip(aired, (timedelta(days=1), timedelta(days=2)), strict=True):
            one.original_start, one.start, one.end = one.original_start - 9 * begun, now - begun, now - begun + timedelta(hours=1)
        db.add(AsRun(occurrence_id=aired[0].id, reported_at=now, **said))
        hang_files(app, db, aired[0].episode_id, station.id, now)
    prompts = (Item("e1", "short_answer", {"id": "W" * 120}, {"accepted": ["w" * 40]}), *QUIZ.items)
    quiz = publish(database, teacher, Quiz("PANJANGSEKAL", {"id": EVIL[:80]}, prompts), now=now)
    answer(database, quiz, learner, "rawrw", typed=EVIL, at=now)
    settings = app.extensions["settings"]
    for raw, ending in ((png(600, 400), "png"), (mp3(), "mp3"), (ogg(), "ogg")):
        one = kept(settings, raw)
        with database.writing() as db:
            media.add(db, school, one, f"{EVIL[:80]}.{ending}", teacher, now, 10_000_000)
    beside = (
        Enclosure("picture", reference(png(600, 400)), 9, {"id": EVIL[:120]}),
        Enclosure("audio", reference(ogg()), 9, {"id": "W" * 120}),
        Enclosure("picture", "https://x.example/a.png", 48_000, {"id": EVIL[:120]}), Enclosure("audio", reference(mp3()), 9, {}),
    )  # fmt: skip
    heard = replace(prompts[0], audio={"id": reference(mp3()), "en": "https://x.example/" + "w" * 200})
    publish(database, teacher, Quiz("BUNYI", {"id": "Bunyi"}, (heard,)), now=now)
    lessons = (Lesson("l", {"id": "Akar"}, {"id": EVIL}, beside), Lesson("m", {"id": "Daun"}, {"id": "Hijau."}, beside[:1]))
    with database.writing() as db:
        row = CourseRow(code="GAMBAR", draft=course_to_json(Course("GAMBAR", {"id": "Gambar"}, lessons)))
        db.add(row)
        db.flush()
        authoring.publish_course(db, row, None, now)
    course = Course(
        "PANJANG-SEKALI-9", {"id": EVIL[:80]}, (Lesson("l", {"id": EVIL[:80]}, {"id": EVIL * 3}, beside),), subject=EVIL[:60]
    )
    with app.app_context(), app.test_request_context(), database.writing() as db:
        teacher_row, quiz_row = db.get(Staff, teacher), db.get(QuizRow, quiz)
        course_row = course_authoring.new_course(db, teacher_row, course, now)
        authoring.publish_course(db, course_row, teacher_row, now)
        changed = replace(course, title={"id": "W" * 80, "jv": EVIL[:80]}, phase="A", grade="SD " + "9" * 15)
        course_authoring.save_course(db, course_row, changed, course_row.version, teacher_row, now)
        sharing.give(db, course_row, teacher_row, "cc-by-sa", EVIL[:80], now)
        sharing.give(db, quiz_row, teacher_row, "cc0", EVIL[:80], now)
        judging.accept(db, quiz_row, "i2", judging.groups(judging.answers(db, quiz, "i2", None))[0].key, teacher_row, school, now)


def hang_files(app, db, episode, station, now):
    """A recording that the station fetched, notes that nobody did, and a script that was taken back."""
    folder, raws = (
        app.extensions["settings"].instance_dir / "files",
        {"recording": b"ID3", "notes": b"%PDF-1", "script": b"%PDF-2"},
    )
    kept = {kind: files.keep(folder, io.BytesIO(raw), most=99, families={"audio", "paper"}) for kind, raw in raws.items()}
    made = {kind: papers.add(db, episode, kind, EVIL[:160], one, EVIL[:60], now).id for kind, one in kept.items()}
    papers.remove(db, made["script"], EVIL[:60], now)
    db.add(FileFetch(file_id=made["recording"], station_id=station, first_at=now, last_at=now))


def shape(address):
    """Pages of one shape are looked at once: numbers and dates do not make another page."""
    parts = urlsplit(address)
    kept = ",".join(sorted(name for name, _value in parse_qsl(parts.query)))
    return re.sub(r"\d{4}-\d\d-\d\d|\d+", "#", parts.path) + "?" + kept


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize("who", STARTS, ids=lambda who: who or "nobody")
def test_every_page_fits_reads_well_and_is_light(chromium, served, seeded, who, how):
    looked: set[str] = set()
    own = tuple(start.rstrip("/") for start in STARTS[who])  # what others read is looked at in their turn
    with reader(chromium, served, login=who, **LOOKS[how]) as page:
        waiting = list(STARTS[who])
        while waiting:
            address = waiting.pop(0)
            if (
                shape(address) in looked
                or not address.startswith(own)
                or re.search(r"\.(csv|ics|xml|json|xlsx|gift)\b|/(plan|station)/files/|lang=", address)
            ):
                continue
            looked.add(shape(address))
            response = page.goto(address)
            assert response.status == 200, address
            if "html" not in response.headers["content-type"]:
                continue
            assert len(gzip.compress(response.body())) + SHEET < LIGHT, address
            look(page, javascript=True)
            spilt = page.evaluate(SPILT)
            assert spilt == [], address
            links = page.locator("a[href]").evaluate_all("found => found.map(a => a.href)")
            waiting += [link.removeprefix(served).partition("#")[0] for link in links if link.startswith(served)]
    assert len(looked) >= len(STARTS[who])


# What stands outside its own card, table or box, though the page itself does not scroll.
SPILT = """() => [...document.querySelectorAll("main td *, main th *, main .notice *, main .empty *, main dd *, main .tag")]
  .filter(it => !it.closest(".hidden, thead, svg") && it.getBoundingClientRect().width > 1)
  .filter(it => it.getBoundingClientRect().right > it.closest("tr, .notice, .empty, dl, main").getBoundingClientRect().right + 1)
  .map(it => it.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("how", LOOKS)
def test_errors_are_pages_too(chromium, served, seeded, how):
    with reader(chromium, served, login="guru", forgiven="404", **LOOKS[how]) as page:
        for address in ("/nowhere", "/teach/quizzes/999", "/learn/NOWHERE", "/ops/"):
            assert page.goto(address).status == 404
            look(page, javascript=True)


def test_the_keyboard_alone_logs_in_and_sees_where_it_is(chromium, served, seeded):
    with reader(chromium, served, login="", width=NARROW) as page:
        page.goto("/login")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        for text in ("guru", "a long password"):
            page.keyboard.press("Tab")
            page.keyboard.type(text)
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        page.wait_for_url("**/teach/")
