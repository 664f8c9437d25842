from __future__ import annotations

import io
import re

from core import sheets
from schools import people

ROSTER = "nama,nomor,kelas,persetujuan,wali,cara\nTuti,081233334444,5A,setuju,Bu Tuti,kertas\nTono,081255556666,6B,,,\n"


def send(person, text):
    raw = text if isinstance(text, bytes) else text.encode()
    data = {"csrf_token": person.token("/school/import"), "file": (io.BytesIO(raw), "murid.csv")}
    return person.client.post("/school/import", data=data, content_type="multipart/form-data")


def confirm(person, report):
    held = re.search(r'name="held" value="([^"]+)"', report.text).group(1)
    return person.post("/school/import/learners", page="/school/import", held=held)


def names(database, school):
    with database.reading() as db:
        return [learner.name for learner in people.learners(db, school)]


def test_a_report_changes_nothing_and_its_button_does_what_it_showed(person, database, two_schools):
    person.log_in("guru.a")
    report = send(person, ROSTER)
    assert (report.status_code, names(database, two_schools.A.school)) == (200, ["Murid A"])
    assert [words in report.text for words in ("2 baru, 0 diubah, 0 sama", "•••444", "Impor 2 murid")] == [True] * 3
    assert "081233334444" not in report.text
    assert confirm(person, report).status_code == 303
    assert names(database, two_schools.A.school) == ["Murid A", "Tono", "Tuti"]
    assert "sudah sama dengan yang ada" in send(person, ROSTER).text


def test_refused_rows_are_named_and_the_good_ones_can_be_taken(person, database, two_schools):
    person.log_in("guru.a")
    report = send(person, ROSTER + "Tini,021,5A,,,\n")
    assert [words in report.text for words in ("1 baris ditolak", "Baris 4:")] == [True, True]
    confirm(person, report)
    assert names(database, two_schools.A.school) == ["Murid A", "Tono", "Tuti"]
    assert send(person, "apa,saja\n1,2\n").status_code == 422


def test_a_report_of_another_school_does_nothing(person, another, database, two_schools):
    person.log_in("guru.a")
    held = re.search(r'name="held" value="([^"]+)"', send(person, ROSTER).text).group(1)
    another.log_in("guru.b")
    assert another.post("/school/import/learners", page="/school/import", held=held).status_code == 400
    assert names(database, two_schools.B.school) == ["Murid B"]


def test_the_roster_of_her_own_school_goes_out_and_changes_nothing_coming_back(person, database, two_schools):
    person.log_in("guru.b")
    for format_ in ("csv", "xlsx"):
        raw = person.client.get(f"/school/roster.{format_}").data
        assert [row.cells[1:4] for row in sheets.read(raw)] == [("name", "msisdn", "class"), ("Murid B", "+6281234567890", "5A")]
        assert "sudah sama dengan yang ada" in send(person, raw).text
    assert person.client.get("/school/roster.pdf").status_code == 404


def test_an_admin_chooses_a_school_first_and_a_planner_has_none(person, another):
    person.log_in("admin")
    assert person.client.get("/school/import").status_code == 303
    another.log_in("jadwal")
    assert [another.client.get(path).status_code for path in ("/school/import", "/school/roster.csv")] == [404, 404]
