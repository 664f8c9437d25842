"""The loop closed, by everybody's own requests: a programme is announced, aired late, and opens its quiz for who heard it.

The teacher publishes on her form, the stations report by API, two children text and dial over the network's webhooks, and the
jobs that the clock runs send what is due.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import time_machine
from sqlalchemy import select

from broadcast_schedule import carriage, offers
from broadcast_schedule.tables import Coverage
from gateway.tables import Outbox
from lessons.library import library
from schools import consent, people
from schools.tables import Class, School
from tests.broadcast_schedule.conftest import Plan, two_stations
from tests.classroom import QUIZ, form_of
from tests.gateway.fixtures import add_line
from tests.schools.conftest import Person, two_schools
from workers import inbox, periodic

__all__ = ["two_schools"]
SUNDAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 08.00 WIB, 10.00 WIT: one programme, relayed to the east
DEWI, YOHANA = "+6281200000011", "+6281200000022"  # of Yogyakarta, of Jayapura


class Monday:
    def __init__(self, app, database, two_schools):
        self.app, self.database = app, database
        self.network = two_stations(database)
        self.plan = Plan(self.network)
        slot = self.plan.slot()
        self.plan.do(offers.offer, slot, self.network.east, "relay", 0, "", SUNDAY)
        self.plan.do(carriage.carry, slot, self.network.east, "relay")
        self.plan.publish(SUNDAY)
        self.lines = {medium: add_line(app, "africastalking", medium, address=f"77{medium}") for medium in ("ussd", "sms")}
        with database.writing() as db:
            for school, station, name, phone in ((two_schools.A, 1, "Dewi", DEWI), (two_schools.B, 2, "Yohana", YOHANA)):
                row = people.add_learner(db, db.get_one(Class, school.room), name, phone, SUNDAY)
                row.language = "id"
                consent.give(db, row.id, "Ibu", "paper", SUNDAY)
                db.add(Coverage(station_id=station, region_id=db.get(School, school.school).region_id))
        self.ids = count()

    def text(self, phone, said):
        fields = {"from": phone, "to": "77sms", "text": said, "id": f"m{next(self.ids)}", "date": ""}
        self.app.test_client().post(f"/gateway/africastalking/{self.lines['sms'].token}/sms", data=fields)
        inbox.answer_waiting()
        return self.sent()[-1][1].split("\n")[0]

    def dial(self, phone, text):
        fields = {"sessionId": f"s{phone}", "phoneNumber": phone, "text": text}
        return self.app.test_client().post(f"/gateway/africastalking/{self.lines['ussd'].token}/ussd", data=fields).text

    def sent(self):
        with self.database.reading() as db:
            return [(row.msisdn, row.text) for row in db.scalars(select(Outbox).order_by(Outbox.id))]

    def tick(self):
        """What the clock runs."""
        before = len(self.sent())
        periodic.run_due(periodic.Periodic())
        return self.sent()[before:]

    def teach(self):
        guru = Person(self.app.test_client())
        guru.log_in("guru.a")
        page = guru.client.get("/teach/quizzes/new").text
        assert 'value="1@2026-11-23T08:00"' in page
        fields = {**form_of(QUIZ), "after": "1@2026-11-23T08:00", "csrf_token": guru.token("/teach/quizzes/new"), "do": "publish"}
        answer = guru.client.post("/teach/quizzes/new", data=fields)
        assert (answer.status_code, "stopped" in answer.location) == (303, False)

    def report(self, station, start, end):
        key = self.network.keys[station].key
        body = {"airings": [{"start": start.isoformat(), "end": end.isoformat(), "title": "X-Sains"}]}
        answer = self.app.test_client().post(
            f"/api/v1/stations/{station}/as-run", json=body, headers={"Authorization": f"Bearer {key}"}
        )
        assert [one["result"] for one in answer.json["results"]] == ["recorded"]


@pytest.fixture
def monday(app, database, two_schools):
    with time_machine.travel(SUNDAY, tick=False):
        yield Monday(app, database, two_schools)


def at(moment):
    library().expire()
    return time_machine.travel(moment, tick=False)


def minutes(n):
    return timedelta(minutes=n)


def test_a_programme_is_announced_aired_late_and_opens_its_quiz(monday):
    monday.teach()
    assert monday.dial(YOHANA, "jadwal") == (
        "CON RRI Jayapura\n1. Sen 10.00-10.30 WIT: X-Sains\n2. Sen 30/11 10.00-10.30 WIT: X-Sains\n0.Kembali"
    )
    assert monday.dial(YOHANA, "jadwal*1").split("\n")[3] == "1. Ingatkan 15 menit sebelumnya"
    assert monday.dial(YOHANA, "jadwal*1*1").startswith("CON Kamu di-SMS 15 menit sebelum tiap siaran X-Sains, RRI Jayapura.")
    assert monday.text(DEWI, "Ingatkan x-sains").startswith("Kamu di-SMS 15 menit sebelum tiap siaran X-Sains, TVRI Nasional.")
    assert monday.text(DEWI, "DAUN") == "Kuis Tumbuhan hijau dibuka sesudah siarannya, Sen 23/11 08.30 WIB."
    with at(MONDAY - minutes(15)):
        assert monday.tick() == [
            (DEWI, "Jam 08.00 WIB: X-Sains di TVRI Nasional. Berhenti: INGATKAN J1 BATAL"),
            (YOHANA, "Jam 10.00 WIT: X-Sains di RRI Jayapura. Berhenti: INGATKAN 101 BATAL"),
        ]
        assert (monday.tick(), monday.text(YOHANA, "INGATKAN 101 BATAL")) == (
            [],
            "Baik. Kamu tidak diingatkan lagi tentang X-Sains.",
        )
    with at(MONDAY + minutes(20)):  # it began twelve minutes late in the east
        monday.report("rri-jayapura", MONDAY + minutes(12), MONDAY + minutes(42))
    with at(MONDAY + minutes(30)):
        assert monday.text(DEWI, "daun") == "1/4 Apa yang menyerap air dari tanah?"
    with at(MONDAY + timedelta(days=7, minutes=-15)):
        assert [phone for phone, _text in monday.tick()] == [DEWI]
