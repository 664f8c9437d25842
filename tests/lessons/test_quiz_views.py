from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from core import clock
from lessons import forms, media_views
from lessons.course import Item, quiz_to_json
from lessons.tables import Quiz, QuizEdition
from tests.classroom import QUIZ, answer, form_of, publish, with_item

NEW = "/teach/quizzes/new"


def send(person, address, quiz=QUIZ, page=NEW, version=0, **more):
    return person.client.post(address, data={"csrf_token": person.token(page), **form_of(quiz, version), **more})


def rows(database):
    with database.reading() as db:
        found = db.scalars(select(Quiz).order_by(Quiz.id)).all()
        db.expunge_all()
        return found


def faults(html):
    """{field: what stands beside it}"""
    found = re.findall(r'<span id="([^"]+)-fault"[^>]*>(.*?)</span>\s*(?=</div>|<span|\n|$)', html, re.S)
    return {name: re.sub(r"<[^>]+>|[▲△]", "", text).strip() for name, text in found if "fault" in text}


def test_the_journey_of_a_quiz(teacher, database, two_schools):
    assert "Belum ada kuis dari sekolah Anda" in teacher.client.get("/teach/").text
    saved = send(teacher, NEW, do="save")
    assert (saved.status_code, saved.location) == (303, "/teach/quizzes/1")
    page = teacher.client.get("/teach/quizzes/1").text
    assert ("1/4 Apa yang menyerap air dari tanah?" in page, "Belum diterbitkan" in page) == (True, True)
    published = teacher.post("/teach/quizzes/1/publish", page="/teach/quizzes/1")
    assert (published.status_code, published.location) == (303, "/teach/quizzes/1")
    assert "Kuis ini terbit. Murid memulainya dengan mengirim DAUN." in teacher.client.get("/teach/quizzes/1").text
    answer(database, 1, two_schools.A.learner, "rwaw")
    results = teacher.client.get("/teach/quizzes/1/results").text
    assert "Soal 2 paling sulit: 1 dari 1 jawaban salah." in results
    assert "1 dari 1 benar" in results
    table = teacher.client.get("/teach/quizzes/1/results.csv")
    assert (table.mimetype, table.text.count("\r\n")) == ("text/csv", 5)
    assert table.headers["Content-Disposition"] == 'attachment; filename="hasil-DAUN.csv"'
    assert teacher.client.get("/teach/quizzes/1/results.csv?excel=1").text[:1] == "\ufeff"


def test_a_blank_form_scolds_nobody(teacher):
    page = teacher.client.get(NEW).text
    assert (faults(page), "KUIS1" in page) == ({}, True)


def test_what_is_not_written_is_not_called_ready(teacher):
    assert "Siap diterbitkan" not in teacher.client.get(NEW).text
    assert "Siap diterbitkan" not in send(teacher, NEW, do="add:number").text
    assert "Siap diterbitkan" in send(teacher, NEW, do="preview").text


def test_a_shared_quiz_is_listed_in_the_readers_zone(teacher, stranger, database, two_schools):
    opens = clock.now().replace(2026, 11, 20, 1, 0)
    publish(database, two_schools.A.teacher, replace(QUIZ, opens_at=opens), shared=True)
    listed = stranger.client.get("/teach/").text
    assert ("mulai Jumat, 20 November 2026 10.00 WIT" in listed, " WIB" in listed) == (True, False)


def test_problems_stand_beside_their_fields(teacher):
    page = send(teacher, NEW, with_item(at=1, key={"unit": "km"}), do="preview").text
    assert faults(page) == {"items.1.number": "Belum ada jawaban yang benar. Tulis angkanya, misalnya 12 atau 0,5 atau 1/2."}


def test_a_question_that_was_just_added_is_not_scolded_and_is_written_on_next(teacher):
    page = send(teacher, NEW, do="add:number").text
    assert faults(page) == {}
    assert re.findall(r'id="([^"]+)"[^>]*autofocus', page) == ["items.4.prompt"]


def test_publishing_says_what_stops_it_and_keeps_what_was_written(teacher, database):
    sent = send(teacher, NEW, with_item(at=1, key={}), do="publish")
    assert sent.location == "/teach/quizzes/1?stopped=1"
    page = teacher.client.get(sent.location).text
    assert "Betulkan dulu, lalu terbitkan" in page
    assert '<a href="#items.1.number">Belum ada jawaban yang benar.</a>' in page
    [row] = rows(database)
    assert (row.edition_id, row.draft["title"]) == (None, {"id": "Tumbuhan hijau"})


def test_the_form_publishes_what_it_holds(teacher, database):
    send(teacher, NEW, do="save")
    sent = send(teacher, "/teach/quizzes/1/publish", replace(QUIZ, title={"id": "Lain"}), version=1, do="publish")
    assert sent.status_code == 303
    with database.reading() as db:
        assert [edition.content["title"] for edition in db.scalars(select(QuizEdition))] == [{"id": "Lain"}]


