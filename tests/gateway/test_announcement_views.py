"""Announcements as pages: counted first, confirmed with a typed number above a hundred, seen as they go, stopped."""

from __future__ import annotations

import re

import pytest
from lxml import html
from sqlalchemy import select

from core import clock
from gateway import broadcasts
from gateway.tables import Broadcast, Outbox, SchoolBudget
from schools import staff
from schools.tables import Class, Consent, Learner, Region, School
from tests.schools.conftest import HASHED, Person


@pytest.fixture
def place(database, make_line):
    """Two schools; 5A of the first has three learners on two numbers, and one without consent."""
    line = make_line("http", "sms", prices={"": 300})
    with database.writing() as db:
        region = Region(code="34.71", name="Kota Contoh", kind="city", time_zone="Asia/Jakarta")
        db.add(region)
        db.flush()
        schools = [School(npsn=f"6030000{n}", name=f"SD {n}", region_id=region.id, time_zone="Asia/Jakarta") for n in (1, 2)]
        db.add_all(schools)
        db.flush()
        rooms = [Class(school_id=school.id, name="5A", grade=5) for school in schools]
        db.add_all(rooms)
        db.flush()
        for n, (digit, state) in enumerate(((1, "given"), (1, "given"), (2, "given"), (3, "refused"))):
            add_learner(db, schools[0].id, rooms[0].id, f"+6281200000{digit}", state, n)
        for login, role, of in (("guru", "teacher", 0), ("guru2", "teacher", 1), ("operator", "operator", None)):
            staff.create(db, login, login.title(), role, HASHED, clock.now(), school_id=None if of is None else schools[of].id)
        return {"line": line.id, "school": schools[0].id, "room": rooms[0].id, "other": rooms[1].id}


def add_learner(db, school, room, msisdn, state, n=0):
    learner = Learner(school_id=school, class_id=room, name=f"Murid {n}", msisdn=msisdn, created_at=clock.now(), language="id")
    db.add(learner)
    db.flush()
    db.add(Consent(learner_id=learner.id, state=state, guardian="Wali", how="paper", text_version="1", at=clock.now()))


class Desk:
    def __init__(self, app, login, address):
        self.client, self.address = app.test_client(), address
        Person(self.client).log_in(login)

    def form(self, **fields):
        page = html.fromstring(self.client.get(self.address).get_data())
        return page, self._sent(page, fields)

    def _sent(self, page, fields):
        form = next(f for f in page.forms if f.get("action") == self.address)
        data = {**dict(form.form_values()), **fields}
        return self.client.post(self.address, data=data)

    def count(self, **fields):
        _, answer = self.form(**fields)
        return answer

    def send(self, counted, **fields):
        return self._sent(html.fromstring(counted.get_data()), {"send": "1", **fields})


@pytest.fixture
def teacher(app, place):
    return Desk(app, "guru", "/teach/announcements")


@pytest.fixture
def operator(app, place):
    return Desk(app, "operator", "/ops/announcements")


def messages(database):
    with database.reading() as db:
        return [(row.msisdn, row.text, row.state) for row in db.scalars(select(Outbox).order_by(Outbox.msisdn))]


def words(answer):
    return " ".join(html.fromstring(answer.get_data()).text_content().split())


def test_a_teacher_counts_and_then_sends_to_her_class(teacher, database, place):
    counted = teacher.count(text="Besok ulangan IPA")
    assert counted.status_code == 200
    said = words(counted)
    assert re.search(r"Penerima2 nomor 2 murid tidak menerima.* Segmen2 Biaya.?Rp.600", said), said
    assert messages(database) == []
    sent = teacher.send(counted)
    assert (sent.status_code, sent.location) == (303, "/teach/announcements/1")
    assert [one[:2] for one in messages(database)] == [
        ("+62812000001", "Besok ulangan IPA"),
        ("+62812000002", "Besok ulangan IPA"),
    ]
    assert (teacher.send(counted).location, len(messages(database))) == ("/teach/announcements/1", 2)  # the form came twice
    with database.reading() as db:
        assert db.scalars(select(Broadcast.class_id)).all() == [place["room"]]


