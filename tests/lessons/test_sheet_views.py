from __future__ import annotations

import re
from dataclasses import replace

import pytest

from lessons import authoring
from lessons.course import Item, quiz_from_json
from lessons.dialogue import sheets
from lessons.kinds import kinds
from lessons.tables import Quiz, QuizEdition
from schools.tables import Staff
from tests.classroom import NOW, QUIZ, answer, publish

PAGE = "/teach/quizzes/1/sheet"


def words(*texts):
    return tuple({"id": text} for text in texts)


KINDS = (
    Item("k1", "multiple_response", {"id": "Mana tumbuhan?"}, {"rights": [1, 3]}, words("Padi", "Ayam", "Jagung")),
    Item("k2", "ordering", {"id": "Urutkan"}, {}, words("Telur", "Ulat", "Kupu-kupu")),
    Item("k3", "matching", {"id": "Pasangkan:"}, {"matches": [{"id": "air"}, {"id": "gula"}]}, ({"id": "Akar"}, {"id": "Daun"})),
    Item("k4", "cloze", {"id": "Akar menyerap [air]."}, {}),
)  # fmt: skip


@pytest.fixture
def quiz(database, two_schools):
    return publish(database, two_schools.A.teacher, replace(QUIZ, items=(*QUIZ.items, *KINDS)))


def articles(page):
    return page.split('<article class="paper"')[1:]


def test_each_variant_is_a_sheet_with_its_code_and_no_answer(teacher, quiz):
    page = teacher.client.get(f"{PAGE}?variants=4").text
    codes = [re.search(r"<kbd>(Q\d+[B-D]?)</kbd>", article)[1] for article in articles(page)]
    assert codes == ["Q1", "Q1B", "Q1C", "Q1D"]
    assert [len(re.findall(r"<ol>.*</ol>", article, re.S)) for article in articles(page)] == [1] * 4
    # what is typed as words stands on no sheet: 3,25 and fotosintesis are keys alone
    assert [word for word in ("fotosintesis", "3,25", "[air]", "menyerap air.") if word in page] == []


def test_what_is_printed_is_what_is_marked(teacher, quiz, database):
    page = teacher.client.get(f"{PAGE}?variants=2").text
    quiz_value = sheets_of(database, quiz)
    for letter, article in zip("AB", articles(page), strict=True):
        printed = [re.sub(r"<[^>]+>", "", text) for text in re.findall(r"<li><p>(.*?)</p>", article)]
        entries = sheets.sheet(quiz_value, letter)
        assert [text.split(" ")[0] for text in printed] == [entry.item.prompt["id"].split(" ")[0] for entry in entries]
        options = re.findall(r"<li><b>(\w)\.</b> ([^<]*)</li>", article)
        assert options == [pair for entry in entries for pair in sheets.shown(entry, "id")]


def sheets_of(database, quiz_id):
    with database.reading() as db:
        edition = db.get(QuizEdition, db.get(Quiz, quiz_id).edition_id)
        return quiz_from_json(edition.content, id=quiz_id, edition=edition.id)


def test_the_key_is_a_page_of_its_own(teacher, quiz, database):
    page = teacher.client.get(f"{PAGE}/key?variants=2").text
    written = re.findall(r"<strong>([^<]+)</strong> ?", page.split("<tbody>")[1])
    value = sheets_of(database, quiz)
    keys = [[sheets.right(entry, "id") for entry in sheets.sheet(value, letter)] for letter in "AB"]
    assert written == [key for row in zip(*keys, strict=True) for key in row]
    assert [read for letter, key in zip("AB", keys, strict=True) if (read := marks(value, letter, key)) != ["right"] * 8] == []


def marks(quiz, letter, keys):
    """The marks of the key, sent as a learner would."""
    behind = f"{letter.lower()} " + " ".join(f"{n}={key}" for n, key in enumerate(keys, 1)).lower()
    found = sheets.read(quiz, behind)
    return [kinds()[said.item.kind].mark(said.item, said.typed, "id").mark for said in found[1]]


@pytest.mark.parametrize("variants", ["0", "5", "x", "", "²", "-1"])
def test_odd_numbers_of_variants_are_one(teacher, quiz, variants):
    assert len(articles(teacher.client.get(f"{PAGE}?variants={variants}").text)) == 1


def test_another_schools_and_an_unpublished_quiz(teacher, another, quiz, database, two_schools):
    another.log_in("guru.b")
    assert [another.client.get(f"{PAGE}{page}").status_code for page in ("", "/key")] == [404, 404]
    with database.writing() as db:
        draft = authoring.new_quiz(db, db.get(Staff, two_schools.A.teacher), replace(QUIZ, keyword="BELUM"), NOW).id
    assert "Terbitkan dulu" in teacher.client.get(f"/teach/quizzes/{draft}/sheet").text


def test_results_and_the_form_link_to_the_sheet(teacher, quiz, database, two_schools):
    answer(database, quiz, two_schools.A.learner, "rwwr")
    pages = [teacher.client.get(address).text for address in ("/teach/quizzes/1/results", "/teach/quizzes/1")]
    assert [f'href="{PAGE}"' in page for page in pages] == [True, True]