def test_a_taken_keyword_is_told_and_nothing_typed_is_lost(teacher, database, two_schools):
    publish(database, two_schools.B.teacher)
    sent = send(teacher, NEW, with_item(at=3, prompt={"id": "Ini soal yang panjang"}), do="save")
    assert sent.status_code == 200
    assert faults(sent.text)["keyword"] == "Kata kunci DAUN sudah dipakai kuis lain. Yang masih bebas: DAUN2."
    assert "Ini soal yang panjang</textarea>" in sent.text
    assert len(rows(database)) == 1


def test_a_second_writer_is_told_loses_nothing_and_may_overwrite(teacher, another, database):
    send(teacher, NEW, do="save")
    another.log_in("guru.a")
    assert send(another, "/teach/quizzes/1", replace(QUIZ, title={"id": "Satu"}), version=1, do="save").status_code == 303
    late = send(teacher, "/teach/quizzes/1", replace(QUIZ, title={"id": "Dua"}), version=1, do="save")
    assert late.status_code == 200
    assert "Kuis ini sudah diubah di tempat lain sementara Anda menulis." in late.text
    assert 'value="Dua"' in late.text
    assert rows(database)[0].draft["title"] == {"id": "Satu"}
    assert re.search(r'name="version" value="(\d+)"', late.text).group(1) == "2"
    send(teacher, "/teach/quizzes/1", replace(QUIZ, title={"id": "Dua"}), version=2, do="save")
    assert rows(database)[0].draft["title"] == {"id": "Dua"}


def test_what_cannot_be_read_is_shown_again_and_not_saved(teacher, database):
    sent = send(teacher, NEW, opens_at="besok pagi", do="save")
    assert (sent.status_code, 'value="besok pagi"' in sent.text, rows(database)) == (200, True, [])
    assert faults(sent.text)["opens_at"].startswith("Tanggal dan jam ini tidak terbaca.")


def test_opening_is_said_in_the_schools_zone(stranger, database):
    sent = send(stranger, NEW, opens_at="2027-01-04T08:00", do="save")
    assert sent.status_code == 303
    [row] = rows(database)
    assert (row.draft["opens_at"], row.draft["time_zone"]) == ("2027-01-03T23:00:00+00:00", "Asia/Jayapura")
    page = stranger.client.get("/teach/quizzes/1").text
    assert ("Dibuka (WIT)" in page, 'value="2027-01-04T08:00"' in page) == (True, True)


def test_the_preview_is_the_phone_and_the_places_of_problems(teacher):
    send(teacher, NEW, do="save")
    part = send(teacher, "/teach/quizzes/1/preview", with_item(prompt={"id": "a" * 200}), version=1, at="0")
    assert part.status_code == 200
    assert ('<mark class="over">' in part.text, "<html" in part.text) == (True, False)
    slots = re.findall(r'<span id="([^"]+)-fault" hx-swap-oob="true">', part.text)
    form = set(re.findall(r'<span id="([^"]+)-fault">', teacher.client.get("/teach/quizzes/1").text))
    assert set(slots) <= form
    assert len(slots) == len(set(slots))


def typed_in(page):
    """[(name, value)] of everything that a browser would send of the form, an empty file for each that may be handed in."""
    form = html.fromstring(page).get_element_by_id("quiz")
    found = []
    for field in form.xpath(".//input | .//textarea | .//select"):
        if field.get("type") == "file":
            found.append((field.get("name"), (io.BytesIO(), "")))
        elif field.get("name") and (field.get("type") not in ("radio", "checkbox") or field.get("checked") is not None):
            found.append((field.get("name"), field.value or ""))
    return found


def test_the_largest_quiz_can_be_saved_as_its_form_sends_it(teacher, database, two_schools):
    choices = tuple({"id": f"kiri {k}"} for k in range(6))
    item = Item("i0", "matching", {"id": "Jodohkan"}, {"matches": [{"id": f"kanan {k}"} for k in range(6)]}, choices)
    quiz = publish(database, two_schools.A.teacher, replace(QUIZ, items=(item, replace(item, id="i1"))))
    sent = typed_in(teacher.client.get(f"/teach/quizzes/{quiz}").text)
    of_one = sum(name.startswith("items.1.") for name, _ in sent)
    assert len(sent) + (forms.MOST_ITEMS - 2) * of_one < min(forms.MOST_FIELDS, media_views.PARTS)
    more = [(f"x{n}", "") for n in range(forms.MOST_ITEMS * of_one)]
    data = MultiDict([("title", "Lain") if name == "title" else (name, held) for name, held in (*sent, *more, ("do", "save"))])
    saved = teacher.client.post(f"/teach/quizzes/{quiz}", data=data, content_type="multipart/form-data")
    assert (saved.status_code, rows(database)[0].draft["title"]) == (303, {"id": "Lain"})