def test_more_than_a_hundred_want_their_number_typed(operator, database, place, monkeypatch):
    monkeypatch.setattr(broadcasts, "MOST_UNASKED", 1)
    counted = operator.count(npsn="60300001", text="Libur")
    wrong = operator.send(counted, typed="3")
    assert (wrong.status_code, html.fromstring(wrong.get_data()).xpath("//span[@class='fault']/@id")) == (422, ["typed-fault"])
    assert messages(database) == []
    assert operator.send(wrong, typed=" 2 ").status_code == 303
    assert len(messages(database)) == 2


def test_its_page_says_what_became_of_it_and_stops_the_rest(teacher, database):
    address = teacher.send(teacher.count(text="Halo")).location
    with database.writing() as db:
        db.scalars(select(Outbox).where(Outbox.msisdn == "+62812000001")).one().state = "delivered"
    page = html.fromstring(teacher.client.get(address).get_data())
    assert page.xpath("string(//h1)") == "Pengumuman sedang berangkat"
    form = next(f for f in page.forms if f.get("action") == f"{address}/stop")
    assert teacher.client.post(f"{address}/stop", data=dict(form.form_values())).status_code == 303
    assert [state for _, _, state in messages(database)] == ["delivered", "cancelled"]
    page = html.fromstring(teacher.client.get(address).get_data())
    assert (page.xpath("string(//h1)"), [f.get("action") for f in page.forms]) == ("Pengumuman selesai", ["/logout"])


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": ""}, ["text-fault"]), ({"text": "x" * 640}, ["text-fault"]), ({"line": "99"}, ["line-fault"]),
        ({"class": "999999"}, ["class-fault"]), ({"class": ""}, ["class-fault"]),
        ({"text": " ", "line": ""}, ["line-fault", "text-fault"]),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field(teacher, database, fields, wrong):
    answer = teacher.count(**{"text": "Halo", **fields})
    assert (answer.status_code, html.fromstring(answer.get_data()).xpath("//span[@class='fault']/@id")) == (422, wrong)


def test_an_operator_names_the_school_and_may_name_the_class(operator, database, place):
    assert operator.count(npsn="1", text="x").status_code == 422
    assert operator.count(npsn="60300001", text="x", **{"class": "9Z"}).status_code == 422
    assert operator.send(operator.count(npsn="60300001", text="Semua")).location == "/ops/announcements/1"
    assert operator.send(operator.count(npsn="60300001", text="Satu", **{"class": "5A"})).location == "/ops/announcements/2"
    with database.reading() as db:
        assert db.scalars(select(Broadcast.class_id).order_by(Broadcast.id)).all() == [None, place["room"]]


def test_another_schools_class_and_announcement_are_not_there(app, teacher, operator, database, place):
    assert teacher.count(text="x", **{"class": str(place["other"])}).status_code == 422
    teacher.send(teacher.count(text="Rahasia"))
    other = Desk(app, "guru2", "/teach/announcements")
    assert "Rahasia" not in other.client.get("/teach/announcements").text
    assert [other.client.get(f"/teach/announcements/{n}").status_code for n in (1, 2)] == [404, 404]
    crossed = ((teacher, "/ops/announcements"), (operator, "/teach/announcements"))
    assert [desk.client.get(address).status_code for desk, address in crossed] == [404, 404]


def test_a_teacher_announces_ten_times_a_day(teacher, database):
    for n in range(10):
        assert teacher.send(teacher.count(text=f"Kabar {n}")).status_code == 303
    refused = teacher.send(teacher.count(text="Kabar lagi"))
    assert (refused.status_code, len(messages(database))) == (422, 20)


def test_what_the_schools_limit_leaves_is_said(teacher, database, place):
    with database.writing() as db:
        db.add(SchoolBudget(school_id=place["school"], daily_segments=1))
    assert "Batas sekolah hari ini tinggal 1" in words(teacher.count(text="Halo"))


def test_nobody_with_consent_is_said_and_nothing_can_be_sent(app, database, place):
    with database.writing() as db:
        add_learner(db, db.scalar(select(School.id).where(School.npsn == "60300002")), place["other"], "+62812000009", "refused")
    desk = Desk(app, "guru2", "/teach/announcements")
    counted = desk.count(text="Halo")
    assert "Tidak ada nomor yang walinya sudah setuju" in words(counted)
    assert (desk.send(counted, nonce="0" * 32).status_code, messages(database)) == (422, [])
