from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from core import clock
from lessons.tables import Answer, Attempt
from schools import consent, people
from schools.tables import Class
from tests.classroom import NOW, QUIZ, answer, publish
from tests.lessons.test_judging import marks

ITEM = "/teach/quizzes/1/items/i3"


@pytest.fixture
def quiz(database, two_schools):
    """A published quiz; two learners of school A answered "asimilasi", which is not its key."""
    quiz = publish(database, two_schools.A.teacher)
    with database.writing() as db:
        other = people.add_learner(db, db.get(Class, two_schools.A.room), "Siti", "0812 3456 7891", NOW).id
        consent.give(db, other, "Ibu Siti", "paper", NOW)
    for learner in (two_schools.A.learner, other):
        answer(database, quiz, learner, "rwwr", typed="asimilasi")
    return quiz


def test_an_answer_is_accepted_in_one_click_with_its_count_before(teacher, database, quiz):
    results = teacher.client.get("/teach/quizzes/1/results").text
    assert f'href="{ITEM}"' in results
    page = teacher.client.get(ITEM).text
    assert "2 jawaban menjadi benar" in page
    done = teacher.post(f"{ITEM}/accept", page=ITEM, key="asimilasi", mark="right")
    assert (done.status_code, done.location) == (303, f"{ITEM}#trail")
    after = teacher.client.get(ITEM).text
    assert "2 jawaban menjadi benar: asimilasi." in after
    assert "Kunci soal ini sekarang menerimanya juga." in after
    assert "asimilasi diterima sebagai benar" in after
    assert "Guru A" in after
    assert [mark for _, mark, _ in marks(database, quiz)] == ["right", "wrong", "right", "right"] * 2
    csv = teacher.client.get("/teach/quizzes/1/results.csv").text
    assert len(re.findall(r'"i3","[^"]*","asimilasi","right","100"', csv)) == 2


def test_pressing_twice_changes_nothing_twice(teacher, database, quiz):
    for _ in range(2):
        teacher.post(f"{ITEM}/accept", page=ITEM, key="asimilasi", mark="right")
    assert "Tidak ada yang berubah" in teacher.client.get(ITEM).text


def test_it_is_undone_on_the_page(teacher, database, quiz):
    before = marks(database, quiz)
    teacher.post(f"{ITEM}/accept", page=ITEM, key="asimilasi")
    assert teacher.post("/teach/quizzes/1/remarks/1/undo", page=ITEM).status_code == 303
    page = teacher.client.get("/teach/quizzes/1/remarks").text
    assert ("2 jawaban kembali ke nilai semula." in page, "diurungkan Guru A" in page) == (True, True)
    assert marks(database, quiz) == before


def test_another_school_finds_nothing_to_decide(teacher, stranger, database, quiz):
    teacher.post(f"{ITEM}/accept", page=ITEM, key="asimilasi")
    before = marks(database, quiz)
    for address in (ITEM, "/teach/quizzes/1/remarks"):
        assert stranger.client.get(address).status_code == 404
    for address in (f"{ITEM}/accept", f"{ITEM}/remark", "/teach/quizzes/1/remarks/1/undo"):
        assert stranger.post(address, page="/teach/quizzes/new", key="asimilasi").status_code == 404
    assert marks(database, quiz) == before


def test_a_shared_quiz_is_decided_by_each_school_for_itself(teacher, stranger, database, two_schools):
    quiz = publish(database, two_schools.A.teacher, QUIZ, shared=True)
    for school in (two_schools.A, two_schools.B):
        answer(database, quiz, school.learner, "rwwr", typed="asimilasi")
    assert "1 jawaban menjadi benar" in stranger.client.get(ITEM).text
    stranger.post(f"{ITEM}/accept", page=ITEM, key="asimilasi")
    assert [mark for _, mark, _ in marks(database, quiz)] == [
        "right",
        "wrong",
        "wrong",
        "right",
        "right",
        "wrong",
        "right",
        "right",
    ]
    assert "Guru B" not in teacher.client.get("/teach/quizzes/1/remarks").text
    assert teacher.post("/teach/quizzes/1/remarks/1/undo", page=ITEM).status_code == 404


@pytest.mark.parametrize("key", ["", "osmosis", "x" * 500, "\0", "=akar"])
def test_what_nobody_said_is_refused_in_a_sentence(teacher, database, quiz, key):
    assert teacher.post(f"{ITEM}/accept", page=ITEM, key=key).location == ITEM
    assert "Jawaban itu tidak ada di antara jawaban murid." in teacher.client.get(ITEM).text


@pytest.mark.parametrize(
    "address", ["/teach/quizzes/1/items/nope", "/teach/quizzes/9/items/i3", f"/teach/quizzes/1/items/{'x' * 30}"]
)
def test_what_is_not_there_is_404(teacher, quiz, address):
    assert teacher.client.get(address).status_code == 404


def test_a_mended_key_offers_to_mark_again(teacher, database, quiz):
    with database.writing() as db:
        for row in db.query(Answer).filter_by(item_id="i4"):
            row.typed = "benar"  # taken for right once, by a key that was wrong
    page = teacher.client.get("/teach/quizzes/1/items/i4").text
    assert "2 nilai akan berubah: 0 menjadi benar, 2 menjadi salah" in page
    teacher.post("/teach/quizzes/1/items/i4/remark", page="/teach/quizzes/1/items/i4")
    assert "2 nilai berubah menurut kunci yang sekarang." in teacher.client.get("/teach/quizzes/1/items/i4").text
    assert "Kuncinya sudah berubah" not in teacher.client.get("/teach/quizzes/1/items/i4").text


def test_results_are_a_workbook_too(teacher, stranger, quiz):
    answer = teacher.client.get("/teach/quizzes/1/results.xlsx")
    assert (answer.data[:2], answer.headers["Content-Disposition"]) == (b"PK", 'attachment; filename="hasil-DAUN.xlsx"')
    assert stranger.client.get("/teach/quizzes/1/results.xlsx").status_code == 404


def test_almost_right_is_told_apart_on_the_pages(teacher, database, quiz, two_schools):
    answer(database, quiz, two_schools.A.learner, "raww", number=2)
    for address in (f"/teach/quizzes/{quiz}/results", f"/teach/learners/{two_schools.A.learner}"):
        assert "1 dari 4, 1 hampir" in " ".join(teacher.client.get(address).text.split()), address
    with database.writing() as db:
        consent.give(db, two_schools.A.learner, "Wali", "paper", NOW)
        db.execute(update(Attempt).values(started_at=clock.now()))
    assert "1 dari 4 benar, 1 hampir" in " ".join(teacher.client.get(f"/teach/classes/{two_schools.A.room}").text.split())


def test_an_item_says_which_answers_are_almost_right(teacher, database, two_schools):
    quiz = publish(database, two_schools.A.teacher)
    answer(database, quiz, two_schools.A.learner, "rrar", typed="fotosintesi")
    page = teacher.client.get(f"/teach/quizzes/{quiz}/items/i3").text
    assert [words in page for words in ("0 dari 1 benar, 1 hampir.", "≈ fotosintesi", "fotosintesi (hampir benar)")] == [True] * 3