def test_the_preview_without_javascript_is_the_same_drawing(teacher):
    part = send(teacher, NEW + "/preview", at="1").text
    whole = send(teacher, NEW, do="show:1").text
    screens = re.findall(r"<samp.*?</samp>", part, re.S)
    assert screens == re.findall(r"<samp.*?</samp>", whole, re.S)
    assert screens[0] == '<samp class="screen" lang="id">2/4 Berapa kg 2,5 kg dan 750 g?\n00.Menu</samp>'


def test_rupiah_stand_beside_segments_where_a_price_is_known(teacher, app):
    assert "Rp " not in send(teacher, NEW, do="preview").text  # a token of the page may have these two letters in it
    app.extensions["segment_price"] = lambda: 350
    page = send(teacher, NEW, do="preview").text
    assert re.search(r"1 segmen,\s+Rp 350", page)
    assert re.search(r"paling banyak 5 segmen,\s+Rp 1\.750", page)


def test_a_copy_is_hers(teacher, stranger, database, two_schools):
    shared = publish(database, two_schools.B.teacher, shared=True)
    with database.writing() as db:
        db.get(Quiz, shared).draft = quiz_to_json(replace(QUIZ, title={"id": "Ujian bulan depan"}))
    sent = teacher.post(f"/teach/quizzes/{shared}/duplicate", page="/teach/quizzes/new")
    assert sent.location == "/teach/quizzes/2"
    copy = rows(database)[1]  # of another's quiz what is published, and nothing of what is still being written
    assert (copy.school_id, copy.keyword, copy.draft["title"]) == (two_schools.A.school, "DAUN2", {"id": "Tumbuhan hijau (2)"})


def test_putting_away_can_be_undone(teacher, database, two_schools):
    quiz = publish(database, two_schools.A.teacher)
    gone = teacher.post(f"/teach/quizzes/{quiz}/archive", page=f"/teach/quizzes/{quiz}")
    assert gone.location == f"/teach/?gone={quiz}"
    assert f'action="/teach/quizzes/{quiz}/restore"' in teacher.client.get(gone.location).text
    assert "Tumbuhan hijau" in teacher.client.get("/teach/?archived=1").text
    teacher.post(f"/teach/quizzes/{quiz}/restore", page=gone.location)
    assert rows(database)[0].archived_at is None


