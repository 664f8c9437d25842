from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.exchange import line_of, moodle_xml


def question(kind: str, inside: str, text: str = "Apa?") -> str:
    return f'<question type="{kind}"><questiontext format="html"><text>{text}</text></questiontext>{inside}</question>'


def answer(weight, text: str, feedback: str = "", more: str = "") -> str:
    told = f"<feedback><text>{feedback}</text></feedback>"
    return f'<answer fraction="{weight}" format="html"><text>{text}</text>{told}{more}</answer>'


UNITS = "<units><unit><multiplier>1</multiplier><unit_name>km</unit_name></unit></units>"
DECLARED = "Berkas XML ini berisi deklarasi (DOCTYPE), yang tidak dibaca."
SUBQUESTIONS = "".join(
    f"<subquestion format='html'><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
    for left, right in (("akar", "air"), ("", "batu"), ("daun", "gula"))
)


def read(*questions: str):
    return moodle_xml.read(("<?xml version='1.0' encoding='UTF-8'?>\n<quiz>\n" + "\n".join(questions) + "\n</quiz>").encode())


def one(text: str):
    found = read(text)
    assert found.problems == ()
    [item] = found.items
    return item.kind, item.prompt["id"], dict(item.key), [words["id"] for words in item.choices], item.explanation.get("id", "")


def refused(raw: bytes):
    found = moodle_xml.read(raw)
    assert found.found == ()
    return [(line_of(problem), problem.told().what) for problem in found.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            question("multichoice", "<single>true</single>" + answer(100, "Akar") + answer(0, "Daun")),
            ("multiple_choice", "Apa?", {"right": 1}, ["Akar", "Daun"], ""),
        ),
        (
            question("multichoice", answer(0, "<![CDATA[<p>a &lt; b</p>]]>") + answer(100, "c", "Karena c.")),
            ("multiple_choice", "Apa?", {"right": 2}, ["a < b", "c"], "Karena c."),
        ),
        (
            question("truefalse", answer(0, "true", "Bukan.") + answer(100, "false", "Betul.")),
            ("true_false", "Apa?", {"right": False}, [], "Bukan."),
        ),
        (
            question("shortanswer", answer(100, "akar") + answer(50, "batang") + answer(0, "*")),
            ("short_answer", "Apa?", {"accepted": ["akar"]}, [], ""),
        ),
        (
            question("numerical", answer(100, "3.14", more="<tolerance>0.01</tolerance>")),
            ("number", "Apa?", {"number": "3,14", "tolerance": "0,01"}, [], ""),
        ),
        (
            question("numerical", answer(100, "3") + UNITS),
            ("number", "Apa?", {"number": "3", "unit": "km"}, [], ""),
        ),
        (
            question("cloze", "", "Ibu kota {1:SHORTANSWER:%100%Jakarta#ya~=Djakarta~%50%Bandung}."),
            ("cloze", "Ibu kota [Jakarta|Djakarta].", {}, [], ""),
        ),
        (
            question("gapselect", "<selectoption><text>akar</text></selectoption>", "Air: [[1]]."),
            ("cloze", "Air: [akar].", {}, [], ""),
        ),
        (
            question("multichoice", "<single>false</single>" + answer(50, "x1") + answer(-100, "x2") + answer(50, "x3")),
            ("multiple_response", "Apa?", {"rights": [1, 3]}, ["x1", "x2", "x3"], ""),
        ),
        (
            question("matching", SUBQUESTIONS),
            ("matching", "Apa?", {"matches": [{"id": "air"}, {"id": "gula"}, {"id": "batu"}]}, ["akar", "daun"], ""),
        ),
        (
            question("ordering", answer(2, "dua", more="") + answer(1, "satu") + answer(3, "tiga")),
            ("ordering", "Apa?", {}, ["satu", "dua", "tiga"], ""),
        ),
        (
            question("truefalse", answer(100, "true") + answer(0, "false"), "<![CDATA[<p>Satu<br/>dua</p><script>x</script>]]>"),
            ("true_false", "Satu\ndua", {"right": True}, [], ""),
        ),
    ],
)  # fmt: skip
def test_a_question_is_read(text, expected):
    assert one(text) == expected


def test_categories_pictures_and_lines():
    found = read(
        '<question type="category"><category><text>$course$/top/IPA</text></category></question>',
        question("truefalse", answer(100, "true") + answer(0, "false"), '<![CDATA[Lihat <img src="@@PLUGINFILE@@/a.png">]]>'),
        question("essay", ""),
        question("shortanswer", answer(50, "a")),
    )
    assert (found.title, [f.line for f in found.found]) == ("IPA", [4])
    assert [note.told().what for note in found.notes] == ["Gambar atau suara di soal ini tidak ikut."]
    assert [(line_of(p), p.told().what) for p in found.problems] == [
        (5, "Jenis soal Moodle essay belum bisa di sini."),
        (6, "Belum ada jawaban yang bernilai penuh."),
    ]


def test_base64_texts_are_read():
    text = base64.b64encode(b"Apa?").decode()
    inside = f'<questiontext format="html" encoding="base64"><text>{text}</text></questiontext>'
    assert one(f'<question type="truefalse">{inside}{answer(100, "true")}</question>')[1] == "Apa?"


BOMB = '<!DOCTYPE q [<!ENTITY a "' + "x" * 1000 + '">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]><quiz>&j;</quiz>"  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (BOMB.encode(), "Berkas XML ini tidak utuh."),
        (b'<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz/>', DECLARED),
        (b'<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', DECLARED),
        (b"<quiz><question", "Berkas XML ini tidak utuh."),
        (b"<quiz>&nbsp;</quiz>", "Berkas XML ini tidak utuh."),
        (b"<html><body/></html>", "Ini XML, tetapi bukan soal Moodle."),
    ],
)  # fmt: skip
def test_what_is_no_moodle_file_is_refused(raw, what):
    assert [told for _, told in refused(raw)] == [what]


@given(
    st.binary(max_size=200)
    | st.text("<>quiz/question type='cloze'{1:SA:=}&;![]", max_size=80).map(lambda t: f"<quiz>{t}</quiz>".encode())
)
def test_no_bytes_make_it_raise(raw):
    moodle_xml.read(raw)


@given(st.text("{}1:SANMC=~%#\\50* ", max_size=40), st.sampled_from(["cloze", "gapselect", "ordering", "matching", "numerical"]))
def test_no_text_makes_a_kind_raise(text, kind):
    escaped = text.replace("&", "&amp;")
    read(question(kind, answer(100, escaped), escaped))