@pytest.mark.parametrize("path", ["", "/results", "/results.csv"])
def test_another_schools_quiz_is_not_there_to_read(stranger, database, two_schools, path):
    quiz = publish(database, two_schools.A.teacher)
    assert stranger.client.get(f"/teach/quizzes/{quiz}{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "/preview", "/publish", "/duplicate", "/archive", "/restore"])
def test_another_schools_quiz_is_not_there_to_change(stranger, database, two_schools, path):
    quiz = publish(database, two_schools.A.teacher)
    with database.reading() as db:
        before = quiz_to_json_of(db, quiz)
    sent = send(stranger, f"/teach/quizzes/{quiz}{path}", replace(QUIZ, title={"id": "x"}), version=2, do="save")
    assert sent.status_code == 404
    with database.reading() as db:
        assert quiz_to_json_of(db, quiz) == before
        assert db.scalar(select(func.count()).select_from(Quiz)) == 1


def quiz_to_json_of(db, quiz):
    row = db.get(Quiz, quiz)
    return (row.draft, row.archived_at, row.edition_id, row.version)


def test_a_shared_quiz_is_read_by_all_and_changed_by_none(teacher, stranger, database, two_schools):
    quiz = publish(database, two_schools.A.teacher, shared=True)
    answer(database, quiz, two_schools.A.learner, "rrrr")
    answer(database, quiz, two_schools.B.learner, "wwww")
    assert teacher.client.get(f"/teach/quizzes/{quiz}").location == f"/teach/quizzes/{quiz}/results"
    assert send(teacher, f"/teach/quizzes/{quiz}", version=2, do="save").status_code == 404
    mine, theirs = (p.client.get(f"/teach/quizzes/{quiz}/results.csv").text for p in (teacher, stranger))
    assert (mine.count('"right"'), mine.count('"wrong"'), theirs.count('"right"'), theirs.count('"wrong"')) == (4, 0, 0, 4)
    assert "1 murid menjawab" in teacher.client.get(f"/teach/quizzes/{quiz}/results").text


def test_a_shared_draft_is_nobodys_to_see(teacher, database, two_schools):
    quiz = publish(database, two_schools.A.teacher, shared=True)
    with database.writing() as db:
        db.get(Quiz, quiz).edition_id = None
    assert teacher.client.get(f"/teach/quizzes/{quiz}/results").status_code == 404


def test_an_admin_sees_every_school(another, database, two_schools):
    quiz = publish(database, two_schools.A.teacher)
    answer(database, quiz, two_schools.B.learner, "r")
    another.log_in("admin")
    assert another.client.get(f"/teach/quizzes/{quiz}").status_code == 200
    assert another.client.get(f"/teach/quizzes/{quiz}/results.csv").text.count("\r\n") == 2


@pytest.mark.parametrize("login", ["jadwal", None])
def test_others_do_not_get_in(another, database, two_schools, login):
    quiz = publish(database, two_schools.A.teacher)
    if login:
        another.log_in(login)
    status = 404 if login else 303
    for path in ("/teach/", NEW, f"/teach/quizzes/{quiz}", f"/teach/quizzes/{quiz}/results.csv", "/teach/courses"):
        assert another.client.get(path).status_code == status, path


def test_results_are_sent_again_only_when_something_came(teacher, database, two_schools):
    quiz = publish(database, two_schools.A.teacher)
    page = teacher.client.get(f"/teach/quizzes/{quiz}/results").text
    again = re.search(r'hx-get="([^"]+)"', page).group(1)
    assert teacher.client.get(again).status_code == 204
    answer(database, quiz, two_schools.A.learner, "r", finished=False)
    assert teacher.client.get(again).status_code == 200


def test_a_closed_quiz_is_not_asked_again(teacher, database, two_schools):
    quiz = publish(database, two_schools.A.teacher, replace(QUIZ, closes_at=clock.now() - timedelta(hours=1)))
    assert "hx-get" not in teacher.client.get(f"/teach/quizzes/{quiz}/results").text


@pytest.mark.parametrize("sort", ["name", "-name", "class", "right", "-right", "at", "x", "-"])
def test_learners_are_sorted_by_plain_links(teacher, database, two_schools, sort):
    quiz = publish(database, two_schools.A.teacher)
    answer(database, quiz, two_schools.A.learner, "rw")
    assert teacher.client.get(f"/teach/quizzes/{quiz}/results?sort={sort}&order=hardest").status_code == 200


@pytest.mark.parametrize("id_", ["0", "99999", "9" * 30, "-1", "x", "1.0", "²"])
def test_a_quiz_that_is_not_there_is_404(teacher, id_):
    assert teacher.client.get(f"/teach/quizzes/{id_}").status_code == 404
    assert teacher.client.get(f"/teach/quizzes/{id_}/results").status_code == 404


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 200),
        ({"do": "add:number\x00"}, 200),
        ({"title": "\ud800", "do": "save"}, 303),
        ({"title": "\x00" * 9, "items.0.prompt": "<script>alert(1)</script>{{7*7}}", "do": "save"}, 303),
        ({"version": "9" * 30, "at": "9" * 30, "do": "show:" + "9" * 30}, 200),
        ({"version": "²", "attempts": "²", "do": "save"}, 200),
        ({f"x{n}": "" for n in range(50_000)}, 413),
        ({f"items.{n}.prompt": "x" for n in range(60)}, 400),
    ],
    ids=["empty", "nul", "surrogate", "script", "huge numbers", "digits that are none", "50,000 fields", "60 questions"],
)
def test_a_hostile_form_gets_a_page(teacher, fields, status):
    data = {"csrf_token": teacher.token(NEW), **fields}
    encoded = {key: value.encode("utf-8", "surrogatepass") if "\ud800" in value else value for key, value in data.items()}
    assert teacher.client.post(NEW, data=encoded).status_code == status


def test_what_was_typed_is_text_and_no_markup(teacher):
    page = send(teacher, NEW, with_item(prompt={"id": "<script>alert(1)</script>"}), do="preview").text
    assert ("<script>alert" in page, "&lt;script&gt;alert(1)&lt;/script&gt;" in page) == (False, True)


def test_the_list_says_what_waits(teacher, database, two_schools):
    publish(database, two_schools.A.teacher, replace(QUIZ, opens_at=clock.now() + timedelta(days=1)))
    send(teacher, NEW, replace(QUIZ, keyword="AKAR"), do="save")
    page = teacher.client.get("/teach/").text
    states = re.findall(r'class="tag state-(\w+)"', page)
    assert sorted(states) == ["draft", "scheduled"]


@pytest.mark.parametrize(("route", "warned"), [("strict", True), ("registered", False), ("none", False)])
def test_a_teacher_is_warned_of_what_her_lines_filter(app, teacher, two_schools, route, warned):
    app.extensions["sms_route"] = lambda: route
    page = send(teacher, "/teach/quizzes/new/preview", with_item(QUIZ, 0, prompt={"id": "Merdeka tahun 1945?"})).text
    assert ("dikira kode OTP" in page) is warned
